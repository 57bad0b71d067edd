"""Hand students over: whose, which, to whom, from when, and what the next one is told."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import streamlit as st

from portal.access.actor import Actor
from portal.transitions.queries import Carried, Colleague
from portal.transitions.rules import DAYS_AHEAD, LONGEST, HandoverDraft, Told
from portal.ui import parts
from portal.ui.labels import unlike
from portal.ui.parts import plain
from portal.vocabulary import HANDOVER_LABELS, HandoverPrompt, Role

TURN = "handover-turn"
RESTRICTED = (
    "Only you, the one who takes over, the principal and the superintendent read this; others see "
    "that it is there."
)


def turn() -> str:
    """The key of this form; a new one once it is sent."""
    key: str = st.session_state.setdefault(TURN, uuid.uuid4().hex)
    return key


def begin_anew() -> None:
    """The form is empty again, with a key of its own."""
    st.session_state[TURN] = uuid.uuid4().hex


def whose(me: Actor, colleagues: Sequence[Colleague]) -> uuid.UUID | None:
    """Whose caseload: one's own; a principal chooses whose."""
    if me.role is not Role.PRINCIPAL:
        return me.id
    return _choose("From whom?", colleagues, f"{turn()}-from")


def fields(
    from_id: uuid.UUID, students: Sequence[Carried], colleagues: Sequence[Colleague], today: date
) -> HandoverDraft | None:
    """All the fields; the draft once the button is clicked. Nothing has to be told."""
    key = turn()
    labels = unlike((line.student_id, line.label) for line in students)
    chosen: list[uuid.UUID] = st.multiselect(
        "Which students?",
        list(labels),
        format_func=lambda student: labels.get(student, ""),
        key=f"{key}-students",
        placeholder="Choose one or more",
    )
    others = [colleague for colleague in colleagues if colleague.id != from_id]
    left, right = st.columns(2)
    with left:
        to = _choose("To whom?", others, f"{key}-to")
    with right:
        on = st.date_input(
            "From which day on?",
            today,
            min_value=today,
            max_value=today + timedelta(days=DAYS_AHEAD),
            key=f"{key}-on",
            format="MM/DD/YYYY",
        )
    known = [student for student in chosen if student in labels]
    told = {student: _told(key, student, labels[student]) for student in known}
    if not st.button("Hand over", type="primary", key=f"{key}-send", shortcut="ctrl+s"):
        return None
    return HandoverDraft(from_id, to, tuple(known), on if on != today else None, told)


def _told(key: str, student: uuid.UUID, label: str) -> Told:
    """The prompts about one student, on a fold of their own: no child's words on another's."""
    with st.expander(plain(f"What to tell of {label} (optional)")):
        answers: Mapping[HandoverPrompt, str] = {
            prompt: st.text_area(
                HANDOVER_LABELS[prompt],
                key=f"{key}-{student}-{prompt}",
                max_chars=LONGEST,
                height=80,
                on_change="ignore",
            )
            for prompt in HandoverPrompt
        }
        parts.muted("A parent may read these notes. They stay on the student's page.")
        restricted = st.text_area(
            "Restricted",
            key=f"{key}-{student}-restricted",
            max_chars=LONGEST,
            height=80,
            help=RESTRICTED,
            on_change="ignore",
        )
        parts.muted(RESTRICTED)
    return Told(answers, restricted)


def _choose(label: str, colleagues: Sequence[Colleague], key: str) -> uuid.UUID | None:
    labels = unlike((colleague.id, colleague.label) for colleague in colleagues)
    chosen: uuid.UUID | None = st.selectbox(
        label,
        list(labels),
        index=None,
        format_func=lambda user: labels.get(user, ""),
        key=key,
        placeholder="Choose a colleague",
    )
    return chosen if chosen in labels else None
