"""A district's data points, and the answers that a person may open."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access import trail, visible
from portal.access.actor import Actor
from portal.collecting.rules import Asking, Choice, DataPointDraft, Point
from portal.policy.data_points import is_asked
from portal.store.people import Student
from portal.store.records import Audience, AudienceLevel, Record
from portal.store.support import DataAnswer, DataPoint, DataPointVersion
from portal.vocabulary import AskedWhere, Level, Purpose


@dataclass(frozen=True)
class Answer:
    """An answer that is open to somebody. asking: the version of the question it was given to."""

    record_id: uuid.UUID
    point_id: uuid.UUID
    asking: Asking
    value: str
    at: datetime
    visit_id: uuid.UUID | None

    @property
    def told(self) -> str:
        """As people read it."""
        return self.asking.answer_in(self.value)


# The template


def points(session: Session, district_id: uuid.UUID) -> list[Point]:
    """Every data point of a district in its order, the retired ones too."""
    rows = session.execute(
        select(DataPoint, DataPointVersion, Audience)
        .join(
            DataPointVersion,
            (DataPointVersion.data_point_id == DataPoint.id)
            & (DataPointVersion.number == DataPoint.current),
        )
        .join(Audience, Audience.id == DataPoint.audience_id)
        .where(DataPoint.district_id == district_id)
        .order_by(DataPoint.position, DataPoint.code)
    ).all()
    if not rows:
        return []
    levels = _levels(session, [audience.id for _point, _version, audience in rows])
    answered = _answered(session, [point.id for point, _version, _audience in rows])
    return [
        Point(
            id=point.id,
            code=point.code,
            version_id=version.id,
            version=version.number,
            audience_id=audience.id,
            draft=DataPointDraft(
                asking=asking_of(version),
                asked=point.asked,
                category=point.category,
                levels=levels.get(audience.id, frozenset()),
                with_family=audience.with_family,
                shared=not audience.inside_only,
            ),
            retired=point.retired_at is not None,
            answered=point.id in answered,
        )
        for point, version, audience in rows
    ]


def asked(session: Session, me: Actor, where: AskedWhere) -> tuple[Point, ...]:
    """What a person of my level is asked now, in the district's order."""
    return tuple(
        point
        for point in points(session, me.organization_id)
        if not point.retired
        and point.draft.asked is where
        and is_asked(me.level, point.draft.levels)
    )


def asking_of(version: DataPointVersion) -> Asking:
    """The question as this version asks it."""
    return Asking(
        kind=version.kind,
        labels=version.labels,
        help=version.help,
        choices=tuple(Choice(each["labels"], each["code"]) for each in version.choices),
        low=version.low,
        high=version.high,
        required=version.required,
    )


def held(session: Session, district_id: uuid.UUID, point_id: uuid.UUID) -> DataPoint | None:
    """A data point of this district, held until the end of the transaction."""
    return session.scalar(
        select(DataPoint)
        .where(DataPoint.district_id == district_id, DataPoint.id == point_id)
        .with_for_update()
    )


def last_position(session: Session, district_id: uuid.UUID) -> int:
    """The place of the last one; 0 where there is none."""
    last = select(func.max(DataPoint.position)).where(DataPoint.district_id == district_id)
    return session.scalar(last) or 0


def of_district(session: Session, district_id: uuid.UUID) -> Sequence[DataPoint]:
    """The rows of all its data points, in their order, held until the end of the transaction."""
    return session.scalars(
        select(DataPoint)
        .where(DataPoint.district_id == district_id)
        .order_by(DataPoint.position, DataPoint.code)
        .with_for_update()
    ).all()


def levels_of(session: Session, audience_id: uuid.UUID) -> Sequence[AudienceLevel]:
    """The rows that limit an audience."""
    return session.scalars(
        select(AudienceLevel)
        .where(AudienceLevel.audience_id == audience_id)
        .order_by(AudienceLevel.level)
    ).all()


def _levels(session: Session, ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, frozenset[Level]]:
    rows = session.scalars(select(AudienceLevel).where(AudienceLevel.audience_id.in_(list(ids))))
    found: dict[uuid.UUID, frozenset[Level]] = {}
    for row in rows:
        found[row.audience_id] = found.get(row.audience_id, frozenset()) | {row.level}
    return found


def _answered(session: Session, ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Which of them have an answer, of whomever; it tells nothing about anybody."""
    asked = DataAnswer.data_point_id.in_(list(ids))
    return set(session.scalars(select(DataAnswer.data_point_id).where(asked).distinct()))


# Answers


def answers_of(
    session: Session, me: Actor, student_id: uuid.UUID, at: datetime
) -> tuple[Answer, ...]:
    """The answers of a student that are open to me, the newest first; noted in the trail."""
    rows = session.execute(
        select(DataAnswer, DataPointVersion, Record)
        .join(Record, Record.id == DataAnswer.record_id)
        .join(DataPointVersion, DataPointVersion.id == DataAnswer.version_id)
        .where(
            Record.student_id == student_id,
            visible.records(me, Purpose.COORDINATE, at, in_full=True),
        )
        .order_by(Record.event_at.desc(), Record.written_at.desc(), Record.id)
    ).all()
    opened = sorted({record.category for _answer, _version, record in rows})
    entry = trail.Entry("answer.listed", True, at, (student_id,), Purpose.COORDINATE, opened=opened)
    trail.write(session, me, entry)
    return tuple(
        Answer(
            record_id=answer.record_id,
            point_id=answer.data_point_id,
            asking=asking_of(version),
            value=answer.value,
            at=record.event_at,
            visit_id=answer.visit_id,
        )
        for answer, version, record in rows
    )


def held_student(session: Session, student_id: uuid.UUID) -> Student | None:
    """The student, held: two people who answer about the same one wait for each other."""
    return session.get(Student, student_id, with_for_update=True)


def current(
    session: Session, student_id: uuid.UUID, point_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, tuple[DataAnswer, Record]]:
    """The answers that stand now to questions of the student's page, for the verbs of this room."""
    rows = session.execute(
        select(DataAnswer, Record)
        .join(Record, Record.id == DataAnswer.record_id)
        .where(
            Record.student_id == student_id,
            Record.sealed_from.is_(None),
            DataAnswer.data_point_id.in_(list(point_ids)),
            DataAnswer.visit_id.is_(None),
        )
        .order_by(Record.written_at, Record.id)
    ).all()
    return {answer.data_point_id: (answer, record) for answer, record in rows}
