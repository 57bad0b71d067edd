"""Rows to be written, kept until the whole file has been found good; then all at once."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from portal.store.base import Base
from portal.store.people import (
    Enrollment,
    Guardian,
    Guardianship,
    Program,
    Relation,
    SchoolClass,
    Student,
    User,
)
from portal.store.places import AgencyService, AgencySite, Organization, School
from portal.store.records import (
    AttendanceYear,
    HistoryEntry,
    Record,
    Visit,
    VisitNote,
    VisitServiceLine,
)
from portal.store.support import FollowUp, StudentNeed, StudentService

ORDER: tuple[type[Base], ...] = (
    Organization,
    School,
    AgencyService,
    AgencySite,
    User,
    Student,
    Guardian,
    SchoolClass,
    Guardianship,
    Enrollment,
    Relation,
    Program,
    Record,
    HistoryEntry,
    AttendanceYear,
    Visit,
    VisitServiceLine,
    VisitNote,
    FollowUp,
    StudentService,
    StudentNeed,
)
"""A row comes after what it refers to."""

LISTENED_TO: tuple[type[Base], ...] = (User,)
"""What the store writes more about by itself (`store.standings`): a statement of many rows would
pass it by, so these are written one by one."""

AT_ONCE = 5_000

Values = dict[str, Any]


@dataclass
class Changes:
    """New rows and changed values by table, and what to count."""

    new: dict[type[Base], list[Values]] = field(default_factory=lambda: defaultdict(list))
    changed: dict[type[Base], list[Values]] = field(default_factory=lambda: defaultdict(list))
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, table: type[Base], **values: Any) -> uuid.UUID:
        """A new row; its id is made here, so that others can refer to it."""
        key: uuid.UUID = values.setdefault("id", uuid.uuid4())
        self.new[table].append(values)
        return key

    def alter(self, table: type[Base], row: Any, **values: Any) -> bool:
        """The values in which a known row differs; says whether there are any."""
        differing = {name: value for name, value in values.items() if getattr(row, name) != value}
        if differing:
            self.changed[table].append({"id": row.id, **differing})
        return bool(differing)

    @property
    def rows(self) -> int:
        """How many rows would be written."""
        every = [*self.new.values(), *self.changed.values()]
        return sum(len(rows) for rows in every)


def write(session: Session, changes: Changes) -> None:
    """Everything, in the caller's transaction; rows loaded before are read anew."""
    for table in ORDER:
        _add(session, table, changes.new.get(table, []))
    for table in ORDER:
        _alter(session, table, changes.changed.get(table, []))
    session.expire_all()


def _add(session: Session, table: type[Base], rows: list[Values]) -> None:
    if table in LISTENED_TO:
        session.add_all(table(**row) for row in rows)
        session.flush()
        return
    for start in range(0, len(rows), AT_ONCE):
        session.execute(
            insert(Base.metadata.tables[table.__tablename__]), rows[start : start + AT_ONCE]
        )


def _alter(session: Session, table: type[Base], rows: list[Values]) -> None:
    if table not in LISTENED_TO:
        for alike in _alike(rows):
            session.execute(update(table), alike)
        return
    for row in rows:
        known = session.get_one(table, row["id"])
        for name, value in row.items():
            setattr(known, name, value)
    session.flush()


def _alike(rows: list[Values]) -> Iterable[list[Values]]:
    """Rows that change the same columns, so that they go as one statement."""
    found: dict[frozenset[str], list[Values]] = defaultdict(list)
    for row in rows:
        found[frozenset(row)].append(row)
    return found.values()
