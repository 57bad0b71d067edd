"""The questions about consents: a student's, those that end soon, what a form offers."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import literal, or_, select, true
from sqlalchemy.orm import Session

from portal.access import consents as consent_facts
from portal.access import facts as facts_of
from portal.access import gate, papers, trail, visible
from portal.access.actor import Actor
from portal.access.sql import within
from portal.consents import rules
from portal.policy.facts import (
    ConsentFacts,
    Facts,
)
from portal.policy.papers import may_list_consents
from portal.policy.spans import last_day
from portal.policy.tasks import Task
from portal.store.consents import Consent, ConsentEvent, ConsentSigning
from portal.store.people import Guardian, Guardianship, Student
from portal.store.places import Organization
from portal.vocabulary import (
    RELATIONSHIP_LABELS,
    Category,
    ConsentEventKind,
    ConsentStatus,
    Detail,
    FormKind,
    OrganizationKind,
    Purpose,
    SignatureMethod,
    SignerKind,
)


@dataclass(frozen=True)
class ConsentView:
    """A consent as a page shows it. *_on: local days, both included; None: no end.

    not_obeyed: why the gate does not obey it although its dates are right, or empty.
    """

    id: uuid.UUID
    number: str
    status: ConsentStatus
    recipient: str
    categories: tuple[Category, ...]
    special: frozenset[Category]
    purposes: tuple[Purpose, ...]
    detail: Detail
    starts_on: date
    ends_on: date | None
    records_from: date
    records_until: date | None
    signer: str
    signed_on: date | None
    method: SignatureMethod | None
    document_id: uuid.UUID | None
    revoked_at: datetime | None
    revoked_how: str
    not_obeyed: str


def consents_of_student(
    session: Session, me: Actor, student_id: uuid.UUID, at: datetime
) -> list[ConsentView]:
    """Every consent by which my district gives this student's records, the newest first."""
    gate.open_student(session, me, student_id, Task.RECORD_CONSENT, at)
    rows = session.scalars(
        select(Consent)
        .where(Consent.student_id == student_id, Consent.discloser_id == me.organization_id)
        .order_by(Consent.starts_at.desc(), Consent.number)
    ).all()
    facts = facts_of.load_known(session, me.id, student_id)
    told = consent_facts.as_facts(session, rows)
    how = how_revoked(session, [row.id for row in rows])
    return [
        view_of(row, consent, facts, how.get(row.id, ""), me.tz, at)
        for row, consent in zip(rows, told, strict=True)
    ]


