"""The journal of closings: what was taken back, kept outside the database.

A restored backup knows nothing of what was closed after it was made, or was closed sooner than
it says, and would open it again. So each closing (a consent taken back, an agreement terminated)
is also a line of `journal.jsonl` in the outside folder, on the disk before the transaction
commits: ids and instants, no name and no reason. `reconcile` does again, before the door opens,
what the journal knows and the database does not, and writes down what the journal lacks.

When the journal cannot be written the closing still counts, for closed is the safe side;
the failure is reported, and the next `reconcile` writes the line. When a transaction fails
after its line was written, the closing is done at the next opening: safe, too.

    journal.note(session, "agreement_terminated", {"id": …, "at": …})    # in a service
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from portal import failures
from portal.access import outside, trail
from portal.config import settings

WAITING = "closings to be written to the journal"

Closing = dict[str, Any]
"""The line of a closing: its kind, the id it has in the database, its instant, and more ids."""


@dataclass(frozen=True)
class Handler:
    """One kind of closing: how the database tells it, and how it is done once more.

    closings: the payload of each closing in this database, as `note` was given it.
    again: does it again at this instant and returns the subject of the trail line and the
    students it is about; None when the database has nothing of that id to close.
    """

    kind: str
    closings: Callable[[Session], Iterable[Mapping[str, Any]]]
    again: Callable[[Session, Closing, datetime], Again | None]


@dataclass(frozen=True)
class Again:
    """What the trail tells of a closing that was done again."""

    subject: str
    students: tuple[uuid.UUID, ...] = ()


@dataclass(frozen=True)
class Reconciled:
    """What `reconcile` did: closings done again, written down, and of papers not there."""

    again: int = 0
    written: int = 0
    unknown: int = 0


def note(session: Session, kind: str, payload: Mapping[str, Any]) -> None:
    """Have the closing written to the journal with the commit of this unit of work.

    payload: `id` (of the closing, the same for ever) and `at` (ISO 8601), and whatever ids
    and instants it takes to do it again; JSON, no name, no text that anybody wrote.
    """
    session.info.setdefault(WAITING, []).append({"kind": kind, **payload})


def keep(session: Session) -> None:
    """Write what was noted (called by the unit of work, just before its commit)."""
    noted = session.info.pop(WAITING, None)
    if not noted:
        return
    try:
        outside.append(journal(), noted)
    except OSError as error:
        failures.report(error)


def journal() -> Path:
    """The file."""
    return settings().outside_folder / "journal.jsonl"


def reconcile(session: Session, handlers: Sequence[Handler], at: datetime) -> Reconciled:
    """Bring database and journal to the same closings. Raises OSError when it cannot be read.

    Lines of a kind without a handler, and lines that were cut short, are passed over.
    """
    told = _soonest(_lines())
    again = written = unknown = 0
    for handler in handlers:
        known = {str(closing["id"]): closing for closing in handler.closings(session)}
        for key, closing in known.items():
            line = told.get((handler.kind, key))
            if line is None or _is_sooner(closing, line):
                note(session, handler.kind, closing)
                written += 1
        for (kind, key), line in told.items():
            if kind == handler.kind and (key not in known or _is_sooner(line, known[key])):
                done = _again(session, handler, line, at)
                again, unknown = again + done, unknown + (not done)
    return Reconciled(again, written, unknown)


def _soonest(lines: Iterable[Closing]) -> dict[tuple[str, str], Closing]:
    """What is to close on a later day may be closed sooner after all: then it has two lines."""
    told: dict[tuple[str, str], Closing] = {}
    for line in lines:
        key = (line["kind"], str(line["id"]))
        if key not in told or _is_sooner(line, told[key]):
            told[key] = line
    return told


def _is_sooner(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if "at" not in one or "at" not in other:
        return False
    return datetime.fromisoformat(one["at"]) < datetime.fromisoformat(other["at"])


def _lines() -> Iterator[Closing]:
    for line in outside.read(journal()):
        if "kind" in line.said and "id" in line.said:
            yield line.said


def _again(session: Session, handler: Handler, line: Closing, at: datetime) -> bool:
    done = handler.again(session, line, at)
    if done is None:
        return False
    detail = {"kind": handler.kind, "id": line["id"], "closed_at": line.get("at")}
    entry = trail.Entry(
        "journal.closed_again", True, at, done.students, subject=done.subject, detail=detail
    )
    trail.write(session, None, entry)
    return True
