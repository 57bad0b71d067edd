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
from portal.store.people import CourtOrder, Guardian, Guardianship, User
from portal.vocabulary import CourtRight, Relationship


@dataclass(frozen=True)
class OrderLine:
    """A court order as it was written down, and by whom."""

    limits: CourtRight
    span: Span
    document_reference: str
    checked_by: str


@dataclass(frozen=True)
class RightLine:
    """A span of rights: what shows it, why it ended, and who wrote either down."""

    span: Span
    evidence: str
    written_by: str
    ended_how: str
    ended_by: str


@dataclass(frozen=True)
class CollegeLine:
    """When a student attends a postsecondary institution, what shows it, who wrote it down."""

    span: Span
    evidence: str
    written_by: str


@dataclass(frozen=True)
class GuardianLine:
    """An adult of a student's family; `holds_now` is whether they may sign today."""

    id: uuid.UUID
    name: str
    relationship: Relationship
    phone: str
    email: str
    language: str
    rights: tuple[RightLine, ...]
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
    rows = session.execute(
        select(CourtOrder, User.name)
        .join(User, User.id == CourtOrder.checked_by)
        .where(CourtOrder.student_id == student_id)
        .order_by(CourtOrder.starts_at, CourtOrder.id)
    )
    for row, checked_by in rows:
        span = Span(row.starts_at, row.ends_at)
        line = OrderLine(row.limits, span, row.document_reference, checked_by)
        found[row.guardian_id].append(line)
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
        rights=tuple(
            RightLine(span, row.evidence, row.written_by, row.ended_how, row.ended_by)
            for span, row in zip(spans, held, strict=True)
            if span.end is None or span.start < span.end or row.ended_how
        ),
        holds_now=any(span.contains(at) for span in spans),
        orders=tuple(orders),
    )


def college(session: Session, me: Actor, student_id: uuid.UUID, at: datetime) -> CollegeLine | None:
    """When this student attends a postsecondary institution; None when nobody wrote it down."""
    student = gate.open_student(session, me, student_id, Task.KEEP_GUARDIANS, at)
    if student.postsecondary_from is None:
        return None
    span = Span(student.postsecondary_from, student.postsecondary_until)
    return CollegeLine(span, student.postsecondary_evidence, student.postsecondary_by)


def guardianships(
    session: Session, student_id: uuid.UUID, guardian_id: uuid.UUID
) -> Sequence[Guardianship]:
    """Every span of rights of this adult for this student, the earliest first."""
    return session.scalars(
        select(Guardianship)
        .where(Guardianship.student_id == student_id, Guardianship.guardian_id == guardian_id)
        .order_by(Guardianship.rights_from, Guardianship.id)
    ).all()
