"""An agency's answer to a referral: one click, or two and a reason or a day."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import streamlit as st

from portal.referrals.queries import Slip
from portal.referrals.rules import ANSWER_LABELS, Answer, AnswerDraft, answers_to
from portal.ui import parts, visit_words
from portal.vocabulary import NOT_ACCESSED_LABELS, NotAccessedReason

OPEN = "answer-open"
"""The referral and the answer whose form is open."""

NEEDS_MORE = frozenset({Answer.DECLINE, Answer.APPOINTMENT_KEPT})


def answer(slip: Slip, today: date) -> AnswerDraft | None:
    """The answer given by a click just now, or None."""
    clicked = _buttons(slip)
    if clicked in NEEDS_MORE:
        st.session_state[OPEN] = (slip.referral_id, clicked)
    elif clicked:
        return AnswerDraft(clicked)
    opened: tuple[uuid.UUID, Answer] | None = st.session_state.get(OPEN)
    if opened is None or opened[0] != slip.referral_id:
        return None
    draft = _more(slip, opened[1], today)
    return draft if st.button("Save answer", type="primary", key="answer-save") else None


def on_hold(slip: Slip, now: datetime, tz: str) -> None:
    """Why it cannot be answered now, and what we have received already."""
    parts.notice(
        "The family took back the consent behind this referral. It waits until the school sends "
        "it again; until then it cannot be answered. Nothing more may be opened or passed on.",
        "warn",
    )
    visit_words.received(slip.received, "What your organization already received", now, tz)


def close() -> None:
    """The answer is given."""
    st.session_state.pop(OPEN, None)


def _buttons(slip: Slip) -> Answer | None:
    clicked = None
    with st.container(horizontal=True):
        for choice in answers_to(slip.status):
            if st.button(ANSWER_LABELS[choice], key=f"answer-{choice}-{slip.number}"):
                clicked = choice
    return clicked


def _more(slip: Slip, choice: Answer, today: date) -> AnswerDraft:
    if choice is Answer.APPOINTMENT_KEPT:
        day = st.date_input(
            "On which day?",
            value=today,
            format="MM/DD/YYYY",
            key=f"answer-day-{slip.number}",
            on_change="ignore",
        )
        return AnswerDraft(choice, kept_on=day)
    reason: NotAccessedReason | None = st.pills(
        "Why do you decline?",
        list(NOT_ACCESSED_LABELS),
        format_func=lambda reason: NOT_ACCESSED_LABELS[reason],
        key=f"answer-why-{slip.number}",
        on_change="ignore",
        wrap=True,
    )
    return AnswerDraft(choice, reason)
