"""A database with the cast committed in it, for tests of whole transactions; on both kinds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from portal.access import gate, unnamed_counts
from portal.access.actor import Actor, load
from portal.access.gate import OpenedRecord
from portal.access.unit_of_work import unit_of_work
from portal.store.engine import make_engine
from portal.store.ledger import TrailLine
from portal.store.oversight import DataExport
from portal.store.papers import Document
from portal.store.people import User
from portal.store.records import Record, Visit
from portal.vocabulary import Category
from tests import factories as make
from tests.engines import migrated
from tests.people import NOW, Cast, store_cast


@dataclass(frozen=True)
class Kept:
    """The cast on an engine of its own. Luis's visits are shared with Riverside.

    `witness` is a second engine on the same database, which no fault reaches.
    """

    engine: Engine
    witness: Engine
    cast: Cast

    def who(self, user: User) -> Actor:
        """The actor that this user is at NOW; leaves no transaction open."""
        with Session(self.witness) as session:
            actor = load(session, user.id, NOW)
        assert actor is not None
        return actor

    def open(self, user: User) -> OpenedRecord:
        """What this user is shown of Luis: the answer of one whole unit of work."""
        me = self.who(user)
        with unit_of_work(self.engine) as session:
            opened = gate.open_record(session, me, self.cast.luis.id, "coordinate", NOW)
        return opened

    def lines(self) -> list[tuple[str, bool, str]]:
        """Event, answer and person of every line that is durable."""
        with Session(self.witness) as session:
            rows = session.scalars(select(TrailLine).order_by(TrailLine.id)).all()
            return [(row.event, row.allowed, row.user_name) for row in rows]

    def written(self) -> list[int]:
        """How many records, visits and documents are durable."""
        with Session(self.witness) as session:
            return [
                session.scalar(select(func.count()).select_from(kind)) or 0
                for kind in (Record, Visit, Document, DataExport)
            ]


@pytest.fixture
def kept(empty_url: str) -> Iterator[Kept]:
    with migrated(empty_url) as engine:
        with Session(engine, expire_on_commit=False) as session:
            cast = store_cast(session)
            make.record(session, cast.luis, Category.VISITS)
            make.consent(session, cast.luis, cast.riverside, cast.maria)
            session.commit()
        witness = make_engine(empty_url)
        yield Kept(engine, witness, cast)
        witness.dispose()


@pytest.fixture
def before_hiding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers without names as they are counted: nothing of them is hidden."""
    monkeypatch.setattr(unnamed_counts, "told", lambda part: part)
