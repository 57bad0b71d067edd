"""What stands for and against sending a referral, asked while the form is filled and when it goes.

outlook = checks.look(session, me, draft, at)   None until a student and an agency are chosen
outlook.named      the agency will see whose it is, on outlook.papers
outlook.unnamed    why not, and what to do; the slip without a name discloses nobody
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import facts as facts_of
from portal.access import gate, reliance
from portal.access.actor import Actor
from portal.policy.decision import Decision
from portal.policy.facts import Facts
from portal.policy.gate import agreement_time_problems
from portal.policy.spans import Span, last_day
from portal.policy.tasks import Task
from portal.referrals import queries as referrals
from portal.referrals.rules import Recipient, ReferralDraft
from portal.referrals.sending import queries
from portal.store.people import Student
from portal.store.places import AgencyService, Organization
from portal.vocabulary import Category, OrganizationKind, Purpose, ReferralTarget

NO_AGREEMENT = (
    "There is no agreement in force with {agency}, so it gets the slip without a name.",
    "A slip says nothing of who it is about. Ask the district's partnership lead for an agreement.",
)
NO_CONSENT = (
    "No consent lets {agency} see this referral, so it gets the slip without a name.",
    "To send the name, ask the family for a consent on the page Consents, and refer after that.",
)


@dataclass(frozen=True)
class Unnamed:
    """Why a referral goes without a name, and what to do."""

    because: str
    do_next: str


@dataclass(frozen=True)
class Outlook:
    """What would happen if it were sent now.

    papers: numbers of the consents and agreements that the name goes on; until: their last day.
    family: the family's contact details go along. declined_on: this agency declined this student
    for this need, and nobody has reviewed that yet.
    """

    agency: str
    recipient: Recipient
    named: bool
    family: bool
    papers: tuple[str, ...]
    until: date | None
    unnamed: Unnamed | None
    declined_on: date | None


def look(session: Session, me: Actor, draft: ReferralDraft, at: datetime) -> Outlook | None:
    """What would go to whom, on which papers; for the form. The gate opens the student first."""
    agency = agency_of(session, draft)
    if draft.student_id is None or agency is None:
        return None
    student = gate.open_student(session, me, draft.student_id, Task.FOLLOW_REFERRALS, at)
    return outlook(session, me, draft, student, agency, at)


def outlook(
    session: Session,
    me: Actor,
    draft: ReferralDraft,
    student: Student,
    agency: Organization,
    at: datetime,
) -> Outlook:
    """The same for a caller who has opened the student."""
    facts = facts_of.load_known(session, me.id, student.id)
    name = _opened(session, facts, agency, Category.REFERRALS, at)
    contact = _opened(session, facts, agency, Category.CONTACT, at)
    named = bool(name)
    family = named and bool(contact) and not draft.do_not_contact
    declined = queries.declined_at(session, me, student.id, agency.id, draft.need or "", at)
    papers = {*name.papers, *(contact.papers if family else ())} if named else set()
    return Outlook(
        agency=agency.name,
        recipient=recipient(session, draft, student.id, agency, at),
        named=named,
        family=family,
        papers=tuple(queries.paper_numbers(session, papers)),
        until=last_day(name.until, me.tz) if named and name.until else None,
        unnamed=None if named else _why_unnamed(session, student, agency, at),
        declined_on=declined and declined.astimezone(ZoneInfo(me.tz)).date(),
    )


def agency_of(session: Session, draft: ReferralDraft) -> Organization | None:
    """The agency that is chosen; None while none is that could be a recipient."""
    if draft.target is not ReferralTarget.COMMUNITY or draft.agency_id is None:
        return None
    agency = session.get(Organization, draft.agency_id)
    if agency is None or agency.kind is OrganizationKind.DISTRICT:
        return None
    return agency


def recipient(
    session: Session,
    draft: ReferralDraft,
    student_id: uuid.UUID | None,
    agency: Organization,
    at: datetime,
) -> Recipient:
    """The agency as it stands now."""
    blocked = student_id is not None and referrals.is_blocked(session, student_id, agency.id, at)
    return Recipient(
        agency_active=Span(agency.active_from, agency.active_until).contains(at),
        service_active=_is_offered(session, draft, agency),
        blocked=blocked,
    )


def _opened(
    session: Session, facts: Facts, agency: Organization, category: Category, at: datetime
) -> Decision:
    return reliance.opening(session, facts, agency, category, Purpose.COORDINATE, at)


def _why_unnamed(session: Session, student: Student, agency: Organization, at: datetime) -> Unnamed:
    district = str(student.district_id)
    in_force = any(
        district in (agreement.a, agreement.b) and not agreement_time_problems(agreement, at)
        for agreement in facts_of.agreements_of(session, agency.id)
    )
    because, do_next = NO_CONSENT if in_force else NO_AGREEMENT
    return Unnamed(because.format(agency=agency.name), do_next)


def _is_offered(session: Session, draft: ReferralDraft, agency: Organization) -> bool:
    if draft.service_id is None:
        return True
    service = session.get(AgencyService, draft.service_id)
    return (
        service is not None
        and service.organization_id == agency.id
        and service.status == referrals.ACTIVE_SERVICE
    )
