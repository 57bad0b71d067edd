"""My settings: which mail I want, and the secret address of my calendar, shown once."""

from __future__ import annotations

import streamlit as st

from portal.config import settings
from portal.notifications.service import Wishes
from portal.ui import parts
from portal.ui.days import Days

ADDRESS = "settings-calendar-address"
TELLS = (
    "Follow-ups due, first appointments and the ends of consents, as whole days. A student is told "
    "by initials at most. Whoever has the address can read it, so keep it like a password."
)


def mails(wishes: Wishes) -> tuple[bool, bool] | None:
    """The two switches: daily, at once; what is chosen once the button is clicked."""
    parts.heading("Mail", "It says how much is due and where to see it. It never names a student.")
    digest = st.toggle("Every morning, when something is due", wishes.digest, key="settings-digest")
    urgent = st.toggle(
        "At once, when nobody answers an urgent referral of mine in time",
        wishes.urgent,
        key="settings-urgent",
    )
    clicked = st.button("Save", type="primary", key="settings-save")
    return (digest, urgent) if clicked else None


def calendar(wishes: Wishes, days: Days) -> str:
    """The calendar: what it tells and since when there is one; `make`, `stop` or nothing."""
    parts.heading("Calendar", TELLS)
    if address := st.session_state.pop(ADDRESS, None):
        parts.notice(
            "Put this address into your calendar program as a subscription. It is shown only "
            "now; a new one ends this one.",
            "warn",
        )
        st.code(address, language=None, wrap_lines=True)
    if wishes.feed_made_at is None:
        parts.say("You have no calendar address.")
        return "make" if st.button("Make an address", key="settings-make") else ""
    parts.say(f"Your calendar has had its address since {days.of(wishes.feed_made_at)}.")
    with st.container(horizontal=True):
        anew = st.button("Make a new address", key="settings-make")
        off = st.button("Switch the calendar off", key="settings-stop")
    return "make" if anew else "stop" if off else ""


def remember(secret: str) -> None:
    """Show the address on the next run, once."""
    st.session_state[ADDRESS] = f"{settings().public_url}/calendar/{secret}.ics"
