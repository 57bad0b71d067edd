"""The school year: its days, what would end with it, and each open referral looked through."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

import streamlit as st

from portal.store.support import SchoolYear
from portal.transitions.queries import EndingCount, OpenReferral
from portal.transitions.rules import Reviewed, YearDraft
from portal.ui import parts, when
from portal.ui.days import Days
from portal.vocabulary import CLOSE_REASON_LABELS, REFERRAL_STATUS_LABELS, CloseReason

KEEP = "Keep open over the summer"
PER_PAGE = 50


CHOSEN = "year-chosen"


def choose_anew() -> None:
    """Look at the year that runs again."""
    st.session_state.pop(CHOSEN, None)


def choose(years: Sequence[SchoolYear], days: Days) -> SchoolYear | None:
    """The year to look at: the one that runs, or the last one that is not closed."""
    by_id = {year.id: year for year in years}
    running = next((y.id for y in years if y.first_day <= days.today <= y.last_day), None)
    chosen: uuid.UUID | None = st.selectbox(
        "School year",
        list(by_id),
        index=list(by_id).index(running) if running else 0 if by_id else None,
        format_func=lambda key: by_id[key].name if key in by_id else "",
        key=CHOSEN,
        placeholder="No year is written down yet",
    )
    return by_id.get(chosen) if chosen else None


def days_form(year: SchoolYear | None, today: date) -> YearDraft | None:
    """The first and the last school day; the draft once the button is clicked."""
    key = f"year-{year.name if year else 'new'}"
    with st.expander("Write down a year's first and last day", expanded=year is None):
        left, right = st.columns(2)
        with left:
            first = st.date_input(
                "First school day",
                year.first_day if year else None,
                key=f"{key}-first",
                format="MM/DD/YYYY",
            )
        with right:
            last = st.date_input(
                "Last school day",
                year.last_day if year else None,
                key=f"{key}-last",
                format="MM/DD/YYYY",
            )
        if not st.button("Save the days", key=f"{key}-save"):
            return None
    return YearDraft(first if isinstance(first, date) else None, last or None)


def state(year: SchoolYear, days: Days) -> None:
    """Whether the year runs, is over, or is closed."""
    if year.closed_at is not None:
        parts.notice(f"This year was closed on {days.of(year.closed_at)}.", "ok")
        return
    last = when.day(year.last_day, days.today)
    left = (year.last_day - days.today).days
    if left > 0:
        parts.notice(
            f"The last school day is {last}, in {when.days(left)}. Until then, look it through; "
            "from that day on you can close the year."
        )
    else:
        parts.notice(f"The last school day was {last}. The year can be closed now.", "warn")


def ending(counts: Sequence[EndingCount]) -> None:
    """How many services of each kind would end, and nobody's name."""
    parts.heading("Services that end with the year", "They end on the last school day.")
    rows = [[line.service, f"{line.many:,}"] for line in counts]
    parts.table("Services that would end", ["Service", "How many"], rows, "No service would end.")


def review(lines: Sequence[OpenReferral], more: int, days: Days) -> Reviewed:
    """What is to become of each open referral; they stay open unless somebody says otherwise."""
    parts.heading("Open referrals", "Each stays open over the summer unless you close it.")
    if not lines and not more:
        parts.muted("No referral is open.")
    chosen = {line.referral_id: _one(line, days) for line in lines[:PER_PAGE]}
    if len(lines) > PER_PAGE:
        parts.muted(f"{len(lines) - PER_PAGE} newer ones stay open; close them on Referrals.")
    if more:
        many = when.counted(more, "referral stays", "referrals stay")
        parts.muted(
            f"{many} open that your level does not show you. Whoever works with those students "
            "reviews them on the page Referrals."
        )
    return chosen


def _one(line: OpenReferral, days: Days) -> CloseReason | None:
    with st.container(border=True, key=f"year-referral-{line.referral_id}"):
        told, asked = st.columns([3, 2], vertical_alignment="center")
        with told:
            status = parts.Tag(REFERRAL_STATUS_LABELS[line.status])
            below = f"{line.provider}, {line.need}, since {days.of(line.sent_at)}"
            parts.row(line.student, f"{line.number}: {below}", status)
        with asked:
            how: CloseReason | None = st.selectbox(
                f"What becomes of {line.number}?",
                [None, *CloseReason],
                format_func=lambda reason: CLOSE_REASON_LABELS[reason] if reason else KEEP,
                key=f"year-how-{line.referral_id}",
                label_visibility="collapsed",
                on_change="ignore",
            )
    return how


def close_button(year: SchoolYear, days: Days) -> bool:
    """Close it, once it is over."""
    if year.closed_at is not None or days.today < year.last_day:
        return False
    return st.button("Close the year", type="primary", key="year-close")
