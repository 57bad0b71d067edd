"""An emergency: those that stand, and how a new one is declared."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import streamlit as st

from portal.access.actor import Actor
from portal.access.unit_of_work import unit_of_work
from portal.monitoring import queries
from portal.monitoring.emergencies import LONGEST, Declared
from portal.monitoring.queries import Candidate, Emergency
from portal.policy.emergencies import HOURS_AT_MOST, LEAST_REASON, OPENABLE
from portal.ui import parts, when
from portal.ui.days import Days
from portal.ui.labels import unlike
from portal.ui.parts import Tag
from portal.vocabulary import CATEGORY_LABELS, Category

TURN, FOUND = "emergency-turn", "emergency-found"
USUAL_HOURS = 24
CHOOSABLE = tuple(kind for kind in OPENABLE if kind is not Category.IDENTITY)


def turn() -> str:
    """The key of the form as it stands."""
    key: str = st.session_state.setdefault(TURN, uuid.uuid4().hex)
    return key


def begin_anew() -> None:
    """The form is empty again."""
    st.session_state[TURN] = uuid.uuid4().hex
    st.session_state.pop(FOUND, None)


def standing(lines: Sequence[Emergency], days: Days) -> tuple[uuid.UUID | None, uuid.UUID | None]:
    """My emergencies: the student to look at, and the emergency to close, once one is clicked."""
    opened = closed = None
    if lines:
        parts.heading("Yours", "Each is reviewed by somebody else within one working day.")
    for line in lines:
        is_open = line.is_open(days.now)
        with st.container(border=True, key=f"emergency-{line.id}"):
            parts.row(_span(line, days), line.threat, state(line, days))
            if not is_open:
                continue
            with st.container(horizontal=True):
                if st.button("Open the record", key=f"open-{line.id}", type="primary"):
                    opened = line.student_id
                if st.button("Close it now", key=f"close-{line.id}"):
                    closed = line.id
    return opened, closed


def state(line: Emergency, days: Days) -> Tag:
    """Where it stands, in one word or two."""
    if line.reviewed_at is not None:
        return Tag("Proper", "ok") if line.proper else Tag("Not proper", "bad")
    if line.late:
        return Tag("Review is overdue", "bad")
    return Tag("Open", "warn") if line.is_open(days.now) else Tag("Waits for review", "warn")


def _span(line: Emergency, days: Days) -> str:
    return when.span(line.starts_at, line.ends_at, days.now, days.tz)


def new(me: Actor, days: Days) -> Declared | None:
    """Find the student, say what threatens; the draft once the button is clicked."""
    parts.heading("Declare an emergency")
    key = turn()
    student_id = _student(me, key, days)
    kinds = st.multiselect(
        "What you need to know",
        CHOOSABLE,
        format_func=lambda kind: CATEGORY_LABELS[kind],
        key=f"{key}-kinds",
        placeholder="Choose kinds of records",
        help="Never opened this way: mental health treatment, substance use treatment, "
        "HIV-related information, care a minor sought alone, and reports to child protection.",
    )
    threat = st.text_area(
        "What threatens whom, and how you know",
        key=f"{key}-threat",
        max_chars=LONGEST,
        help=f"At least {LEAST_REASON} characters. It is kept with the record of disclosures.",
    )
    hours = st.number_input("For how many hours", 1, HOURS_AT_MOST, USUAL_HOURS, key=f"{key}-hours")
    parts.notice(
        "It opens at once. The superintendent and the administrators are told by mail now, "
        "somebody else reviews it within one working day, and it stands in the family's list of "
        "disclosures. It closes by itself.",
        "warn",
    )
    if not st.button("Open the record in an emergency", type="primary", key=f"{key}-declare"):
        return None
    return Declared(student_id, frozenset(kinds), threat, int(hours))


def _student(me: Actor, key: str, days: Days) -> uuid.UUID | None:
    typed, find = st.columns([4, 1], vertical_alignment="bottom", wrap=True)
    name = typed.text_input(
        "Student: whole first and last name, or whole number",
        key=f"{key}-typed",
        max_chars=80,
        help="There is no list here. That you looked is written down.",
    )
    if find.button("Find", key=f"{key}-find", width="stretch") and name.strip():
        with unit_of_work() as session:
            st.session_state[FOUND] = queries.look_up(session, me, name, days.now)
    found: list[Candidate] | None = st.session_state.get(FOUND)
    if found is None:
        return None
    if not found:
        parts.muted("Nobody is called so. Check the spelling, or type the whole SASID.")
        return None
    labels = unlike((one.id, _label(one)) for one in found)
    chosen: uuid.UUID | None = st.radio(
        "Which student", list(labels), format_func=lambda one: labels[one], key=f"{key}-student"
    )
    return chosen


def _label(one: Candidate) -> str:
    told = (one.name, f"grade {one.grade}" if one.grade else "", one.school)
    return parts.plain(", ".join(part for part in told if part))
