"""The trail: what to show of it, and its lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import streamlit as st

from portal.access.actor import Actor
from portal.policy.spans import local_midnight, midnight_after
from portal.stewardship.queries import TrailFilter, TrailPage, TrailRow
from portal.stewardship.words import KIND_LABELS
from portal.ui import looking_back, parts, when
from portal.ui.days import Days
from portal.ui.parts import Cell, Tag

PAGE = "trail-page"
ANSWERS: dict[str, bool | None] = {"Both": None, "Allowed": True, "Refused": False}
ONE_DAY = "One day"
SINCE = {
    "Last 7 days": 7,
    "Last 30 days": 30,
    "Last 12 months": 365,
    "From the beginning": None,
    ONE_DAY: None,
}


def filters(days: Days) -> TrailFilter:
    """What the reader wants to see; a change begins at the first page again."""
    who, kind, answer, since = st.columns([3, 3, 2, 2], wrap=True)
    typed = who.text_input(
        "Student, partner or person", key="trail-typed", on_change=_from_the_first, max_chars=80
    )
    chosen = kind.selectbox(
        "Show",
        list(KIND_LABELS),
        format_func=lambda kind: KIND_LABELS[kind],
        key="trail-kind",
        on_change=_from_the_first,
    )
    answered = answer.selectbox(
        "Answer", list(ANSWERS), key="trail-answer", on_change=_from_the_first
    )
    within = since.selectbox(
        "When", list(SINCE), index=1, key="trail-since", on_change=_from_the_first
    )
    earliest, latest = _span(days, within)
    return TrailFilter(chosen, ANSWERS[answered], earliest, typed, latest)


def _span(days: Days, within: str) -> tuple[datetime | None, datetime | None]:
    """From when until when: a while back, or one local day."""
    if within == ONE_DAY:
        day: date | None = st.date_input(
            "Day",
            days.today,
            max_value=days.today,
            key="trail-day",
            on_change=_from_the_first,
            format="MM/DD/YYYY",
        )
        told = days.today if day is None else day
        return local_midnight(told, days.tz), midnight_after(told, days.tz)
    back = SINCE[within]
    return (days.now - timedelta(days=back) if back else None), None


def about(me: Actor, wanted: TrailFilter, days: Days) -> TrailFilter:
    """Everything that one person opened, or all about one student, once chosen."""
    with st.expander("Everything about one student, or by one person"):
        left, right = st.columns(2, gap="large")
        with left:
            student = looking_back.choose(me, days, student=True, key="trail")
        with right:
            person = looking_back.choose(me, days, student=False, key="trail")
    if student is None and person is None:
        return wanted
    return replace(wanted, student=student, person=person)


def _from_the_first() -> None:
    st.session_state.pop(PAGE, None)


def page_wanted() -> int:
    """The page that was chosen below the table, or the first."""
    return int(st.session_state.get(PAGE) or 1)


def show(page: TrailPage, wanted: TrailFilter, days: Days) -> None:
    """How many lines there are, those of this page, and the choice of another."""
    if page.more:
        parts.muted(f"The newest {page.total:,} lines. Choose less to find older ones.")
    elif page.total:
        parts.muted(when.counted(page.total, "line"))
    parts.table(
        KIND_LABELS[wanted.kind],
        ["When", "Student", "By", "What", "Answer", "Why", "From where"],
        [_line(row, days) for row in page.rows],
        _nothing(wanted),
    )
    if page.pages > 1:
        st.pagination(page.pages, key=PAGE)


def _line(row: TrailRow, days: Days) -> list[Cell]:
    students = ", ".join(row.students)
    more = f" and {row.more:,} more" if row.more else ""
    by = ", ".join(part for part in (row.person, row.organization) if part)
    return [
        when.moment(row.at, days.now, days.tz),
        f"{students}{more}",
        by or "Nobody signed in",
        row.what,
        Tag("Allowed", "ok") if row.allowed else Tag("Refused", "bad"),
        row.why,
        row.place,
    ]


def _nothing(wanted: TrailFilter) -> str:
    if typed := wanted.typed.strip():
        return f"Nothing matches “{typed}”. Try a last name, or clear the search to see all."
    return "Nothing in this time. Every opening of a record appears here."