def how_revoked(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """How it was told that each of these consents is taken back, where one is."""
    rows = session.execute(
        select(ConsentEvent.consent_id, ConsentEvent.how)
        .where(ConsentEvent.consent_id.in_(ids), ConsentEvent.category == "")
        .where(ConsentEvent.kind == ConsentEventKind.REVOKED)
        .order_by(ConsentEvent.at.desc())
    )
    return dict(rows.all())


def view_of(
    row: Consent, consent: ConsentFacts, facts: Facts, how: str, tz: str, at: datetime
) -> ConsentView:
    """A consent as pages show it. how: how it was told that it is taken back."""
    status = rules.status(consent, at)
    over = status in rules.OVER
    held = rules.rights_problem(consent, facts, at)
    return ConsentView(
        id=row.id,
        number=row.number,
        status=status,
        recipient=row.recipient_name,
        categories=tuple(c for c in Category if c in consent.categories),
        special=frozenset(Category(c) for c in consent.special),
        purposes=tuple(p for p in Purpose if p in consent.purposes),
        detail=row.detail,
        starts_on=local_day(row.starts_at, tz),
        ends_on=last_day(row.ends_at, tz) if row.ends_at else None,
        records_from=local_day(row.records_from, tz),
        records_until=last_day(row.records_until, tz) if row.records_until else None,
        signer=row.signer_name,
        signed_on=local_day(row.signed_at, tz) if row.signed_at else None,
        method=row.method,
        document_id=row.document_id,
        revoked_at=consent.revoked_at,
        revoked_how=how,
        not_obeyed="" if over else held,
    )


@dataclass(frozen=True)
class EndingLine:
    """A consent that ends within two weeks, and of whom."""

    student_id: uuid.UUID
    student: str
    recipient: str
    number: str
    ends_on: date


def ending_soon(session: Session, me: Actor, at: datetime) -> list[EndingLine]:
    """Consents of students within my reach that end within two weeks, the first to end first."""
    may_list_consents(me.role, me.level).or_refuse()
    rows = session.execute(
        select(Consent, Student)
        .join(Student, Student.id == Consent.student_id)
        .where(Consent.discloser_id == me.organization_id, visible.students(me, at))
        .where(Consent.ends_at > at, papers.alive(literal(""), at))
        .order_by(Consent.ends_at, Consent.number)
    ).all()
    told = consent_facts.as_facts(session, [consent for consent, _student in rows])
    found = [
        EndingLine(
            student.id,
            f"{student.given_name} {student.family_name}",
            row.recipient_name,
            row.number,
            last_day(row.ends_at, me.tz),
        )
        for (row, student), consent in zip(rows, told, strict=True)
        if row.ends_at and rules.status(consent, at) is ConsentStatus.ENDS_SOON
    ]
    about = tuple(line.student_id for line in found)
    trail.write(session, me, trail.Entry("consents.listed_ending", True, at, about))
    return found


def of_key(session: Session, signing_id: uuid.UUID) -> list[Consent]:
    """The consents of one signing, by number."""
    rows = session.scalars(
        select(Consent).where(Consent.signing_id == signing_id).order_by(Consent.number)
    )
    return list(rows)


def cases(session: Session, rows: Iterable[Consent]) -> dict[uuid.UUID | None, str]:
    """Of these consents, those for use in court: the proceeding that was agreed to, by signing."""
    wanted = {row.signing_id for row in rows if row.form_kind is FormKind.COURT_USE}
    if not wanted:
        return {}
    found = select(ConsentSigning.id, ConsentSigning.agreed).where(ConsentSigning.id.in_(wanted))
    return {key: _case_in(agreed) for key, agreed in session.execute(found)}


def _case_in(agreed: str) -> str:
    return next((one["case"] for one in json.loads(agreed)["consents"] if one.get("case")), "")


def open_consents(
    session: Session,
    student_id: uuid.UUID,
    district_id: uuid.UUID,
    partner_id: uuid.UUID | None,
    at: datetime,
) -> list[Consent]:
    """A student's consents in either direction that are not over, with one partner or all."""
    ours = or_(Consent.discloser_id == district_id, Consent.recipient_id == district_id)
    theirs = (
        true()
        if partner_id is None
        else or_(Consent.discloser_id == partner_id, Consent.recipient_id == partner_id)
    )
    rows = session.scalars(
        select(Consent)
        .where(
            Consent.student_id == student_id,
            ours,
            theirs,
            Consent.signed_at.is_not(None),
            or_(Consent.ends_at.is_(None), at < Consent.ends_at),
            papers.not_ended(literal(""), at),
        )
        .order_by(Consent.number)
    )
    return list(rows)


def closing_events(session: Session, kinds: Collection[ConsentEventKind]) -> Sequence[ConsentEvent]:
    """Every event of these kinds, of whatever consent, in the order of time."""
    return session.scalars(
        select(ConsentEvent)
        .where(ConsentEvent.kind.in_(sorted(kinds)))
        .order_by(ConsentEvent.at, ConsentEvent.id)
    ).all()


def open_holds(session: Session, consent_id: uuid.UUID, at: datetime) -> list[ConsentEvent]:
    """The holds on a consent that nobody has lifted."""
    lifted = select(ConsentEvent.lifts_id).where(
        ConsentEvent.consent_id == consent_id, ConsentEvent.lifts_id.is_not(None)
    )
    rows = session.scalars(
        select(ConsentEvent)
        .where(
            ConsentEvent.consent_id == consent_id,
            ConsentEvent.kind == ConsentEventKind.HELD,
            within(ConsentEvent.at, ConsentEvent.until, at),
            ConsentEvent.id.not_in(lifted),
        )
        .order_by(ConsentEvent.at)
    )
    return list(rows)


# What a form may choose from


@dataclass(frozen=True)
class PossibleSigner:
    """Somebody who may hold the right to sign; the rule decides when they do."""

    kind: SignerKind
    id: uuid.UUID
    name: str
    capacity: str


def possible_signers(session: Session, student: Student, at: datetime) -> list[PossibleSigner]:
    """The guardians who hold rights today, by name, and the student."""
    rows = session.execute(
        select(Guardian, Guardianship.relationship)
        .join(Guardianship, Guardianship.guardian_id == Guardian.id)
        .where(
            Guardianship.student_id == student.id,
            within(Guardianship.rights_from, Guardianship.rights_until, at),
        )
        .order_by(Guardian.name, Guardian.id)
    )
    guardians = {
        row.id: PossibleSigner(
            SignerKind.GUARDIAN, row.id, row.name, RELATIONSHIP_LABELS[relationship]
        )
        for row, relationship in rows
    }
    name = f"{student.given_name} {student.family_name}"
    themself = PossibleSigner(SignerKind.STUDENT, student.id, name, "Student")
    return [*guardians.values(), themself]


def possible_agencies(session: Session, at: datetime) -> list[tuple[uuid.UUID, str]]:
    """Every active agency, by name."""
    rows = session.scalars(
        select(Organization)
        .where(
            Organization.kind != OrganizationKind.DISTRICT,
            within(Organization.active_from, Organization.active_until, at),
        )
        .order_by(Organization.name, Organization.id)
    )
    return [(row.id, row.name) for row in rows]


def is_active_agency(session: Session, agency_id: uuid.UUID | None, at: datetime) -> bool | None:
    """Can it receive records today? None when none is chosen."""
    if agency_id is None:
        return None
    return agency_id in [known for known, _name in possible_agencies(session, at)]


def local_day(at: datetime, tz: str) -> date:
    """The day that it is at this instant."""
    return at.astimezone(ZoneInfo(tz)).date()
