"""One student: the header, the strip, the timeline, what is closed and who has seen it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

import streamlit as st

from portal.access.contents import Item
from portal.access.gate import ClosedCategory, OpenedRecord, StudentHeader
from portal.referrals.queries import ReferralLine
from portal.stewardship.queries import SeenLine
from portal.ui import parts, when
from portal.ui.parts import Cell, Moment
from portal.ui.visit_words import waiting
from portal.vocabulary import CATEGORY_LABELS, Category, Field

Fact = tuple[str, Sequence[Cell]]

SHOWN = {
    "All": frozenset(Category) - {Category.IDENTITY},
    "Visits": frozenset({Category.VISITS, Category.VISIT_NOTES}),
    "Referrals": frozenset({Category.REFERRALS, Category.SERVICE_STATUS}),
    "School": frozenset(
        {
            Category.ENROLLMENT,
            Category.ATTENDANCE,
            Category.DISCIPLINE,
            Category.ASSESSMENT,
            Category.COURSES,
            Category.SPECIAL_EDUCATION,
            Category.SECTION_504,
        }
    ),
    "Health": frozenset({Category.HEALTH, Category.HIV, Category.SUD, Category.SAFETY_PLAN}),
}
"""What the timeline can be narrowed to, and the categories each shows."""

LETTERS = {
    Category.VISITS: "V",
    Category.VISIT_NOTES: "N",
    Category.REFERRALS: "R",
    Category.SERVICE_STATUS: "S",
    Category.ATTENDANCE: "A",
    Category.ENROLLMENT: "E",
    Category.HEALTH: "H",
}
TIMED = frozenset({Category.VISITS, Category.VISIT_NOTES, Category.REFERRALS})
"""Of these the time of day is told; of the others it means nothing."""


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
    tags = [waiting(lines[0].status, lines[0].days)] if lines else []
    return [("Open referrals", [str(len(lines)), *tags])]


def timeline(record: OpenedRecord, now: datetime, tz: str) -> None:
    """Every open item under its month, newest first, narrowed by the choice above it."""
    parts.heading("Timeline")
    items = [item for item in record.items if item.category is not Category.IDENTITY]
    present = {item.category for item in items}
    choices = [name for name, categories in SHOWN.items() if categories & present]
    if len(choices) > 1:
        chosen = st.segmented_control(
            "Show", choices, default="All", key="student-show", wrap=True, required=True
        )
        items = [item for item in items if item.category in SHOWN[chosen or "All"]]
    months = groupby(items, key=lambda item: when.month(item.when, tz))
    parts.timeline(
        [(month, [_moment(item, now, tz) for item in of_month]) for month, of_month in months],
        "Nothing is on record that is open to you. Visits and referrals appear here.",
    )


def _moment(item: Item, now: datetime, tz: str) -> Moment:
    told = when.moment if item.category in TIMED else when.day_of
    below = [item.parts.get(Field.NARRATIVE, ""), item.parts.get(Field.WHO, "")]
    return Moment(
        letter=LETTERS.get(item.category, CATEGORY_LABELS[item.category][0]),
        head=item.parts.get(Field.WHAT, CATEGORY_LABELS[item.category]),
        when=told(item.when, now, tz),
        below="\n".join(text for text in below if text),
    )


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
