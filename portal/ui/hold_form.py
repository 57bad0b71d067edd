"""Legal holds on the screen: those that stand, a new one, and those that were lifted."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import streamlit as st

from portal.retaining.holds import LONGEST_MATTER, HoldDraft
from portal.retaining.queries import HoldLine
from portal.ui import parts
from portal.ui.days import Days
from portal.ui.parts import Tag

TURN = "hold-turn"
LIFTING = "hold-lifting"
ONE, EVERYTHING = "One student", "Everything of the district"


def begin_anew() -> None:
    """The form is empty again."""
    st.session_state[TURN] = uuid.uuid4().hex


def standing(lines: Sequence[HoldLine], days: Days) -> tuple[uuid.UUID, str] | None:
    """The holds that stand; the one to lift with its reason, once its button is clicked."""
    parts.heading("Holds that stand")
    open_ones = [line for line in lines if line.lifted_at is None]
    if not open_ones:
        parts.muted("No hold stands.")
    lifting = None
    for line in open_ones:
        with st.container(border=True, key=f"hold-{line.id}"):
            parts.row(line.matter, _told(line, days), Tag("Stands", "warn"))
            lifting = _lift(line) or lifting
    return lifting


def _lift(line: HoldLine) -> tuple[uuid.UUID, str] | None:
    if line.mine:
        parts.muted("You placed it, so another officer lifts it.")
        return None
    if st.session_state.get(LIFTING) != line.id:
        if st.button("Lift …", key=f"hold-lift-{line.id}"):
            st.session_state[LIFTING] = line.id
            st.rerun()
        return None
    reason = st.text_input("Why it is lifted", key=f"hold-why-{line.id}", max_chars=500)
    with st.container(horizontal=True):
        sure = st.button("Lift this hold", type="primary", key=f"hold-sure-{line.id}")
        if st.button("Not now", key=f"hold-not-{line.id}"):
            st.session_state.pop(LIFTING, None)
            st.rerun()
    return (line.id, reason) if sure else None


def _told(line: HoldLine, days: Days) -> str:
    about = line.student or "Everything of the district"
    return f"{about}. Placed by {line.placed_by} on {days.of(line.placed_at)}: {line.reason}"


def new_hold() -> HoldDraft | None:
    """A hold to place; the draft once the button is clicked."""
    turn = st.session_state.setdefault(TURN, uuid.uuid4().hex)
    parts.heading("Place a hold")
    about = st.radio("It covers", [ONE, EVERYTHING], key=f"hold-about-{turn}", horizontal=True)
    number = ""
    if about == ONE:
        number = st.text_input("SASID or number at school", key=f"hold-number-{turn}", max_chars=20)
    matter = st.text_input(
        "Matter",
        key=f"hold-matter-{turn}",
        max_chars=LONGEST_MATTER,
        help="The case, complaint or request that it is placed for.",
    )
    reason = st.text_input("Reason", key=f"hold-reason-{turn}", max_chars=500)
    if not st.button("Place the hold", type="primary", key=f"hold-place-{turn}"):
        return None
    return HoldDraft(about == EVERYTHING, number, matter, reason)


def lifted(lines: Sequence[HoldLine], days: Days) -> None:
    """Those that were lifted, with why."""
    over = [line for line in lines if line.lifted_at is not None]
    if not over:
        return
    parts.heading("Lifted")
    parts.rows(
        [
            (
                line.matter,
                f"{_told(line, days)} · Lifted by {line.lifted_by}: {line.lift_reason}",
                days.of(line.lifted_at) if line.lifted_at else "",
            )
            for line in over
        ],
        "",
    )
