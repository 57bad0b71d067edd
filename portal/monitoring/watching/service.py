"""Unusual use: a day of the trail is gone over, and what is found is settled by a person.

Policy, Proper Use 5: records of those using the system are maintained and monitored. It is not
for evaluating staff, and says so where it is shown.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import partner_use, stops, trail
from portal.access.actor import Actor
from portal.errors import NotFound, NotReady, Problem, Refused
from portal.monitoring.settings import limits_of
from portal.monitoring.watching import queries as usage
from portal.monitoring.watching.queries import Line, Usual, Whose
from portal.policy.spans import local_midnight
from portal.policy.tasks import Task
from portal.policy.use import (
    OPENING,
    OUT_OF_REACH,
    OUT_OF_REACH_OF_PARTNERS,
    DayOfUse,
    Found,
    Limits,
    is_off_hours,
    may_settle,
    may_watch,
    unusual,
)
from portal.store.oversight import UseFlag
from portal.store.people import User
from portal.store.places import Organization
from portal.vocabulary import FlagOutcome, OrganizationKind

USUAL_DAYS = 30
LONGEST_NOTE = 2000
NO_FLAG = NotFound(
    "There is no such finding.", "Choose one from the list on the page Use of the portal."
)
NOT_STOPPED = Refused("Nothing is stopped for this person.", "Open the page again.")


# Going over a day


def go_over(session: Session, organization: Organization, day: date, at: datetime) -> int:
    """Write down what was unusual on this local day; how many findings are new.

    Of the organization's own people; for a district also of partners' people, as far as it is
    about that district's students. Idempotent: the same day again changes no finding that
    somebody has settled, and of the others only how much there was. A finding holds counts,
    never a student.
    """
    overseen = [usage.own_people(organization)]
    if organization.kind is OrganizationKind.DISTRICT:
        overseen.append(usage.partners_people(organization.id))
    new = sum(_gone_over(session, organization, whose, day, at) for whose in overseen)
    session.flush()
    entry = trail.Entry(
        "use.gone_over",
        True,
        at,
        detail={"day": day.isoformat(), "new": new},
        by="portal watch",
        organization=(organization.id, organization.name),
    )
    trail.write(session, None, entry)
    return new


def _gone_over(
    session: Session, organization: Organization, whose: Whose, day: date, at: datetime
) -> int:
    start = local_midnight(day, organization.tz)
    end = min(local_midnight(day + timedelta(days=1), organization.tz), at)
    limits = limits_of(session, organization.id)
    told = usage.lines(session, whose, start, end)
    used = _tallies(told, organization.tz, limits, by_partners=whose.by_partners)
    if whose.by_partners:
        _not_referred(session, told, used)
    if whose.own:
        for user_id, rows in usage.exported(session, organization.id, start, end).items():
            used[user_id].exported = rows
    usual = usage.usual(session, whose, start - timedelta(days=USUAL_DAYS), start)
    people = usage.people(session, used)
    new = 0
    for user_id, tally in sorted(used.items(), key=lambda one: one[0].hex):
        if user_id in people:
            about = _day_of_use(tally, people[user_id], usual)
            for found in unusual(about, limits):
                new += _keep(session, organization.id, user_id, found, about, day, at)
    return new


@dataclass
class _Tally:
    """What one person did on the day, as it is counted."""

    students: set[uuid.UUID] = field(default_factory=set)
    strangers: set[uuid.UUID] = field(default_factory=set)
    off_hours: int = 0
    refused: int = 0
    exported: int = 0


def _tallies(
    lines: Iterable[Line], tz: str, limits: Limits, *, by_partners: bool
) -> dict[uuid.UUID, _Tally]:
    zone = ZoneInfo(tz)
    strange = OUT_OF_REACH_OF_PARTNERS if by_partners else OUT_OF_REACH
    found: dict[uuid.UUID, _Tally] = defaultdict(_Tally)
    for line in lines:
        tally = found[line.user_id]
        if line.allowed and line.event in OPENING:
            tally.students |= line.students
            tally.off_hours += is_off_hours(line.at.astimezone(zone), limits)
        elif line.allowed:
            tally.strangers |= line.students
        else:
            tally.refused += 1
            if strange & set(line.codes):
                tally.strangers |= line.students
    return found


def _not_referred(session: Session, lines: Iterable[Line], used: dict[uuid.UUID, _Tally]) -> None:
    """Whom a partner's people opened without any referral to their agency is looked at, too."""
    opened = [line for line in lines if line.allowed]
    known = partner_use.referred(
        session,
        {line.organization_id for line in opened},
        {student for line in opened for student in line.students},
    )
    for line in opened:
        used[line.user_id].strangers |= {
            student for student in line.students if (line.organization_id, student) not in known
        }


