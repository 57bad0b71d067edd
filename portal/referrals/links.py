"""Let an agency answer a referral from one mail: no account, no password, one link for one answer.

    with unit_of_work() as session:
        letter = links.invite(session, me, referral_id, at)
    mail.send(letter.to, letter.subject, letter.text)     # after the commit

The mail says that a referral awaits an answer, and nothing of whom or what it is about.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import answer_links, gate, trail
from portal.access.actor import Actor
from portal.access.answer_links import Asked, CameIn
from portal.access.attempt import attempt
from portal.config import settings
from portal.errors import NotReady, Problem
from portal.policy.answering import ASKED_BY_LINK
from portal.policy.decision import Reason
from portal.policy.tasks import Task
from portal.referrals import answering, queries
from portal.referrals.rules import Answer, AnswerDraft
from portal.store.places import Organization
from portal.store.records import Referral
from portal.store.support import DistrictSetting
from portal.vocabulary import ReferralStatus

MAIL_SETTING = "referrals_by_mail"
"""Under this name an agency keeps whether it wants such mail; where it says nothing, it does."""


@dataclass(frozen=True)
class Letter:
    """A mail with a link. Its link is told here alone: what is kept is its digest."""

    to: str
    subject: str
    text: str


@dataclass(frozen=True)
class Answered:
    """What an answer by a link led to. letter: the link for what comes next, if anything does."""

    asked: Asked
    said: Answer
    letter: Letter | None


@dataclass(frozen=True)
class NotAnswered:
    """What the answer lacks; the page asks again."""

    asked: Asked
    problems: Sequence[Problem]


# Mailing a link


def invite(session: Session, me: Actor, referral_id: uuid.UUID, at: datetime) -> Letter | None:
    """A link to a referral of one's own organization, and the mail to be sent after the commit.

    None when there is nobody to mail: it stays within the school, the agency wants no mail or
    has no address, or nothing is awaited from it. Raises NotFound for a referral out of reach.
    """
    found = queries.one_i_may_open(session, me, referral_id, at)
    if found is None:
        codes = [Reason.RECORD_UNKNOWN]
        answering.not_found(session, me, "referral.link_mailed", (), codes, at)
    referral, record = found
    gate.open_student(session, me, record.student_id, Task.FOLLOW_REFERRALS, at)
    return write(session, me, referral, at)


def write(session: Session, me: Actor | None, referral: Referral, at: datetime) -> Letter | None:
    """The same for whoever has authorized; me: None for the portal itself, as a reminder."""
    if referral.agency_id is None or referral.status not in ASKED_BY_LINK:
        return None
    agency = session.get_one(Organization, referral.agency_id)
    to = address_of(session, agency)
    if not to:
        return None
    link, token = answer_links.new_link(session, referral, to, me.id if me else None, at)
    entry = trail.Entry(
        "referral.link_mailed",
        True,
        at,
        subject=referral.number,
        detail={"link": str(link.id), "agency": str(agency.id)},
        by="" if me else "The portal",
    )
    trail.write(session, me, entry)
    return _letter(to, referral, agency.name, token, link.expires_at, agency.tz)


def address_of(session: Session, agency: Organization) -> str:
    """Where an agency wants to be asked by mail; empty when it does not, or gives no address."""
    return agency.email.strip() if wants_mail(session, agency.id) else ""


def wants_mail(session: Session, agency_id: uuid.UUID) -> bool:
    """Has the agency not said that it wants none?"""
    said = session.get(DistrictSetting, (agency_id, MAIL_SETTING))
    return said is None or bool(said.value)


def set_mail(session: Session, me: Actor, wanted: bool, at: datetime) -> None:
    """An agency turns the mail on or off. Links that were mailed already stay good."""
    me.may(Task.ASSIGN_CASE_TEAM).or_refuse()
    said = session.get(DistrictSetting, (me.organization_id, MAIL_SETTING))
    if said is None:
        said = DistrictSetting(district_id=me.organization_id, name=MAIL_SETTING, value=wanted)
        session.add(said)
    said.value, said.set_at, said.set_by = wanted, at, me.id
    detail = {"wanted": wanted}
    trail.write(session, me, trail.Entry("referral.mail_set", True, at, detail=detail))


# Answering by it


def open_link(session: Session, token: str, address: str, at: datetime) -> Asked | None:
    """What the link asks; None when it leads nowhere, for whatever reason. It changes nothing."""
    came = answer_links.come_in(session, token, address, at)
    return None if came is None else answer_links.asked(session, came, at)


def answer(
    session: Session, token: str, address: str, draft: AnswerDraft, at: datetime
) -> Answered | NotAnswered | None:
    """Write the answer of whoever holds the link; None when it leads nowhere.

    The link is used up by it, and every other link to this referral with it. What is awaited
    next is asked by a new link to the same address. An answer that lacks something is counted.
    """
    came = answer_links.come_in(session, token, address, at)
    if came is None:
        return None
    try:
        with attempt(session):
            answering.put(session, came.referral, came.record, draft, at, None)
    except NotReady as unready:
        came.link.tries += 1
        return NotAnswered(answer_links.asked(session, came, at), unready.problems)
    said = draft.answer or Answer.ACCEPT
    return Answered(_used(session, came, said, at), said, _next(session, came, at))


def _used(session: Session, came: CameIn, said: Answer, at: datetime) -> Asked:
    came.link.used_at, came.link.answer = at, said
    session.flush()
    answer_links.take_back(session, came.referral.record_id, at)
    answer_links.tell(session, came, "referral.answered_by_link", at)
    return answer_links.asked(session, came, at)


def _next(session: Session, came: CameIn, at: datetime) -> Letter | None:
    """A link to tell of the first appointment, or that there is room now."""
    if not wants_mail(session, came.agency.id) or came.referral.status not in ASKED_BY_LINK:
        return None
    to, name, tz = came.link.sent_to, came.agency.name, came.agency.tz
    link, token = answer_links.new_link(session, came.referral, to, came.link.made_by, at)
    return _letter(to, came.referral, name, token, link.expires_at, tz)


# The words


def _letter(
    to: str, referral: Referral, agency: str, token: str, until: datetime, tz: str
) -> Letter:
    """No name of a student and no need is known here, so none can stand in it."""
    last = f"{until.astimezone(ZoneInfo(tz)):%B} {until.astimezone(ZoneInfo(tz)).day}"
    subject, first, asks = _asks(referral.status)
    text = f"""To {agency}

{first} It has the number {referral.number}.

{asks} No account and no password are needed:

{settings().public_url.rstrip("/")}/answer/{token}

The link works once, through {last}. Whoever has it can answer for you: please do not pass it \
on outside {agency}. Opening it changes nothing; only a button on the page does.

For reasons of privacy this mail says nothing more. The page names whom to call at the school.
"""
    return Letter(to, subject, text)


def _asks(status: ReferralStatus) -> tuple[str, str, str]:
    """The subject, what this is about, and what is asked."""
    match status:
        case ReferralStatus.ACCEPTED:
            return (
                "1 referral: has the first appointment been kept?",
                "Thank you for accepting a referral.",
                "Once the first appointment has been kept, please tell the school the day here.",
            )
        case ReferralStatus.WAITLISTED:
            return (
                "1 referral on your waiting list",
                "Thank you for your answer: a referral is on your waiting list.",
                "Once there is room, or the first appointment has been kept, please say so here.",
            )
    return (
        "1 referral awaits your answer",
        "A school has sent you a referral.",
        "Please answer it here.",
    )
