"""Answer several referrals at once, say that they were seen, and ask for a consent anew."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import facts as facts_of
from portal.access.actor import Actor
from portal.access.attempt import attempt
from portal.config import settings
from portal.errors import NotReady, PortalError, Problem
from portal.policy.decision import Reason
from portal.policy.referrals import may_answer
from portal.policy.tasks import Task
from portal.referrals import answering, events
from portal.referrals.inbox import queries
from portal.referrals.queries import Slip
from portal.referrals.rules import AnswerDraft
from portal.store.people import User
from portal.store.records import Record, Referral
from portal.vocabulary import ReferralEventKind, ReferralStatus

AT_ONCE = 50
UNKNOWN_HERE = "A referral that is not here"


@dataclass(frozen=True)
class Several:
    """What an answer to several came to: the numbers answered, and why the others were not."""

    done: tuple[str, ...]
    not_done: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Letter:
    """A mail to the school's contact, to be sent after the commit; to is empty without address."""

    to: str
    subject: str
    text: str


def seen(session: Session, me: Actor, shown: Iterable[Slip], at: datetime) -> None:
    """Those of the slips just shown that are mine to answer have been received."""
    for slip in shown:
        if slip.mine_to_answer and slip.status is ReferralStatus.SENT:
            answering.receive(session, me, slip.referral_id, at)


def answer_several(
    session: Session, me: Actor, chosen: Collection[uuid.UUID], draft: AnswerDraft, at: datetime
) -> Several:
    """One answer to several referrals, each decided by itself and written down by itself.

    What cannot be answered takes nothing of the others with it, and is told by its number.
    Raises Refused, and NotReady when none is chosen or too many are.
    """
    me.may(Task.ANSWER_REFERRAL).or_refuse()
    if not 1 <= len(chosen) <= AT_ONCE:
        raise NotReady(
            [Problem("No referral is chosen.", f"Tick 1 to {AT_ONCE} of the list.", "Referrals")]
        )
    done: list[str] = []
    not_done: list[tuple[str, str]] = []
    for referral_id in sorted(chosen):
        number = _number(session, me, referral_id)
        try:
            with attempt(session):
                answering.answer(session, me, referral_id, draft, at)
            done.append(number)
        except PortalError as error:
            not_done.append((number, _why(error)))
    return Several(tuple(sorted(done)), tuple(sorted(not_done)))


def _number(session: Session, me: Actor, referral_id: uuid.UUID) -> str:
    """The number of one that was sent to us; of another agency's not even that is told."""
    found = session.get(Referral, referral_id)
    ours = found is not None and found.agency_id == me.organization_id
    return found.number if found is not None and ours else UNKNOWN_HERE


def _why(error: PortalError) -> str:
    if isinstance(error, NotReady):
        return " ".join(f"{problem.what} {problem.do_next}" for problem in error.problems)
    return f"{error.what} {error.do_next}"


# Asking for a consent anew


def ask_to_renew(session: Session, me: Actor, referral_id: uuid.UUID, at: datetime) -> Letter:
    """Ask the school to renew the consent behind a referral; it is in the referral's history.

    Raises NotFound for one that is not ours, Refused for who is not on the case team, and
    NotReady when the school was asked today.
    """
    referral, record = _ours(session, me, referral_id, at)
    before, zone = queries.asked_at(session, referral_id), ZoneInfo(me.tz)
    if before is not None and before.astimezone(zone).date() == at.astimezone(zone).date():
        raise NotReady(
            [Problem("The school was asked today already.", "Call its contact.", referral.number)]
        )
    events.happened(session, referral, ReferralEventKind.RENEWAL_ASKED, at, me)
    answering.told(session, me, "referral.renewal_asked", referral, record, at)
    return _letter(me, referral, session.get_one(User, referral.sent_by).email)


def _ours(
    session: Session, me: Actor, referral_id: uuid.UUID, at: datetime
) -> tuple[Referral, Record]:
    """As for an answer, except that it may be on hold: that is when one asks."""
    me.may(Task.ANSWER_REFERRAL).or_refuse()
    referral = session.get(Referral, referral_id)
    if referral is None:
        codes = [Reason.RECORD_UNKNOWN]
        answering.not_found(session, me, "referral.renewal_asked", (), codes, at)
    record = session.get_one(Record, referral_id)
    facts = facts_of.load_known(session, me.id, record.student_id)
    agency = None if referral.agency_id is None else str(referral.agency_id)
    decision = may_answer(facts, facts_of.of_record(record), agency, at, withdrawn=False)
    if decision.codes == (Reason.NOT_ON_CASE_TEAM,):
        decision.or_refuse()
    if not decision:
        about = (record.student_id,)
        answering.not_found(session, me, "referral.renewal_asked", about, decision.codes, at)
    return referral, record


def _letter(me: Actor, referral: Referral, to: str) -> Letter:
    """No name of a student, and nothing of what the referral is for."""
    text = f"""{me.name} of {me.organization_name} asks you to renew the consent behind referral \
{referral.number}.

It no longer lets {me.organization_name} know whom the referral is about. Sign in, look the \
referral up, and send the family the consent form if they wish it:

{settings().public_url.rstrip("/")}/follow_referrals

For reasons of privacy this mail says nothing more. Please answer by telephone or in the portal.
"""
    return Letter(to.strip(), f"Referral {referral.number}: please renew the consent", text)
