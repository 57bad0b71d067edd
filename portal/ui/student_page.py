"""One student: the header, the facts of the strip, consents, what is closed, who has seen it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from portal.access.gate import ClosedCategory, OpenedRecord, StudentHeader
from portal.consents.queries import ConsentView
from portal.referrals.queries import ReferralLine
from portal.stewardship.queries import SeenLine
from portal.ui import parts, when
from portal.ui.consent_words import consent_row, is_in_effect
from portal.ui.parts import Cell
from portal.ui.visit_words import waiting
from portal.vocabulary import CATEGORY_LABELS, Category, Field

Fact = tuple[str, Sequence[Cell]]


def header(student: StudentHeader) -> None:
    """Name, grade, school, the end of the SASID and the language at home."""
    told = (
        f"Grade {student.grade}" if student.grade else "",
        student.school,
        f"SASID ends {student.sasid_tail}" if student.sasid_tail else "",
        f"Language at home: {student.language}" if student.language else "",
    )
    parts.title(student.name, " · ".join(part for part in told if part))


def last_visit(record: OpenedRecord, now: datetime, tz: str) -> list[Fact]:
    """When and what, where visits are open."""
    opened = {entry.category: entry.items for entry in record.open}
    if Category.VISITS not in opened:
        return []
    visits = opened[Category.VISITS]
    if not visits:
        return [("Last visit", ["None yet"])]
    said = visits[0].parts.get(Field.WHAT, "")
    return [("Last visit", [f"{when.day_of(visits[0].when, now, tz)}: {said}"])]


def open_referrals(record: OpenedRecord, lines: Sequence[ReferralLine]) -> list[Fact]:
    """How many, and how long the oldest waits, where referrals are open."""
    if Category.REFERRALS not in {entry.category for entry in record.open}:
        return []
    tags = [waiting(lines[0].status, lines[0].days, withdrawn=lines[0].withdrawn)] if lines else []
    return [("Open referrals", [str(len(lines)), *tags])]


def consents(views: Sequence[ConsentView], now: datetime, tz: str) -> None:
    """What is shared with whom until when."""
    parts.heading("Consents in force")
    rows = [consent_row(view, now, tz) for view in views if is_in_effect(view) or view.not_obeyed]
    parts.rows(rows, "None. Nothing of this student is shared by consent.")


def closed(entries: Iterable[ClosedCategory]) -> None:
    """What is closed, why, and whom to ask; alike reasons together. Nothing when all is open."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for entry in entries:
        labels = reasons.setdefault((entry.because, entry.do_next), [])
        labels.append(CATEGORY_LABELS[entry.category])
    if reasons:
        parts.heading("Closed to you")
    for (because, do_next), labels in reasons.items():
        parts.notice(f"{', '.join(labels)}. {because} {do_next}", "plain")


def seen(lines: Sequence[SeenLine], now: datetime, tz: str, most: int = 20) -> None:
    """Who has seen this record, the last one first."""
    parts.heading("Who has seen this record")
    shown = [
        (
            f"{line.person}, {line.organization}" if line.outside else line.person,
            _what_was_seen(line),
            when.day_of(line.at, now, tz),
        )
        for line in lines[:most]
    ]
    parts.rows(shown, "Nobody yet. Every opening appears here.")
    if len(lines) > most:
        parts.muted(f"And {len(lines) - most:,} earlier.")


def _what_was_seen(line: SeenLine) -> str:
    times = f", {line.times} times" if line.times > 1 else ""
    papers = f" · under {', '.join(line.papers)}" if line.papers else ""
    return f"{line.what}{times}{papers}"
