"""Students whom a colleague looked after until their account ended, and whom nobody does now.

Counts only, and of those students alone whom I may put on a caseload: no name is told here.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.access import assignable
from portal.access.actor import Actor
from portal.access.sql import within
from portal.store.people import Relation, Student, User
from portal.vocabulary import RelationKind

LOOKED_AFTER = (RelationKind.COUNSELOR, RelationKind.SERVICE, RelationKind.EVALUATION)
A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class LeftLine:
    """A colleague whose account ended. students: how many have nobody now."""

    id: uuid.UUID
    name: str
    left_at: datetime
    students: int


def lines(session: Session, me: Actor, at: datetime) -> Sequence[LeftLine]:
    """Colleagues who left within a year and whose students wait, the latest first.

    Raises Refused for whoever assigns no caseloads.
    """
    other, colleague = aliased(Relation), aliased(User)
    somebody_else = exists(
        select(other.id)
        .join(colleague, colleague.id == other.user_id)
        .where(
            other.student_id == Student.id,
            other.kind.in_(LOOKED_AFTER),
            within(other.starts_at, other.ends_at, at),
            within(colleague.active_from, colleague.active_until, at),
        )
    )
    rows = session.execute(
        select(User.id, User.name, User.active_until, func.count(Student.id.distinct()))
        .join(Relation, Relation.user_id == User.id)
        .join(Student, Student.id == Relation.student_id)
        .where(
            User.organization_id == me.organization_id,
            User.active_until <= at,
            User.active_until > at - A_YEAR,
            Relation.kind.in_(LOOKED_AFTER),
            or_(Relation.ends_at.is_(None), Relation.ends_at >= User.active_until),
            Student.missing_since.is_(None),
            assignable.students(me, at),
            ~somebody_else,
        )
        .group_by(User.id)
        .order_by(User.active_until.desc(), User.name, User.id)
    )
    return [LeftLine(key, name, left_at or at, count) for key, name, left_at, count in rows]
