"""The timer of a visit: it is kept on the server, so it survives a change of page or a reload."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.ui import parts, when
from portal.ui.page import who_is_here
from portal.visits import timer as timing
from portal.visits.timer import Timer

TICK = 15
"""Seconds after which the minutes on the screen are told anew."""


def timer(running: Timer, minutes_key: str) -> None:
    """Start and stop; when stopped, the minutes are chosen in the field `minutes_key`."""
    if running.started_at is None:
        st.button("Start timer", icon=":material/play_arrow:", key="visit-start", on_click=_start)
        return
    st.button(
        "Stop timer",
        icon=":material/stop:",
        key="visit-stop",
        on_click=_stop,
        args=(minutes_key,),
    )
    _ticking(running.started_at)


@st.fragment(run_every=TICK)
def _ticking(started_at: datetime) -> None:
    """The minutes so far; only this line is drawn again."""
    parts.muted(f"{when.length(timing.passed(started_at, clock.now()))} so far")


def _start() -> None:
    me = who_is_here()
    if me is not None and me.may(Task.LOG_VISIT):
        with unit_of_work() as session:
            timing.start(session, me, clock.now())


def _stop(minutes_key: str) -> None:
    me = who_is_here()
    if me is not None and me.may(Task.LOG_VISIT):
        with unit_of_work() as session:
            st.session_state[minutes_key] = timing.stop(session, me, clock.now())
