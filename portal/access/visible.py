"""The gate as a SELECT: which rows of the shelf a person may open.

The same rule as `policy.gate`, told a second time for lists; a property test
holds the two together on both engines. Change one, and it will ask for the other.

>>> select(Record).where(visible.records(me, Purpose.COORDINATE, now))

`me` must be loaded for this very request (`access.actor.load` gives None for
whoever is not active), and still the SELECT asks again whether they are.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    Subquery,
    Uuid,
    and_,
    cast,
    false,
    not_,
    null,
    or_,
    select,
    true,
    tuple_,
    union,
)
from sqlalchemy.orm import aliased

from portal.access import papers, sql
from portal.access.sql import outside, there_is, within
from portal.policy.gate import KNOWN_CATEGORIES, KNOWN_PURPOSES
from portal.policy.levels import LEVELS
from portal.policy.rights import LIMITS_CONSENT
from portal.store.consents import Consent, ConsentCategory, ConsentPurpose
from portal.store.papers import (
    Agreement,
    AgreementLine,
    LegalBasis,
    LegalBasisCategory,
    LegalBasisUser,
)
from portal.store.people import (
    AccessGrant,
    AccessGrantCategory,
    Block,
    CourtOrder,
    Enrollment,
    Guardianship,
    Program,
    Relation,
    Student,
    User,
)
from portal.store.places import Organization
from portal.store.records import Record
from portal.vocabulary import (
    NEVER,
    SPECIAL,
    SUBJECT_ONLY,
    SUPPORT,
    Category,
    Detail,
    Direction,
    LegalKind,
    Level,
    OrganizationKind,
    RelationKind,
    SignerKind,
)


@dataclass(frozen=True)
class Viewer:
    """As much of an actor as the SELECT needs; `access.actor.Actor` has it all."""

    id: uuid.UUID
    organization_id: uuid.UUID
    organization_kind: OrganizationKind
    level: Level
    school_id: uuid.UUID | None


Condition = ColumnElement[bool]
OpenedKeys = Select[uuid.UUID, uuid.UUID, uuid.UUID]
"""Keys of an opened record, its student and its custodian."""


def records(
    me: Any, purpose: str, at: datetime, *, of: Any = Record, in_full: bool = False
) -> Condition:
    """Condition on the shelf `of`: rows this viewer may open for this purpose at this instant.

    me: a Viewer or an Actor. in_full: only rows whose author and narrative are open too.
    """
    if purpose not in KNOWN_PURPOSES:
        return false()
    opened = _opened(me, purpose, at, in_full)
    return and_(
        _standing(me, at),
        of.category.in_(sorted(KNOWN_CATEGORIES)),
        or_(
            _inside(me, of, at),
            of.id.in_(select(opened.c.id)),
            _identity(of, at, opened),
        ),
    )


def students(me: Any, at: datetime) -> Condition:
    """Condition on Student: those of the viewer's own district whom their level reaches."""
    return and_(
        _standing(me, at),
        Student.district_id == me.organization_id,
        _reached(me, Student.id, at),
    )


def shared_students(me: Any, purpose: str, at: datetime) -> Condition:
    """Condition on Student: those whose name another organization's records open to the viewer."""
    if purpose not in KNOWN_PURPOSES:
        return false()
    named = select(Record.student_id).where(_identity(Record, at, _opened(me, purpose, at)))
    return and_(_standing(me, at), Student.id.in_(named.correlate(None)))


def papers_behind(me: Any, purpose: str, at: datetime) -> Subquery:
    """Which papers open which records of others to this viewer, identity aside.

    Columns: record, student, paper (a consent or a legal basis), agreement or null.
    """
    by_consent = _by_consent(me, purpose, at, in_full=False)
    by_law = _by_law(me, at)
    found = union(
        by_consent.add_columns(Consent.id, Agreement.id),
        by_law.add_columns(LegalBasis.id, cast(null(), Uuid())),
    ).subquery()
    record, student, _custodian, paper, agreement = found.c
    return select(
        record.label("record"),
        student.label("student"),
        paper.label("paper"),
        agreement.label("agreement"),
    ).subquery()


