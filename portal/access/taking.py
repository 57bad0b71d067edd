"""The door to a consent that is taken along as a file: decide, and note the refusal.

Who is let through writes a trail line of their own with the hash of what leaves: only they know
it. Somebody else's consent and none at all get the same answer.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import consents, trail
from portal.access import facts as facts_of
from portal.access.actor import Actor
from portal.errors import NotFound
from portal.policy.decision import Decision, Reason, refuse
from portal.policy.facts import ConsentFacts, Facts, OrganizationFacts
from portal.policy.spans import Span
from portal.policy.taking import closed_kinds, may_take_consent
from portal.store.consents import Consent
from portal.store.people import Student
from portal.store.places import Organization

EVENT = "consent.exported"

NOT_FOUND = NotFound(
    "There is no consent here that you may take along.",
    "Open it from the student's consents, or ask the school's support staff.",
)


@dataclass(frozen=True)
class Opened:
    """A consent that may be taken along: as stored, as the rules see it, and what it opens.

    closed: ticked kinds that it does not open, with the codes of the reasons.
    """

    consent: Consent
    student: Student
    discloser: Organization
    told: ConsentFacts
    closed: dict[str, tuple[Reason, ...]]


def open_consent(session: Session, me: Actor, consent_id: uuid.UUID, at: datetime) -> Opened:
    """The consent, when this person may take it along. Raises NotFound; its line is written."""
    consent = session.get(Consent, consent_id)
    if consent is None:
        raise _refused(session, me, refuse([Reason.RECORD_UNKNOWN]), str(consent_id), (), at)
    student = session.get_one(Student, consent.student_id)
    facts = facts_of.load_known(session, me.id, student.id)
    [told] = consents.as_facts(session, [consent])
    decision = may_take_consent(facts, me.role, told, str(student.district_id), at)
    if not decision:
        raise _refused(session, me, decision, consent.number, (student.id,), at)
    return _opened(session, consent, student, told, facts, at)


def id_of(session: Session, number: str) -> uuid.UUID | None:
    """The consent of this number; whether it may be opened is asked apart."""
    return session.scalar(select(Consent.id).where(Consent.number == number))


def _refused(
    session: Session,
    me: Actor,
    decision: Decision,
    subject: str,
    about: tuple[uuid.UUID, ...],
    at: datetime,
) -> NotFound:
    codes = [str(code) for code in decision.codes]
    trail.write_refusal(session, me, trail.Entry(EVENT, False, at, about, subject, codes=codes))
    return NOT_FOUND


def _opened(
    session: Session,
    consent: Consent,
    student: Student,
    told: ConsentFacts,
    facts: Facts,
    at: datetime,
) -> Opened:
    row = session.get_one(Organization, consent.discloser_id)
    discloser = OrganizationFacts(
        str(row.id), row.kind, Span(row.active_from, row.active_until), row.is_hipaa, row.is_part2
    )
    return Opened(consent, student, row, told, closed_kinds(facts, told, discloser, at))
