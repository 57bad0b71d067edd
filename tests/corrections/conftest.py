"""A visit of Ana's with Luis, as it was logged an hour before NOW."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from portal.access.actor import Actor
from portal.store.ledger import TrailLine
from portal.store.people import User
from portal.store.records import Record, VisitNote
from portal.store.support import Correction
from portal.visits import revising, service
from portal.visits.revising import VisitValues
from portal.visits.rules import VisitDraft
from portal.vocabulary import VisitPurpose
from tests.people import NOW, Cast

LOGGED = NOW - timedelta(hours=1)


@dataclass(frozen=True)
class Desk:
    """The visit, and what the tests ask of it again and again."""

    cast: Cast
    visit_id: uuid.UUID

    @property
    def ana(self) -> Actor:
        return self.cast.who(self.cast.ana)

    def who(self, user: User) -> Actor:
        return self.cast.who(user)

    @property
    def record(self) -> Record:
        return self.cast.session.get_one(Record, self.visit_id)

    @property
    def note(self) -> VisitNote:
        return self.cast.session.scalars(select(VisitNote)).one()

    def values(self, **changes: object) -> VisitValues:
        found = revising.revisable(self.cast.session, self.ana, self.visit_id, NOW)
        return replace(found.values, **changes)

    def revise(
        self,
        values: VisitValues,
        reason: str = "Typed it wrong",
        *,
        by: User | None = None,
        version: int | None = None,
        at: datetime = NOW,
    ) -> tuple[str, ...]:
        me = self.who(by or self.cast.ana)
        known = self.record.version if version is None else version
        return revising.revise(self.cast.session, me, self.visit_id, known, values, reason, at)

    @property
    def corrections(self) -> list[Correction]:
        rows = select(Correction).order_by(Correction.at, Correction.field, Correction.id)
        return list(self.cast.session.scalars(rows))

    def told(self) -> dict[str, tuple[str, str, str]]:
        return {row.field: (row.old, row.new, row.reason) for row in self.corrections}

    def events(self, beginning: str) -> list[str]:
        found = select(TrailLine.event).order_by(TrailLine.id)
        return [name for name in self.cast.session.scalars(found) if name.startswith(beginning)]


@pytest.fixture
def logging(cast: Cast) -> Callable[..., Desk]:
    def log(at: datetime = LOGGED, **changes: object) -> Desk:
        draft = VisitDraft(cast.luis.id, VisitPurpose.INDIVIDUAL, 30, note="Calm again")
        visit = service.log(cast.session, cast.who(cast.ana), replace(draft, **changes), at, "v")
        return Desk(cast, visit.record_id)

    return log


@pytest.fixture
def desk(logging: Callable[..., Desk]) -> Desk:
    return logging()
