"""Write down what became of a referral."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import streamlit as st

from portal.referrals.queries import ReferralLine
from portal.referrals.rules import OutcomeDraft
from portal.ui import parts, visit_words
from portal.vocabulary import (
    ACCESS_LABELS,
    CONFIRMED_BY_LABELS,
    NOT_ACCESSED_LABELS,
    Access,
    ConfirmedBy,
    NotAccessedReason,
)

OPEN = "referral-open"
"""The referral whose form is open."""


def is_open(line: ReferralLine) -> bool:
    """Is this referral's form open?"""
    return bool(st.session_state.get(OPEN) == line.referral_id)


def opener(line: ReferralLine) -> None:
    """The button that opens this referral's form and closes another's."""
    st.button(
        "What happened?",
        key=f"referral-ask-{line.number}",
        on_click=st.session_state.update,
        args=({OPEN: line.referral_id},),
    )


def on_hold(line: ReferralLine, now: datetime, tz: str) -> bool:
    """Why it waits and what was received; True when it is to be sent again."""
    parts.notice(
        "The family took back the consent behind this referral, so the provider cannot answer it. "
        "Nothing already received is undone. Once a new consent opens it, send it again; or "
        "withdraw it.",
        "warn",
    )
    visit_words.received(line.received, f"What {line.provider} already received", now, tz)
    return st.button("Send it again", key=f"referral-resume-{line.number}")


def close() -> None:
    """The form is done."""
    st.session_state.pop(OPEN, None)


def outcome_fields(line: ReferralLine, today: date) -> OutcomeDraft:
    """Did the student reach the service? Then when and who says so, or why not."""
    access = st.segmented_control(
        "Did the student reach the service?",
        list(ACCESS_LABELS),
        format_func=lambda access: ACCESS_LABELS[access],
        key=f"referral-access-{line.number}",
        wrap=True,
    )
    match access:
        case Access.ACCESSED:
            day = st.date_input(
                "Since which day?", value=today, format="MM/DD/YYYY", key=_key(line, "day"), **WAIT
            )
            return OutcomeDraft(access, day, _confirmed_by(line))
        case Access.NOT_ACCESSED:
            return OutcomeDraft(access, reason=_reason(line))
    return OutcomeDraft(access)


WAIT: dict[str, Any] = {"on_change": "ignore"}


def _confirmed_by(line: ReferralLine) -> ConfirmedBy | None:
    chosen: ConfirmedBy | None = st.pills(
        "Who confirmed it?",
        list(CONFIRMED_BY_LABELS),
        format_func=lambda who: CONFIRMED_BY_LABELS[who],
        key=_key(line, "who"),
        wrap=True,
        **WAIT,
    )
    return chosen


def _reason(line: ReferralLine) -> NotAccessedReason | None:
    """Why not; an agency's own reason is proposed."""
    chosen: NotAccessedReason | None = st.pills(
        "Why not?",
        list(NOT_ACCESSED_LABELS),
        default=line.reason,
        format_func=lambda reason: NOT_ACCESSED_LABELS[reason],
        key=_key(line, "why"),
        wrap=True,
        **WAIT,
    )
    return chosen


def _key(line: ReferralLine, name: str) -> str:
    return f"referral-{name}-{line.number}"