def _standing(me: Any, at: datetime) -> Condition:
    return there_is(
        User,
        (Organization, Organization.id == User.organization_id),
        where=[
            User.id == me.id,
            within(User.active_from, User.active_until, at),
            within(Organization.active_from, Organization.active_until, at),
        ],
    )


# Inside the organization that holds the record


def _inside(me: Any, of: Any, at: datetime) -> Condition:
    return and_(
        of.custodian_id == me.organization_id,
        or_(not_(of.draft), of.author_id == me.id),
        outside(of.sealed_from, of.sealed_until, at),
        _own_scope(me, of, at),
    )


def _own_scope(me: Any, of: Any, at: datetime) -> Condition:
    if me.organization_kind is not OrganizationKind.DISTRICT:
        return true() if me.level is Level.AGENCY_ADMIN else _on_case_team(me, of.student_id, at)
    granted = _granted(me, of, at)
    reached = _reached(me, of.student_id, at)
    if LEVELS[me.level].support:
        return or_(granted, reached)
    return or_(granted, and_(reached, of.category.not_in(sorted(SUPPORT))))


def _granted(me: Any, of: Any, at: datetime) -> Condition:
    return there_is(
        AccessGrant,
        (AccessGrantCategory, AccessGrantCategory.access_grant_id == AccessGrant.id),
        where=[
            AccessGrant.user_id == me.id,
            AccessGrant.student_id == of.student_id,
            AccessGrant.approved,
            AccessGrantCategory.category == of.category,
            within(AccessGrant.starts_at, AccessGrant.ends_at, at),
        ],
    )


def _reached(me: Any, student_id: Any, at: datetime) -> Condition:
    """O3: the students of each level of the district policy; nobody for a level not named here."""
    match me.level:
        case Level.TEACHER:
            return _related(me, student_id, at, RelationKind.CLASS)
        case Level.COUNSELOR:
            return _related(me, student_id, at, RelationKind.COUNSELOR)
        case Level.CLINICIAN:
            return _related(me, student_id, at, RelationKind.SERVICE, RelationKind.EVALUATION)
        case Level.PRINCIPAL:
            return _enrolled_in(me.school_id, student_id, at)
        case Level.SPECIAL_EDUCATION:
            return _in_a_program(student_id, at)
        case Level.SUPERINTENDENT:
            return true()
        case _:
            return false()


def _related(
    me: Any, student_id: ColumnElement[Any], at: datetime, *kinds: RelationKind
) -> Condition:
    related = select(Relation.student_id).where(
        Relation.user_id == me.id,
        Relation.kind.in_(kinds),
        within(Relation.starts_at, Relation.ends_at, at),
    )
    return student_id.in_(related.correlate(None))


def _enrolled_in(
    school_id: uuid.UUID | None, student_id: ColumnElement[Any], at: datetime
) -> Condition:
    enrolled = select(Enrollment.student_id).where(
        Enrollment.school_id == school_id,
        within(Enrollment.starts_at, Enrollment.ends_at, at),
    )
    return student_id.in_(enrolled.correlate(None))


def _in_a_program(student_id: ColumnElement[Any], at: datetime) -> Condition:
    enrolled = select(Program.student_id).where(within(Program.starts_at, Program.ends_at, at))
    return student_id.in_(enrolled.correlate(None))


def _on_case_team(me: Any, student_id: Any, at: datetime) -> Condition:
    return _related(me, student_id, at, RelationKind.TEAM)


# Across organizations


def _opened(me: Any, purpose: str, at: datetime, in_full: bool = False) -> CTE:
    """The records of others that are open to the viewer (id, student, custodian), identity aside.

    It starts from the viewer's own papers, not from the shelf: an agency may see
    a few hundred students of half a million.
    """
    return union(
        _by_consent(me, purpose, at, in_full),
        _by_law(me, at),
    ).cte()


def _identity(of: Any, at: datetime, opened: CTE) -> Condition:
    """Name, school and grade open exactly when another record of that student does."""
    beside = select(opened.c.student_id, opened.c.custodian_id)
    return and_(
        of.category == Category.IDENTITY,
        of.student_id.in_(select(opened.c.student_id)),
        tuple_(of.student_id, of.custodian_id).in_(beside),
        _open_item(of, at),
    )


