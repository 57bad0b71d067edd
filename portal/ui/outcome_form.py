"""Write down what became of a referral: did the student reach the service?"""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from portal.access.words import Words
from portal.referrals.queries import ReferralLine
from portal.referrals.rules import OutcomeDraft
from portal.vocabulary import (
    ACCESS_LABELS,
    CONFIRMED_BY_LABELS,
    Access,
    ConfirmedBy,
    NotAccessedReason,
    WordList,
)

WAIT: dict[str, Any] = {"on_change": "ignore"}


def outcome_fields(line: ReferralLine, words: Words, today: date) -> OutcomeDraft:
    """Then when and who says so, or why not; unknown is an answer too, and no "no"."""
    access = st.segmented_control(
        "Did the student reach the service?",
        list(ACCESS_LABELS),
        format_func=lambda access: ACCESS_LABELS[access],
        key=_key(line, "access"),
        wrap=True,
    )
    match access:
        case Access.ACCESSED:
            day = st.date_input(
                "Since which day?", value=today, format="MM/DD/YYYY", key=_key(line, "day"), **WAIT
            )
            return OutcomeDraft(access, day, _confirmed_by(line))
        case Access.NOT_ACCESSED:
            return OutcomeDraft(access, reason=_reason(line, words))
    return OutcomeDraft(access)


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


def _reason(line: ReferralLine, words: Words) -> NotAccessedReason | None:
    """Why not; an agency's own reason is proposed."""
    offered = [NotAccessedReason(word.code) for word in words.choices(WordList.NOT_ACCESSED)]
    chosen: NotAccessedReason | None = st.pills(
        "Why not?",
        offered,
        default=line.reason if line.reason in offered else None,
        format_func=lambda reason: words.label(WordList.NOT_ACCESSED, reason),
        key=_key(line, "why"),
        wrap=True,
        **WAIT,
    )
    return chosen


def _key(line: ReferralLine, name: str) -> str:
    return f"referral-{name}-{line.number}"
