"""The trail, idempotency keys, import runs and what this installation is."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Base, Key

STOPS = "event IN ('use.stopped', 'use.stop_lifted')"
"""A handful of lines, which are asked for before each opening of a record (access.stops)."""

Sequence = BigInteger().with_variant(Integer(), "sqlite")


class TrailLine(Base):
    """One line of the trail: who asked what of which student, and what was answered.

    Only ever added (a trigger refuses UPDATE and DELETE). It holds copies, not
    foreign keys, so it outlives what it describes; ids and codes, no note text.
    Each organization's lines are one chain (store/chain.py): `chain` is its id, 32
    hexadecimal digits, or empty when nobody acted; `position` counts from 1 within it.
    `students` is the copy of trail_student that is hashed: ids in order, as `chain`'s.
    """

    __tablename__ = "trail_line"
    __table_args__ = (
        Index(None, "user_id", "at"),
        Index(None, "at"),
        Index(None, "organization_id", "at"),
        Index(None, "chain", "position", unique=True),
        Index(
            "ix_trail_line_stops",
            "subject",
            "at",
            sqlite_where=text(STOPS),
            postgresql_where=text(STOPS),
        ),
    )

    id: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    event: Mapped[str] = mapped_column(String(60))
    allowed: Mapped[bool]
    user_id: Mapped[uuid.UUID | None]
    user_name: Mapped[str] = mapped_column(default="")
    organization_id: Mapped[uuid.UUID | None]
    organization_name: Mapped[str] = mapped_column(default="")
    subject: Mapped[str] = mapped_column(default="")
    purpose: Mapped[str] = mapped_column(default="")
    opened: Mapped[list[str]] = mapped_column(JSON, default=list)
    closed: Mapped[list[str]] = mapped_column(JSON, default=list)
    codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    basis: Mapped[list[str]] = mapped_column(JSON, default=list)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    students: Mapped[list[str]] = mapped_column(JSON, default=list)
    chain: Mapped[str] = mapped_column(String(32))
    position: Mapped[int] = mapped_column(Sequence)
    hash: Mapped[str] = mapped_column(String(64))


class TrailHead(Base):
    """The last line of a chain. Who adds a line holds this row until the commit."""

    __tablename__ = "trail_head"

    chain: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(Sequence)
    hash: Mapped[str] = mapped_column(String(64))


class TrailStudent(Base):
    """A student whom a trail line is about; a list is one line about many."""

    __tablename__ = "trail_student"

    line_id: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=False)
    student_id: Mapped[uuid.UUID] = mapped_column(primary_key=True, index=True)


class IdempotencyKey(Base):
    """A form that was sent: a second click finds the first one's result."""

    __tablename__ = "idempotency_key"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    user_id: Mapped[uuid.UUID]
    event: Mapped[str] = mapped_column(String(60))
    result_id: Mapped[uuid.UUID]
    at: Mapped[datetime]


class ImportRun(Base):
    """A file that was brought in, known again by its hash."""

    __tablename__ = "import_run"
    __table_args__ = (Index(None, "kind", "sha256"),)

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(40))
    sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    counts: Mapped[dict[str, int]] = mapped_column(JSON)


class Installation(Base):
    """Facts about this installation: for one, whether it is a demonstration."""

    __tablename__ = "installation"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str]
