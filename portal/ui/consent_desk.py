"""What the page Consents does when something is clicked: the service, then what is said of it.

The services authorize by themselves; nothing is shown before their work is saved.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import partial

import streamlit as st
from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.access.lists import StudentLine
from portal.access.unit_of_work import unit_of_work
from portal.consents import service as signing
from portal.consents.folder import queries
from portal.consents.folder.queries import Entry, Offer, SignerLine
from portal.consents.folder.rules import Act
from portal.consents.preview import Preview
from portal.consents.requests import sending
from portal.consents.requests import service as requests
from portal.consents.requests.queries import RequestLine
from portal.consents.requests.sending import Out
from portal.consents.worklist import queries as worklist
from portal.consents.worklist import service as renewing
from portal.consents.worklist.queries import Worklist
from portal.ui import (
    consent_acts,
    consent_ask,
    consent_mail,
    consent_preview,
    consent_requests,
    consent_sent,
    consent_worklist,
    parts,
)
from portal.ui.consent_ask import SIGNED_HERE, Wish
from portal.ui.days import Days
from portal.ui.page import telling_problems
from portal.ui.pick_student import CHOSEN
from portal.vocabulary import Instrument, Purpose


def back() -> None:
    """From a student to what waits."""
    for key in (CHOSEN, consent_ask.OPEN, consent_acts.OPEN, consent_requests.OPEN):
        st.session_state.pop(key, None)


def waiting(me: Actor, days: Days) -> None:
    """The worklist, or why this person's level does not have it."""
    found: Worklist = {}
    with telling_problems():
        with unit_of_work() as session:
            found = worklist.worklist(session, me, days.now)
        consent_worklist.show(found, days)


def begin_what_was_chosen(student_id: uuid.UUID, entries: Sequence[Entry]) -> None:
    """Open the request that was asked for on the worklist."""
    wanted = st.session_state.pop(consent_worklist.BEGIN, None)
    entry = next((entry for entry in entries if entry.view.id == wanted), None)
    if entry is not None:
        consent_ask.begin_from(student_id, entry, entries, Act.RENEW)


# Asking, and signing here


def ask(
    me: Actor, student: StudentLine, offer: Offer, signers: Sequence[SignerLine], days: Days
) -> None:
    """The form; then what would be seen, or what was sent or signed."""
    problems = st.container()
    wish = consent_ask.fields(student.id, student.given_name, offer, signers, days.today)
    answer = st.container()
    clicked = consent_ask.buttons(wish)
    if clicked == "look":
        seen = None
        with problems, telling_problems(), unit_of_work() as session:
            seen = _look(session, me, student.id, wish, days)
        with answer:
            for one in seen or []:
                consent_preview.show(one, min(wish.request.purposes, default=_USUAL), days)
    if clicked == "do":
        with problems, telling_problems():
            _do(me, wish, days)
            consent_ask.begin_anew()
            st.rerun()


_USUAL = Purpose.COORDINATE


def _look(
    session: Session, me: Actor, student_id: uuid.UUID, wish: Wish, days: Days
) -> list[list[tuple[Instrument, Preview]]]:
    """Each partner in turn, for the student whose page is open."""
    found = []
    for student, partner in wish.pairs():
        if student != student_id:
            continue
        drafts = wish.drafts(student, partner)
        seen = signing.previewed(session, me, drafts, days.now)
        found.append([(d.instrument, one) for d, one in zip(drafts, seen, strict=True)])
    return found


def _do(me: Actor, wish: Wish, days: Days) -> None:
    key = consent_ask.form_key()
    if wish.how in SIGNED_HERE:
        with unit_of_work() as session:
            saved = [
                consent
                for student, partner in wish.pairs()
                for consent in signing.record(
                    session,
                    me,
                    wish.drafts(student, partner),
                    days.now,
                    f"{key}|{student}|{partner}",
                )
            ]
        told = ", ".join(f"{consent.number} to {consent.recipient_name}" for consent in saved)
        parts.flash(f"Consent {told} is saved.")
        return
    with unit_of_work() as session:
        sent = requests.ask(session, me, wish.request, days.now, key)
        out = sending.prepare(session, me, sent, days.now)
    _went_out(out)


def _went_out(out: Out) -> None:
    consent_sent.remember(out.sent, consent_mail.post(out))
    parts.flash(f"Request {out.sent.request.number} is saved.")


# What is signed, what was asked


def act(me: Actor, doing: consent_acts.Doing | None, student_id: uuid.UUID, days: Days) -> None:
    """Do what was clicked for a signed consent."""
    if doing is None:
        return
    with telling_problems():
        with unit_of_work() as session:
            told = consent_acts.do(session, me, doing, student_id, days.now)
        consent_acts.close()
        parts.flash(told)
        st.rerun()


def asked(me: Actor, lines: Sequence[RequestLine], days: Days) -> None:
    """What the family was asked, each with what can be done about it."""
    consent_requests.heading(lines)
    for line in lines:
        with st.container(border=True, key=f"asked-{line.number}"):
            consent_requests.row(line, days)
            consent_requests.opener(line)
            if consent_requests.is_open(line):
                follow(me, line, days)


def follow(me: Actor, line: RequestLine, days: Days) -> None:
    """Do what was clicked for a request."""
    with unit_of_work() as session:
        asked = queries.to_bring_in(session, me, line.id, days.now)
    problems = st.container()
    doing = consent_requests.panel(line, asked)
    if doing is None:
        return
    with problems, telling_problems():
        verb = partial(_follow, me, doing, days)
        with unit_of_work() as session:
            out = verb(session)
        consent_requests.close()
        if out is None:
            parts.flash(_FOLLOWED[doing.act].format(line.number))
        else:
            _went_out(out)
        st.rerun()


_FOLLOWED = {
    consent_requests.Act.BRING: "The signed paper of {} is saved. A second person confirms it.",
    consent_requests.Act.REFUSED: "The no to {} is written down.",
    consent_requests.Act.WITHDRAW: "Request {} is withdrawn.",
}


def _follow(me: Actor, doing: consent_requests.Doing, days: Days, session: Session) -> Out | None:
    request_id, now = doing.line.id, days.now
    match doing.act:
        case consent_requests.Act.SEND:
            sent = requests.send(session, me, request_id, doing.channel, now)
            return sending.prepare(session, me, sent, now)
        case consent_requests.Act.BRING:
            requests.bring_in_paper(session, me, request_id, doing.answers, doing.paper, now)
        case consent_requests.Act.REFUSED:
            requests.refused_in_person(session, me, request_id, doing.reason, now)
        case consent_requests.Act.WITHDRAW:
            requests.withdraw(session, me, request_id, now)
    return None


# Renewing


def renew(me: Actor, days: Days) -> None:
    """The list of what ends or ended; one click asks every family that is ticked."""
    with unit_of_work() as session:
        lines = worklist.renewals(session, me, days.now)
    problems = st.container()
    chosen = consent_worklist.renewals(lines, days)
    if chosen is None:
        return
    with problems, telling_problems():
        key = consent_worklist.renewal_key()
        with unit_of_work() as session:
            renewed = renewing.renew(session, me, chosen, days.now, key)
        told = [consent_worklist.what_happened(one, consent_mail.post(one.out)) for one in renewed]
        consent_worklist.keep_results(renewed, told)
        consent_worklist.stop_renewing()
        parts.flash("The families are asked. Below is what happened with each.")
        st.rerun()
