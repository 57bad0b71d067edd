"""Who could have looked on a past day, and who of them did: what the page of it asks."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access import gate, lists, onlookers, reach, trail, visible
from portal.access.actor import Actor
from portal.access.onlookers import TICK, Onlooker, Period
from portal.policy.accounting import GIVING
from portal.policy.spans import local_midnight
from portal.policy.tasks import Task
from portal.store.ledger import Installation, TrailLine, TrailStudent
from portal.store.people import Student, User
from portal.store.places import Organization
from portal.vocabulary import OrganizationKind

MOST_FOUND = 20
MOST_NAMED = 200
LOOKING = (*GIVING, "history.opened", "record.printed", "summary.made")
"""Events by which somebody got to see something of a student."""

SINCE = "standings_since"


@dataclass(frozen=True)
class Choice:
    """A student or a person to ask about, as the reader may know them."""

    id: uuid.UUID
    label: str


@dataclass(frozen=True)
class Looked:
    """Somebody who opened something of the student in the period: how often."""

    user_id: uuid.UUID | None
    name: str
    organization: str
    times: int


@dataclass(frozen=True)
class Told:
    """could: who could have opened something. looked: how often each of them did, by id.

    beside: who opened something and is not among them: what let them in has no date, or ended
    and was written down later.
    """

    could: tuple[Onlooker, ...]
    looked: dict[uuid.UUID, int]
    beside: tuple[Looked, ...]


@dataclass(frozen=True)
class Reach:
    """How many students somebody could have opened, and the first of those I may name."""

    count: int
    names: tuple[str, ...]


def period_of(day: date, clock: time | None, tz: str) -> Period:
    """A whole local day, or one instant of it."""
    if clock is None:
        start = local_midnight(day, tz)
        return Period(start, local_midnight(day + timedelta(days=1), tz))
    start = datetime.combine(day, clock, ZoneInfo(tz)).astimezone(ZoneInfo("UTC"))
    return Period(start, start + TICK)


def kept_since(session: Session) -> datetime | None:
    """From when on role, level and building are written down; None: since the beginning."""
    row = session.get(Installation, SINCE)
    return None if row is None else datetime.fromisoformat(row.value)


def find_students(session: Session, me: Actor, typed: str, at: datetime) -> list[Choice]:
    """By the beginning of a name, as far as my level names students; any by the whole number."""
    me.may(Task.SEE_WHO_COULD).or_refuse()
    if not typed.strip():
        return []
    found = lists.my_students(session, me, at, typed, MOST_FOUND)
    named = {line.id: Choice(line.id, line.label) for line in found}
    by_number = session.scalars(
        select(Student).where(
            Student.district_id == me.organization_id,
            or_(Student.sasid == typed.strip(), Student.local_id == typed.strip()),
            Student.id.not_in(list(named)),
        )
    )
    others = [Choice(row.id, f"Student ··{typed.strip()[-4:]}") for row in by_number]
    return [*named.values(), *others]


def find_people(session: Session, me: Actor, typed: str) -> list[Choice]:
    """People of my district and of partners by a part of the name, those who left among them."""
    me.may(Task.SEE_WHO_COULD).or_refuse()
    if not typed.strip():
        return []
    rows = session.execute(
        select(User.id, User.name, User.title, Organization.name)
        .join(Organization, Organization.id == User.organization_id)
        .where(
            or_(
                User.organization_id == me.organization_id,
                Organization.kind != OrganizationKind.DISTRICT,
            ),
            User.name.icontains(typed.strip(), autoescape=True),
        )
        .order_by(User.name, User.id)
        .limit(MOST_FOUND)
    )
    return [
        Choice(key, ", ".join(part for part in (name, title, organization) if part))
        for key, name, title, organization in rows
    ]


def ask(session: Session, me: Actor, student_id: uuid.UUID, period: Period, at: datetime) -> Told:
    """Who could have opened something of this student in the period, and who did.

    Raises NotFound and Refused as `onlookers.who_could_see`.
    """
    could = onlookers.who_could_see(session, me, student_id, period, at)
    lines = _looked(session, student_id, period)
    counts: Counter[uuid.UUID] = Counter()
    for line in lines:
        if line.user_id is not None:
            counts[line.user_id] += line.times
    known = {one.id for one in could}
    return Told(could, dict(counts), tuple(line for line in lines if line.user_id not in known))


def _looked(session: Session, student_id: uuid.UUID, period: Period) -> list[Looked]:
    rows = session.execute(
        select(TrailLine.user_id, TrailLine.user_name, TrailLine.organization_name)
        .join(TrailStudent, TrailStudent.line_id == TrailLine.id)
        .where(
            TrailStudent.student_id == student_id,
            TrailLine.allowed,
            TrailLine.event.in_(LOOKING),
            TrailLine.at >= period.start,
            TrailLine.at < period.end,
        )
    )
    told = Counter((key, name, organization) for key, name, organization in rows)
    order: Iterable[tuple[tuple[uuid.UUID | None, str, str], int]] = sorted(
        told.items(), key=lambda one: (one[0][1], str(one[0][0]))
    )
    return [Looked(*who, times) for who, times in order]


def ask_of_person(
    session: Session, me: Actor, user_id: uuid.UUID, instant: datetime, at: datetime
) -> Reach:
    """How many students this person could have opened at that instant, and whom of them.

    Named as far as my own level reaches. Raises as `reach.could_open`.
    """
    found = reach.could_open(session, me, user_id, instant, at)
    return Reach(len(found), tuple(_names(session, me, found[:MOST_NAMED], at)))


def _names(session: Session, me: Actor, ids: Sequence[uuid.UUID], at: datetime) -> Iterable[str]:
    rows = session.scalars(
        select(Student)
        .where(Student.id.in_(ids), visible.students_by_number(me, at))
        .order_by(Student.search_name, Student.id)
    ).all()
    entry = trail.Entry(
        "students.listed", True, at, tuple(row.id for row in rows), detail={"count": len(rows)}
    )
    trail.write(session, me, entry)
    for row in rows:
        school = gate.school_of(session, row.id, at)
        told = (f"{row.family_name}, {row.given_name}", school)
        yield " · ".join(part for part in told if part)
