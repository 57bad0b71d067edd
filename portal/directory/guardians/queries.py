"""Whose guardianships there are, and which court orders limit them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import gate
from portal.access.actor import Actor
from portal.policy.spans import Span
from portal.policy.tasks import Task
from portal.store.people import CourtOrder, Guardian, Guardianship
from portal.vocabulary import CourtRight, Relationship


@dataclass(frozen=True)
class OrderLine:
    """A court order as it was written down."""

    limits: CourtRight
    span: Span
    document_reference: str


@dataclass(frozen=True)
class GuardianLine:
    """An adult of a student's family; `holds_now` is whether they may sign today."""

    id: uuid.UUID
    name: str
    relationship: Relationship
    phone: str
    email: str
    language: str
    rights: tuple[Span, ...]
    holds_now: bool
    orders: tuple[OrderLine, ...]


def family(session: Session, me: Actor, student_id: uuid.UUID, at: datetime) -> list[GuardianLine]:
    """The adults of this student's family, by name, with their rights and orders."""
    gate.open_student(session, me, student_id, Task.KEEP_GUARDIANS, at)
    rows = session.execute(
        select(Guardian, Guardianship)
        .join(Guardianship, Guardianship.guardian_id == Guardian.id)
        .where(Guardianship.student_id == student_id)
        .order_by(Guardian.name, Guardian.id, Guardianship.rights_from, Guardianship.id)
    ).all()
    held: dict[Guardian, list[Guardianship]] = defaultdict(list)
    for guardian, guardianship in rows:
        held[guardian].append(guardianship)
    orders = _orders(session, student_id)
    return [_line(guardian, spans, orders[guardian.id], at) for guardian, spans in held.items()]


def _orders(session: Session, student_id: uuid.UUID) -> dict[uuid.UUID, list[OrderLine]]:
    found: dict[uuid.UUID, list[OrderLine]] = defaultdict(list)
    rows = session.scalars(
        select(CourtOrder)
        .where(CourtOrder.student_id == student_id)
        .order_by(CourtOrder.starts_at, CourtOrder.id)
    )
    for row in rows:
        span = Span(row.starts_at, row.ends_at)
        found[row.guardian_id].append(OrderLine(row.limits, span, row.document_reference))
    return found


def _line(
    guardian: Guardian, held: Sequence[Guardianship], orders: Sequence[OrderLine], at: datetime
) -> GuardianLine:
    spans = [Span(row.rights_from, row.rights_until) for row in held]
    return GuardianLine(
        id=guardian.id,
        name=guardian.name,
        relationship=held[0].relationship,
        phone=guardian.phone,
        email=guardian.email,
        language=guardian.language,
        rights=tuple(span for span in spans if span.end is None or span.start < span.end),
        holds_now=any(span.contains(at) for span in spans),
        orders=tuple(orders),
    )


def guardianships(
    session: Session, student_id: uuid.UUID, guardian_id: uuid.UUID
) -> Sequence[Guardianship]:
    """Every span of rights of this adult for this student, the earliest first."""
    return session.scalars(
        select(Guardianship)
        .where(Guardianship.student_id == student_id, Guardianship.guardian_id == guardian_id)
        .order_by(Guardianship.rights_from, Guardianship.id)
    ).all()
