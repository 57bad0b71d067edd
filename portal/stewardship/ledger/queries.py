"""What proving the ledger asks of the database. Nothing here tells whom a line is about.

Long answers come from the driver itself, row by row: a row made into an object costs
more than to hash it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, false, func, or_, select, text
from sqlalchemy.orm import Session

from portal.store.ledger import TrailHead, TrailLine, TrailStudent
from portal.store.papers import Document

DOCUMENTS_AT_ONCE = 10

Place = tuple[str, int]
"""A chain and a position in it."""


@dataclass(frozen=True)
class Extent:
    """A chain: position and hash of its head, and the last position any of its lines has."""

    chain: str
    position: int
    hash: str
    last: int


def heads(session: Session) -> list[tuple[str, int, str]]:
    """Chain, last position and last hash of every chain with a line, in order of the chains."""
    rows = session.execute(
        select(TrailHead.chain, TrailHead.position, TrailHead.hash)
        .where(TrailHead.position > 0)
        .order_by(TrailHead.chain)
    )
    return [(row.chain, row.position, row.hash) for row in rows]


def extents(session: Session) -> list[Extent]:
    """Every chain that has a head, in order; asked as one question, of one instant."""
    last = select(func.max(TrailLine.position)).where(TrailLine.chain == TrailHead.chain)
    rows = session.execute(
        select(
            TrailHead.chain,
            TrailHead.position,
            TrailHead.hash,
            func.coalesce(last.scalar_subquery(), 0).label("last"),
        ).order_by(TrailHead.chain)
    )
    return [Extent(row.chain, row.position, row.hash, row.last) for row in rows]


def span(session: Session) -> tuple[int, int] | None:
    """The first id of a line and the last; None when there is no line."""
    first = session.scalar(select(func.min(TrailLine.id)))
    last = session.scalar(select(func.max(TrailLine.id)))
    return None if first is None or last is None else (first, last)


def every_so_many(session: Session, many: int) -> list[int]:
    """The id of the first line, and of each that lies so many lines after the one before."""
    number = func.row_number().over(order_by=TrailLine.id) - 1
    placed = select(TrailLine.id, number.label("number")).subquery()
    asked = select(placed.c.id).where(placed.c.number % many == 0).order_by(placed.c.id)
    return list(session.scalars(asked))


def hold_still(session: Session) -> None:
    """See from now on what there is now, however long it takes. The session's first question."""
    if _dialect(session) != "sqlite":  # where a transaction that reads always does
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))


def driver(session: Session) -> Any:
    """The driver's own connection, for what it does faster than we are told by SQLAlchemy."""
    return session.connection().connection.driver_connection


def url(session: Session) -> str:
    """Where the database is, with the password: for a process of our own."""
    return session.get_bind().engine.url.render_as_string(hide_password=False)


def instant(session: Session) -> str:
    """What a worker needs to see what this session sees. SQLite needs nothing.

    There later lines have later ids, and nobody reads beyond the last one known.
    """
    if _dialect(session) == "sqlite":
        return ""
    return str(session.scalar(text("SELECT pg_export_snapshot()")))


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def nth_line(session: Session, chain: str, number: int) -> tuple[int, int] | None:
    """Id and position of the so-many-th line there is of a chain, from 1."""
    row = session.execute(
        select(TrailLine.id, TrailLine.position)
        .where(TrailLine.chain == chain)
        .order_by(TrailLine.position)
        .offset(number - 1)
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.id, row.position)


def at_places(session: Session, places: Iterable[Place]) -> dict[Place, tuple[int, str]]:
    """Id and stored hash of the lines at these places, of those that there are."""
    rows = session.execute(
        select(TrailLine.chain, TrailLine.position, TrailLine.id, TrailLine.hash).where(
            # each by itself, for SQLite has no index for pairs in a list
            or_(
                false(),
                *(
                    and_(TrailLine.chain == chain, TrailLine.position == position)
                    for chain, position in places
                ),
            )
        )
    )
    return {(row.chain, row.position): (row.id, row.hash) for row in rows}


def line_with_other_students(session: Session) -> tuple[int, str, int] | None:
    """Id, chain and position of the first line whose students are not those it was hashed with."""
    if _dialect(session) == "sqlite":
        indexed = (
            "SELECT '[\"' || group_concat(student_id, '\", \"') || '\"]' FROM (SELECT student_id "
            "FROM trail_student WHERE line_id = trail_line.id ORDER BY student_id)"
        )
    else:
        indexed = (
            "SELECT '[\"' || string_agg(replace(student_id\\:\\:text, '-', ''), '\", \"' "
            "ORDER BY student_id) || '\"]' FROM trail_student WHERE line_id = trail_line.id"
        )
    asked = (
        "SELECT id, chain, position FROM trail_line "  # noqa: S608 -- our own words
        f"WHERE CAST(students AS TEXT) <> coalesce(({indexed}), '[]') "
        "ORDER BY chain, position LIMIT 1"
    )
    row = session.execute(text(asked)).one_or_none()
    return None if row is None else (row.id, row.chain, row.position)


def student_beyond(session: Session, lines: tuple[int, int] | None) -> bool:
    """Is a student noted under an id before the first line, or after the last?"""
    first = session.scalar(select(func.min(TrailStudent.line_id)))
    last = session.scalar(select(func.max(TrailStudent.line_id)))
    if first is None or last is None:
        return False
    return lines is None or first < lines[0] or last > lines[1]


def students_of_no_line(session: Session) -> int | None:
    """The first id of a line that is not there, though a student is noted under it."""
    asked = text(
        "SELECT min(line_id) FROM trail_student "
        "WHERE NOT EXISTS (SELECT 1 FROM trail_line WHERE id = line_id)"
    )
    found: int | None = session.scalar(asked)
    return found


def documents(session: Session) -> Iterator[tuple[uuid.UUID, str, bytes]]:
    """Id, SHA-256 as written down and bytes of every kept document, a few at a time."""
    rows = session.execute(
        select(Document.id, Document.sha256, Document.content).order_by(Document.id),
        execution_options={"yield_per": DOCUMENTS_AT_ONCE},
    )
    for row in rows:
        yield row.id, row.sha256, row.content


def how_many(session: Session) -> int:
    """Lines and documents to prove."""
    lines = session.scalar(select(func.sum(TrailHead.position))) or 0
    return int(lines) + (session.scalar(select(func.count()).select_from(Document)) or 0)
