"""Every page opens with its own gate: who is here, and does their role have this task?"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from sqlalchemy.orm import Session

from portal import clock
from portal.access import actor, trail
from portal.access.actor import Actor
from portal.access.unit_of_work import reading, unit_of_work
from portal.errors import PortalError, Refused
from portal.policy.tasks import Task
from portal.ui import parts
from portal.ui.focus import focus_problems


def who_is_here() -> Actor | None:
    """The signed-in person, loaded afresh; None when nobody is, or no longer may be."""
    subject = st.user.get("id")
    if not subject:
        return None
    sign_in = st.user.get("sid")
    with unit_of_work(reading()) as session:
        return actor.load(
            session,
            uuid.UUID(str(subject)),
            clock.now(),
            uuid.UUID(str(sign_in)) if sign_in else None,
        )


def page_for(task: Task) -> Actor:
    """The person here, when their role has the task; otherwise says why and stops the page."""
    me = who_is_here()
    if me is None:
        parts.refusal("You are not signed in.", "Sign in again, then open this page from the menu.")
        st.stop()
    try:
        with unit_of_work() as session:
            _require(session, me, task)
    except Refused as refused:
        parts.refusal(refused.what, refused.do_next)
        st.stop()
    return me


def _require(session: Session, me: Actor, task: Task) -> None:
    decision = me.may(task)
    if not decision:
        codes = [str(code) for code in decision.codes]
        entry = trail.Entry("page.refused", False, clock.now(), subject=task, codes=codes)
        trail.write_refusal(session, me, entry)
        decision.or_refuse()


@contextmanager
def telling_problems() -> Iterator[None]:
    """Show what a person can put right, with its next step, instead of failing.

    What is our own mistake passes through to the error hook.
    """
    try:
        yield
    except PortalError as error:
        parts.problem_summary(error)
        focus_problems()
