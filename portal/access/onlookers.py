"""Who can see a student's page now, and why: the gate's rule asked for everybody it might open to.

Candidates are found with a few questions; whether each of them really may, and why, is the
rule's to say (`policy.onlookers`), so that there is no second telling of it here.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal.access import facts as facts_of
from portal.access import gate
from portal.access.actor import Actor
from portal.access.listed import listed
from portal.access.sql import within
from portal.policy.facts import Facts, GrantFacts, RelationFacts, UserFacts
from portal.policy.onlookers import Why, opened_to, why
from portal.policy.spans import Span
from portal.policy.tasks import Task, may_do_for
from portal.store.consents import Consent
from portal.store.papers import Agreement, LegalBasis, LegalBasisUser
from portal.store.people import (
    AccessGrant,
    AccessGrantCategory,
    Enrollment,
    Relation,
    StaffLock,
    Student,
    User,
)
from portal.store.places import Organization
from portal.vocabulary import Category, Level, Purpose

EVERYWHERE = (Level.SPECIAL_EDUCATION, Level.SUPERINTENDENT)


@dataclass(frozen=True)
class Onlooker:
    """Somebody who can see the page now. kinds: of records that are open to them.

    papers: numbers of the consents and agreements behind it; none for one's own staff.
    """

    name: str
    title: str
    organization: str
    outside: bool
    why: Why
    kinds: tuple[Category, ...]
    papers: tuple[str, ...] = ()


def who_can_see(
    session: Session, me: Actor, student_id: uuid.UUID, at: datetime
) -> tuple[Onlooker, ...]:
    """Everybody to whom the gate opens a record of this student that the district holds, by why.

    Without a line of its own: it tells of staff, and the page that asks has opened the student.
    Raises NotFound or Refused for whoever may not see who has seen the record.
    """
    student = session.get(Student, student_id)
    if student is None:
        raise gate.NOT_FOUND
    facts = facts_of.load_known(session, me.id, student_id)
    may_do_for(facts, me.role, Task.SEE_OPENINGS, str(student.district_id), at).or_refuse()
    people = _candidates(session, student, at)
    relations, grants = (
        _relations(session, people, student_id),
        _grants(session, people, student_id),
    )
    bases = _bases(session, facts, people, student_id)
    found = [
        one
        for user, organization in people
        if (one := _onlooker(user, organization, bases, relations, grants, student, at)) is not None
    ]
    numbers = _numbers(session, found)
    order = list(Why)
    told = [
        replace(one, papers=tuple(sorted(numbers[p] for p in one.papers if p in numbers)))
        for one in found
    ]
    return tuple(sorted(told, key=lambda one: (order.index(one.why), one.organization, one.name)))


People = Sequence[tuple[User, Organization]]


def _candidates(session: Session, student: Student, at: datetime) -> People:
    related = select(Relation.user_id).where(
        Relation.student_id == student.id, within(Relation.starts_at, Relation.ends_at, at)
    )
    locked = select(StaffLock.user_id).where(
        StaffLock.student_id == student.id, within(StaffLock.starts_at, StaffLock.ends_at, at)
    )
    rows = session.execute(
        select(User, Organization)
        .join(Organization, Organization.id == User.organization_id)
        .where(
            within(User.active_from, User.active_until, at),
            User.id.not_in(locked),
            or_(User.id.in_(related), _of_district(student, at), _of_others(student)),
        )
        .order_by(User.name, User.id)
    )
    return [(user, organization) for user, organization in rows]


def _of_district(student: Student, at: datetime) -> ColumnElement[bool]:
    schools = select(Enrollment.school_id).where(
        Enrollment.student_id == student.id, within(Enrollment.starts_at, Enrollment.ends_at, at)
    )
    granted = select(AccessGrant.user_id).where(AccessGrant.student_id == student.id)
    return and_(
        User.organization_id == student.district_id,
        or_(
            User.level.in_(EVERYWHERE),
            and_(User.level == Level.PRINCIPAL, User.school_id.in_(schools)),
            User.id.in_(granted),
        ),
    )


def _of_others(student: Student) -> ColumnElement[bool]:
    """Of those to whom a paper about the student is addressed: who needs no relation of their own.

    Any of an agency whose agreement asks for no team; of another district, who leads.
    """
    addressed = select(Consent.recipient_id).where(
        Consent.student_id == student.id, Consent.recipient_id.is_not(None)
    )
    waived = or_(
        *(
            User.organization_id.in_(select(side).where(Agreement.waive_team))
            for side in (Agreement.a_id, Agreement.b_id)
        )
    )
    named = (
        select(LegalBasisUser.user_id)
        .join(LegalBasis, LegalBasis.id == LegalBasisUser.legal_basis_id)
        .where(LegalBasis.student_id == student.id)
    )
    return or_(
        and_(
            User.organization_id.in_(addressed),
            User.organization_id != student.district_id,
            or_(waived, User.level.in_([*EVERYWHERE, Level.PRINCIPAL])),
        ),
        User.id.in_(named),
    )


Related = dict[uuid.UUID, list[RelationFacts]]
Granted = dict[uuid.UUID, list[GrantFacts]]


def _ids(people: People) -> list[uuid.UUID]:
    return [user.id for user, _organization in people]


def _relations(session: Session, people: People, student_id: uuid.UUID) -> Related:
    found: Related = defaultdict(list)
    rows = session.scalars(
        select(Relation).where(
            Relation.student_id == student_id, Relation.user_id.in_(_ids(people))
        )
    )
    for row in rows:
        found[row.user_id].append(RelationFacts(row.kind, Span(row.starts_at, row.ends_at)))
    return found


def _grants(session: Session, people: People, student_id: uuid.UUID) -> Granted:
    rows = session.scalars(
        select(AccessGrant).where(
            AccessGrant.student_id == student_id, AccessGrant.user_id.in_(_ids(people))
        )
    ).all()
    opened = listed(session, AccessGrantCategory, "access_grant_id", "category", rows)
    found: Granted = defaultdict(list)
    for row in rows:
        span = Span(row.starts_at, row.ends_at)
        found[row.user_id].append(GrantFacts(opened[row.id], row.approved, span))
    return found


def _bases(
    session: Session, ours: Facts, people: People, student_id: uuid.UUID
) -> dict[str, Facts]:
    """For each organization the facts that all its people share: papers, agreements, the shelf."""
    found = {ours.user.organization: ours}
    for user, organization in people:
        key = str(organization.id)
        if key not in found:
            found[key] = facts_of.load_known(session, user.id, student_id)
    return found


def _onlooker(
    user: User,
    organization: Organization,
    bases: dict[str, Facts],
    relations: Related,
    grants: Granted,
    student: Student,
    at: datetime,
) -> Onlooker | None:
    facts = replace(
        bases[str(organization.id)],
        user=_user(user),
        relations=tuple(relations.get(user.id, ())),
        grants=tuple(grants.get(user.id, ())),
    )
    district = str(student.district_id)
    shelf = [record for record in facts.shelf if record.custodian == district]
    opened = opened_to(facts, shelf, Purpose.COORDINATE, at)
    if not opened:
        return None
    first = next(iter(opened.values()))
    return Onlooker(
        name=user.name,
        title=user.title,
        organization=organization.name,
        outside=organization.id != student.district_id,
        why=why(facts, first),
        kinds=tuple(category for category in Category if category in opened),
        papers=tuple(sorted({paper for told in opened.values() for paper in told.papers})),
    )


def _user(user: User) -> UserFacts:
    return UserFacts(
        id=str(user.id),
        organization=str(user.organization_id),
        level=user.level,
        active=Span(user.active_from, user.active_until),
        building=None if user.school_id is None else str(user.school_id),
    )


def _numbers(session: Session, found: Sequence[Onlooker]) -> dict[str, str]:
    """What people call the papers; a legal basis has no number, and its kind is told by why."""
    ids = {uuid.UUID(paper) for one in found for paper in one.papers}
    if not ids:
        return {}
    consents = session.execute(select(Consent.id, Consent.number).where(Consent.id.in_(ids)))
    agreements = session.execute(
        select(Agreement.id, Agreement.number).where(Agreement.id.in_(ids))
    )
    return {str(key): number for rows in (consents, agreements) for key, number in rows}
