"""The draft on somebody's screen: what is saved of it, which step is open, and how it is saved.

Every field saves when it is left, so that a closed browser loses at most the field one was in.
Two clicks in quick succession run the page twice at once; the lock lets them save in turn, and
the draft is a plain object, because a page that is cut off dies where it next asks Streamlit.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import streamlit as st

from portal import clock
from portal.access.unit_of_work import reading, unit_of_work
from portal.agreements import drafting, looking
from portal.agreements.clauses.library import Library
from portal.agreements.content import Content
from portal.agreements.queries import AgreementView
from portal.agreements.rules import Step
from portal.errors import Problem
from portal.ui.page import who_is_here
from portal.word.outline import Block

DESK = "agreement-draft"
STEPS: Sequence[Step] = tuple(Step)


@dataclass(frozen=True)
class Go:
    """Where to go on: a step, one of the partners, the field of a problem, a clause.

    clause: the one whose wording is open; near: the one to which one comes back.
    """

    step: Step
    partner: int = 0
    problem: Problem | None = None
    clause: str = ""
    near: str = ""


@dataclass
class Desk:
    """One draft, open. token: part of every field's key; a new one fills the fields afresh.

    pending: something could not be saved and is only on the screen. moves: counts the steps
    taken. words: the preview that was read last, with the revision that it shows.
    """

    paper_id: uuid.UUID
    revision: int
    content: Content
    template_id: uuid.UUID | None
    at: Go
    saved_at: datetime | None = None
    token: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    moves: int = 0
    pending: bool = False
    shows_document: bool = True
    against: tuple[int, Mapping[Step, Sequence[Problem]]] | None = None
    words: tuple[int, Sequence[Block]] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def refill(self) -> None:
        """Fill the fields from what is saved when they are drawn next."""
        self.token = uuid.uuid4().hex[:8]

    def go(self, to: Go) -> None:
        """Another step, partner or clause is open from now on."""
        if to.partner != self.at.partner:
            self.refill()
        self.at = to
        self.moves += 1

    def keep(self, content: Content, template_id: uuid.UUID | None, library: Library) -> None:
        """Save the draft, if it is another one. Raises NotReady; then it is only on the screen."""
        fitted = replace(content, clauses=library.fitted(content))
        with self.lock:
            if fitted == self.content and template_id == self.template_id:
                return
            self.pending = True
            now, me = clock.now(), who_is_here()
            if me is None:
                st.rerun()
            with unit_of_work() as session:
                paper = drafting.save(
                    session, me, self.paper_id, fitted, self.revision, now, template_id
                )
                revision = paper.revision
            self.content, self.template_id, self.revision = fitted, template_id, revision
            self.saved_at, self.pending = now, False

    def problems(self) -> Mapping[Step, Sequence[Problem]]:
        """What stands against issuing what is saved; asked once for each revision."""
        if self.against is None or self.against[0] != self.revision:
            me = who_is_here()
            if me is None:
                st.rerun()
            with unit_of_work(reading()) as session:
                found = looking.problems(session, me, self.paper_id, clock.now())
            self.against = (self.revision, found)
        return self.against[1]


def of(view: AgreementView, step: str = "") -> Desk:
    """The open draft; what somebody else saved meanwhile is taken in, unless something waits.

    step: where to begin when this browser opens it afresh, as its address says; a draft that
    somebody has worked on goes on where something is missing.
    """
    desk: Desk | None = st.session_state.get(DESK)
    if desk is None or desk.paper_id != view.id:
        desk = _fresh(view)
        if step in STEPS:
            desk.go(Go(Step(step)))
        elif view.revision > 1:
            desk.go(Go(_first_open(desk)))
    elif desk.revision != view.revision and not desk.pending:
        desk = replace(_fresh(view), at=desk.at)
    st.session_state[DESK] = desk
    return desk


def _fresh(view: AgreementView) -> Desk:
    return Desk(view.id, view.revision, view.content, view.template_id, Go(Step.PARTIES))


def _first_open(desk: Desk) -> Step:
    """Where something is still missing."""
    found = desk.problems()
    return next((step for step in STEPS if found.get(step)), Step.REVIEW)


def forget() -> None:
    """Open the draft again as it is saved; what is only on the screen is lost."""
    st.session_state.pop(DESK, None)
