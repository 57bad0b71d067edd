"""What surrounds every page: its style, who is signed in, and the notice of a demonstration."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from portal import clock
from portal.access.actor import Actor
from portal.config import settings
from portal.ui.parts import esc
from portal.vocabulary import ROLE_LABELS

THEME = Path(__file__).with_name("theme.css")
WARNED_BEFORE = 60
"""Seconds before the screen locks."""
ICON = "/favicon.png"  # else Streamlit asks a server of Google's for the menu's picture


def begin() -> None:
    """Put the portal's style and picture on the page; its title is the page's in the menu."""
    st.set_page_config(page_icon=ICON, layout="wide")
    st.html(THEME)


def around(me: Actor, *, demo: bool) -> None:
    """Say who is here and how to leave; in a demonstration, that it is one."""
    st.sidebar.html(
        f'<div class="p-me"><p><strong>{esc(me.name)}</strong><br>{esc(ROLE_LABELS[me.role])}'
        f"<br>{esc(me.organization_name)}</p>"
        '<form method="post" action="/logout"><button class="p-quiet">Sign out</button></form>'
        '<p><a href="/account" target="_self">My account</a></p></div>'
    )
    _say_when_idle()
    if demo:
        st.html('<p class="p-demo" role="note">Demonstration: every person here is made up.</p>')


def _say_when_idle() -> None:
    """A minute before the screen locks, say so. The browser waits by itself (theme.css), from
    what was done last: each run of the page begins the wait anew."""
    wait = settings().session_minutes * 60 - WARNED_BEFORE
    if wait <= 0:
        return
    st.html(
        f'<p class="p-idle" data-run="{clock.now():%H%M%S%f}" style="animation-delay: {wait}s">'
        "Nothing was done here for a while: the portal locks in a minute. "
        "Click or type anything to go on.</p>"
    )
