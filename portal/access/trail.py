"""Writing the trail: one line per answer, in the transaction that answers.

A refusal's line must survive the rollback that refusing causes, so it waits in
the session until `unit_of_work` saves it in a transaction of its own.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.store.ledger import TrailLine, TrailStudent

WAITING = "refusals waiting to be saved"


@dataclass(frozen=True)
class Entry:
    """What one trail line tells. `event` is `room.verb`; subject is a paper's number.

    by: who acted, in words, when it was somebody without an account.
    """

    event: str
    allowed: bool
    at: datetime
    students: tuple[uuid.UUID, ...] = ()
    subject: str = ""
    purpose: str = ""
    opened: Sequence[str] = ()
    closed: Sequence[str] = ()
    codes: Sequence[str] = ()
    basis: Sequence[str] = ()
    detail: dict[str, Any] = field(default_factory=dict)
    by: str = ""


def write(session: Session, me: Actor | None, entry: Entry) -> None:
    """Add the line now; it stands or falls with the caller's transaction."""
    _add(session, me, entry)


def write_refusal(session: Session, me: Actor | None, entry: Entry) -> None:
    """Keep the line until the unit of work has rolled back, then save it."""
    session.info.setdefault(WAITING, []).append((me, entry))


def save_refusals(session: Session, waiting: Iterable[tuple[Actor | None, Entry]]) -> None:
    """Add the lines that waited (called by the unit of work, after its rollback)."""
    for me, entry in waiting:
        _add(session, me, entry)


def _add(session: Session, me: Actor | None, entry: Entry) -> None:
    line = TrailLine(
        at=entry.at,
        event=entry.event,
        allowed=entry.allowed,
        user_id=me.id if me else None,
        user_name=me.name if me else entry.by,
        organization_id=me.organization_id if me else None,
        organization_name=me.organization_name if me else "",
        subject=entry.subject,
        purpose=entry.purpose,
        opened=[str(item) for item in entry.opened],
        closed=[str(item) for item in entry.closed],
        codes=[str(code) for code in entry.codes],
        basis=[str(paper) for paper in entry.basis],
        detail=entry.detail,
    )
    session.add(line)
    session.flush()
    about = dict.fromkeys(entry.students)
    session.add_all(TrailStudent(line_id=line.id, student_id=student) for student in about)
    session.flush()
