"""What Tom the teacher asks for: the attendance of Zoe, whom he does not teach."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest

from portal.access import gate
from portal.access.actor import Actor, load
from portal.errors import NotFound
from portal.store.oversight import AccessRequest
from portal.store.people import Student, User
from portal.vocabulary import Category, InformationForm, Purpose
from portal.written_requests import deciding, service
from portal.written_requests.rules import AskDraft, DecisionDraft
from tests import factories as make
from tests.people import NOW, Cast

C = Category
TODAY, LAST = date(2026, 11, 20), date(2027, 6, 30)
ZOES_NUMBER = "0000000103"

ASKED = AskDraft(
    information="Attendance of this school year",
    need="To plan her return to the band",
    numbers=(ZOES_NUMBER,),
    categories=frozenset({C.ATTENDANCE, C.COURSES}),
    first=TODAY,
    last=LAST,
)


@dataclass(frozen=True)
class Office:
    """The cast, and what the tests ask of it again and again."""

    cast: Cast

    def who(self, user: User, at: datetime = NOW) -> Actor:
        found = load(self.cast.session, user.id, at)
        assert found is not None
        return found

    def ask(self, by: User | None = None, key: str = "ask", **changes: object) -> uuid.UUID:
        me = self.who(by or self.cast.tom)
        draft = replace(ASKED, **changes)
        return service.save(self.cast.session, me, None, draft, NOW, key)

    def sent(self, by: User | None = None, key: str = "ask", **changes: object) -> AccessRequest:
        request = self.ask(by, key, **changes)
        service.submit(self.cast.session, self.who(by or self.cast.tom), request, NOW)
        return self.row(request)

    def row(self, request: uuid.UUID) -> AccessRequest:
        return self.cast.session.get_one(AccessRequest, request)

    def decide(
        self, row: AccessRequest, by: User | None = None, at: datetime = NOW, **changes: object
    ) -> deciding.Mail | None:
        draft = DecisionDraft(
            grant=True,
            reason="The band needs it",
            confirmed=row.number,
            form=row.form,
            students=frozenset({self.cast.zoe.id}),
            categories=frozenset({C.ATTENDANCE, C.COURSES}),
            last=LAST,
        )
        draft = replace(draft, **changes)
        me = self.who(by or self.cast.sue)
        return deciding.decide(self.cast.session, me, row.id, draft, at, f"decide-{row.number}")

    def sees(
        self, user: User, student: Student, at: datetime = NOW + timedelta(minutes=1)
    ) -> set[Category]:
        """The kinds that are open to them; none when the student is not."""
        try:
            me = self.who(user, at)
            opened = gate.open_record(self.cast.session, me, student.id, Purpose.COORDINATE, at)
        except NotFound:
            return set()
        return {entry.category for entry in opened.open}


@pytest.fixture
def office(cast: Cast) -> Office:
    kinds: Iterable[Category] = (C.IDENTITY, C.ATTENDANCE, C.COURSES, C.VISITS, C.MANDATED_REPORT)
    for kind in kinds:
        make.record(cast.session, cast.zoe, kind)
    return Office(cast)


__all__ = ["ASKED", "LAST", "TODAY", "ZOES_NUMBER", "InformationForm", "Office"]
