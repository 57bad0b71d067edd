"""A timer for the visit: it runs on the server, so that it survives a change of page."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import streamlit as st

from portal import clock
from portal.ui import when

STARTED = "visit-timer-started"
MEASURED = "visit-timer-minutes"


def timer(tz: str, minutes_key: str) -> None:
    """Start and stop; when stopped, the minutes are chosen in the field `minutes_key`."""
    started: datetime | None = st.session_state.get(STARTED)
    if started is None:
        st.button("Start timer", icon=":material/play_arrow:", key="visit-start", on_click=_start)
        return
    st.button(
        f"Stop timer, running since {when.time_of(started, tz)}",
        icon=":material/stop:",
        key="visit-stop",
        on_click=_stop,
        args=(minutes_key,),
    )


def measured() -> int | None:
    """The minutes that the timer measured for this visit."""
    minutes: int | None = st.session_state.get(MEASURED)
    return minutes


def forget() -> None:
    """The visit is saved: the next one is measured anew. A timer that runs goes on."""
    st.session_state.pop(MEASURED, None)


def _start() -> None:
    st.session_state[STARTED] = clock.now()


def _stop(minutes_key: str) -> None:
    passed = clock.now() - st.session_state.pop(STARTED, clock.now())
    minutes = max(1, math.ceil(passed / timedelta(minutes=1)))
    st.session_state[MEASURED] = minutes
    st.session_state[minutes_key] = minutes
