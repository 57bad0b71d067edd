"""How many people of a district have each level of access now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.access.sql import within
from portal.policy.tasks import Task
from portal.store.people import User
from portal.vocabulary import Level


def how_many(session: Session, me: Actor, at: datetime) -> dict[Level, int]:
    """Active accounts of my own district by level, for whoever looks after them.

    About no student, so nothing is noted.
    """
    me.may(Task.MANAGE_PEOPLE).or_refuse()
    found = session.execute(
        select(User.level, func.count())
        .where(
            User.organization_id == me.organization_id,
            within(User.active_from, User.active_until, at),
        )
        .group_by(User.level)
    )
    return {level: people for level, people in found}  # noqa: C416  (rows, for mypy)
