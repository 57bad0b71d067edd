"""A timer for a visit, one for each person: it survives a change of page and a new session.

It is about nobody, so nothing is noted in the trail.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.policy.tasks import Task
from portal.store.support import VisitTimer
from portal.visits.rules import MOST_MINUTES


@dataclass(frozen=True)
class Timer:
    """Running since when, or the minutes that it measured and no visit has used yet."""

    started_at: datetime | None = None
    minutes: int | None = None


def read(session: Session, me: Actor) -> Timer:
    """My timer; a person without one has one that stands still."""
    row = session.get(VisitTimer, me.id)
    return Timer(row.started_at, row.minutes) if row else Timer()


def start(session: Session, me: Actor, at: datetime) -> None:
    """Begin to measure; a timer that runs already, perhaps on another screen, goes on."""
    row = _own(session, me)
    if row.started_at is None:
        row.started_at, row.minutes = at, None


def stop(session: Session, me: Actor, at: datetime) -> int | None:
    """The minutes since it began, at least 1; None when it was not running."""
    row = _own(session, me)
    if row.started_at is None:
        return row.minutes
    row.minutes = passed(row.started_at, at)
    row.started_at = None
    return row.minutes


def forget(session: Session, me: Actor) -> None:
    """The minutes that it measured are used; one that runs goes on."""
    row = session.get(VisitTimer, me.id)
    if row is not None:
        row.minutes = None


def passed(started_at: datetime, at: datetime) -> int:
    """Whole minutes begun since then; a timer left running over night stops at the longest."""
    minutes = math.ceil((at - started_at) / timedelta(minutes=1))
    return min(max(1, minutes), MOST_MINUTES)


def _own(session: Session, me: Actor) -> VisitTimer:
    me.may(Task.LOG_VISIT).or_refuse()
    row = session.get(VisitTimer, me.id)
    if row is None:
        row = VisitTimer(user_id=me.id)
        session.add(row)
    return row
