"""Locks and hidden students: what stands, with a button to lift it, and a form for a new one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

import streamlit as st

from portal.access.assignable import StudentLine
from portal.policy.spans import last_day
from portal.transitions.queries import Colleague, HiddenLine, LockLine
from portal.transitions.rules import LONGEST_REASON, HideDraft, LockDraft
from portal.ui import parts, when
from portal.ui.caseload_form import student_label
from portal.ui.days import Days
from portal.ui.labels import unlike
from portal.ui.move_form import student_field

TURN = "lock-turn"


def begin_anew() -> None:
    """Both forms are empty again."""
    st.session_state[TURN] = uuid.uuid4().hex


def _turn() -> str:
    key: str = st.session_state.setdefault(TURN, uuid.uuid4().hex)
    return key


def standing_locks(lines: Sequence[LockLine], days: Days) -> uuid.UUID | None:
    """The locks that stand; the one to lift once its button is clicked."""
    if not lines:
        parts.muted("No lock stands.")
    lifted = None
    for line in lines:
        head = f"{line.user} and {student_label(line.student)}"
        if _standing(line.id, head, line, "Lift", days):
            lifted = line.id
    return lifted


def standing_hidden(lines: Sequence[HiddenLine], days: Days) -> uuid.UUID | None:
    """The students who are left out of lists; the one to show again once it is clicked."""
    if not lines:
        parts.muted("No student is left out of lists.")
    shown = None
    for line in lines:
        if _standing(line.id, student_label(line.student), line, "Show again", days):
            shown = line.id
    return shown


def _standing(
    key: uuid.UUID, head: str, line: LockLine | HiddenLine, button: str, days: Days
) -> bool:
    with st.container(border=True, key=f"lock-{key}"):
        parts.row(head, f"{_span(line.since, line.until, days)}. {line.reason}", "")
        return st.button(button, key=f"lift-{key}")


def _span(since: datetime, until: datetime | None, days: Days) -> str:
    if until is None:
        return f"Since {days.of(since)}, without an end"
    return f"Since {days.of(since)}, until {when.day(last_day(until, days.tz), days.today)}"


def new_lock(
    students: Sequence[StudentLine], colleagues: Sequence[Colleague], today: date
) -> LockDraft | None:
    """Lock a colleague out; the draft once the button is clicked."""
    key = f"{_turn()}-lock"
    labels = unlike((colleague.id, colleague.label) for colleague in colleagues)
    user: uuid.UUID | None = st.selectbox(
        "Colleague",
        list(labels),
        index=None,
        format_func=lambda user: labels.get(user, ""),
        key=f"{key}-user",
        placeholder="Choose a colleague",
    )
    student = student_field(students, f"{key}-student")
    until, reason = _why(key, today)
    if not st.button("Lock", type="primary", key=f"{key}-save"):
        return None
    return LockDraft(user if user in labels else None, student, until, reason)


def new_hiding(students: Sequence[StudentLine], today: date) -> HideDraft | None:
    """Leave a student out of lists; the draft once the button is clicked."""
    key = f"{_turn()}-hide"
    student = student_field(students, f"{key}-student")
    until, reason = _why(key, today)
    if not st.button("Leave out of lists", type="primary", key=f"{key}-save"):
        return None
    return HideDraft(student, until, reason)


def _why(key: str, today: date) -> tuple[date | None, str]:
    until = st.date_input(
        "Until (optional)",
        None,
        min_value=today,
        key=f"{key}-until",
        help="Its last day.",
        format="MM/DD/YYYY",
    )
    reason = st.text_input("Reason", key=f"{key}-reason", max_chars=LONGEST_REASON)
    return (until if isinstance(until, date) else None), reason
