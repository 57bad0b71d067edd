"""Writing the trail: one line per answer, in the transaction that answers.

Lines wait in the session and take their places at the end of the transaction, last of all:
`settle` first sends everything else to the database, then takes the head of each chain
concerned, in order of the chains, adds the lines and moves the heads on. So whoever holds
a head waits for no other row and for no earlier head, and two units of work cannot wait
for each other, whatever they write and for however many organizations. Heads are held for
as short a time as can be. A commit without its lines cannot be: the session settles
before every commit, whoever asks for it.

A refusal's line must survive the rollback that refusing causes, so it waits
longer, until `unit_of_work` saves it in a transaction of its own.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ScalarSelect, func, insert, select, update
from sqlalchemy import event as events
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, SessionTransaction

from portal.access.actor import Actor
from portal.store import chain
from portal.store.base import Base
from portal.store.ledger import TrailHead, TrailLine, TrailStudent

WAITING = "refusals waiting to be saved"
UNSETTLED = "lines waiting for their place in the chain"
SESSION = "session"
"""In the detail of a line: the sign-in in which it was done (its address and browser)."""

LINES, ABOUT, HEADS = (
    Base.metadata.tables[kind.__tablename__] for kind in (TrailLine, TrailStudent, TrailHead)
)

acting: ContextVar[str] = ContextVar("acting", default="")
"""The service account by whose right a command runs, in words; empty where people act."""

Line = dict[str, Any]
Head = tuple[int, str]


@dataclass(frozen=True)
class Entry:
    """What one trail line tells. `event` is `room.verb`; subject is a paper's number.

    by: who acted, in words, when it was somebody without an account. organization: its id and
    name, when that somebody acted for one.
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
    organization: tuple[uuid.UUID, str] | None = None


def write(session: Session, me: Actor | None, entry: Entry) -> None:
    """Add the line; it stands or falls with the caller's transaction."""
    session.info.setdefault(UNSETTLED, []).append(_line(me, _by_command(entry)))


def _by_command(entry: Entry) -> Entry:
    """The entry, with the service account that runs the command, when one does."""
    by = acting.get()
    return replace(entry, by=entry.by or by, detail=entry.detail | {"by": by}) if by else entry


def write_refusal(session: Session, me: Actor | None, entry: Entry) -> None:
    """Keep the line until the unit of work has rolled back, then save it."""
    session.info.setdefault(WAITING, []).append((me, entry))


def save_refusals(session: Session, waiting: Iterable[tuple[Actor | None, Entry]]) -> None:
    """Add the lines that waited (called by the unit of work, after its rollback)."""
    for me, entry in waiting:
        write(session, me, entry)


def settle(session: Session) -> None:
    """Give each line that waits its place in its chain.

    Comes by itself before a commit. Call it to read the trail in the transaction that
    wrote to it, and write nothing after it but the trail.
    """
    lines: list[Line] | None = session.info.pop(UNSETTLED, None)
    if not lines:
        return
    try:
        session.flush()
        _add(session, lines)
    except BaseException:
        session.info[UNSETTLED] = lines
        raise


def _line(me: Actor | None, entry: Entry) -> Line:
    of = (me.organization_id, me.organization_name) if me else entry.organization
    return {
        "chain": me.organization_id.hex if me else "",
        "at": entry.at,
        "event": entry.event,
        "allowed": entry.allowed,
        "user_id": me.id if me else None,
        "user_name": chain.plain(me.name if me else entry.by),
        "organization_id": of[0] if of else None,
        "organization_name": chain.plain(of[1]) if of else "",
        "subject": chain.plain(entry.subject),
        "purpose": chain.plain(entry.purpose),
        "opened": [str(item) for item in entry.opened],
        "closed": [str(item) for item in entry.closed],
        "codes": [str(code) for code in entry.codes],
        "basis": [str(paper) for paper in entry.basis],
        "detail": _detail(me, entry),
        "students": sorted({student.hex for student in entry.students}),
    }


def _detail(me: Actor | None, entry: Entry) -> dict[str, Any]:
    """As it is now, whoever changes it later; with the sign-in in which it was done."""
    told: dict[str, Any] = json.loads(json.dumps(entry.detail))
    return told | {SESSION: str(me.session_id)} if me and me.session_id else told


def _add(session: Session, lines: list[Line]) -> None:
    # Without the detours of the ORM: this is in the way of everything that anybody does.
    connection = session.connection()
    heads, ids = _take_heads(connection, sorted({line["chain"] for line in lines}), len(lines))
    for line, key in zip(lines, ids, strict=True):
        position, before = heads[line["chain"]]
        line |= {"id": key, "position": position + 1}
        line["hash"] = chain.link(before, chain.text_of(line))
        heads[line["chain"]] = (line["position"], line["hash"])
    connection.execute(insert(LINES), lines)
    about = [
        {"line_id": line["id"], "student_id": uuid.UUID(student)}
        for line in lines
        for student in line["students"]
    ]
    if about:
        connection.execute(insert(ABOUT), about)
    for name, (position, digest) in heads.items():
        moved = update(HEADS).where(HEADS.c.chain == name)
        connection.execute(moved.values(position=position, hash=digest))


Taken = tuple[dict[str, Head], list[int]]


def _take_heads(connection: Connection, names: list[str], count: int) -> Taken:
    """The heads of these chains, held until the commit, and ids for so many lines.

    Heads that there are not yet are made before any is held: the order of the chains holds
    for all that are waited for.
    """
    heads, ids = _held(connection, names, count) if len(names) == 1 else ({}, [])
    if len(heads) == len(names):
        return heads, ids
    known = set(connection.scalars(select(HEADS.c.chain).where(HEADS.c.chain.in_(names))))
    if new := [name for name in names if name not in known]:
        begun = [{"chain": name, "position": 0, "hash": chain.GENESIS} for name in new]
        dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
        connection.execute(dialect.insert(HEADS).values(begun).on_conflict_do_nothing())
    return _held(connection, names, count)


def _held(connection: Connection, names: list[str], count: int) -> Taken:
    rows = connection.execute(
        select(HEADS.c.chain, HEADS.c.position, HEADS.c.hash, _ids(connection, count))
        .where(HEADS.c.chain.in_(names))
        .order_by(HEADS.c.chain)
        .with_for_update()  # SQLite has one writer at a time anyway, and leaves this out
    ).all()
    heads = {name: (position, digest) for name, position, digest, _ids in rows}
    ids = rows[0][3] if rows else []
    return heads, ids if isinstance(ids, list) else [*range(ids + 1, ids + 1 + count)]


def _ids(connection: Connection, count: int) -> ScalarSelect[Any]:
    """So many new ids, or the last one there is: a line is hashed with its id."""
    if connection.dialect.name == "sqlite":
        return select(func.coalesce(func.max(LINES.c.id), 0)).scalar_subquery()
    numbers = func.generate_series(1, count).table_valued()
    new = func.array_agg(func.nextval("trail_line_id_seq"))
    return select(new).select_from(numbers).scalar_subquery()


@events.listens_for(Session, "before_commit")
def _settle_before_commit(session: Session) -> None:
    if not session.in_nested_transaction():  # the end of a savepoint is not the end
        settle(session)


@events.listens_for(Session, "after_soft_rollback")
def _forget_what_was_undone(session: Session, undone: SessionTransaction) -> None:
    if not undone.nested:
        session.info.pop(UNSETTLED, None)
