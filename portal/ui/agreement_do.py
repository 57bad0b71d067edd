"""One click on an agreement: one service call, told in the status line; or its problems."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st
from sqlalchemy.orm import Session
from streamlit.delta_generator import DeltaGenerator

from portal.access.unit_of_work import unit_of_work
from portal.ui import parts
from portal.ui.agreement_views import OPEN
from portal.ui.page import telling_problems


def do(problems: DeltaGenerator, act: Callable[[Session], Any], told: str) -> None:
    """Do it in a unit of work, say so, and run the page anew; what stands against it is shown."""
    with problems, telling_problems():
        with unit_of_work() as session:
            act(session)
        parts.flash(told)
        st.rerun()


def do_and_open(problems: DeltaGenerator, act: Callable[[Session], Any], told: str) -> None:
    """The same, for what makes another agreement, which is then the one that is open."""
    with problems, telling_problems():
        with unit_of_work() as session:
            made = act(session)
        parts.flash(told)
        st.session_state[OPEN] = made.id
        st.rerun()
