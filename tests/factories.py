"""Stored, valid things with one call each; a test names only what matters to it.

All of them flush, none commits. Spans begin long before the day of the tests.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access.lists import fold
from portal.accounts import confidentiality
from portal.agreements import content as agreements
from portal.consents.forms.definition import digest, to_json
from portal.consents.forms.shipped import STANDARD
from portal.policy.rights import majority_at
from portal.store.accounts import Acknowledgment
from portal.store.agreements import AgreementPaper, AgreementPartner
from portal.store.consents import (
    Consent,
    ConsentCategory,
    ConsentEvent,
    ConsentFormVersion,
    ConsentPurpose,
    ConsentStatement,
)
from portal.store.papers import Agreement, AgreementLine
from portal.store.people import (
    Enrollment,
    Guardian,
    Guardianship,
    Program,
    Relation,
    Student,
    User,
)
from portal.store.places import Organization, School
from portal.store.records import Record, Referral
from portal.vocabulary import (
    SHAREABLE,
    SPECIAL,
    AgreementKind,
    Category,
    ConsentEventKind,
    Detail,
    Direction,
    FormKind,
    IdentityCheck,
    Level,
    Need,
    OrganizationKind,
    ProgramKind,
    Purpose,
    ReferralStatus,
    ReferralTarget,
    RelationKind,
    Relationship,
    Role,
    SignatureMethod,
    SignerKind,
    Statement,
)

LONG_AGO = datetime(2026, 1, 5, 5, 0, tzinfo=UTC)
numbers = itertools.count(1)


def stored(session: Session, row: Any) -> Any:
    """The row, added and flushed."""
    session.add(row)
    session.flush()
    return row


def organization(
    session: Session,
    name: str,
    kind: OrganizationKind = OrganizationKind.DISTRICT,
    code: str | None = None,
    **changes: Any,
) -> Organization:
    """Active since long ago; a district can be reached, so that its consent form is complete."""
    values: dict[str, Any] = {"kind": kind, "name": name, "code": code, "active_from": LONG_AGO}
    if kind == OrganizationKind.DISTRICT:
        values |= {
            "address": "1 Sample Street, Sampletown, CT",
            "email": "records@sampletown.example",
            "phone": "860-555-0100",
        }
    return stored(session, Organization(**values | changes))


def school(session: Session, district: Organization, name: str, facility_code: str) -> School:
    row = School(
        district_id=district.id, name=name, facility_code=facility_code, source_id=facility_code
    )
    return stored(session, row)


def user(
    session: Session,
    of: Organization,
    name: str,
    role: Role,
    level: Level,
    school: School | None = None,
) -> User:
    username = name.lower().replace(" ", ".") + f"{next(numbers)}@example.org"
    return stored(
        session,
        User(
            organization_id=of.id,
            username=username,
            name=name,
            role=role,
            level=level,
            school_id=school.id if school else None,
            active_from=LONG_AGO,
        ),
    )


def acknowledgment(session: Session, user: User, at: datetime = LONG_AGO) -> Acknowledgment:
    """This person has accepted today's words of confidentiality."""
    words = {"version": confidentiality.VERSION, "text_sha256": confidentiality.WORDS_SHA256}
    return stored(session, Acknowledgment(user_id=user.id, given_at=at, **words))


def student(
    session: Session,
    district: Organization,
    given: str,
    family: str,
    born: date | None,
    sasid: str | None = None,
) -> Student:
    """A student with the identity record that the gate asks after."""
    row = stored(
        session,
        Student(
            district_id=district.id,
            sasid=sasid,
            given_name=given,
            family_name=family,
            search_name=fold(f"{family} {given}"),
            search_given=fold(given),
            born=born,
            majority_at=majority_at(born, district.tz) if born else None,
            grade="7",
            source_id=f"st-{next(numbers)}",
        ),
    )
    record(session, row, Category.IDENTITY)
    return row


def enrollment(session: Session, student: Student, school: School) -> Enrollment:
    return stored(
        session, Enrollment(student_id=student.id, school_id=school.id, starts_at=LONG_AGO)
    )


def program(session: Session, student: Student, kind: ProgramKind) -> Program:
    return stored(session, Program(student_id=student.id, kind=kind, starts_at=LONG_AGO))


def guardian(session: Session, student: Student, name: str) -> Guardian:
    row = stored(session, Guardian(district_id=student.district_id, name=name))
    stored(
        session,
        Guardianship(
            guardian_id=row.id,
            student_id=student.id,
            relationship=Relationship.PARENT,
            rights_from=LONG_AGO,
        ),
    )
    return row


def relation(session: Session, user: User, student: Student, kind: RelationKind) -> Relation:
    return stored(
        session,
        Relation(user_id=user.id, student_id=student.id, kind=kind, starts_at=LONG_AGO),
    )


def record(
    session: Session,
    student: Student,
    category: Category,
    event: datetime = LONG_AGO,
    custodian: Organization | None = None,
    author: User | None = None,
) -> Record:
    return stored(
        session,
        Record(
            district_id=student.district_id,
            student_id=student.id,
            custodian_id=custodian.id if custodian else student.district_id,
            category=category,
            event_at=event,
            author_id=author.id if author else None,
        ),
    )


