"""What ends and what waits: agreements to renew, to settle, and those that stand still."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

import streamlit as st

from portal.agreements import proposals
from portal.agreements.queries import AgreementView
from portal.agreements.renewing import Chosen
from portal.agreements.renewing.rules import BAND_LABELS, Band, Ending, Stuck
from portal.agreements.settling import Due
from portal.ui import parts, when
from portal.ui.agreement_settle import due_tag
from portal.ui.agreement_views import OPEN, other, tag
from portal.ui.days import Days
from portal.ui.go import go_to
from portal.ui.listing import AT_ONCE, lines_before
from portal.ui.parts import Tag

KEY = "renewal-key"
PICKS = "renewal-picks"
"""What somebody ticked or not, by the agreement's number."""

SPANS = ("As long as before", "One span for all")


def facts(
    ending: Sequence[Ending], due: Sequence[Due], still: Sequence[Stuck], today: date
) -> None:
    """How many of each, at a glance."""
    told: list[tuple[str, Sequence[parts.Cell]]] = []
    for band in Band:
        lines = [one for one in ending if one.band is band]
        waits = sum(one.is_open for one in lines)
        tags: list[parts.Cell] = [str(len(lines))]
        if waits:
            tags.append(Tag(f"{waits} without renewal", "warn"))
        if lines or band is not Band.ENDED:
            told.append((BAND_LABELS[band], tags))
    late = sum(one.days_left(today) < 0 for one in due)
    owed: list[parts.Cell] = [str(len(due))]
    told.append(
        ("Records to return or destroy", owed + ([Tag(f"{late} overdue", "bad")] * (late > 0)))
    )
    told.append(("Standing still", [str(len(still))]))
    parts.strip(told)


def choose(ending: Sequence[Ending], days: Days) -> list[Chosen] | None:
    """The agreements that are ticked, with the span of each, once the button is clicked."""
    open_ = [one for one in ending if one.is_open]
    chosen = _begin(open_, days) if open_ else None
    for band in Band:
        lines = [one for one in ending if one.band is band]
        if lines:
            parts.heading(f"{BAND_LABELS[band]} ({len(lines)})")
            _lines(lines, days)
    if not ending:
        parts.rows([], "No agreement ends within 120 days.")
    return chosen


def _lines(lines: Sequence[Ending], days: Days) -> None:
    skip = lines_before(len(lines), f"renewal-page-{lines[0].band}")
    for one in lines[skip : skip + AT_ONCE]:
        with st.container(
            border=True,
            horizontal=True,
            vertical_alignment="center",
            key=f"renewal-row-{one.view.number}",
        ):
            if one.is_open:
                _tick(one)
            _row(one, days)
            _opener(one.view)


def _row(one: Ending, days: Days) -> None:
    verb = "ended" if one.left < 0 else "ends"
    told = [one.view.number, f"{verb} {when.day(one.last_day, days.today)}", _left(one.left)]
    if one.notice:
        told.append("notice was given")
    if one.successor is not None:
        told.append(f"renewed by {one.successor.number}")
        parts.row(other(one.view), " · ".join(told), tag(one.successor))
        return
    pressing = one.band in (Band.ENDED, Band.WITHIN_30)
    parts.row(other(one.view), " · ".join(told), Tag("No renewal", "bad" if pressing else "warn"))


def _left(left: int) -> str:
    if left < 0:
        return f"{when.counted(-left, 'day')} ago"
    return f"in {when.counted(left, 'day')}" if left else "today"


# A tick outlives the page of the list on which it stands: the browser forgets what is not shown.


def _is_ticked(one: Ending) -> bool:
    """Usually, unless somebody gave notice."""
    return bool(st.session_state.get(PICKS, {}).get(one.view.number, not one.notice))


def _tick(one: Ending) -> None:
    key = _key(one)
    st.checkbox(
        f"Renew {one.view.number} with {parts.plain(other(one.view))}",
        value=_is_ticked(one),
        key=key,
        label_visibility="collapsed",
        on_change=_pick_as_shown,
        args=(one.view.number, key),
    )


def _key(one: Ending) -> str:
    return f"renewal-tick-{one.view.number}"


