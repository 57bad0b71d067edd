"""The head of Today: what waits for oneself alone, and the strip, as one's role has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from portal.ui import parts, request_today, review_desk, today_parts, use_today
from portal.ui.days import Days
from portal.ui.parts import Cell
from portal.ui.today_data import Today


def head(found: Today, days: Days) -> None:
    """Reviews, written requests and use that wait, then how many of everything."""
    review_desk.today(found.reviews, days)
    request_today.show(found.requested, days)
    use_today.show(found.use)
    told = facts(found, days.today)
    if told:
        parts.strip(told)
    elif not found.reviews:
        parts.muted("Nothing is due for you.")


def facts(found: Today, today: date) -> list[tuple[str, Sequence[Cell]]]:
    """Labels with their values, in the order of the page."""
    asked, mine, followed = found.asked, found.mine, found.followed
    told: list[tuple[str, Sequence[Cell]]] = []
    if asked:
        told += today_parts.slips_facts(asked.counts, asked.slips)
    if mine:
        told.append(today_parts.follow_ups_fact(mine.follow_ups, today))
    if followed:
        told.append(today_parts.referrals_fact(followed.total, followed.waiting))
        told += today_parts.overdue_fact(followed.overdue)
    if found.ending is not None:
        told.append(today_parts.ending_fact(found.ending))
    if found.agreements:
        told.append(("Agreements to see to", [str(len(found.agreements))]))
    if mine:
        told.append(today_parts.week_fact(mine.week))
    if found.students is not None:
        told.append(today_parts.students_fact(found.students))
    return told
