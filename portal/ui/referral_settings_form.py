"""The district's numbers of the safety stop, and the days until a referral is overdue."""

from __future__ import annotations

import streamlit as st

from portal.referrals.settings import MOST_NUMBERS, ReferralSettings, SafetyNumber
from portal.ui import parts


def fields(now: ReferralSettings) -> ReferralSettings | None:
    """Draw the form; what it says once it is saved."""
    with st.form("referral-settings", border=False):
        parts.heading("The safety stop", "Read by everybody before a referral, in this order.")
        numbers = [_number(place, now) for place in range(MOST_NUMBERS)]
        parts.heading("When a referral is overdue")
        usual = st.number_input(
            "Days without an answer", value=now.overdue_days, step=1, key="overdue-days"
        )
        urgent = st.number_input(
            "School days without an answer, if it is urgent (Monday to Friday)",
            value=now.urgent_days,
            step=1,
            key="urgent-days",
        )
        if not st.form_submit_button("Save settings", type="primary"):
            return None
    told = tuple(one for one in numbers if one.what.strip() or one.number.strip())
    return ReferralSettings(told, int(usual), int(urgent))


def _number(place: int, now: ReferralSettings) -> SafetyNumber:
    known = now.numbers[place] if place < len(now.numbers) else SafetyNumber("", "")
    left, right = st.columns([2, 1])
    what = left.text_input(f"For what ({place + 1})", known.what, key=f"safety-what-{place}")
    number = right.text_input(f"Number ({place + 1})", known.number, key=f"safety-number-{place}")
    return SafetyNumber(what or "", number or "")
