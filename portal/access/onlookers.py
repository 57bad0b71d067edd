"""Who can see a student's page now, who could on a past day, and why: the gate's rule asked.

Candidates are found with a few questions; whether each of them really may, and why, is the
rule's to say (`policy.onlookers`), so that there is no second telling of it here.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from portal.access import facts as facts_of
from portal.access import gate, trail
from portal.access.actor import Actor
from portal.access.listed import listed
from portal.policy.decision import Decision
from portal.policy.facts import Facts, GrantFacts, RelationFacts, UserFacts
from portal.policy.onlookers import Why, moments, opened_to, why
from portal.policy.spans import Span
from portal.policy.tasks import Task, may_do_for
from portal.store.consents import Consent
from portal.store.oversight import AccessRequest
from portal.store.papers import Agreement, LegalBasis, LegalBasisUser
from portal.store.people import (
    AccessGrant,
    AccessGrantCategory,
    Enrollment,
    Relation,
    StaffLock,
    Student,
    User,
    UserStanding,
)
from portal.store.places import Organization
from portal.store.records import Record
from portal.vocabulary import Category, Level, Purpose

TICK = timedelta(microseconds=1)
EVERYWHERE = (Level.SPECIAL_EDUCATION, Level.SUPERINTENDENT)


@dataclass(frozen=True)
class Onlooker:
    """Somebody who can see the page, or could. kinds: of records that are open to them.

    papers: numbers of the consents and agreements behind it, or of the request that was granted;
    none for what one's own staff see by their level. since: from which instant of what was asked.
    """

    id: uuid.UUID
    name: str
    title: str
    organization: str
    outside: bool
    why: Why
    kinds: tuple[Category, ...]
    since: datetime
    papers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Period:
    """From an instant, included, to another, excluded."""

    start: datetime
    end: datetime


def who_can_see(
    session: Session, me: Actor, student_id: uuid.UUID, at: datetime
) -> tuple[Onlooker, ...]:
    """Everybody to whom the gate opens a record of this student that the district holds, by why.

    Without a line of its own: it tells of staff, and the page that asks has opened the student.
    Raises NotFound or Refused for whoever may not see who has seen the record.
    """
    student, facts = _asked(session, me, student_id, Task.SEE_OPENINGS, at)
    return _everybody(session, student, facts, Period(at, at + TICK), then=False)


def who_could_see(
    session: Session, me: Actor, student_id: uuid.UUID, period: Period, at: datetime
) -> tuple[Onlooker, ...]:
    """Everybody to whom the gate would have opened something of this student in that period.

    By what is dated: standings, relations, enrollments, programs, grants, locks, papers. Told
    for every instant of the period, for between two dates nothing changes. Rather too wide than
    too narrow: what has no date (a draft, a seal that was lifted) is taken as it is today.
    That it was asked is a line of the trail. Raises as `who_can_see`.
    """
    student, facts = _asked(session, me, student_id, Task.SEE_WHO_COULD, at)
    detail = {"from": period.start.isoformat(), "until": period.end.isoformat()}
    trail.write(session, me, trail.Entry("onlookers.asked", True, at, (student_id,), detail=detail))
    return _everybody(session, student, facts, period, then=True)


def _asked(
    session: Session, me: Actor, student_id: uuid.UUID, task: Task, at: datetime
) -> tuple[Student, Facts]:
    student = session.get(Student, student_id)
    if student is None:
        raise gate.NOT_FOUND
    facts = facts_of.load_known(session, me.id, student_id)
    may_do_for(facts, me.role, task, str(student.district_id), at).or_refuse()
    return student, facts


def _everybody(
    session: Session, student: Student, ours: Facts, period: Period, *, then: bool
) -> tuple[Onlooker, ...]:
    people = _candidates(session, student, period, then=then)
    about = _About(
        period=period,
        district=str(student.district_id),
        bases=_bases(session, ours, people, student.id),
        relations=_relations(session, student.id),
        grants=_grants(session, student.id),
        locks=_locks(session, student.id),
        written=_written(session, student.id),
    )
    told = [one for person in people if (one := _onlooker(about, person)) is not None]
    found: dict[uuid.UUID, Onlooker] = {}
    for one in told:
        found[one.id] = _joined(found[one.id], one) if one.id in found else one
    numbers = _numbers(session, [*found.values()])
    order = list(Why)
    named = [
        replace(one, papers=tuple(sorted({numbers[p] for p in one.papers if p in numbers})))
        for one in found.values()
    ]
    return tuple(
        sorted(named, key=lambda one: (order.index(one.why), one.organization, one.name, one.id))
    )


def _joined(first: Onlooker, then: Onlooker) -> Onlooker:
    """Somebody who stood twice in the period: in two buildings, or with two levels."""
    kinds = {*first.kinds, *then.kinds}
    return replace(
        first,
        kinds=tuple(kind for kind in Category if kind in kinds),
        papers=(*first.papers, *then.papers),
    )


@dataclass(frozen=True)
class _Person:
    """Somebody as they stood, now or then."""

    user: User
    organization: Organization
    stood: UserFacts


People = Sequence[_Person]


def _candidates(session: Session, student: Student, period: Period, *, then: bool) -> People:
    related = select(Relation.user_id).where(
        Relation.student_id == student.id, _touches(period, Relation.starts_at, Relation.ends_at)
    )
    stood = _standings(then=then).subquery()
    rows = session.execute(
        select(User, Organization, stood)
        .join(Organization, Organization.id == User.organization_id)
        .join(stood, stood.c.user_id == User.id)
        .where(
            _touches(period, stood.c.starts_at, stood.c.ends_at),
            or_(
                User.id.in_(related),
                _of_district(student, period, stood.c),
                _of_others(student, stood.c),
            ),
        )
        .order_by(stood.c.starts_at)
    )
    return [
        _Person(
            row.User,
            row.Organization,
            UserFacts(
                id=str(row.User.id),
                organization=str(row.User.organization_id),
                level=row.level,
                active=Span(row.starts_at, row.ends_at),
                building=None if row.school_id is None else str(row.school_id),
            ),
        )
        for row in rows
    ]


def _standings(*, then: bool) -> Select[*tuple[Any, ...]]:
    """What people are, or what they were from when to when."""
    if then:
        kept = UserStanding
        return select(kept.user_id, kept.level, kept.school_id, kept.starts_at, kept.ends_at)
    return select(
        User.id.label("user_id"),
        User.level,
        User.school_id,
        User.active_from.label("starts_at"),
        User.active_until.label("ends_at"),
    )


def _touches(period: Period, start: Any, end: Any) -> ColumnElement[bool]:
    return and_(start < period.end, or_(end.is_(None), period.start < end))


def _of_district(student: Student, period: Period, stood: Any) -> ColumnElement[bool]:
    schools = select(Enrollment.school_id).where(
        Enrollment.student_id == student.id,
        _touches(period, Enrollment.starts_at, Enrollment.ends_at),
    )
    granted = select(AccessGrant.user_id).where(AccessGrant.student_id == student.id)
    return and_(
        User.organization_id == student.district_id,
        or_(
            stood.level.in_(EVERYWHERE),
            and_(stood.level == Level.PRINCIPAL, stood.school_id.in_(schools)),
            User.id.in_(granted),
        ),
    )


def _of_others(student: Student, stood: Any) -> ColumnElement[bool]:
    """Of those to whom a paper about the student is addressed: who needs no relation of their own.

    Any of an agency whose agreement asks for no team; of another district, who leads.
    """
    addressed = select(Consent.recipient_id).where(Consent.student_id == student.id)
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
            or_(waived, stood.level.in_([*EVERYWHERE, Level.PRINCIPAL])),
        ),
        User.id.in_(named),
    )


Related = dict[uuid.UUID, list[RelationFacts]]
Granted = dict[uuid.UUID, list[GrantFacts]]


def _relations(session: Session, student_id: uuid.UUID) -> Related:
    found: Related = defaultdict(list)
    for row in session.scalars(select(Relation).where(Relation.student_id == student_id)):
        found[row.user_id].append(RelationFacts(row.kind, Span(row.starts_at, row.ends_at)))
    return found


def _grants(session: Session, student_id: uuid.UUID) -> Granted:
    rows = session.scalars(select(AccessGrant).where(AccessGrant.student_id == student_id)).all()
    opened = listed(session, AccessGrantCategory, "access_grant_id", "category", rows)
    found: Granted = defaultdict(list)
    for row in rows:
        found[row.user_id].append(facts_of.of_grant(row, opened[row.id]))
    return found


def _locks(session: Session, student_id: uuid.UUID) -> dict[uuid.UUID, list[Span]]:
    found: dict[uuid.UUID, list[Span]] = defaultdict(list)
    for row in session.scalars(select(StaffLock).where(StaffLock.student_id == student_id)):
        found[row.user_id].append(Span(row.starts_at, row.ends_at))
    return found


def _written(session: Session, student_id: uuid.UUID) -> dict[str, datetime]:
    """Since when each record is there, where that is known."""
    rows = session.execute(
        select(Record.id, Record.written_at).where(Record.student_id == student_id)
    )
    return {str(key): written for key, written in rows if written is not None}


def _bases(
    session: Session, ours: Facts, people: People, student_id: uuid.UUID
) -> dict[str, Facts]:
    """For each organization the facts that all its people share: papers, agreements, the shelf."""
    found = {ours.user.organization: ours}
    for person in people:
        key = str(person.organization.id)
        if key not in found:
            found[key] = facts_of.load_known(session, person.user.id, student_id)
    return found


@dataclass(frozen=True)
class _About:
    """What is known about one student and everybody who might see them."""

    period: Period
    district: str
    bases: dict[str, Facts]
    relations: Related
    grants: Granted
    locks: dict[uuid.UUID, list[Span]]
    written: dict[str, datetime]


def _onlooker(about: _About, person: _Person) -> Onlooker | None:
    user, organization = person.user, person.organization
    facts = replace(
        about.bases[str(organization.id)],
        user=person.stood,
        relations=tuple(about.relations.get(user.id, ())),
        grants=tuple(about.grants.get(user.id, ())),
        locks=tuple(about.locks.get(user.id, ())),
    )
    held = [record for record in facts.shelf if record.custodian == about.district]
    opened: dict[str, Decision] = {}
    since = None
    start, end = about.period.start, about.period.end
    written = {at for at in about.written.values() if start <= at < end}
    for moment in sorted({*moments(facts, start, end), *written}):
        shelf = [one for one in held if about.written.get(one.id, moment) <= moment]
        now_open = opened_to(facts, shelf, Purpose.COORDINATE, moment)
        since = since or (moment if now_open else None)
        opened = now_open | opened
    if since is None:
        return None
    first = next(iter(opened.values()))
    grants = {grant for told in opened.values() for grant in told.grants}
    return Onlooker(
        id=user.id,
        name=user.name,
        title=user.title,
        organization=organization.name,
        outside=str(organization.id) != about.district,
        why=why(facts, first),
        kinds=tuple(category for category in Category if category in opened),
        papers=tuple({p for told in opened.values() for p in told.papers} | grants),
        since=since,
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
    grants = session.execute(
        select(AccessGrant.id, AccessRequest.number)
        .join(AccessRequest, AccessRequest.id == AccessGrant.request_id)
        .where(AccessGrant.id.in_(ids))
    )
    return {str(key): number for rows in (consents, agreements, grants) for key, number in rows}
