"""Legal holds: while one is open, nothing of what it covers is destroyed.

A hold is on one student, or on everything of an organization. Whoever destroys asks here first,
and is told which hold stands against it; the database refuses by itself, too (triggers on
`record`, `document` and `student`), so that no other way around it works.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.store.oversight import LegalHold


def holds_everything(session: Session, organization_id: uuid.UUID) -> bool:
    """Does a hold stand on everything of this organization?"""
    return session.scalars(select(covers_everything(organization_id))).one()


def covers(organization_id: uuid.UUID, student_id: Any) -> ColumnElement[bool]:
    """Condition: a hold stands on this student, or on everything of the organization."""
    return (
        select(LegalHold.id)
        .where(
            LegalHold.organization_id == organization_id,
            LegalHold.lifted_at.is_(None),
            or_(LegalHold.student_id.is_(None), LegalHold.student_id == student_id),
        )
        .exists()
    )


def covers_everything(organization_id: uuid.UUID) -> ColumnElement[bool]:
    """Condition: a hold stands on everything of the organization."""
    return (
        select(LegalHold.id)
        .where(
            LegalHold.organization_id == organization_id,
            LegalHold.lifted_at.is_(None),
            LegalHold.student_id.is_(None),
        )
        .exists()
    )


def refuse_if_held(
    session: Session, organization_id: uuid.UUID, students: Collection[uuid.UUID]
) -> None:
    """Raises Refused, naming the matter, when a hold covers any of these students, or everything.

    students: empty for what is about nobody; then only a hold on everything stands against it.
    """
    matter = session.scalar(
        select(LegalHold.matter)
        .where(
            LegalHold.organization_id == organization_id,
            LegalHold.lifted_at.is_(None),
            or_(LegalHold.student_id.is_(None), LegalHold.student_id.in_(students)),
        )
        .order_by(LegalHold.placed_at, LegalHold.id)
    )
    if matter is not None:
        raise Refused(
            f"A legal hold stands against it: {matter}.",
            "Nothing under a hold is destroyed. Ask who placed it; another officer lifts it.",
            ["LEGAL_HOLD"],
        )
