"""Whether an agency has room: as it told itself, on which day; nothing about anybody.

capacity.tell(session, me, service_id, Capacity.WAITING_LIST, 6, at)
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import trail
from portal.access.actor import Actor
from portal.errors import NotFound, NotReady, Problem
from portal.policy.tasks import Task
from portal.referrals.rules import LONGEST_WAIT
from portal.referrals.sending import queries
from portal.store.places import AgencyService
from portal.store.support import ServiceCapacity
from portal.vocabulary import Capacity

NO_SUCH_SERVICE = NotFound(
    "Your agency has no such service.", "Choose one of your agency's services."
)


@dataclass(frozen=True)
class CapacityLine:
    """What was told last of a service; service_id None: of the agency as a whole."""

    agency_id: uuid.UUID
    service_id: uuid.UUID | None
    capacity: Capacity
    weeks: int | None
    told_at: datetime


def tell(
    session: Session,
    me: Actor,
    service_id: uuid.UUID | None,
    capacity: Capacity | None,
    weeks: int | None,
    at: datetime,
) -> CapacityLine:
    """My agency tells whether it, or one service of it, has room. weeks: of a waiting list."""
    me.may(Task.ANSWER_REFERRAL).or_refuse()
    service = None if service_id is None else session.get(AgencyService, service_id)
    if service_id is not None and (
        service is None or service.organization_id != me.organization_id
    ):
        raise NO_SUCH_SERVICE
    found = problems(capacity, weeks)
    if found or capacity is None:
        raise NotReady(found)
    row = queries.capacity_row(session, me.organization_id, service_id)
    if row is None:
        row = ServiceCapacity(organization_id=me.organization_id, service_id=service_id)
        session.add(row)
    row.capacity, row.told_at, row.told_by = capacity, at, me.id
    row.weeks = weeks if capacity is Capacity.WAITING_LIST else None
    session.flush()
    detail = {"capacity": str(capacity), "weeks": row.weeks, "service": str(service_id or "")}
    trail.write(session, me, trail.Entry("referral.capacity_told", True, at, detail=detail))
    return CapacityLine(me.organization_id, service_id, capacity, row.weeks, at)


def problems(capacity: Capacity | None, weeks: int | None) -> list[Problem]:
    """What is missing; weeks only matter where there is a waiting list."""
    if capacity not in set(Capacity):
        return [Problem("It is not said whether there is room.", "Choose one.", "Room")]
    told = capacity is Capacity.WAITING_LIST and weeks is not None
    if told and weeks is not None and not 1 <= weeks <= LONGEST_WAIT:
        return [
            Problem(
                f"A wait of {weeks} weeks cannot be kept.",
                f"Give 1 to {LONGEST_WAIT} weeks, or leave it empty.",
                "Weeks",
            )
        ]
    return []


def of_my_agency(session: Session, me: Actor) -> list[CapacityLine]:
    """What my agency told last, of itself and of each service."""
    return [
        CapacityLine(row.organization_id, row.service_id, row.capacity, row.weeks, row.told_at)
        for row in queries.capacities(session, [me.organization_id])
    ]
