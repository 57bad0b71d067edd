"""A change of school: which student, where to, from when, and why."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from portal.access.assignable import StudentLine
from portal.transitions.rules import DAYS_AHEAD, DAYS_BACK, MoveDraft
from portal.ui import parts
from portal.ui.caseload_form import UNNAMED, student_label
from portal.ui.labels import unlike
from portal.vocabulary import MOVE_REASON_LABELS, MoveReason

TURN = "move-turn"


def begin_anew() -> None:
    """The form is empty again."""
    st.session_state[TURN] = uuid.uuid4().hex


def fields(
    students: Sequence[StudentLine], schools: Sequence[tuple[uuid.UUID, str]], today: date
) -> MoveDraft | None:
    """All the fields; the draft once the button is clicked."""
    key = st.session_state.setdefault(TURN, uuid.uuid4().hex)
    student = student_field(students, f"{key}-student")
    left, right = st.columns(2)
    with left:
        names = dict(schools)
        school: uuid.UUID | None = st.selectbox(
            "New school",
            list(names),
            index=None,
            format_func=lambda school: names.get(school, ""),
            key=f"{key}-school",
            placeholder="Choose a school",
        )
    with right:
        on = st.date_input(
            "First day there",
            today,
            min_value=today - timedelta(days=DAYS_BACK),
            max_value=today + timedelta(days=DAYS_AHEAD),
            key=f"{key}-on",
            format="MM/DD/YYYY",
        )
    reason: MoveReason | None = st.pills(
        "Why?",
        list(MoveReason),
        format_func=lambda reason: MOVE_REASON_LABELS[reason],
        key=f"{key}-reason",
    )
    stays = st.checkbox("Stays enrolled at the school of today too", key=f"{key}-stays")
    keep = st.checkbox(
        "Whoever works with the student goes on until the hand-over", value=True, key=f"{key}-keep"
    )
    if not st.button("Save change of school", type="primary", key=f"{key}-save"):
        return None
    return MoveDraft(student, school, on, reason, stays, keep)


def student_field(students: Sequence[StudentLine], key: str) -> uuid.UUID | None:
    """Choose one of the building's or district's students; named where that is open."""
    labels = unlike((line.id, student_label(line)) for line in students)
    chosen: uuid.UUID | None = st.selectbox(
        "Student",
        list(labels),
        index=None,
        format_func=lambda student: labels.get(student, ""),
        key=key,
        placeholder="Type a name or the end of a number",
    )
    if any(not line.name for line in students):
        parts.muted(UNNAMED)
    return chosen if chosen in labels else None
