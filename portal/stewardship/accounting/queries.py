"""The trail's lines about one student, as rows. Whether somebody may ask is the service's to say.

Nothing is read but the trail and the papers that it names: never a record, never a note.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal.access import consents as consent_facts
from portal.policy import accounting as rules
from portal.policy.accounting import GroundFacts, Law, LineFacts, Party, Reader
from portal.policy.facts import ConsentFacts
from portal.policy.notices import OF_SUBSTANCE_USE
from portal.stewardship.accounting.rows import Ground, Holder, Row
from portal.store.consents import Consent
from portal.store.ledger import TrailLine, TrailStudent
from portal.store.papers import Agreement, LegalBasis
from portal.store.people import AccessGrant, Guardian, Guardianship, Program, Student, User
from portal.store.places import Organization
from portal.vocabulary import Category, GrantKind, Instrument, LegalKind, ProgramKind, SignerKind

CONSENT_LAW = {Instrument.FERPA: "34 CFR 99.30", Instrument.HIPAA: "45 CFR 164.508"}
LEGAL_LAW = {
    LegalKind.CHILD_WELFARE: "20 USC 1232g(b)(1)(L)",
    LegalKind.COURT_ORDER: "34 CFR 99.31(a)(9)",
    LegalKind.EMERGENCY: "34 CFR 99.36",
}
AUDITOR = "auditor"
"""Who a line of this accounting was written for, when it was asked for at the command line."""

OWN = frozenset({"own", "grant", "own_emergency"})


def rows(
    session: Session, student: Student, law: Law, reader: Reader | None, at: datetime
) -> tuple[Row, ...]:
    """The rows about this student that this law asks for, oldest first.

    reader: what only the student may know of is left out for a parent; None for staff.
    """
    lines = _lines(session, student.id)
    shelf = _shelf(session, student, lines, reader)
    idea = has_special_education(session, student.id)
    found = []
    for line in lines:
        facts = _facts(shelf, line)
        if rules.counts(law, facts, at, idea=idea) and not _is_kept(shelf, line, facts):
            found.append(_row(shelf, line, facts))
    return tuple(found)


def has_special_education(session: Session, student_id: uuid.UUID) -> bool:
    """Has, or had, the student a program under the IDEA?"""
    found = select(Program.id).where(
        Program.student_id == student_id, Program.kind == ProgramKind.SPECIAL_EDUCATION
    )
    return session.scalar(found.limit(1)) is not None


def family_of(session: Session, student: Student) -> list[Holder]:
    """The student's guardians by name, then the student; who of them may ask, is asked apart."""
    of_student = select(Guardianship.guardian_id).where(Guardianship.student_id == student.id)
    found = session.scalars(
        select(Guardian).where(Guardian.id.in_(of_student)).order_by(Guardian.name, Guardian.id)
    )
    own = f"{student.given_name} {student.family_name}"
    return [
        *(Holder(SignerKind.GUARDIAN, row.id, row.name, row.language) for row in found),
        Holder(SignerKind.STUDENT, student.id, own, student.language),
    ]


def _lines(session: Session, student_id: uuid.UUID) -> Sequence[TrailLine]:
    return session.scalars(
        select(TrailLine)
        .join(TrailStudent, TrailStudent.line_id == TrailLine.id)
        .where(TrailStudent.student_id == student_id)
        .order_by(TrailLine.at, TrailLine.id)
    ).all()


# The papers that the lines name, and what is kept from the reader


@dataclass(frozen=True)
class _Signed:
    """A consent of this student, as stored and as the rules see it. kept: from the reader."""

    row: Consent
    facts: ConsentFacts
    kept: bool


@dataclass(frozen=True)
class _Shelf:
    student: Student
    consents: dict[str, _Signed]
    agreements: dict[str, Agreement]
    legal: dict[str, LegalBasis]
    emergencies: dict[str, AccessGrant]
    organizations: dict[str, Organization]
    closed: frozenset[str]
    confidential: frozenset[str]

    @property
    def district(self) -> str:
        return str(self.student.district_id)


def _shelf(
    session: Session, student: Student, lines: Sequence[TrailLine], reader: Reader | None
) -> _Shelf:
    ids = _uuids(paper for line in lines for paper in line.basis)
    signed = _signed(session, student.id, reader)
    legal = _of_ids(session, LegalBasis, ids)
    grants = _of_ids(session, AccessGrant, _uuids(g for line in lines for g in _grants(line)))
    organizations = {str(row.id): row for row in session.scalars(select(Organization))}
    programs = [key for key, row in organizations.items() if row.is_part2]
    told = [(one.facts, one.kept) for one in signed.values()]
    return _Shelf(
        student=student,
        consents=signed,
        agreements=_of_ids(session, Agreement, ids),
        legal={key: row for key, row in legal.items() if row.student_id == student.id},
        emergencies={key: row for key, row in grants.items() if _is_declared(row, student)},
        organizations=organizations,
        closed=rules.closed_kinds(reader) if reader else frozenset(),
        confidential=rules.confidential_parties(told, programs)
        if reader and reader.kind is SignerKind.GUARDIAN
        else frozenset(),
    )


