"""An agency's answer to a referral: one click, or two and a reason, the weeks or a day."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import streamlit as st

from portal.access.answer_links import NOT_THE_AGENCY_S
from portal.referrals.queries import Slip
from portal.referrals.rules import ANSWER_LABELS, LONGEST_WAIT, Answer, AnswerDraft, answers_to
from portal.ui import parts, visit_words, when
from portal.vocabulary import NOT_ACCESSED_LABELS, NotAccessedReason

OPEN = "answer-open"
"""The referral and the answer whose form is open."""

NEEDS_MORE = frozenset({Answer.DECLINE, Answer.APPOINTMENT_KEPT, Answer.WAITLIST})
FOR_SEVERAL = (Answer.ACCEPT, Answer.WAITLIST, Answer.DECLINE)
REASONS = [reason for reason in NOT_ACCESSED_LABELS if reason not in NOT_THE_AGENCY_S]


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
    draft = _more(slip.number, opened[1], today)
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


def _more(key: str, choice: Answer, today: date) -> AnswerDraft:
    """What an answer needs besides."""
    match choice:
        case Answer.APPOINTMENT_KEPT:
            day = st.date_input(
                "On which day?",
                value=today,
                format="MM/DD/YYYY",
                key=f"answer-day-{key}",
                on_change="ignore",
            )
            return AnswerDraft(choice, kept_on=day)
        case Answer.WAITLIST:
            weeks = st.number_input(
                "About how many weeks? (optional)",
                min_value=1,
                max_value=LONGEST_WAIT,
                value=None,
                step=1,
                width=260,
                key=f"answer-weeks-{key}",
                on_change="ignore",
            )
            return AnswerDraft(choice, weeks=weeks)
    reason: NotAccessedReason | None = st.pills(
        "Why do you decline?",
        REASONS,
        format_func=lambda reason: NOT_ACCESSED_LABELS[reason],
        key=f"answer-why-{key}",
        on_change="ignore",
        wrap=True,
    )
    return AnswerDraft(choice, reason)


# One answer to several


@dataclass(frozen=True)
class Chosen:
    """One answer to these referrals."""

    referrals: tuple[uuid.UUID, ...]
    draft: AnswerDraft


def tick(slip: Slip) -> None:
    """The box by which a referral is chosen for an answer to several."""
    st.checkbox(f"Choose {slip.number}", key=_tick(slip))


def untick(slips: Sequence[Slip]) -> None:
    """Nothing is chosen any more; before the boxes are drawn."""
    for slip in slips:
        st.session_state.pop(_tick(slip), None)


def several(slips: Sequence[Slip], today: date) -> Chosen | None:
    """The bar above the list while something is chosen; what was sent by it just now."""
    chosen = [slip for slip in slips if st.session_state.get(_tick(slip))]
    if not chosen:
        return None
    count = when.counted(len(chosen), "referral")
    with st.container(border=True, key="answer-several"):
        parts.heading(f"{count} chosen", "One answer to all of them; each is written down.")
        said: Answer | None = st.segmented_control(
            "Answer",
            FOR_SEVERAL,
            format_func=lambda answer: ANSWER_LABELS[answer],
            key="answer-several-what",
            wrap=True,
        )
        draft = _more("several", said, today) if said in NEEDS_MORE else AnswerDraft(said)
        with st.container(horizontal=True):
            sent = st.button(f"Answer {count}", type="primary", key="answer-several-send")
            st.button("Choose none", key="answer-several-none", on_click=untick, args=(slips,))
    return Chosen(tuple(slip.referral_id for slip in chosen), draft) if sent else None


def _tick(slip: Slip) -> str:
    return f"answer-pick-{slip.number}"
