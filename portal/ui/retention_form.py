"""The retention schedule on the screen: its lines, a change, what is due, and the runs."""

from __future__ import annotations

import uuid

import streamlit as st

from portal.access.actor import Actor
from portal.access.unit_of_work import unit_of_work
from portal.policy.keeping import BY_CODE, LONGEST, MOST_YEARS, Line
from portal.retaining.destroying import service as destroying
from portal.retaining.destroying.queries import Run
from portal.retaining.destroying.service import Desk, DueLine
from portal.ui import parts, when
from portal.ui.days import Days
from portal.ui.parts import Tag

TURN = "retention-turn"
APPROVE, GIVE_UP = "approve", "give up"
FOR_EVER, YEARS = "For ever", "A number of years"


def begin_anew() -> None:
    """The form of a change is empty again."""
    st.session_state[TURN] = uuid.uuid4().hex


def schedule(desk: Desk) -> None:
    """Every line of the schedule."""
    parts.heading("The schedule")
    parts.rows([_line(one.line) for one in desk.due], "")


def _line(line: Line) -> tuple[str, str, Tag]:
    ends = "The portal destroys it when two people say so." if line.destroyed else ""
    told = f"{line.period}. {line.authority}. {ends} {line.left}"
    if line.years is None:
        return line.label, " ".join(told.split()), Tag("For ever")
    return line.label, " ".join(told.split()), Tag(when.counted(line.years, "year"), "info")


def change(desk: Desk) -> tuple[str, int | None, str] | None:
    """Keep a kind of data for another time: its code, the years and why, once it is saved."""
    turn = st.session_state.setdefault(TURN, uuid.uuid4().hex)
    with st.expander("Change a period"):
        lines = {one.line.code: one.line for one in desk.due}
        code = st.selectbox(
            "What",
            list(lines),
            format_func=lambda code: lines[code].label,
            key=f"retention-what-{turn}",
        )
        least = BY_CODE[code].least
        parts.muted(
            f"Now: {lines[code].period}. "
            + ("It cannot be shorter." if least is None else f"At least {least} years.")
        )
        how = st.radio("Kept", [YEARS, FOR_EVER], key=f"retention-how-{turn}", horizontal=True)
        years = None
        if how == YEARS:
            years = st.number_input(
                "Years",
                min_value=0,
                max_value=MOST_YEARS,
                value=lines[code].years or least or 0,
                key=f"retention-years-{code}-{turn}",
            )
        why = st.text_input("Why, or by which law", key=f"retention-why-{turn}", max_chars=LONGEST)
        if not st.button("Save the period", type="primary", key=f"retention-save-{turn}"):
            return None
    return code, None if years is None else int(years), why


def due_now(desk: Desk) -> list[str] | None:
    """What is due now, counted; the kinds to propose once the button is clicked."""
    parts.heading(
        "Due now", "A dry run: counted, and nothing destroyed. What a hold covers is not in it."
    )
    if desk.held:
        parts.notice("A legal hold stands on everything of the district: nothing is due.", "warn")
    found = [one for one in desk.due if one.count]
    parts.table(
        "Due now, by year",
        ["What", "How much", "By year"],
        [[one.line.label, f"{one.count:,}", _years(one)] for one in found],
        "Nothing is due.",
    )
    if not found:
        return None
    chosen = [
        one.line.code
        for one in found
        if st.checkbox(f"{one.line.label} ({one.count:,})", key=f"due-{one.line.code}")
    ]
    clicked = st.button("Propose to destroy what is ticked", key="retention-propose")
    return chosen if clicked else None


def _years(one: DueLine) -> str:
    return ", ".join(f"{year}: {count:,}" for year, count in one.by_year.items())


def runs(me: Actor, desk: Desk, days: Days) -> tuple[str, Run] | None:
    """The proposals and what became of them; what to do with one, once its button is clicked."""
    if not desk.runs:
        return None
    parts.heading("Destructions")
    act = None
    for run in desk.runs:
        with st.container(border=True, key=f"run-{run.id}"):
            parts.row(_about(run), _told(run, days), _standing(run))
            if run.document_id:
                parts.document("The certificate (PDF)", run.document_id)
            if run.waits:
                act = _buttons(me, run) or act
    return act


def _buttons(me: Actor, run: Run) -> tuple[str, Run] | None:
    if run.proposer_id == me.id:
        parts.muted("You proposed it, so somebody else approves it.")
    else:
        parts.muted("Approved, it is destroyed at once and for ever.")
    with st.container(horizontal=True):
        if run.proposer_id != me.id and st.button(
            "Approve and destroy", type="primary", key=f"run-approve-{run.id}"
        ):
            return APPROVE, run
        if st.button("Give it up", key=f"run-give-up-{run.id}"):
            return GIVE_UP, run
    return None


def do(me: Actor, act: str, run: Run, days: Days) -> None:
    """Approve the proposal, or give it up."""
    with unit_of_work() as session:
        if act == APPROVE:
            destroying.approve(session, me, run.id, days.now)
        else:
            destroying.give_up(session, me, run.id, days.now)
    parts.flash("Destroyed; the certificate is kept." if act == APPROVE else "Given up.")


def _about(run: Run) -> str:
    return ", ".join(BY_CODE[code].label for code in run.asked["lines"])


def _told(run: Run, days: Days) -> str:
    counts = run.counts or run.asked["due"]
    what = ", ".join(when.counted(count, "row") for count in counts.values())
    told = f"{what}. Proposed by {run.proposed_by} on {days.of(run.proposed_at)}."
    if run.done_at:
        told += f" Approved and done by {run.approved_by} on {days.of(run.done_at)}."
    return told


def _standing(run: Run) -> Tag:
    if run.done_at:
        return Tag("Destroyed", "ok")
    return Tag("Waits for a second person", "warn") if run.waits else Tag("Given up")
