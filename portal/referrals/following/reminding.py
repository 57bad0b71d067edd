"""Remind an agency that a referral waits for its answer; written down first, mailed after that.

    with unit_of_work() as session:
        letter = reminding.remind(session, me, referral_id, at)
    mail.send(letter.to, letter.subject, letter.text)     # after the commit

The letter tells the referral's number: no name, no need, nothing of a student. Where the agency
has an address of its own it carries a link to answer by; otherwise its administrator is asked.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.config import settings
from portal.errors import NotReady, Problem
from portal.referrals import events, links
from portal.referrals.answering import told
from portal.referrals.following import queries
from portal.referrals.rules import OVERDUE_CAN_BE
from portal.referrals.service import own
from portal.store.places import Organization
from portal.store.records import Referral
from portal.vocabulary import ReferralEventKind, Role, Urgency

NOT_SENT = "not_sent"
CALL = "Call the agency, and write down what it says."


@dataclass(frozen=True)
class Letter:
    """An e-mail to an agency about one referral."""

    to: str
    subject: str
    text: str
    referral_id: uuid.UUID
    agency: str


def remind(session: Session, me: Actor, referral_id: uuid.UUID, at: datetime) -> Letter:
    """Write down that the agency is reminded, and the e-mail to be sent after the commit.

    Raises NotFound, Refused, and NotReady when nothing is awaited, when the agency has no e-mail
    address, or when it was reminded today.
    """
    referral, record = own(session, me, referral_id, at)
    session.refresh(referral, with_for_update=True)  # the second of two clicks finds it done
    if referral.agency_id is None or referral.status not in OVERDUE_CAN_BE:
        raise NotReady([Problem("No agency's answer is awaited.", "Look at its status.", "Status")])
    agency = session.get_one(Organization, referral.agency_id)
    to = _address(session, agency, at)
    found = [
        *_reachable(agency, to),
        *_once_a_day(queries.reminded_at(session, referral_id), at, me.tz),
    ]
    if found:
        raise NotReady(found)
    events.happened(session, referral, ReferralEventKind.REMINDED, at, me)
    told(session, me, "referral.reminded", referral, record, at)
    linked = links.write(session, me, referral, at)
    if linked is not None:
        subject = f"Reminder: {linked.subject}"
        return Letter(linked.to, subject, linked.text, referral_id, agency.name)
    district = session.get_one(Organization, record.district_id)
    return _letter(me, referral, agency, district, record.event_at, to)


def not_sent(session: Session, me: Actor, letter: Letter, at: datetime) -> None:
    """The mail server did not take it: it can be tried again, and the history says so."""
    referral, record = own(session, me, letter.referral_id, at)
    kind = ReferralEventKind.REMINDED
    events.happened(session, referral, kind, at, me, reason=NOT_SENT)
    told(session, me, "referral.reminder_failed", referral, record, at)


def _reachable(agency: Organization, to: str) -> list[Problem]:
    if to:
        return []
    return [Problem(f"{agency.name} gives no address for such mail.", CALL, "Reminder")]


def _once_a_day(before: datetime | None, at: datetime, tz: str) -> list[Problem]:
    zone = ZoneInfo(tz)
    if before is None or before.astimezone(zone).date() < at.astimezone(zone).date():
        return []
    return [Problem("The agency was reminded today already.", f"{CALL} Or wait.", "Reminder")]


def _address(session: Session, agency: Organization, at: datetime) -> str:
    """The agency's own address, or that of its first administrator; empty when it wants no mail."""
    if not links.wants_mail(session, agency.id):
        return ""
    if own_address := links.address_of(session, agency):
        return own_address
    return next(iter(queries.administrators(session, agency.id, Role.AGENCY_ADMIN, at)), "")


def _letter(
    me: Actor,
    referral: Referral,
    agency: Organization,
    district: Organization,
    sent_at: datetime,
    to: str,
) -> Letter:
    day = sent_at.astimezone(ZoneInfo(district.tz)).date()
    urgent = " It is marked urgent." if referral.urgency is Urgency.URGENT else ""
    text = f"""Dear colleagues at {agency.name},

Referral {referral.number} from {district.name}, sent on {day:%B} {day.day}, {day.year}, waits for \
your answer.{urgent}

Sign in to the portal to accept it, to put it on your waiting list, or to decline it:

{settings().public_url.rstrip("/")}/answer_referral

{me.name} of {district.name} asks for it. This mail says nothing of a student; please keep it so \
in your answer.
"""
    subject = f"Referral {referral.number} waits for your answer"
    return Letter(to, subject, text, referral.record_id, agency.name)