def _pick_as_shown(number: str, key: str) -> None:
    st.session_state.setdefault(PICKS, {})[number] = st.session_state[key]


def _pick_all(ending: Sequence[Ending], wanted: bool) -> None:
    st.session_state[PICKS] = {one.view.number: wanted for one in ending}
    for key in (_key(one) for one in ending):
        if key in st.session_state:
            st.session_state[key] = wanted


def _opener(view: AgreementView) -> None:
    if st.button("Open", key=f"renewal-open-{view.number}"):
        open_agreement(view.id)


def open_agreement(paper_id: uuid.UUID) -> None:
    """Leave for this agreement."""
    st.session_state[OPEN] = paper_id
    go_to("make_agreement.py")


def _begin(open_: Sequence[Ending], days: Days) -> list[Chosen] | None:
    parts.heading(
        "Renew those that are ticked",
        "Each is copied for its new span. Where nothing is missing it goes out for signature at "
        "once; otherwise it stays a draft, and says what is missing.",
    )
    ticked = [one for one in open_ if _is_ticked(one)]
    how = st.radio("New span", SPANS, key="renewal-how", horizontal=True)
    first = last = None
    if how == SPANS[1]:
        year = days.today.year + (days.today.month >= 7)
        with st.container(horizontal=True):
            first = st.date_input(
                "First day", date(year, 7, 1), format="MM/DD/YYYY", key="renewal-first"
            )
            last = st.date_input(
                "Last day", date(year + 1, 6, 30), format="MM/DD/YYYY", key="renewal-last"
            )
    label = f"Renew {when.counted(len(ticked), 'agreement')}"
    with st.container(horizontal=True):
        clicked = st.button(label, type="primary", key="renewal-begin", disabled=not ticked)
        for word, wanted in (("Tick all", True), ("Tick none", False)):
            key = f"renewal-all-{wanted}"
            st.button(word, key=key, on_click=_pick_all, args=(open_, wanted))
    return [_chosen(one, first, last, days.today) for one in ticked] if clicked else None


def _chosen(one: Ending, first: date | None, last: date | None, today: date) -> Chosen:
    if first is not None and last is not None:
        return Chosen(one.view.id, first, last)
    return Chosen(one.view.id, *proposals.next_span(one.view.content, today))


def form_key() -> str:
    """The random key of the open form; its sending counts once."""
    return str(st.session_state.setdefault(KEY, uuid.uuid4().hex))


def begun() -> None:
    """The form was sent: the next one is another."""
    st.session_state.pop(PICKS, None)
    st.session_state.pop(KEY, None)


def settlements(due: Sequence[Due], days: Days) -> None:
    """Who still has to return or destroy what it received, the earliest first."""
    parts.heading("Records to return or destroy")
    for one in due:
        with st.container(
            border=True,
            horizontal=True,
            vertical_alignment="center",
            key=f"renewal-due-{one.view.number}-{one.partner.id}",
        ):
            below = f"{one.view.number} · by {when.day(one.due_on, days.today)}"
            parts.row(one.partner.name, below, due_tag(one.days_left(days.today)))
            if st.button("Open", key=f"renewal-due-open-{one.view.number}-{one.partner.id}"):
                open_agreement(one.view.id)
    if not due:
        parts.rows([], "Every certificate is recorded.")


def standing_still(found: Sequence[Stuck], days: Days) -> None:
    """Drafts, reviews and papers out for signature that nobody has touched for two weeks."""
    parts.heading("Standing still")
    skip = lines_before(len(found), "renewal-page-stuck")
    for one in found[skip : skip + AT_ONCE]:
        with st.container(
            border=True,
            horizontal=True,
            vertical_alignment="center",
            key=f"renewal-stuck-{one.view.number}",
        ):
            with_whom = f" · with {one.view.desk}" if one.view.desk else ""
            below = f"{one.view.number} · {when.counted(one.days, 'day')} untouched{with_whom}"
            parts.row(other(one.view), below, tag(one.view))
            if st.button("Open", key=f"renewal-stuck-open-{one.view.number}"):
                open_agreement(one.view.id)
    if not found:
        parts.rows([], "No draft, review or signature has waited for two weeks.")
