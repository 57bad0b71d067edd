"""What the page Requests to amend does when a button is clicked, each in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import streamlit as st
from sqlalchemy.orm import Session
from streamlit.delta_generator import DeltaGenerator

from portal.access.actor import Actor
from portal.access.unit_of_work import unit_of_work
from portal.corrections.amendments import queries, service
from portal.corrections.amendments.queries import RequestLine
from portal.corrections.amendments.rules import MAY_STATE, Standing
from portal.policy.corrections import DECIDING
from portal.ui import amend_form, correct_link, parts, when
from portal.ui.page import telling_problems

FORM = "amend-form"


def new_request(me: Actor, record_id: uuid.UUID, now: datetime) -> None:
    """Write down a request about this record, or leave it."""
    key: str = st.session_state.setdefault(FORM, uuid.uuid4().hex)
    with unit_of_work() as session:
        askers = queries.askers(session, me, record_id, now)
    problems = st.container()
    draft = amend_form.new(record_id, askers, key, when.local_day(now, me.tz))
    if st.button("Leave it", type="tertiary"):
        _forget_form()
        st.rerun()
    if draft is not None:
        with _doing(problems, "Written down. The principal and the administrator see it.") as act:
            written = act(lambda session: service.ask(session, me, draft, now, key))
            st.session_state[amend_form.OPENED] = written
            _forget_form()


def act_on(me: Actor, line: RequestLine, now: datetime) -> None:
    """The forms of the next steps; each is refused by its rule where it is not for this person."""
    problems, decides = st.container(), me.role in DECIDING
    if line.standing is Standing.ASKED and decides:
        _decide(me, line, now, problems)
    if line.standing is Standing.REFUSED:
        _ask_hearing(me, line, now, problems)
    if line.standing is Standing.HEARING_ASKED and decides:
        _record_hearing(me, line, now, problems)
    if line.standing in MAY_STATE and not line.statement:
        _state(me, line, now, problems)


def _decide(me: Actor, line: RequestLine, now: datetime, problems: DeltaGenerator) -> None:
    decided = amend_form.decide(line)
    if decided is not None:
        what, why = decided.decision, decided.reason
        with _doing(problems, "Decided. The letter is ready.") as act:
            act(lambda session: service.decide(session, me, line.request_id, what, why, now))


def _ask_hearing(me: Actor, line: RequestLine, now: datetime, problems: DeltaGenerator) -> None:
    on = amend_form.hearing_asked(line, when.local_day(now, me.tz))
    if on is not None:
        with _doing(problems, "Saved. A hearing is to be held.") as act:
            act(lambda session: service.ask_hearing(session, me, line.request_id, on, now))


def _record_hearing(me: Actor, line: RequestLine, now: datetime, problems: DeltaGenerator) -> None:
    heard = amend_form.hearing(line, when.local_day(now, me.tz))
    if heard is not None:
        with _doing(problems, "Saved. The letter is ready.") as act:
            act(lambda session: service.record_hearing(session, me, line.request_id, heard, now))


def _state(me: Actor, line: RequestLine, now: datetime, problems: DeltaGenerator) -> None:
    text = amend_form.statement(line)
    if text is not None:
        with _doing(problems, "The statement goes with the record from now on.") as act:
            act(lambda session: service.state(session, me, line.request_id, text, now))


Act = Callable[[Callable[[Session], object]], object]


@contextmanager
def _doing(problems: DeltaGenerator, done: str) -> Iterator[Act]:
    """One act in one transaction; afterwards the page says that it is done."""

    def act(verb: Callable[[Session], object]) -> object:
        with unit_of_work() as session:
            return verb(session)

    with problems, telling_problems():
        yield act
        parts.flash(done)
        st.rerun()


def _forget_form() -> None:
    st.session_state.pop(FORM, None)
    st.session_state.pop(correct_link.AMENDING, None)
