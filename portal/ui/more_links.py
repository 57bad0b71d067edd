"""From one page to the others that have no place in the menu."""

from __future__ import annotations

import streamlit as st

from portal.access.actor import Actor
from portal.policy.tasks import Task
from portal.ui.go import go_to

Link = tuple[str, str, Task]
"""What the button says, the page it leads to, and the task that it serves."""

OVERSIGHT: tuple[Link, ...] = (
    ("Use of the portal", "watch_use.py", Task.WATCH_USE),
    ("Who could look", "who_could_look.py", Task.SEE_WHO_COULD),
    ("Levels of access", "see_levels.py", Task.SEE_LEVELS),
    ("Numbers", "see_unnamed.py", Task.SEE_UNNAMED),
    ("Register of requests", "write_request.py", Task.WRITE_REQUEST),
    ("Review of access", "review_access.py", Task.REVIEW_ACCESS),
    ("Review of the data", "review_data.py", Task.REVIEW_DATA),
    ("How long data is kept", "set_retention.py", Task.SET_RETENTION),
    ("Legal holds", "keep_holds.py", Task.KEEP_HOLDS),
    ("What data is held", "see_catalog.py", Task.SEE_CATALOG),
    ("Take out data", "export_records.py", Task.EXPORT_RECORDS),
)
"""Beside the disclosures: how the portal's use is overseen."""

MINE: tuple[Link, ...] = (
    ("Levels of access", "see_levels.py", Task.SEE_LEVELS),
    ("What data is held", "see_catalog.py", Task.SEE_CATALOG),
    ("Numbers", "see_unnamed.py", Task.SEE_UNNAMED),
    ("Ask for access", "ask_for_access.py", Task.ASK_FOR_ACCESS),
)
"""Beside one's own settings: what anybody has."""

NOT_LISTED: tuple[Link, ...] = (
    ("Not on your list: ask in writing", "ask_for_access.py", Task.ASK_FOR_ACCESS),
    (
        "Not on your list: a health or safety emergency",
        "open_in_emergency.py",
        Task.OPEN_EMERGENCY,
    ),
)
"""Beside the list of students: the two ways to whoever is not on it."""

PEOPLE: tuple[Link, ...] = (
    ("Word lists", "keep_word_lists.py", Task.KEEP_WORD_LISTS),
    ("Data points", "keep_data_points.py", Task.KEEP_DATA_POINTS),
    ("Referral settings", "set_referrals.py", Task.SET_REFERRALS),
    ("Single sign-on", "set_sign_in.py", Task.SET_SIGN_IN),
    ("Service accounts", "keep_service_accounts.py", Task.KEEP_SERVICE_ACCOUNTS),
)
"""Beside the people of a district: what its administrator sets."""


AGENCY: tuple[Link, ...] = (("Use by our people", "watch_our_use.py", Task.WATCH_OUR_USE),)
"""Beside the case teams of a partner: what its administrator looks after."""


def show(me: Actor, links: tuple[Link, ...]) -> None:
    """A button for each of these pages that this person has."""
    mine = [link for link in links if me.may(link[2])]
    if not mine:
        return
    with st.container(horizontal=True):
        for label, file, _task in mine:
            if st.button(label):
                go_to(file)
