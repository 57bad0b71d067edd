"""Legal holds: placed by one officer with the matter and a reason, lifted by another.

Each is also in the journal outside the database (access/journal.py), so that a restored backup
keeps it. The journal has no text: placed once more, a hold says where it is known from. That one
was lifted is not in the journal; after a restore it stands again, which is the safe side.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access import journal, trail
from portal.access.actor import Actor
from portal.access.journal import Again, Closing, Handler
from portal.errors import NotFound, NotReady, Problem
from portal.policy.corrections import reason_problems
from portal.policy.decision import Reason
from portal.policy.keeping import may_be_second
from portal.policy.tasks import Task
from portal.retaining import queries
from portal.retaining.queries import HoldLine
from portal.store.oversight import LegalHold
from portal.store.people import Student, User

KIND = "legal_hold"
FROM_THE_JOURNAL = "Placed before a backup was restored; known from the journal."
LONGEST_MATTER = 200

NOT_HERE = NotFound("There is no such hold of your organization.", "Look at the list again.")


@dataclass(frozen=True)
class HoldDraft:
    """A hold to place. number: the SASID or school number of one student; empty: everything."""

    everything: bool
    number: str
    matter: str
    reason: str


def holds(session: Session, me: Actor, at: datetime) -> list[HoldLine]:
    """The holds of my organization, those that stand first; noted, with whom they are on."""
    me.may(Task.KEEP_HOLDS).or_refuse()
    found = queries.holds(session, me, at)
    about = tuple({line.student_id for line in found if line.student_id})
    trail.write(session, me, trail.Entry("hold.listed", True, at, about))
    return found


def place(session: Session, me: Actor, draft: HoldDraft, at: datetime) -> LegalHold:
    """From now on nothing that it covers is destroyed. Raises NotReady with every problem."""
    me.may(Task.KEEP_HOLDS).or_refuse()
    students: Sequence[Student] = ()
    if not draft.everything:
        students = queries.students_numbered(session, me, draft.number.strip())
    if found := _problems(draft, students):
        raise NotReady(found)
    row = LegalHold(
        id=uuid.uuid4(),
        organization_id=me.organization_id,
        student_id=students[0].id if students else None,
        matter=draft.matter.strip(),
        reason=draft.reason.strip(),
        placed_by=me.id,
        placed_at=at,
    )
    session.add(row)
    session.flush()
    journal.note(session, KIND, _payload(row))
    _told(session, me, "hold.placed", row, at)
    return row


def lift(session: Session, me: Actor, hold_id: uuid.UUID, reason: str, at: datetime) -> LegalHold:
    """It stands no more; a second click changes nothing. Never by whoever placed it."""
    me.may(Task.KEEP_HOLDS).or_refuse()
    row = session.get(LegalHold, hold_id)
    if row is None or row.organization_id != me.organization_id:
        codes = [Reason.RECORD_UNKNOWN]
        trail.write_refusal(session, me, trail.Entry("hold.lifted", False, at, codes=codes))
        raise NOT_HERE
    decision = may_be_second(str(me.id), str(row.placed_by))
    if not decision:
        codes = list(decision.codes)
        trail.write_refusal(session, me, trail.Entry("hold.lifted", False, at, codes=codes))
        decision.or_refuse()
    if problems := reason_problems(reason, needed=True):
        raise NotReady(problems)
    if row.lifted_at is None:
        row.lifted_at, row.lifted_by, row.lift_reason = at, me.id, reason.strip()
        session.flush()
        _told(session, me, "hold.lifted", row, at)
    return row


def _problems(draft: HoldDraft, students: Sequence[Student]) -> list[Problem]:
    found = []
    if not draft.everything and len(students) != 1:
        found.append(
            Problem(
                "No student of the district has this number.",
                "Type the whole SASID, or the student's number at school.",
                "Student",
            )
        )
    if not 1 < len(draft.matter.strip()) <= LONGEST_MATTER:
        found.append(
            Problem(
                "The matter is missing or too long.",
                f"Name the case or request in at most {LONGEST_MATTER} characters.",
                "Matter",
            )
        )
    return [*found, *reason_problems(draft.reason, needed=True)]


def _told(session: Session, me: Actor, event: str, row: LegalHold, at: datetime) -> None:
    about = (row.student_id,) if row.student_id else ()
    detail = {"everything": row.student_id is None}
    trail.write(session, me, trail.Entry(event, True, at, about, str(row.id), detail=detail))


# For the journal


def _payload(row: LegalHold) -> Mapping[str, Any]:
    return {
        "id": str(row.id),
        "at": row.placed_at.isoformat(),
        "organization": str(row.organization_id),
        "student": str(row.student_id) if row.student_id else None,
        "by": str(row.placed_by),
    }


def _closings(session: Session) -> Iterator[Mapping[str, Any]]:
    return (_payload(row) for row in queries.all_holds(session))


def _again(session: Session, closing: Closing, at: datetime) -> Again | None:
    student = uuid.UUID(closing["student"]) if closing["student"] else None
    by = uuid.UUID(closing["by"])
    if session.get(User, by) is None or (student and session.get(Student, student) is None):
        return None
    session.add(
        LegalHold(
            id=uuid.UUID(closing["id"]),
            organization_id=uuid.UUID(closing["organization"]),
            student_id=student,
            matter=FROM_THE_JOURNAL,
            reason=FROM_THE_JOURNAL,
            placed_by=by,
            placed_at=datetime.fromisoformat(closing["at"]),
        )
    )
    session.flush()
    return Again(closing["id"], (student,) if student else ())


PLACED = Handler(KIND, _closings, _again)
