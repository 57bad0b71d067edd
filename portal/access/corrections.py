"""The one writer of corrections: open a record to correct it, claim its version, write it down.

The rooms that own the rows change them (`visits.revising`, `corrections.service`), between

    found = corrections.open_one(session, me, record_id, at)    decided by gate and task
    corrections.claim(session, found.record, version)           somebody was quicker? then not
    corrections.write_down(session, me, found, changes, …)      old, new, reason; and the trail

in one transaction. What a record said before stays in `correction`, which takes only additions.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from portal.access import facts as facts_of
from portal.access import trail
from portal.access.actor import Actor
from portal.errors import NotFound, NotReady, Problem
from portal.policy.corrections import Written, reason_problems
from portal.policy.decision import Decision, Reason
from portal.policy.gate import may_open
from portal.policy.tasks import Task, may_do_for
from portal.store.people import Student
from portal.store.records import Record
from portal.store.support import AmendmentRequest, Correction
from portal.vocabulary import AmendmentDecision, Field, Purpose

NOT_FOUND = NotFound(
    "There is no record here that you may correct.",
    "Open it from the student's page, or ask its author or the principal.",
)
REMOVED, RESTORED, APPROVED = "removed", "restored", "approved"
"""Fields of a correction that tell of the record as a whole."""


class ChangedMeanwhile(NotReady):
    """Somebody else saved this record since it was opened; nothing is lost on either side."""

    def __init__(self) -> None:
        super().__init__(
            [
                Problem(
                    "Somebody changed this record while you had it open.",
                    "Their change is shown beside yours. Look at both, then save again.",
                )
            ]
        )


@dataclass(frozen=True)
class Change:
    """One part of a record: what it was and what it is now, as codes, ISO dates or text."""

    field: str
    old: str
    new: str


@dataclass(frozen=True)
class Found:
    """A record that is open in full to whoever wants to correct it, and whom it is about."""

    record: Record
    student: Student
    written: Written

    @property
    def about(self) -> tuple[uuid.UUID, ...]:
        """For the trail."""
        return (self.student.id,)


def open_one(
    session: Session,
    me: Actor,
    record_id: uuid.UUID,
    at: datetime,
    *,
    task: Task = Task.CORRECT_RECORD,
    removed: bool = False,
) -> Found:
    """The record, when all of it is open to this person and they have the task.

    removed: also one that was taken away, as if it had not been. Raises NotFound alike for
    what is out of reach, restricted, sealed, another organization's, or not there at all.
    """
    record = session.get(Record, record_id)
    codes = [Reason.RECORD_UNKNOWN]
    if record is not None:
        decided = _decided(session, me, record, task, at, removed=removed)
        codes = [code for decision in decided for code in decision.codes]
        if all(decided) and Field.NARRATIVE in decided[0].fields:
            student = session.get_one(Student, record.student_id)
            return Found(record, student, written(session, record))
    about = () if record is None else (record.student_id,)
    entry = trail.Entry(f"record.{task}", False, at, about, codes=sorted(codes))
    trail.write_refusal(session, me, entry)
    raise NOT_FOUND


def _decided(
    session: Session, me: Actor, record: Record, task: Task, at: datetime, *, removed: bool
) -> tuple[Decision, Decision]:
    facts = facts_of.load_known(session, me.id, record.student_id)
    told = facts_of.of_one(session, record)
    if removed:
        told = replace(told, sealed=None)
    opened = may_open(facts, told, Purpose.COORDINATE, at)
    return opened, may_do_for(facts, me.role, task, str(record.custodian_id), at)


def is_open(session: Session, me: Actor, record: Record, at: datetime) -> bool:
    """Is all of it open to this person, were it not removed? For what hangs on another record."""
    task = Task.CORRECT_RECORD
    opened, may = _decided(session, me, record, task, at, removed=True)
    return bool(may) and Field.NARRATIVE in opened.fields


def written(session: Session, record: Record) -> Written:
    """Who wrote it and when, and who removed it."""
    removed = None
    if record.sealed_from is not None:
        removed = session.scalar(
            select(Correction)
            .where(Correction.record_id == record.id, Correction.field == REMOVED)
            .order_by(Correction.at.desc(), Correction.id)
        )
    return Written(
        author=None if record.author_id is None else str(record.author_id),
        written_at=record.written_at,
        removed_by=str(removed.by_id) if removed else "",
        removed_at=removed.at if removed else None,
    )


def require(session: Session, me: Actor, found: Found, decision: Decision, at: datetime) -> None:
    """Refuse with a line of its own unless this rule allows it."""
    if not decision:
        codes = [str(code) for code in decision.codes]
        entry = trail.Entry("record.correct_record", False, at, found.about, codes=codes)
        trail.write_refusal(session, me, entry)
        decision.or_refuse()


def require_reason(reason: str, *, needed: bool) -> str:
    """The reason as it is kept; raises NotReady where it is missing, too long or unprintable."""
    problems = reason_problems(reason, needed=needed)
    if problems:
        raise NotReady(problems)
    return reason.strip()


def claim(session: Session, record: Record, version: int) -> None:
    """Take the next version of the record, or raise ChangedMeanwhile when somebody has.

    One statement decides, so of two people at the same instant one is told.
    """
    taken = session.execute(
        update(Record)
        .where(Record.id == record.id, Record.version == version)
        .values(version=version + 1)
    )
    session.refresh(record)
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        raise ChangedMeanwhile


def write_down(
    session: Session,
    me: Actor,
    record: Record,
    changes: Iterable[Change],
    reason: str,
    at: datetime,
) -> None:
    """Keep what each part was and is. An approval was of what it said before, so it ends."""
    told = list(changes)
    if told and record.approved_at is not None and told[0].field != APPROVED:
        told.append(Change(APPROVED, record.approved_at.isoformat(), ""))
        record.approved_at, record.approved_by = None, None
    for change in told:
        session.add(
            Correction(
                record_id=record.id,
                field=change.field,
                old=change.old,
                new=change.new,
                reason=reason,
                at=at,
                by_id=me.id,
            )
        )
    session.flush()


def note(
    session: Session, me: Actor, found: Found, event: str, fields: Sequence[str], at: datetime
) -> None:
    """The trail line of a correction: which parts, never what they say."""
    subject, detail = str(found.record.id), {"fields": list(fields)} if fields else {}
    entry = trail.Entry(event, True, at, found.about, subject=subject, detail=detail)
    trail.write(session, me, entry)


def is_contested(session: Session, record_ids: Collection[uuid.UUID]) -> bool:
    """Is a request to amend one of these records undecided, or decided by a hearing and not done?

    While it is, whoever decides it may write the amendment into the record.
    """
    contested = exists().where(
        AmendmentRequest.record_id.in_(record_ids),
        or_(
            AmendmentRequest.decision.is_(None),
            (AmendmentRequest.decision == AmendmentDecision.REFUSED)
            & AmendmentRequest.hearing_asked_on.is_not(None)
            & AmendmentRequest.hearing_decision.is_(None),
        ),
    )
    return session.scalars(select(contested)).one()
