"""Which students somebody could have opened at a past instant: `onlookers` the other way round."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from portal.access import trail, visible
from portal.access.actor import Actor
from portal.access.sql import within
from portal.errors import NotFound
from portal.policy.tasks import Task
from portal.store.people import Student, User, UserStanding
from portal.store.places import Organization
from portal.store.records import Record
from portal.vocabulary import Purpose

NOT_FOUND = NotFound(
    "Nobody of your district has this account.", "Choose somebody from the list of people."
)


def could_open(
    session: Session, me: Actor, user_id: uuid.UUID, instant: datetime, at: datetime
) -> tuple[uuid.UUID, ...]:
    """The students of my district of whom the gate would have opened something to this person.

    Of one's own staff or of a partner's; by name. That it was asked is a line of the trail, with
    the count. Raises Refused for whoever may not ask, NotFound for another district's people.
    """
    me.may(Task.SEE_WHO_COULD).or_refuse()
    user = session.get(User, user_id)
    organization = session.get(Organization, user.organization_id) if user else None
    if user is None or organization is None or _is_of_another_district(me, organization):
        raise NOT_FOUND
    opened = [
        Student.id.in_(
            select(Record.student_id).where(
                visible.records_then(viewer, Purpose.COORDINATE, instant),
                Record.custodian_id == me.organization_id,
            )
        )
        for viewer in _viewers(session, user, organization, instant)
    ]
    found = session.scalars(
        select(Student.id)
        .where(Student.district_id == me.organization_id, or_(false(), *opened))
        .order_by(Student.search_name, Student.id)
    ).all()
    entry = trail.Entry(
        "reach.asked",
        True,
        at,
        subject=str(user_id),
        detail={"at": instant.isoformat(), "count": len(found)},
    )
    trail.write(session, me, entry)
    return tuple(found)


def _is_of_another_district(me: Actor, organization: Organization) -> bool:
    from_here = organization.id == me.organization_id
    return organization.kind is me.organization_kind and not from_here


def _viewers(
    session: Session, user: User, organization: Organization, instant: datetime
) -> list[visible.Viewer]:
    """The person as they stood then; nobody, before the account began or after it ended."""
    standings = session.scalars(
        select(UserStanding).where(
            UserStanding.user_id == user.id,
            within(UserStanding.starts_at, UserStanding.ends_at, instant),
        )
    )
    return [
        visible.Viewer(
            user.id, organization.id, organization.kind, standing.level, standing.school_id
        )
        for standing in standings
    ]
