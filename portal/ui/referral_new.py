"""A referral without a visit: a short form of its own, above the list of referrals."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from portal.access.lists import StudentLine
from portal.policy.undo import UNDO_WITHIN
from portal.referrals.rules import ReferralDraft
from portal.ui import parts, referral_fields
from portal.ui.parts import esc
from portal.ui.pick_student import pick_student
from portal.ui.referral_fields import Choices

FORM = "referral-new"
SENT = "referral-just-sent"


@dataclass(frozen=True)
class Filled:
    """What the form says, and which button was clicked."""

    draft: ReferralDraft
    key: str
    later: bool


@dataclass(frozen=True)
class JustSent:
    """What was sent or kept last."""

    text: str
    at: datetime
    referral_id: uuid.UUID | None


def begin(student_id: uuid.UUID | None = None, need: str | None = None) -> None:
    """Open the form; with a student and a need where they are known."""
    key = uuid.uuid4().hex
    st.session_state[FORM] = key
    if student_id is not None:
        st.session_state[f"refer-{key}-student"] = student_id
    if need:
        st.session_state[f"refer-{key}-need"] = need


def is_open() -> bool:
    """Is the form on the screen?"""
    return FORM in st.session_state


def close() -> None:
    """Take the form away, with what was typed."""
    key = st.session_state.pop(FORM, "")
    for name in [name for name in st.session_state if str(name).startswith(f"refer-{key}-")]:
        del st.session_state[name]


def form(students: Sequence[StudentLine], offered: Choices) -> Filled | None:
    """The form, while it is open; what it says when a button was clicked."""
    if not is_open():
        return None
    key = st.session_state[FORM]
    parts.heading("Refer a student")
    student = pick_student(students, f"refer-{key}-student", wait=False)
    draft = referral_fields.fields(
        student, offered, lambda name: f"refer-{key}-{name}", wanted=True
    )
    with st.container(horizontal=True, key="refer-buttons"):
        sent = st.button(
            "No emergency: send referral",
            type="primary",
            key=f"refer-{key}-send",
            shortcut="ctrl+s",
        )
        later = st.button("Keep it for later", key=f"refer-{key}-later")
        st.button("Cancel", key=f"refer-{key}-cancel", type="tertiary", on_click=close)
    if draft is None or not (sent or later):
        return None
    return Filled(draft, key, later)


def key_of(form_key: str) -> Callable[[str], str]:
    """The names of the fields of this form."""
    return lambda name: f"refer-{form_key}-{name}"


def remember(text: str, at: datetime, referral_id: uuid.UUID | None = None) -> None:
    """Say this from the next run on, with Undo where an id is given."""
    st.session_state[SENT] = JustSent(text, at, referral_id)


def sent_line(now: datetime) -> uuid.UUID | None:
    """Draw the line of what was sent; its id when Undo was clicked."""
    just: JustSent | None = st.session_state.get(SENT)
    if just is None or now >= just.at + UNDO_WITHIN:
        return None
    with st.container(horizontal=True, vertical_alignment="center", key="referral-sent-line"):
        st.html(f'<div class="p-status" role="status">{esc(just.text)}</div>', width="content")
        if just.referral_id is None:
            return None
        undone = st.button(
            "Undo", type="tertiary", icon=":material/undo:", key=f"referral-undo-{just.referral_id}"
        )
    return just.referral_id if undone else None