def agreement(
    session: Session,
    a: Organization,
    b: Organization,
    a_to_b: Iterable[Category] = SHAREABLE,
    b_to_a: Iterable[Category] = (Category.SERVICE_STATUS,),
    **changes: Any,
) -> Agreement:
    """In force since long ago, signed by both, listing every shareable category from a to b."""
    values: dict[str, Any] = {
        "number": f"M-{next(numbers):04}",
        "a_id": a.id,
        "b_id": b.id,
        "starts_at": LONG_AGO,
        "a_signed_at": LONG_AGO,
        "a_signer": "Sue Perin",
        "b_signed_at": LONG_AGO,
        "b_signer": "Their Director",
    }
    row = stored(session, Agreement(**values | changes))
    for direction, categories in ((Direction.A_TO_B, a_to_b), (Direction.B_TO_A, b_to_a)):
        for category in categories:
            session.add(AgreementLine(agreement_id=row.id, direction=direction, category=category))
    session.flush()
    return row


def agreement_paper(
    session: Session, district: Organization, partner: Organization, writer: User, **changes: Any
) -> AgreementPaper:
    """A draft of an agreement with one partner."""
    terms = agreements.PartnerTerms(agency_id=partner.id)
    values: dict[str, Any] = {
        "number": f"M-{next(numbers):04}P",
        "kind": AgreementKind.MOU,
        "district_id": district.id,
        "content": agreements.to_json(agreements.Content(partners=(terms,))),
        "written_at": LONG_AGO,
        "written_by": writer.id,
    }
    row = stored(session, AgreementPaper(**values | changes))
    session.add(AgreementPartner(paper_id=row.id, organization_id=partner.id, place=1))
    session.flush()
    return row


def consent(
    session: Session,
    student: Student,
    recipient: Organization,
    signer: Guardian,
    categories: Iterable[Category] = (Category.VISITS,),
    purposes: Iterable[Purpose] = (Purpose.COORDINATE,),
    **changes: Any,
) -> Consent:
    """Signed long ago by the guardian, open-ended, in full detail, with initials where needed.

    revoked_at: an event of its own. statements: what stood on the form, every sentence by default.
    """
    revoked_at = changes.pop("revoked_at", None)
    statements = changes.pop("statements", list(Statement))
    values: dict[str, Any] = {
        "number": f"C-{next(numbers):04}",
        "student_id": student.id,
        "discloser_id": student.district_id,
        "recipient_id": recipient.id,
        "recipient_name": recipient.name,
        "records_from": LONG_AGO,
        "starts_at": LONG_AGO,
        "signer_kind": SignerKind.GUARDIAN,
        "signer_id": signer.id,
        "signer_name": signer.name,
        "signed_at": LONG_AGO,
        "method": SignatureMethod.TYPED,
        "identity_check": IdentityCheck.IN_PERSON,
        "detail": Detail.FULL,
    }
    values |= changes
    signed_at = values.pop("signed_at")
    row = stored(session, Consent(**values))
    for category in categories:
        session.add(
            ConsentCategory(consent_id=row.id, category=category, special=category in SPECIAL)
        )
    for purpose in purposes:
        session.add(ConsentPurpose(consent_id=row.id, purpose=purpose))
    for statement in statements:
        session.add(ConsentStatement(consent_id=row.id, statement=statement))
    session.flush()
    row.signed_at = signed_at  # last: what is signed takes no tick any more
    session.flush()
    if revoked_at is not None:
        event(session, row, ConsentEventKind.REVOKED, revoked_at)
    return row


def referral(session: Session, student: Student, agency: Organization, sender: User) -> Referral:
    """Sent to this agency long ago, and not answered."""
    return stored(
        session,
        Referral(
            record_id=record(session, student, Category.REFERRALS, author=sender).id,
            number=f"R-{next(numbers):04}",
            target=ReferralTarget.COMMUNITY,
            agency_id=agency.id,
            need=Need.OTHER,
            status=ReferralStatus.SENT,
            sent_by=sender.id,
        ),
    )


def form_version(session: Session, district: Organization, **changes: Any) -> ConsentFormVersion:
    """The form that comes with the portal, published by this district."""
    values: dict[str, Any] = {
        "district_id": district.id,
        "kind": FormKind.STANDARD,
        "version": 1,
        "definition": json.loads(to_json(STANDARD)),
        "sha256": digest(STANDARD),
        "written_at": LONG_AGO,
        "published_at": LONG_AGO,
    }
    return stored(session, ConsentFormVersion(**values | changes))


def event(
    session: Session, consent: Consent, kind: ConsentEventKind, at: datetime, **changes: Any
) -> ConsentEvent:
    """Something that happened to a consent; a revocation, say."""
    values = {"consent_id": consent.id, "kind": kind, "at": at, "written_at": at}
    return stored(session, ConsentEvent(**values | changes))
