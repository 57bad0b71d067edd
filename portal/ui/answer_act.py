"""What a click in the agency's inbox does: one service call each, then what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from portal import mail
from portal.access.actor import Actor
from portal.access.unit_of_work import unit_of_work
from portal.policy.tasks import Task
from portal.referrals import answering, capacity, links
from portal.referrals.giving import service as giving
from portal.referrals.inbox import queries as inbox
from portal.referrals.inbox import service as inbox_service
from portal.referrals.inbox.service import Several
from portal.referrals.queries import Slip
from portal.referrals.rules import LEADS_TO, AnswerDraft
from portal.ui import answer_form, capacity_form, given_form, parts, when
from portal.ui.answer_inbox import Act
from portal.ui.given_form import Logged
from portal.ui.page import telling_problems
from portal.vocabulary import REFERRAL_STATUS_LABELS


def do(me: Actor, slip: Slip, act: Act, now: datetime) -> str:
    """Do it; what to say in the status line."""
    if isinstance(act, AnswerDraft):
        return _answer(me, slip, act, now)
    if isinstance(act, Logged):
        return _log(me, slip, act, now)
    return _ask_to_renew(me, slip, now)


def _answer(me: Actor, slip: Slip, draft: AnswerDraft, now: datetime) -> str:
    with unit_of_work() as session:
        answering.answer(session, me, slip.referral_id, draft, now)
    answer_form.close()
    said = REFERRAL_STATUS_LABELS[LEADS_TO[draft.answer]].lower() if draft.answer else "saved"
    return f"{slip.number}: {said}."


def _log(me: Actor, slip: Slip, sent: Logged, now: datetime) -> str:
    with unit_of_work() as session:
        if sent.corrects:
            giving.correct(session, me, sent.corrects, sent.draft, now, sent.key)
        else:
            giving.log(session, me, sent.referral_id, sent.draft, now, sent.key)
    given_form.close()
    return f"{slip.number}: contact {'corrected' if sent.corrects else 'logged'}."


def _ask_to_renew(me: Actor, slip: Slip, now: datetime) -> str:
    with unit_of_work() as session:
        letter = inbox_service.ask_to_renew(session, me, slip.referral_id, now)
    told = f"{slip.number}: the school is asked to renew the consent."
    if mail.sent(letter.to, letter.subject, letter.text):
        return told
    return f"{told} No mail went out; call its contact as well."


def tell_several(done: Several, slips: Sequence[Slip]) -> None:
    """What an answer to several came to. All of them: the list anew; else why not the others."""
    answered = when.counted(len(done.done), "referral")
    if not done.not_done:
        answer_form.untick(slips)
        parts.flash(f"{answered} answered.")
        st.rerun()
    parts.notice(f"{answered} answered. These were not:", "warn")
    parts.listed(f"{number}: {why}" for number, why in done.not_done)


def room_and_mail(me: Actor, now: datetime) -> None:
    """Below the list: is there room, and does the agency want a link by mail?"""
    with unit_of_work() as session:
        services, told = inbox.services(session, me), capacity.of_my_agency(session, me)
        wanted = links.wants_mail(session, me.organization_id)
    with st.expander("Do you have room? Schools see it when they refer", key="room"):
        problems = st.container()
        sent = capacity_form.room(services, told, now, me.tz)
        if sent:
            with problems, telling_problems():
                with unit_of_work() as session:
                    capacity.tell(session, me, sent.service_id, sent.capacity, sent.weeks, now)
                parts.flash("Saved: schools see whether you have room.")
                st.rerun()
        turned = capacity_form.mail(wanted) if me.may(Task.ASSIGN_CASE_TEAM) else None
        if turned is not None:
            with unit_of_work() as session:
                links.set_mail(session, me, turned, now)
            parts.flash("Mail is on." if turned else "Mail is off: answer here instead.")
            st.rerun()
