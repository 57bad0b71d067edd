"""What the trail and the papers answer: who has seen this record, on what ground, until when."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access import gate
from portal.access.actor import Actor
from portal.policy.tasks import Task
from portal.stewardship import words
from portal.store.ledger import TrailLine, TrailStudent
from portal.store.papers import Agreement, Consent, LegalBasis

LEGAL_WORDS = {
    "child_welfare": "Child welfare agency",
    "court_order": "Court order",
    "emergency": "Health or safety emergency",
}


@dataclass(frozen=True)
class SeenLine:
    """Somebody who has seen a student's record, in words to show as they are.

    at: the last time that day, aware; times: how often that day, alike in all else.
    papers: numbers of the consents and agreements it rested on. outside: by another
    organization than the reader's own, and so a disclosure (34 CFR 99.32).
    """

    at: datetime
    times: int
    person: str
    organization: str
    what: str
    purpose: str
    papers: tuple[str, ...]
    outside: bool


def seen_by(session: Session, me: Actor, student_id: uuid.UUID, at: datetime) -> list[SeenLine]:
    """Who has seen this student's record, newest first; what is alike on one day is one line.

    For support staff and administrators who reach the student. Ask
    `me.may(Task.SEE_OPENINGS)` before: a teacher is refused, since that a clinic
    opened a record tells that the student is treated there (34 CFR 99.32(c)).
    """
    gate.open_student(session, me, student_id, Task.SEE_OPENINGS, at)
    return _seen(session, me, student_id, allowed=True)


def refused_by(session: Session, me: Actor, student_id: uuid.UUID, at: datetime) -> list[SeenLine]:
    """Who asked for this student's record and was refused; for readers of the trail only."""
    gate.open_student(session, me, student_id, Task.READ_TRAIL, at)
    return _seen(session, me, student_id, allowed=False)


def _seen(session: Session, me: Actor, student_id: uuid.UUID, *, allowed: bool) -> list[SeenLine]:
    rows = session.scalars(
        select(TrailLine)
        .join(TrailStudent, TrailStudent.line_id == TrailLine.id)
        .where(TrailStudent.student_id == student_id, TrailLine.allowed == allowed)
        .order_by(TrailLine.at.desc(), TrailLine.id.desc())
    ).all()
    numbers = _numbers(session, me, {paper for row in rows for paper in row.basis})
    alike: dict[Any, list[TrailLine]] = {}
    for row in rows:
        alike.setdefault(_likeness(row, me.tz), []).append(row)
    return [_seen_line(group, numbers, me) for group in alike.values()]


def _likeness(row: TrailLine, tz: str) -> tuple[Any, ...]:
    """Two lines that agree in this differ in nothing but the time of day."""
    day = row.at.astimezone(ZoneInfo(tz)).date()
    told = (tuple(row.opened), tuple(row.basis), tuple(row.codes))
    return (day, row.user_id, row.organization_id, row.event, row.purpose, row.subject, told)


def _seen_line(group: list[TrailLine], numbers: dict[str, str], me: Actor) -> SeenLine:
    newest = group[0]
    return SeenLine(
        at=newest.at,
        times=len(group),
        person=newest.user_name,
        organization=newest.organization_name,
        what=_what(newest),
        purpose=words.purpose(newest.purpose),
        papers=_numbered(newest.basis, numbers),
        outside=newest.organization_id != me.organization_id,
    )


def _what(row: TrailLine) -> str:
    opened = "" if row.event == "students.listed_across" else words.categories(row.opened)
    return opened or words.event(row.event)


def _numbered(basis: Iterable[str], numbers: dict[str, str]) -> tuple[str, ...]:
    return tuple(sorted({numbers[paper] for paper in basis if paper in numbers}))


def _numbers(session: Session, me: Actor, ids: Collection[str]) -> dict[str, str]:
    """The number on each paper that the reader's own organization is a party to."""
    keys = [uuid.UUID(paper) for paper in ids]
    ours = me.organization_id
    consents = session.execute(
        select(Consent.id, Consent.number).where(
            Consent.id.in_(keys), or_(Consent.discloser_id == ours, Consent.recipient_id == ours)
        )
    )
    agreements = session.execute(
        select(Agreement.id, Agreement.number).where(
            Agreement.id.in_(keys), or_(Agreement.a_id == ours, Agreement.b_id == ours)
        )
    )
    legal = session.execute(
        select(LegalBasis.id, LegalBasis.kind).where(
            LegalBasis.id.in_(keys),
            or_(LegalBasis.custodian_id == ours, LegalBasis.recipient_id == ours),
        )
    )
    found = {str(key): number for rows in (consents, agreements) for key, number in rows}
    return found | {str(key): LEGAL_WORDS[kind] for key, kind in legal}
