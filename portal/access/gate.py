"""The door: decide, write the trail, then read. There is no other way to a student's record.

Right:
    with unit_of_work() as session:
        opened = gate.open_record(session, me, student_id, purpose, now())
    show(opened)                    # after the block: the trail line is durable by then

Wrong: select(Visit).where(Visit.student_id == …)     a raw read, of anything, by anybody
Wrong: if me.role == "principal": …                   a rule; rules live in portal/policy
Wrong: show(opened) inside the block                   shown before the trail is safe
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import contents, stops, trail
from portal.access import facts as facts_of
from portal.access.actor import Actor
from portal.access.contents import Item
from portal.errors import NotFound, Refused
from portal.policy.decision import OUT_OF_REACH, Basis, Decision, Reason, allow
from portal.policy.facts import Facts, RecordFacts
from portal.policy.gate import may_open
from portal.policy.notices import Notice, notices_with
from portal.policy.tasks import Task, may_do_for
from portal.store.people import Enrollment, Student
from portal.store.places import Organization, School
from portal.vocabulary import Category


@dataclass(frozen=True)
class StudentHeader:
    """Who a record is about: told only when the category identity is open, else blank."""

    id: uuid.UUID
    name: str
    grade: str
    school: str
    sasid_tail: str
    language: str


@dataclass(frozen=True)
class OpenCategory:
    """A category that is open: on what ground, on which papers, until when."""

    category: Category
    decision: Decision
    items: tuple[Item, ...]


@dataclass(frozen=True)
class ClosedCategory:
    """A category that is closed, why, and what to do next."""

    category: Category
    because: str
    do_next: str
    codes: tuple[Reason, ...]


@dataclass(frozen=True)
class OpenedRecord:
    """What one person may see of one student, and what is closed to them.

    notices: what must be told with it (34 CFR 99.33 and its like); none on one's own records.
    """

    student: StudentHeader
    open: tuple[OpenCategory, ...]
    closed: tuple[ClosedCategory, ...]
    notices: tuple[Notice, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """Every open item, newest first."""
        every = [item for category in self.open for item in category.items]
        return tuple(sorted(every, key=lambda item: (item.when, item.record_id), reverse=True))


SCREEN = "screen"
"""How it was disclosed: not printed, not sent."""

NAME_CLOSED = "A student whose name is not open to you"

NOT_FOUND = NotFound(*OUT_OF_REACH)


def open_student(
    session: Session, me: Actor, student_id: uuid.UUID, task: Task, at: datetime
) -> Student:
    """The student, when this person may do this task for them; the trail line is written.

    Raises NotFound alike for a student out of reach and for one who does not
    exist, and Refused when the student is within reach but the task is not.
    """
    event = f"student.{task}"
    facts = facts_of.load(session, me.id, student_id)
    if facts is None:
        trail.write_refusal(session, me, _refusal(event, at, (), [Reason.RECORD_UNKNOWN]))
        raise NOT_FOUND
    student = session.get_one(Student, student_id)
    decision = may_do_for(facts, me.role, task, str(student.district_id), at)
    if not decision:
        trail.write_refusal(session, me, _refusal(event, at, (student_id,), decision.codes))
        raise NOT_FOUND if _out_of_reach(decision) else _as_refused(decision)
    trail.write(session, me, trail.Entry(event, True, at, (student_id,)))
    return student


def reaches(session: Session, me: Actor, student_id: uuid.UUID, task: Task, at: datetime) -> bool:
    """May this person do this task for this student? For a page that leaves out what they may
    not; whoever then does it, is asked again by `open_student`, with a line of the trail.
    """
    facts = facts_of.load(session, me.id, student_id)
    if facts is None:
        return False
    district = str(session.get_one(Student, student_id).district_id)
    return bool(may_do_for(facts, me.role, task, district, at))


UNREACHED = {Reason.NO_RELATION, Reason.NEVER_IDENTIFIED, Reason.CONFLICT_OF_INTEREST}


def _out_of_reach(decision: Decision) -> bool:
    return bool(UNREACHED & set(decision.codes))


def _as_refused(decision: Decision) -> Refused:
    return Refused(decision.because, decision.do_next, [str(code) for code in decision.codes])


def _refusal(
    event: str, at: datetime, students: tuple[uuid.UUID, ...], codes: Collection[str]
) -> trail.Entry:
    return trail.Entry(event, False, at, students, codes=sorted(codes))


def open_record(
    session: Session,
    me: Actor,
    student_id: uuid.UUID,
    purpose: str,
    at: datetime,
) -> OpenedRecord:
    """All of this student that is open to this person for this purpose, and why not the rest.

    The trail line names what was opened and what stayed closed. When nothing is
    open, the answer is the same NotFound as for a student who does not exist.
    Raises Refused for whoever has opened too much (access.stops). The page shows the
    notices with it, and the line names the version of each.
    """
    stops.ask(session, me, at)
    facts = facts_of.load(session, me.id, student_id)
    if facts is None:
        trail.write_refusal(session, me, _refusal("record.opened", at, (), [Reason.RECORD_UNKNOWN]))
        raise NOT_FOUND
    seen = preview(session, facts, purpose, at)
    if seen is None:
        told = _told(session, facts, purpose, at)
        codes = {code for decision in told.values() for code in decision.codes}
        entry = _refusal("record.opened", at, (student_id,), codes or {Reason.RECORD_UNKNOWN})
        trail.write_refusal(session, me, entry)
        raise NOT_FOUND
    entry = _opening(seen, student_id, purpose, at)
    entry.detail["items_closed"] = len(facts.shelf) - len(seen.items)
    entry.detail["notices"] = [[notice.id, notice.version] for notice in seen.notices]
    entry.detail["address"] = session.get_one(Organization, me.organization_id).address
    trail.write(session, me, entry)
    return seen


def preview(session: Session, facts: Facts, purpose: str, at: datetime) -> OpenedRecord | None:
    """What these facts would open, without a trail line; None when nothing would.

    For `open_record`, and for showing a family what a consent would open.
    """
    decided = [(record, may_open(facts, record, purpose, at)) for record in facts.shelf]
    allowed = [(record, decision) for record, decision in decided if decision]
    if not allowed:
        return None
    items = contents.read(session, [(record, decision.fields) for record, decision in allowed])
    told = _told(session, facts, purpose, at) | _grounds(allowed)
    return OpenedRecord(
        student=_header(session, facts, at, named=Category.IDENTITY in _grounds(allowed)),
        open=tuple(
            OpenCategory(category, decision, tuple(i for i in items if i.category is category))
            for category, decision in told.items()
            if decision
        ),
        closed=tuple(
            ClosedCategory(category, decision.because, decision.do_next, decision.codes)
            for category, decision in told.items()
            if not decision
        ),
        notices=notices_with(facts, [record for record, _decision in allowed]),
    )


def _grounds(allowed: list[tuple[RecordFacts, Decision]]) -> dict[Category, Decision]:
    """For each category with an open record, every basis that opens one of its records."""
    bases: dict[Category, dict[Basis, None]] = defaultdict(dict)
    for record, decision in allowed:
        bases[Category(record.category)] |= dict.fromkeys(decision.bases)
    return {category: allow(*found) for category, found in bases.items()}


def _told(session: Session, facts: Facts, purpose: str, at: datetime) -> dict[Category, Decision]:
    """Each category's answer by the papers alone, asked of an imagined record of today.

    A reason taken from real records would tell that they exist.
    """
    district = str(session.get_one(Student, uuid.UUID(facts.student.id)).district_id)
    return {
        category: may_open(
            facts, RecordFacts("", facts.student.id, district, category, at), purpose, at
        )
        for category in Category
    }


def _opening(seen: OpenedRecord, student_id: uuid.UUID, purpose: str, at: datetime) -> trail.Entry:
    return trail.Entry(
        "record.opened",
        True,
        at,
        (student_id,),
        purpose=purpose,
        opened=[entry.category for entry in seen.open],
        closed=[entry.category for entry in seen.closed],
        codes=sorted({code for entry in seen.closed for code in entry.codes}),
        basis=sorted({paper for entry in seen.open for paper in entry.decision.papers}),
        detail={
            "fields": {entry.category: [*entry.decision.fields] for entry in seen.open},
            "items": len(seen.items),
            "item_ids": [str(item.record_id) for item in seen.items],
            "content_sha256": _content_sha256(seen.items),
            "bases": sorted({basis.kind for entry in seen.open for basis in entry.decision.bases}),
            **_grants(seen),
            "method": SCREEN,
        },
    )


def _grants(seen: OpenedRecord) -> dict[str, Any]:
    grants = sorted({grant for entry in seen.open for grant in entry.decision.grants})
    return {"grants": grants} if grants else {}


def _content_sha256(items: Iterable[Item]) -> str:
    """The hash of what was told: it proves later what it was, and does not tell it."""
    told = hashlib.sha256()
    for item in items:
        parts = {str(field): text for field, text in sorted(item.parts.items())}
        said: list[Any] = [str(item.record_id), str(item.category), item.when.isoformat(), parts]
        if item.statement:
            said.append(item.statement)
        told.update(json.dumps(said).encode() + b"\n")
    return told.hexdigest()


def _header(session: Session, facts: Facts, at: datetime, *, named: bool) -> StudentHeader:
    student = session.get_one(Student, uuid.UUID(facts.student.id))
    if not named:
        return StudentHeader(student.id, NAME_CLOSED, "", "", "", "")
    return StudentHeader(
        id=student.id,
        name=f"{student.given_name} {student.family_name}",
        grade=student.grade,
        school=school_of(session, student.id, at),
        sasid_tail=(student.sasid or "")[-4:],
        language=student.language,
    )


def school_of(session: Session, student_id: uuid.UUID, at: datetime) -> str:
    """The name of the school the student last entered; empty when they never did."""
    found = session.scalar(
        select(School.name)
        .join(Enrollment)
        .where(Enrollment.student_id == student_id, Enrollment.starts_at <= at)
        .order_by(Enrollment.starts_at.desc(), Enrollment.id)
    )
    return found or ""