@dataclass(frozen=True)
class _About:
    """What a paper is about. Conditions on these cut papers away before any item is read."""

    student_id: Any
    custodian_id: Any
    category: Any

    def has(self, item: Any) -> Condition:
        """The item is one that the paper is about; identity follows from the others."""
        return and_(
            item.student_id == self.student_id,
            item.custodian_id == self.custodian_id,
            item.category == self.category,
            self.category != Category.IDENTITY,
        )


def _may_cross(me: Any, about: Any, at: datetime) -> Condition:
    """X1 (the custodian's half), X3 and NEVER: what depends on no single item."""
    custodian = there_is(
        Organization,
        where=[
            Organization.id == about.custodian_id,
            within(Organization.active_from, Organization.active_until, at),
        ],
    )
    blocked = there_is(
        Block,
        where=[
            Block.student_id == about.student_id,
            or_(Block.organization_id.is_(None), Block.organization_id == me.organization_id),
            within(Block.starts_at, Block.ends_at, at),
        ],
    )
    return and_(
        about.custodian_id != me.organization_id,
        about.category.in_(sorted(KNOWN_CATEGORIES - NEVER)),
        custodian,
        not_(blocked),
    )


def _open_item(item: Any, at: datetime) -> Condition:
    """X2 but for the category: neither a draft nor sealed."""
    return and_(not_(item.draft), outside(item.sealed_from, item.sealed_until, at))


def _need_to_know(me: Any, of: Any, at: datetime) -> Condition:
    """X4."""
    if me.organization_kind is not OrganizationKind.DISTRICT:
        return _on_case_team(me, of.student_id, at)
    return _reached(me, of.student_id, at) if LEVELS[me.level].support else false()


def _by_consent(me: Any, purpose: str, at: datetime, in_full: bool) -> OpenedKeys:
    """One consent with one agreement, C1 to C6 and M1 to M3."""
    item = aliased(Record)
    about = _About(Consent.student_id, Consent.discloser_id, ConsentCategory.category)
    need = _need_to_know(me, about, at)
    if me.organization_kind is not OrganizationKind.DISTRICT:
        need = or_(Agreement.waive_team, need)
    in_detail = [Consent.detail == Detail.FULL] if in_full else []
    return (
        select(item.id, item.student_id, item.custodian_id)
        .select_from(Consent)
        .join(Student, Student.id == Consent.student_id)
        .join(ConsentCategory, ConsentCategory.consent_id == Consent.id)
        .join(ConsentPurpose, ConsentPurpose.consent_id == Consent.id)
        .join(Agreement, _between(Consent.discloser_id, Consent.recipient_id))
        .join(item, about.has(item))
        .where(
            Consent.recipient_id == me.organization_id,
            *in_detail,
            or_(about.category.not_in(sorted(SPECIAL)), ConsentCategory.special),
            ConsentPurpose.purpose == purpose,
            within(Consent.records_from, Consent.records_until, item.event_at),
            Consent.signed_at <= at,
            within(Consent.starts_at, Consent.ends_at, at),
            _signed_by_a_holder(about, at),
            papers.valid(me.id, about.category, at),
            papers.alive(about.category, at),
            _in_force(about, at),
            need,
            _may_cross(me, about, at),
            _open_item(item, at),
        )
    )


def _signed_by_a_holder(of: Any, at: datetime) -> Condition:
    """C6."""
    adult = and_(_eligible(Consent.signed_at), _eligible(at))
    by_student = and_(
        Consent.signer_kind == SignerKind.STUDENT,
        Consent.signer_id == Consent.student_id,
        or_(of.category.in_(sorted(SUBJECT_ONLY)), adult),
    )
    by_guardian = and_(
        Consent.signer_kind == SignerKind.GUARDIAN,
        of.category.not_in(sorted(SUBJECT_ONLY)),
        there_is(
            Guardianship,
            where=[
                Guardianship.guardian_id == Consent.signer_id,
                Guardianship.student_id == Consent.student_id,
                within(Guardianship.rights_from, Guardianship.rights_until, Consent.signed_at),
                within(Guardianship.rights_from, Guardianship.rights_until, at),
            ],
        ),
        not_(_limited(at)),
        not_(_eligible(Consent.signed_at)),
        not_(_eligible(at)),
    )
    return and_(Student.born.is_not(None), or_(by_student, by_guardian))


