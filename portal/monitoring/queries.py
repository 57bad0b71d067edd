"""What the pages of monitoring ask: emergencies, what is unusual, and who looks after it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.access import gate, locks, trail, visible
from portal.access.actor import Actor
from portal.access.lists import fold
from portal.access.sql import within
from portal.monitoring.settings import limits_of
from portal.policy.emergencies import judged_by, may_declare
from portal.policy.tasks import Task
from portal.policy.use import LOOKED_UP, may_watch
from portal.store.oversight import UseFlag
from portal.store.people import AccessGrant, AccessGrantCategory, Student, User
from portal.vocabulary import Category, GrantKind, Role

MOST_FOUND = 5
DECLARED = AccessGrant.kind == GrantKind.EMERGENCY


# Finding somebody in an emergency


@dataclass(frozen=True)
class Candidate:
    """A student who is called so, or has this number: as much as tells two of them apart."""

    id: uuid.UUID
    name: str
    grade: str
    school: str


def look_up(session: Session, me: Actor, typed: str, at: datetime) -> list[Candidate]:
    """Students of my district by their whole name or number: never a list to browse.

    That somebody looked is a line of the trail, about each who was found.
    """
    may_declare(me.role, me.level).or_refuse()
    wanted = " ".join(typed.replace(",", " ").split())
    rows = session.scalars(
        select(Student)
        .where(_called(wanted), *_mine(me, at))
        .order_by(Student.search_name, Student.id)
        .limit(MOST_FOUND)
    ).all()
    entry = trail.Entry(
        LOOKED_UP, bool(rows), at, tuple(row.id for row in rows), opened=["identity"]
    )
    trail.write(session, me, entry)
    return [
        Candidate(
            row.id,
            f"{row.given_name} {row.family_name}",
            row.grade,
            gate.school_of(session, row.id, at),
        )
        for row in rows
    ]


def _called(wanted: str) -> ColumnElement[bool]:
    """The whole of a name in either order, or the whole of a number."""
    folded = fold(wanted)
    turned = f"{folded.split(' ')[-1]} {' '.join(folded.split(' ')[:-1])}".strip()
    by_name = and_(Student.search_name.in_([folded, turned]), Student.search_name != "")
    if not wanted.isalnum() or not any(c.isdigit() for c in wanted):
        return by_name if " " in folded else Student.id.is_(None)
    return or_(Student.sasid == wanted, Student.local_id == wanted)


def _mine(me: Actor, at: datetime) -> list[ColumnElement[bool]]:
    return [Student.district_id == me.organization_id, locks.unlocked(me, Student.id, at)]


def is_within_reach(session: Session, me: Actor, student_id: uuid.UUID, at: datetime) -> bool:
    """Is it a student of my district, whom no lock keeps from me?"""
    found = select(Student.id).where(Student.id == student_id, *_mine(me, at))
    return session.scalar(found) is not None


# Emergencies


@dataclass(frozen=True)
class Emergency:
    """A declared emergency, for its opener and for whoever looks after it.

    due: until when a second person has looked. late: nobody has. student: as whoever looks
    after it may know them; empty for the opener.
    """

    id: uuid.UUID
    user_id: uuid.UUID
    person: str
    student_id: uuid.UUID
    kinds: tuple[Category, ...]
    threat: str
    starts_at: datetime
    ends_at: datetime
    due: datetime
    late: bool
    told_at: datetime | None
    reviewed_at: datetime | None
    reviewer: str
    proper: bool | None
    note: str
    student: str = ""

    def is_open(self, at: datetime) -> bool:
        """Does it open anything at this instant?"""
        return self.starts_at <= at < self.ends_at


def mine(session: Session, me: Actor, at: datetime) -> list[Emergency]:
    """My own emergencies, the newest first: those open now, and those that wait for a review."""
    may_declare(me.role, me.level).or_refuse()
    waits = or_(AccessGrant.ends_at > at, AccessGrant.reviewed_at.is_(None))
    return _emergencies(session, me, at, AccessGrant.user_id == me.id, waits)


def of_district(session: Session, me: Actor, at: datetime) -> list[Emergency]:
    """The emergencies of my district: those not looked at first, then the newest.

    The student is named as far as my level reaches, and by the end of the number beyond.
    """
    me.may(Task.WATCH_USE).or_refuse()
    found = _emergencies(session, me, at)
    names = _names(session, me, {one.student_id for one in found}, at)
    found = [replace(one, student=names[one.student_id]) for one in found]
    return sorted(found, key=lambda one: (one.reviewed_at is not None,))


def open_about(session: Session, me: Actor, student_id: uuid.UUID, at: datetime) -> list[Emergency]:
    """Emergencies in which this student is open now. The page that asks has opened the student."""
    return _emergencies(
        session,
        me,
        at,
        AccessGrant.student_id == student_id,
        within(AccessGrant.starts_at, AccessGrant.ends_at, at),
    )


def emergency(session: Session, me: Actor, grant_id: uuid.UUID) -> AccessGrant | None:
    """The row, when it is of somebody of my district."""
    return session.scalar(
        select(AccessGrant)
        .join(User, User.id == AccessGrant.user_id)
        .where(AccessGrant.id == grant_id, DECLARED, User.organization_id == me.organization_id)
    )


def not_yet_reviewed(session: Session, user_id: uuid.UUID, student_id: uuid.UUID) -> bool:
    """Has this person an emergency about this student that nobody has looked at?"""
    found = select(AccessGrant.id).where(
        DECLARED,
        AccessGrant.user_id == user_id,
        AccessGrant.student_id == student_id,
        AccessGrant.reviewed_at.is_(None),
    )
    return session.scalar(found.limit(1)) is not None


def _emergencies(
    session: Session, me: Actor, at: datetime, *conditions: ColumnElement[bool]
) -> list[Emergency]:
    reviewer = _name_of(AccessGrant.reviewed_by)
    rows = session.execute(
        select(AccessGrant, User.name, reviewer)
        .join(User, User.id == AccessGrant.user_id)
        .where(DECLARED, User.organization_id == me.organization_id, *conditions)
        .order_by(AccessGrant.starts_at.desc(), AccessGrant.id)
    ).all()
    kinds = _kinds(session, [row.id for row, _name, _reviewer in rows])
    holidays = limits_of(session, me.organization_id).holidays
    told = []
    for row, name, by in rows:
        due = judged_by(row.starts_at, me.tz, holidays)
        told.append(
            Emergency(
                id=row.id,
                user_id=row.user_id,
                person=name,
                student_id=row.student_id,
                kinds=tuple(kind for kind in Category if kind in kinds[row.id]),
                threat=row.reason,
                starts_at=row.starts_at,
                ends_at=row.ends_at or row.starts_at,
                due=due,
                late=row.reviewed_at is None and due <= at,
                told_at=row.told_at,
                reviewed_at=row.reviewed_at,
                reviewer=by or "",
                proper=row.proper,
                note=row.review_note,
            )
        )
    return told


def _names(session: Session, me: Actor, ids: set[uuid.UUID], at: datetime) -> dict[uuid.UUID, str]:
    if not ids:
        return {}
    reached = set(
        session.scalars(
            select(Student.id).where(Student.id.in_(ids), visible.students_by_number(me, at))
        )
    )
    entry = trail.Entry("students.listed", True, at, tuple(sorted(reached, key=str)))
    trail.write(session, me, entry)
    rows = session.scalars(select(Student).where(Student.id.in_(ids)))
    return {
        row.id: f"{row.given_name} {row.family_name}"
        if row.id in reached
        else f"Student ··{(row.sasid or row.local_id)[-4:]}"
        for row in rows
    }


def _name_of(column: InstrumentedAttribute[uuid.UUID | None]) -> ColumnElement[str]:
    other = select(User.name).where(User.id == column).correlate(AccessGrant)
    return other.scalar_subquery()


def _kinds(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    rows = session.scalars(
        select(AccessGrantCategory).where(AccessGrantCategory.access_grant_id.in_(ids))
    )
    for row in rows:
        found[row.access_grant_id].add(row.category)
    return found


# Who looks after it


@dataclass(frozen=True)
class Waiting:
    """How much waits for somebody who looks after the use: numbers alone, for a mail."""

    reviews: int = 0
    findings: int = 0


def waiting(session: Session, me: Actor, at: datetime) -> Waiting:
    """What this person may settle; nothing for whoever looks after nothing.

    An administrator is told of every review; the superintendent of those that are overdue.
    """
    if not may_watch(me.role):
        return Waiting()
    findings = select(func.count()).where(
        UseFlag.organization_id == me.organization_id,
        UseFlag.settled_at.is_(None),
        UseFlag.user_id != me.id,
    )
    count = session.scalar(findings) or 0
    if not me.may(Task.WATCH_USE):
        return Waiting(findings=count)
    to_review = _emergencies(
        session, me, at, AccessGrant.reviewed_at.is_(None), AccessGrant.user_id != me.id
    )
    late = [one for one in to_review if one.late]
    return Waiting(
        reviews=len(late if me.role is Role.SUPERINTENDENT else to_review),
        findings=count,
    )


@dataclass(frozen=True)
class Watcher:
    """Somebody who is told by mail that something waits."""

    id: uuid.UUID
    address: str
    role: Role


def watchers(
    session: Session, organization_id: uuid.UUID, at: datetime, but: Iterable[uuid.UUID] = ()
) -> list[Watcher]:
    """Whoever of an organization looks after its worklist and can be told by mail."""
    roles = [role for role in Role if may_watch(role)]
    rows = session.scalars(
        select(User)
        .where(
            User.organization_id == organization_id,
            User.role.in_(roles),
            User.email != "",
            User.id.not_in([*but]),
            within(User.active_from, User.active_until, at),
        )
        .order_by(User.name, User.id)
    )
    return [Watcher(row.id, row.email, row.role) for row in rows]
