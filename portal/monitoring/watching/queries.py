"""What the trail says about the use of the portal: a day of it, what is usual, what was found."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from portal.access import partner_use, stops
from portal.access.actor import Actor
from portal.access.sql import within
from portal.policy.exports import OF_ONESELF
from portal.policy.tasks import Task
from portal.policy.use import LOOKED_UP, OPENING, may_watch
from portal.store.ledger import TrailLine, TrailStudent
from portal.store.oversight import DataExport, UseFlag
from portal.store.people import User
from portal.store.places import Organization
from portal.vocabulary import FlagOutcome, Level, OrganizationKind, UseFlagKind

MOST_SHOWN = 200


@dataclass(frozen=True)
class Whose:
    """Whose use is gone over: some lines of the trail, and of the students in them those told.

    students: empty for all of them. by_partners: of a partner's people, whom a referral brings
    their students. own: the organization's own, whose files it counts, too.
    """

    lines: tuple[ColumnElement[bool], ...]
    students: tuple[ColumnElement[bool], ...] = ()
    by_partners: bool = False
    own: bool = False


def own_people(organization: Organization) -> Whose:
    """The organization's own people, whatever they do."""
    return Whose(
        (TrailLine.organization_id == organization.id,),
        by_partners=organization.kind is not OrganizationKind.DISTRICT,
        own=True,
    )


def partners_people(district_id: uuid.UUID) -> Whose:
    """People of whoever is no district, as far as it is about this district's students."""
    partners = select(Organization.id).where(Organization.kind != OrganizationKind.DISTRICT)
    return Whose(
        (TrailLine.organization_id.in_(partners), partner_use.about(district_id)),
        (partner_use.is_of(district_id),),
        by_partners=True,
    )


@dataclass(frozen=True)
class Line:
    """As much of a trail line as tells of somebody's use."""

    user_id: uuid.UUID
    organization_id: uuid.UUID
    at: datetime
    event: str
    allowed: bool
    codes: tuple[str, ...]
    students: frozenset[uuid.UUID]


def lines(session: Session, whose: Whose, start: datetime, end: datetime) -> list[Line]:
    """What these people opened or looked up, and what was refused to them, then."""
    about: dict[int, set[uuid.UUID]] = defaultdict(set)
    wanted = [
        *whose.lines,
        TrailLine.user_id.is_not(None),
        TrailLine.at >= start,
        TrailLine.at < end,
        or_(TrailLine.event.in_(sorted({*OPENING, LOOKED_UP})), TrailLine.allowed.is_(False)),
    ]
    pairs = session.execute(
        select(TrailStudent.line_id, TrailStudent.student_id)
        .join(TrailLine, TrailLine.id == TrailStudent.line_id)
        .where(*wanted, *whose.students)
    )
    for line_id, student_id in pairs:
        about[line_id].add(student_id)
    rows = session.execute(
        select(
            TrailLine.id,
            TrailLine.user_id,
            TrailLine.organization_id,
            TrailLine.at,
            TrailLine.event,
            TrailLine.allowed,
            TrailLine.codes,
        )
        .where(*wanted)
        .order_by(TrailLine.id)
    )
    return [
        Line(
            row.user_id,
            row.organization_id,
            row.at,
            row.event,
            row.allowed,
            tuple(row.codes),
            frozenset(about[row.id]),
        )
        for row in rows
    ]


def exported(
    session: Session, organization_id: uuid.UUID, start: datetime, end: datetime
) -> dict[uuid.UUID, int]:
    """How many rows each person of this organization took out in that time."""
    rows = session.execute(
        select(DataExport.user_id, func.sum(DataExport.rows))
        .where(
            DataExport.organization_id == organization_id,
            DataExport.kind.not_in(OF_ONESELF),
            DataExport.made_at >= start,
            DataExport.made_at < end,
        )
        .group_by(DataExport.user_id)
    )
    return {user_id: int(count) for user_id, count in rows}


@dataclass(frozen=True)
class Usual:
    """Of one person: how many openings there are on a day on which they open anything."""

    organization_id: uuid.UUID
    level: Level
    students: float


def usual(session: Session, whose: Whose, start: datetime, end: datetime) -> dict[uuid.UUID, Usual]:
    """What is usual for each of these people, by the days before."""
    rows = session.execute(
        select(
            TrailLine.user_id,
            User.organization_id,
            User.level,
            func.count(),
            func.count(func.date(TrailLine.at).distinct()),
        )
        .join(User, User.id == TrailLine.user_id)
        .where(
            *whose.lines,
            TrailLine.at >= start,
            TrailLine.at < end,
            TrailLine.event.in_(sorted(OPENING)),
            TrailLine.allowed,
        )
        .group_by(TrailLine.user_id, User.organization_id, User.level)
    )
    return {row[0]: Usual(row[1], row[2], row[3] / row[4]) for row in rows if row[0] is not None}


def people(session: Session, user_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, User]:
    """Each of these people, by their key."""
    return {user.id: user for user in session.scalars(select(User).where(User.id.in_([*user_ids])))}


