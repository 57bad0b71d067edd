"""What somebody did, without whom: their own visits for their own use of time.

No student is in it, and none can be found from it, so it goes on when a caseload ends. It is
for nobody but the person: no manager reads it (look-and-feel, "managers see groups").
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.store.records import Record, Visit, VisitServiceLine
from portal.vocabulary import Attendance, VisitMode


@dataclass(frozen=True)
class MyVisit:
    """A visit of mine. purpose, services: codes of the word lists. group: one of a group's."""

    at: datetime
    minutes: int
    purpose: str
    services: tuple[str, ...]
    mode: VisitMode
    attendance: Attendance
    credential: str
    group: uuid.UUID | None


def my_visits(session: Session, me: Actor, begin: datetime, end: datetime) -> tuple[MyVisit, ...]:
    """My visits that began from `begin` until before `end`, the first one first."""
    rows = session.execute(
        select(Visit, Record.event_at)
        .join(Record, Record.id == Visit.record_id)
        .where(
            Visit.staff_id == me.id,
            Record.author_id == me.id,
            Record.draft.is_(False),
            Record.sealed_from.is_(None),
            Record.event_at >= begin,
            Record.event_at < end,
        )
        .order_by(Record.event_at, Record.id)
    ).all()
    services = _services(session, [visit.record_id for visit, _at in rows])
    return tuple(
        MyVisit(
            at=at,
            minutes=visit.minutes,
            purpose=visit.purpose,
            services=tuple(sorted(services[visit.record_id])),
            mode=visit.mode,
            attendance=visit.attendance,
            credential=visit.credential,
            group=visit.group_id,
        )
        for visit, at in rows
    )


def _services(session: Session, ids: list[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    lines = select(VisitServiceLine).where(VisitServiceLine.visit_id.in_(ids))
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    for line in session.scalars(lines):
        found[line.visit_id].append(line.service)
    return found