def _limited(at: datetime) -> Condition:
    """A court order limits the signer's right to consent, or did at signing."""
    return there_is(
        CourtOrder,
        where=[
            CourtOrder.guardian_id == Consent.signer_id,
            CourtOrder.student_id == Consent.student_id,
            CourtOrder.limits.in_(sorted(LIMITS_CONSENT)),
            or_(
                within(CourtOrder.starts_at, CourtOrder.ends_at, Consent.signed_at),
                within(CourtOrder.starts_at, CourtOrder.ends_at, at),
            ),
        ],
    )


def _eligible(at: Any) -> Condition:
    """An eligible student at `at`; never null, so that it can be negated."""
    return or_(
        and_(Student.majority_at.is_not(None), Student.majority_at <= at),
        within(Student.postsecondary_from, Student.postsecondary_until, at),
    )


def _between(giver: Any, receiver: Any) -> Condition:
    return or_(
        and_(Agreement.a_id == giver, Agreement.b_id == receiver),
        and_(Agreement.b_id == giver, Agreement.a_id == receiver),
    )


def _in_force(of: Any, at: datetime) -> Condition:
    """M1 to M3 for the Agreement of the enclosing SELECT."""
    listed = there_is(
        AgreementLine,
        where=[
            AgreementLine.agreement_id == Agreement.id,
            AgreementLine.category == of.category,
            or_(
                and_(
                    AgreementLine.direction == Direction.A_TO_B,
                    Agreement.a_id == of.custodian_id,
                ),
                and_(
                    AgreementLine.direction == Direction.B_TO_A,
                    Agreement.b_id == of.custodian_id,
                ),
            ),
        ],
    )
    return and_(
        Agreement.a_signed_at <= at,
        Agreement.b_signed_at <= at,
        within(Agreement.starts_at, Agreement.ends_at, at),
        or_(Agreement.terminated_at.is_(None), at < Agreement.terminated_at),
        listed,
    )


def _by_law(me: Any, at: datetime) -> OpenedKeys:
    """L1 and L2."""
    item = aliased(Record)
    about = _About(LegalBasis.student_id, LegalBasis.custodian_id, LegalBasisCategory.category)
    kinds = [
        and_(LegalBasis.kind == LegalKind.COURT_ORDER, _need_to_know(me, about, at)),
        and_(LegalBasis.kind == LegalKind.EMERGENCY, _emergency(), _named(me, about, at)),
    ]
    if me.organization_kind is OrganizationKind.CHILD_WELFARE:
        parties = _between(LegalBasis.custodian_id, LegalBasis.recipient_id)
        agreed = there_is(Agreement, where=[parties, _in_force(about, at)])
        kinds.append(
            and_(LegalBasis.kind == LegalKind.CHILD_WELFARE, agreed, _named(me, about, at))
        )
    return (
        select(item.id, item.student_id, item.custodian_id)
        .select_from(LegalBasis)
        .join(LegalBasisCategory, LegalBasisCategory.legal_basis_id == LegalBasis.id)
        .join(item, about.has(item))
        .where(
            LegalBasis.recipient_id == me.organization_id,
            within(LegalBasis.starts_at, LegalBasis.ends_at, at),
            or_(LegalBasis.ended_at.is_(None), at < LegalBasis.ended_at),
            or_(
                about.category.not_in(sorted(SPECIAL)),
                LegalBasis.kind == LegalKind.COURT_ORDER,
            ),
            or_(*kinds),
            _may_cross(me, about, at),
            _open_item(item, at),
        )
    )


def _named(me: Any, of: Any, at: datetime) -> Condition:
    named = there_is(
        LegalBasisUser,
        where=[LegalBasisUser.legal_basis_id == LegalBasis.id, LegalBasisUser.user_id == me.id],
    )
    if me.organization_kind is not OrganizationKind.DISTRICT:
        return named
    return and_(named, _need_to_know(me, of, at))


def _emergency() -> Condition:
    """34 CFR 99.36: with a reason, and for at most 72 hours."""
    return and_(
        not_(sql.is_blank(LegalBasis.reason)),
        sql.three_days_before(LegalBasis.ends_at) <= LegalBasis.starts_at,
    )