def _day_of_use(tally: _Tally, user: User, usual: Mapping[uuid.UUID, Usual]) -> DayOfUse:
    others = sorted(
        one.students
        for key, one in usual.items()
        if (one.organization_id, one.level) == (user.organization_id, user.level) and key != user.id
    )
    own = usual.get(user.id)
    return DayOfUse(
        level=user.level,
        opened=len(tally.students),
        own_usual=own.students if own else None,
        colleagues_usual=others[len(others) // 2] if others else None,
        off_hours=tally.off_hours,
        strangers=len(tally.strangers),
        refused=tally.refused,
        exported=tally.exported,
    )


def _keep(
    session: Session,
    organization_id: uuid.UUID,
    user_id: uuid.UUID,
    found: Found,
    about: DayOfUse,
    day: date,
    at: datetime,
) -> int:
    told = {
        "limit": found.limit,
        "own_usual": about.own_usual,
        "colleagues_usual": about.colleagues_usual,
    }
    row = usage.flag_of(session, organization_id, user_id, found.kind, day)
    if row is None:
        row = UseFlag(
            organization_id=organization_id,
            user_id=user_id,
            kind=found.kind,
            day=day,
            found_at=at,
        )
        row.count, row.detail = found.count, told
        session.add(row)
        return 1
    if row.settled_at is None:
        row.count, row.detail = found.count, told
    return 0


# Settling


def settle(
    session: Session,
    me: Actor,
    flag_id: uuid.UUID,
    outcome: FlagOutcome | None,
    note: str,
    at: datetime,
) -> None:
    """Somebody looked at it: what came of it, once. Never one's own.

    Raises Refused, NotFound for another worklist's, and NotReady with every problem.
    """
    may_watch(me.role).or_refuse()
    row = session.get(UseFlag, flag_id)
    if row is None or row.organization_id != me.organization_id:
        raise NO_FLAG
    may_settle(str(row.user_id), str(me.id), me.role).or_refuse()
    found = []
    if outcome is None:
        found.append(Problem("Nothing is decided.", "Choose what came of it.", "What came of it"))
    if not note.strip() or len(note) > LONGEST_NOTE:
        problem = Problem("There is no note.", "Say in a sentence what you looked at.", "Note")
        found.append(problem)
    if found:
        raise NotReady(found)
    if row.settled_at is not None:
        return
    row.settled_at, row.settled_by = at, me.id
    row.outcome, row.note = outcome, note.strip()
    session.flush()
    told = {"kind": str(row.kind), "outcome": str(outcome), "user": str(row.user_id)}
    entry = trail.Entry("use.settled", True, at, subject=str(row.id), detail=told)
    trail.write(session, me, entry)


def let_go_on(session: Session, me: Actor, user_id: uuid.UUID, at: datetime) -> None:
    """Lift the stop of somebody who had opened too much. Never one's own.

    Raises Refused where nothing is stopped, NotFound for another district's people.
    """
    me.may(Task.WATCH_USE).or_refuse()
    user = session.get(User, user_id)
    if user is None or user.organization_id not in usage.looked_after(session, me):
        raise NO_FLAG
    may_settle(str(user_id), str(me.id), me.role).or_refuse()
    last = stops.last_word(session, user_id)
    if last is None or last.event != stops.STOPPED:
        raise NOT_STOPPED
    trail.write(session, me, trail.Entry(stops.LIFTED, True, at, subject=str(user_id)))


def told(session: Session, flags: Iterable[UseFlag], at: datetime) -> None:
    """Somebody was mailed that these wait."""
    for row in flags:
        row.told_at = at
    session.flush()