def organizations(session: Session, at: datetime) -> Sequence[Organization]:
    """The organizations of this portal that are active, the districts and the partners."""
    return session.scalars(
        select(Organization)
        .where(within(Organization.active_from, Organization.active_until, at))
        .order_by(Organization.name, Organization.id)
    ).all()


def organization(session: Session, organization_id: uuid.UUID) -> Organization:
    """One that is known to be there."""
    return session.get_one(Organization, organization_id)


# What was found


def flag_of(
    session: Session,
    organization_id: uuid.UUID,
    user_id: uuid.UUID,
    kind: UseFlagKind,
    day: date,
) -> UseFlag | None:
    """The finding of this kind about this person on this day, on this worklist."""
    return session.scalar(
        select(UseFlag).where(
            UseFlag.organization_id == organization_id,
            UseFlag.user_id == user_id,
            UseFlag.kind == kind,
            UseFlag.day == day,
        )
    )


def untold(session: Session, organization_id: uuid.UUID) -> Sequence[UseFlag]:
    """Findings that wait and of which nobody was told by mail."""
    return session.scalars(
        select(UseFlag).where(
            UseFlag.organization_id == organization_id,
            UseFlag.settled_at.is_(None),
            UseFlag.told_at.is_(None),
        )
    ).all()


@dataclass(frozen=True)
class Finding:
    """A finding as a page shows it. limit, usual: beside which it stands out; None: unknown.

    partner: the name of the person's organization, where that is another one; empty for ours.
    """

    id: uuid.UUID
    user_id: uuid.UUID
    person: str
    partner: str
    title: str
    kind: UseFlagKind
    day: date
    count: int
    limit: int | None
    own_usual: float | None
    colleagues_usual: float | None
    settled_at: datetime | None
    settler: str
    outcome: FlagOutcome | None
    note: str


def findings(session: Session, me: Actor, *, settled: bool) -> list[Finding]:
    """Of my organization's worklist those that wait, oldest first; or the settled, newest first."""
    may_watch(me.role).or_refuse()
    settler = select(User.name).where(User.id == UseFlag.settled_by).correlate(UseFlag)
    order = (UseFlag.settled_at.desc(),) if settled else (UseFlag.day,)
    rows = session.execute(
        select(UseFlag, User, Organization.name, settler.scalar_subquery())
        .join(User, User.id == UseFlag.user_id)
        .join(Organization, Organization.id == User.organization_id)
        .where(
            UseFlag.organization_id == me.organization_id,
            UseFlag.settled_at.is_not(None) if settled else UseFlag.settled_at.is_(None),
        )
        .order_by(*order, UseFlag.id)
        .limit(MOST_SHOWN)
    )
    return [
        Finding(
            id=row.id,
            user_id=row.user_id,
            person=user.name,
            partner="" if user.organization_id == me.organization_id else organization,
            title=user.title,
            kind=row.kind,
            day=row.day,
            count=row.count,
            limit=row.detail.get("limit"),
            own_usual=row.detail.get("own_usual"),
            colleagues_usual=row.detail.get("colleagues_usual"),
            settled_at=row.settled_at,
            settler=by or "",
            outcome=row.outcome,
            note=row.note,
        )
        for row, user, organization, by in rows
    ]


def by_kind(session: Session, me: Actor, since: date) -> dict[UseFlagKind, tuple[int, int]]:
    """Of each kind since that day: how many, and how many of them turned out proper."""
    may_watch(me.role).or_refuse()
    proper = func.count().filter(UseFlag.outcome == FlagOutcome.PROPER)
    rows = session.execute(
        select(UseFlag.kind, func.count(), proper)
        .where(UseFlag.organization_id == me.organization_id, UseFlag.day >= since)
        .group_by(UseFlag.kind)
    )
    return {kind: (every, fine) for kind, every, fine in rows}


# Who is stopped


@dataclass(frozen=True)
class Stopped:
    """Somebody to whom nothing more opens, since when."""

    user_id: uuid.UUID
    person: str
    organization: str
    since: datetime


def looked_after(session: Session, me: Actor) -> set[uuid.UUID]:
    """The organizations whose stopped people I look after: a district also those of partners."""
    if not me.may(Task.WATCH_USE):
        return {me.organization_id}
    rows = session.scalars(
        select(Organization.id).where(
            or_(
                Organization.id == me.organization_id,
                Organization.kind != OrganizationKind.DISTRICT,
            )
        )
    )
    return set(rows)


def stopped(session: Session, me: Actor) -> list[Stopped]:
    """Everybody whose last word is a stop, the latest first."""
    may_watch(me.role).or_refuse()
    ids = session.scalars(select(TrailLine.subject).where(stops.OF_STOPS).distinct())
    ours = looked_after(session, me)
    found = []
    for subject in ids:
        user = session.get(User, uuid.UUID(subject))
        last = stops.last_word(session, uuid.UUID(subject))
        if user is None or last is None or user.organization_id not in ours:
            continue
        if last.event == stops.STOPPED:
            found.append(Stopped(user.id, user.name, last.organization_name, last.at))
    return sorted(found, key=lambda one: (one.since, one.person), reverse=True)