def _signed(session: Session, student_id: uuid.UUID, reader: Reader | None) -> dict[str, _Signed]:
    found = session.scalars(select(Consent).where(Consent.student_id == student_id)).all()
    return {
        str(row.id): _Signed(row, facts, reader is not None and rules.is_kept_from(reader, facts))
        for row, facts in zip(found, consent_facts.as_facts(session, found), strict=True)
    }


def _of_ids(session: Session, kind: Any, ids: Collection[uuid.UUID]) -> dict[str, Any]:
    return {str(row.id): row for row in session.scalars(select(kind).where(kind.id.in_(ids)))}


def _uuids(papers: Iterable[str]) -> set[uuid.UUID]:
    return {key for paper in set(papers) if (key := _uuid(paper)) is not None}


def _uuid(paper: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(paper)
    except ValueError:
        return None


# One line


def _facts(shelf: _Shelf, line: TrailLine) -> LineFacts:
    bases = frozenset(line.detail.get("bases", ()))
    return LineFacts(
        event=line.event,
        allowed=line.allowed,
        at=line.at,
        party=_party(shelf, line),
        kinds=frozenset(line.opened),
        grounds=tuple(_ground_facts(shelf, line)),
        own=bool(bases) and bases <= OWN,
        emergency=any(grant in shelf.emergencies for grant in _grants(line)),
    )


def _party(shelf: _Shelf, line: TrailLine) -> Party:
    if line.organization_id is None:
        return Party.SCHOOL if line.detail.get("for") == AUDITOR else Party.FAMILY
    ours = line.organization_id == shelf.student.district_id
    return Party.SCHOOL if ours else Party.OUTSIDE


def _ground_facts(shelf: _Shelf, line: TrailLine) -> Iterable[GroundFacts]:
    for paper in line.basis:
        if paper in shelf.consents:
            row = shelf.consents[paper].row
            yield _given(shelf, row.instrument, str(row.discloser_id))
        elif paper in shelf.legal:
            yield _given(shelf, None, str(shelf.legal[paper].custodian_id))


def _given(shelf: _Shelf, instrument: Instrument | None, giver: str) -> GroundFacts:
    return GroundFacts(instrument, giver == shelf.district, shelf.organizations[giver].is_hipaa)


def _is_kept(shelf: _Shelf, line: TrailLine, facts: LineFacts) -> bool:
    """Would the line tell the reader of what they may not know?"""
    consents = [shelf.consents[paper] for paper in line.basis if paper in shelf.consents]
    about = [one for one in shelf.consents.values() if line.subject in _names(one.row)]
    if any(one.kept for one in about) or (facts.kinds and not facts.kinds - shelf.closed):
        return True
    if consents:
        return all(one.kept for one in consents)
    rests_on_law = any(paper in shelf.legal for paper in line.basis)
    outside = facts.party is Party.OUTSIDE and not rests_on_law
    return outside and str(line.organization_id) in shelf.confidential


def _names(row: Consent) -> tuple[str, ...]:
    documents = [str(row.document_id)] if row.document_id else []
    return str(row.id), row.number, *documents


def _row(shelf: _Shelf, line: TrailLine, facts: LineFacts) -> Row:
    detail, part = line.detail, bool(facts.kinds & shelf.closed)
    grounds = tuple(_grounds(shelf, line))
    return Row(
        line=line.id,
        hash=line.hash,
        at=line.at,
        event=line.event,
        allowed=line.allowed,
        party=facts.party,
        person_id=line.user_id,
        person=line.user_name,
        organization=line.organization_name or _school(shelf, facts),
        address=str(detail.get("address") or _address(shelf, line)),
        kinds=tuple(kind for kind in Category if kind in facts.kinds - shelf.closed),
        items=None if part else detail.get("items"),
        withheld=None if part else detail.get("items_closed"),
        content_sha256="" if part else str(detail.get("content_sha256", "")),
        purpose=line.purpose,
        grounds=grounds,
        until=_until(grounds),
        reasons=tuple(line.codes) if not line.allowed else (),
        notices=_notices(detail, part=part),
        method=str(detail.get("method", "")),
        file_sha256=str(detail.get("sha256", "")),
        by_consent=rules.is_exempt(facts),
        own=facts.own,
    )


def _school(shelf: _Shelf, facts: LineFacts) -> str:
    return shelf.organizations[shelf.district].name if facts.party is Party.SCHOOL else ""


def _address(shelf: _Shelf, line: TrailLine) -> str:
    """As it is known today, where the line itself does not say."""
    found = shelf.organizations.get(str(line.organization_id))
    return found.address if found else ""


def _notices(detail: dict[str, Any], *, part: bool) -> tuple[tuple[str, str], ...]:
    """Those of kinds that are kept from the reader would tell that there are such records."""
    told = (_notice(one) for one in detail.get("notices", ()))
    return tuple(one for one in told if not (part and one[0] in OF_SUBSTANCE_USE))


def _notice(kept: Any) -> tuple[str, str]:
    """Id and version: two texts, or one of both as the line of a consent taken along has it."""
    key, version = kept.split(maxsplit=1) if isinstance(kept, str) else kept
    return str(key), str(version)


def _grounds(shelf: _Shelf, line: TrailLine) -> Iterable[Ground]:
    for paper in line.basis:
        if paper in shelf.consents and not shelf.consents[paper].kept:
            yield _consent_ground(shelf, shelf.consents[paper])
        elif paper in shelf.agreements and _is_theirs(shelf.agreements[paper], line):
            agreement = shelf.agreements[paper]
            end = _first_end(agreement.ends_at, agreement.terminated_at)
            yield Ground("agreement", agreement.number, "", end)
        elif paper in shelf.legal:
            legal = shelf.legal[paper]
            end = _first_end(legal.ends_at, legal.ended_at)
            yield Ground(str(legal.kind), "", LEGAL_LAW[legal.kind], end)
    for key in _grants(line):
        if key in shelf.emergencies:
            kind = LegalKind.EMERGENCY
            yield Ground(str(kind), "", LEGAL_LAW[kind], shelf.emergencies[key].ends_at)


def _grants(line: TrailLine) -> Iterable[str]:
    """The grants that the line rests on: written ones, and emergencies that somebody declared."""
    return [str(grant) for grant in line.detail.get("grants", ())]


def _is_declared(row: AccessGrant, student: Student) -> bool:
    return row.kind is GrantKind.EMERGENCY and row.student_id == student.id


def _is_theirs(agreement: Agreement, line: TrailLine) -> bool:
    """A list rests on agreements with several; each is told only to whom it is about."""
    return line.organization_id in (agreement.a_id, agreement.b_id)


def _consent_ground(shelf: _Shelf, signed: _Signed) -> Ground:
    facts, life = signed.facts, signed.facts.life
    grown = shelf.student.majority_at if facts.signer_kind is SignerKind.GUARDIAN else None
    end = _first_end(
        facts.span.end,
        facts.revoked_at,
        life.ended_at,
        life.superseded_at,
        life.known_false_at,
        grown,
    )
    return Ground("consent", signed.row.number, CONSENT_LAW[signed.row.instrument], end)


def _first_end(*ends: datetime | None) -> datetime | None:
    return min((end for end in ends if end is not None), default=None)


def _until(grounds: Sequence[Ground]) -> datetime | None:
    """When the last of what opened it ends, but no later than the last agreement behind it."""
    ends = [ground.until for ground in grounds if ground.kind != "agreement"]
    agreed = [ground.until for ground in grounds if ground.kind == "agreement"]
    return _first_end(_last_end(ends), _last_end(agreed))


def _last_end(ends: Sequence[datetime | None]) -> datetime | None:
    return None if None in ends else max((end for end in ends if end), default=None)


# For an auditor, by what is typed


def students_by_number(
    session: Session, typed: str, district_id: uuid.UUID | None
) -> Sequence[Student]:
    """The students with this id of the portal, SASID or number at school; of one district only."""
    key = _uuid(typed)
    by_number = Student.id == key if key else (Student.sasid == typed) | (Student.local_id == typed)
    asked = select(Student).where(by_number).order_by(Student.id)
    if district_id is not None:
        asked = asked.where(Student.district_id == district_id)
    return session.scalars(asked).all()


def lines_of(
    session: Session,
    student_id: uuid.UUID | None,
    person: str,
    since: datetime | None,
    district_id: uuid.UUID | None,
) -> Sequence[TrailLine]:
    """Lines of the trail, oldest first: about a student, by a person's id, user name or name.

    district_id: only what its own did, what is about its students, and what is nobody's.
    """
    conditions: list[ColumnElement[bool]] = []
    if district_id is not None:
        conditions.append(_of_district(district_id))
    if student_id is not None:
        about = select(TrailStudent.line_id).where(TrailStudent.student_id == student_id)
        conditions.append(TrailLine.id.in_(about))
    if person:
        conditions.append(_by(person))
    if since is not None:
        conditions.append(TrailLine.at >= since)
    asked = select(TrailLine).where(*conditions)
    return session.scalars(asked.order_by(TrailLine.at, TrailLine.id)).all()


def _of_district(district_id: uuid.UUID) -> ColumnElement[bool]:
    ours = (
        select(TrailStudent.line_id)
        .join(Student, Student.id == TrailStudent.student_id)
        .where(Student.district_id == district_id)
    )
    anybodys = select(TrailStudent.line_id)
    return or_(
        TrailLine.organization_id == district_id,
        TrailLine.id.in_(ours),
        and_(TrailLine.organization_id.is_(None), TrailLine.id.not_in(anybodys)),
    )


def _by(person: str) -> ColumnElement[bool]:
    if key := _uuid(person):
        return TrailLine.user_id == key
    accounts = select(User.id).where(User.username == person)
    return TrailLine.user_id.in_(accounts) | (TrailLine.user_name == person)
