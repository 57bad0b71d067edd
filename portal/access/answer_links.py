"""The door for an agency without an account: a link in a mail, for one answer to one referral.

Right:
    with unit_of_work() as session:
        came = answer_links.come_in(session, token, address, now())     # every request anew
        asked = answer_links.asked(session, came, now())                # the slip, ledgered

Wrong: session.get(Referral, …) from a token           nobody has asked whether the link is good

Opening it changes nothing, since the mail of many agencies is opened by a robot first: what is
written is a line of the trail. A wrong link is counted and answered, not raised: that must be
saved.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.access import consents as consent_facts
from portal.access import facts as facts_of
from portal.access import reliance, trail
from portal.access.family import digest
from portal.access.words import words_of
from portal.policy import answering as rules
from portal.policy.decision import Decision
from portal.policy.gate import may_open
from portal.policy.spans import Span
from portal.store.accounts import SignInAttempt
from portal.store.people import Student, User
from portal.store.places import AgencyService, Organization, School
from portal.store.records import Record, Referral, ReferralEvent, ReferralLink
from portal.vocabulary import (
    Category,
    NotAccessedReason,
    Purpose,
    ReferralEventKind,
    ReferralStatus,
    Urgency,
    WordList,
)

HOUR = timedelta(hours=1)
BESIDE = frozenset({ReferralEventKind.RECEIVED, ReferralEventKind.REMINDED})
"""What may happen to a referral and leave the question that was mailed as it is."""

NOT_THE_AGENCY_S = frozenset(
    {NotAccessedReason.CONSENT_WITHDRAWN, NotAccessedReason.AGREEMENT_LAPSED}
)
"""Reasons that the school knows and an agency does not give."""


@dataclass(frozen=True)
class CameIn:
    """A link that is good, and what it is for."""

    link: ReferralLink
    referral: Referral
    record: Record
    agency: Organization
    district: Organization


@dataclass(frozen=True)
class Asked:
    """What the page of a link tells. initials: of the student, only where the gate opens them.

    today, sent_on: on the district's calendar. reasons: why an agency may decline, code and label.
    """

    number: str
    status: ReferralStatus
    agency: str
    district: str
    school: str
    contact: str
    contact_email: str
    contact_phone: str
    need: str
    service: str
    urgency: Urgency
    initials: str
    today: date
    sent_on: date
    reasons: tuple[tuple[str, str], ...]


def new_link(
    session: Session, referral: Referral, to: str, made_by: uuid.UUID | None, at: datetime
) -> tuple[ReferralLink, str]:
    """A link for what this referral still awaits, with its token, which is told only now.

    The service that calls has authorized itself and writes the trail.
    """
    token = secrets.token_urlsafe(32)
    link = ReferralLink(
        referral_id=referral.record_id,
        token_hash=digest(token),
        sent_to=to,
        made_at=at,
        made_by=made_by,
        expires_at=rules.good_until(referral.status, at),
    )
    session.add(link)
    session.flush()
    return link, token


def come_in(session: Session, token: str, address: str, at: datetime) -> CameIn | None:
    """What this link leads to; None when it leads nowhere, for whatever reason.

    address: where the request comes from; who tries too many links is not looked at any more.
    The link is locked until the transaction ends, so that of two who answer at once the second
    finds it used.
    """
    if _too_many_from(session, address, at):
        return None
    link = session.scalar(
        select(ReferralLink).where(ReferralLink.token_hash == digest(token)).with_for_update()
    )
    came = None if link is None else _led_to(session, link)
    decision = _decided(session, came, at)
    if came is not None and decision:
        return came
    _note_refusal(session, link, came, decision, address, at)
    return None


def _led_to(session: Session, link: ReferralLink) -> CameIn | None:
    row = session.execute(
        select(Referral, Record, Organization)
        .join(Record, Record.id == Referral.record_id)
        .join(Organization, Organization.id == Referral.agency_id)
        .where(Referral.record_id == link.referral_id)
        .with_for_update(of=Referral)
    ).one_or_none()
    if row is None:
        return None
    district = session.get_one(Organization, row[1].district_id)
    return CameIn(link, row[0], row[1], row[2], district)


def _decided(session: Session, came: CameIn | None, at: datetime) -> Decision:
    if came is None:
        return rules.may_answer_by_link(None, None, at)
    link, record = came.link, came.record
    return rules.may_answer_by_link(
        rules.AnswerLink(
            made_at=link.made_at,
            expires_at=link.expires_at,
            used_at=link.used_at,
            revoked_at=link.revoked_at,
            tries=link.tries,
        ),
        rules.AskedReferral(
            status=came.referral.status,
            agency=Span(came.agency.active_from, came.agency.active_until),
            district=Span(came.district.active_from, came.district.active_until),
            draft=record.draft,
            sealed=facts_of.optional_span(record.sealed_from, record.sealed_until),
            moved_at=_moved_at(session, came.referral.record_id),
        ),
        at,
    )


def _moved_at(session: Session, referral_id: uuid.UUID) -> datetime | None:
    return session.scalar(
        select(func.max(ReferralEvent.at)).where(
            ReferralEvent.referral_id == referral_id,
            ReferralEvent.to_status.is_not(None),
            ReferralEvent.kind.not_in(BESIDE),
        )
    )


def _too_many_from(session: Session, address: str, at: datetime) -> bool:
    wrong = session.scalars(
        select(func.count()).where(
            SignInAttempt.address == address,
            SignInAttempt.at > at - HOUR,
            SignInAttempt.succeeded.is_(False),
        )
    )
    return wrong.one() >= rules.TRIES_OF_AN_ADDRESS


def _note_refusal(
    session: Session,
    link: ReferralLink | None,
    came: CameIn | None,
    decision: Decision,
    address: str,
    at: datetime,
) -> None:
    """Counted against the address when no such link was ever made: somebody guesses."""
    if link is None:
        key = digest(f"answer link {address}")
        session.add(SignInAttempt(name_key=key, address=address, at=at, succeeded=False))
    entry = trail.Entry(
        "referral.opened_by_link",
        False,
        at,
        subject=came.referral.number if came else "",
        codes=sorted(decision.codes),
        by=_holder(came.agency.name) if came else "",
        organization=(came.agency.id, came.agency.name) if came else None,
    )
    trail.write(session, None, entry)


def asked(session: Session, came: CameIn, at: datetime) -> Asked:
    """The slip. The trail says that it was opened, and on which papers the initials were told."""
    referral, record = came.referral, came.record
    sender = session.get_one(User, referral.sent_by)
    school = session.get(School, sender.school_id) if sender.school_id else None
    service = session.get(AgencyService, referral.service_id) if referral.service_id else None
    words, zone = words_of(session, record.district_id), ZoneInfo(came.district.tz)
    opened = _opened(session, came, at)
    about = (record.student_id,) if opened else ()  # a slip alone tells nothing about anybody
    _write(session, came, "referral.opened_by_link", at, about, opened)
    return Asked(
        number=referral.number,
        status=referral.status,
        agency=came.agency.name,
        district=came.district.name,
        school=school.name if school else came.district.name,
        contact=sender.name,
        contact_email=sender.email,
        contact_phone=came.district.phone,
        need=words.label(WordList.NEED, referral.need),
        service=service.name if service else "",
        urgency=referral.urgency,
        initials=_initials(session.get_one(Student, record.student_id)) if opened else "",
        today=at.astimezone(zone).date(),
        sent_on=record.event_at.astimezone(zone).date(),
        reasons=tuple(
            (word.code, word.label)
            for word in words.choices(WordList.NOT_ACCESSED)
            if word.code not in NOT_THE_AGENCY_S
        ),
    )


def _opened(session: Session, came: CameIn, at: datetime) -> Decision:
    """Does the gate open the referral, and with it the name, to the agency as a whole?"""
    record = came.record
    facts = facts_of.load_known(session, came.referral.sent_by, record.student_id)
    about = consent_facts.about(session, came.agency.id, record.student_id)
    seen = reliance.as_the_team(session, facts, came.agency, about)
    return may_open(seen, facts_of.of_one(session, record), Purpose.COORDINATE, at)


def _initials(student: Student) -> str:
    return "".join(f"{name[:1]}." for name in (student.given_name, student.family_name) if name)


def tell(session: Session, came: CameIn, event: str, at: datetime) -> None:
    """A line of the trail about what was done by this link; the agency is who did it."""
    _write(session, came, event, at, (came.record.student_id,))


def _write(
    session: Session,
    came: CameIn,
    event: str,
    at: datetime,
    about: tuple[uuid.UUID, ...],
    opened: Decision | None = None,
) -> None:
    entry = trail.Entry(
        event,
        True,
        at,
        about,
        subject=came.referral.number,
        purpose=Purpose.COORDINATE if opened else "",
        opened=[Category.REFERRALS, Category.IDENTITY] if opened else [],
        basis=opened.papers if opened else (),
        detail={"link": str(came.link.id), "status": came.referral.status},
        by=_holder(came.agency.name),
        organization=(came.agency.id, came.agency.name),
    )
    trail.write(session, None, entry)


def _holder(agency: str) -> str:
    """Who it was, as far as it is known."""
    return f"Whoever holds the link mailed to {agency}"


def take_back(session: Session, referral_id: uuid.UUID, at: datetime) -> None:
    """No link to this referral leads anywhere from now on."""
    session.execute(
        update(ReferralLink)
        .where(
            ReferralLink.referral_id == referral_id,
            ReferralLink.used_at.is_(None),
            ReferralLink.revoked_at.is_(None),
        )
        .values(revoked_at=at)
    )
