"""Strengths, services in place and needs of one student, as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import streamlit as st

from portal.supports.queries import NeedLine, ServiceLine, StrengthLine, Supports
from portal.supports.rules import UNMET, Met
from portal.ui import parts, when
from portal.ui.parts import Cell, Tag
from portal.vocabulary import SERVICE_END_LABELS, STRENGTH_SOURCE_LABELS, WordList

Fact = tuple[str, Sequence[Cell]]


def facts(supports: Supports, today: date) -> list[Fact]:
    """For the strip: how many services run, and how many needs nobody meets."""
    running = [line for line in supports.services if line.runs(today)]
    overdue = sum(1 for line in running if line.overdue)
    unmet = [need for need in supports.needs if need.met in UNMET]
    in_place: list[Cell] = [str(len(running))]
    if overdue:
        in_place.append(Tag(f"{overdue} past the end", "warn"))
    needs: list[Cell] = [str(len(unmet))]
    if unmet:
        needs.append(Tag(f"longest {when.days(max(need.days for need in unmet))}", "warn"))
    return [("Services in place", in_place), ("Unmet needs", needs)]


def strengths(lines: Sequence[StrengthLine], now: datetime, tz: str) -> None:
    """The student's own words before the family's and the staff's."""
    parts.heading("Strengths")
    shown = [
        (
            line.text,
            f"{STRENGTH_SOURCE_LABELS[line.source]} · written down by {line.written_by}, "
            f"{when.day_of(line.written_at, now, tz)}",
            "",
        )
        for line in lines
    ]
    parts.rows(shown, "No strength is written down yet. Ask the student: what are you good at?")


def services(lines: Sequence[ServiceLine], today: date) -> None:
    """Those that run, each with since when, until when, from whom, and who has its data."""
    parts.heading("Services in place")
    running = [line for line in lines if line.ended_on is None or line.runs(today)]
    ended = [line for line in lines if line not in running]
    parts.rows(
        [(_head(line), _below(line, today), _until(line, today)) for line in running],
        "No service is in place. Start one, or refer the student.",
    )
    if ended:
        with st.expander(f"Ended: {when.counted(len(ended), 'service')}"):
            parts.rows(
                [(_head(line), _below(line, today), _ended(line, today)) for line in ended], ""
            )


def _head(line: ServiceLine) -> str:
    return f"{line.service}, {line.provider}"


def _below(line: ServiceLine, today: date) -> str:
    told = (
        line.tier_label,
        line.intensity,
        f"since {when.day(line.started_on, today)}",
        f"data kept by {line.data_owner}" if line.data_owner else "",
    )
    return " · ".join(part for part in told if part)


def _until(line: ServiceLine, today: date) -> Cell:
    if line.ended_on is not None:
        return Tag(f"Ends {when.day(line.ended_on, today)}", "info")
    if line.estimated_end is None:
        return Tag("No end told", "plain")
    day = when.day(line.estimated_end, today)
    return Tag(f"Was to end {day}", "warn") if line.overdue else Tag(f"Until about {day}", "ok")


def _ended(line: ServiceLine, today: date) -> Cell:
    if line.ended_on is None or line.end_reason is None:
        return ""
    return f"Ended {when.day(line.ended_on, today)}: {SERVICE_END_LABELS[line.end_reason].lower()}"


def needs(supports: Supports, today: date) -> None:
    """Which needs are met by what, which are not, since when and from whom that is awaited."""
    parts.heading("Needs and the support that meets them")
    parts.table(
        "Needs, the longest unmet first",
        ["Need", "Tier", "Since", "Support", "How it stands"],
        [_need_row(need, today) for need in supports.needs],
        "No need is written down. Write one down, or open it from a referral.",
    )
    if supports.tiers:
        parts.table(
            "Needs against services, by tier of support",
            ["Tier", "Needs", "Unmet", "Services in place"],
            [
                [
                    supports.words.label(WordList.TIER, row.tier),
                    str(row.needs),
                    Tag(str(row.unmet), "bad") if row.unmet else "0",
                    str(row.services),
                ]
                for row in supports.tiers
            ],
            "",
        )


def _need_row(need: NeedLine, today: date) -> list[Cell]:
    since = when.day(need.since_on, today)
    return [need.need, need.tier_label or "None", since, _support(need, today), _stands(need)]


def _support(need: NeedLine, today: date) -> str:
    if need.met in (Met.BY_SERVICE, Met.AT_A_LOWER_TIER):
        return need.met_by
    if need.met is Met.OTHERWISE and need.met_on is not None:
        return f"Met on {when.day(need.met_on, today)} without a service"
    awaited = f"Awaited from {need.awaited}" if need.awaited else "Nobody is asked yet"
    return f"{awaited} ({need.referral})" if need.referral else awaited


def _stands(need: NeedLine) -> Tag:
    match need.met:
        case Met.BY_SERVICE | Met.OTHERWISE:
            return Tag("Met", "ok")
        case Met.AT_A_LOWER_TIER:
            return Tag("Met, at a lower tier", "warn")
        case Met.SERVICE_ENDED:
            return Tag("Unmet: its service ended", "bad")
        case Met.AWAITED:
            return Tag(f"Unmet, {_for(need.days)}", "warn")
        case Met.BY_NOBODY:
            return Tag(f"Unmet, {_for(need.days)}", "bad")


def _for(days: int) -> str:
    return "since today" if days == 0 else f"for {when.days(days)}"
