"""Luis's records shared with Riverside, and a family that came in by its link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from portal.access import family, gate
from portal.access.family import Family, Proof
from portal.policy.accounting import Law
from portal.stewardship.accounting import service
from portal.stewardship.accounting.rows import Accounting
from portal.store.people import User
from portal.store.records import HistoryEntry
from portal.vocabulary import Category, FamilyLinkKind, SignerKind
from tests import factories as make
from tests.people import NOW, Cast

NOTE = "Luis said something that nobody else may read"
AN_HOUR_AGO = NOW - timedelta(hours=1)


@dataclass(frozen=True)
class Story:
    """The cast, with what the tests do again and again."""

    cast: Cast

    def opens(self, user: User, at: datetime = AN_HOUR_AGO) -> None:
        """This user opens Luis's record."""
        who = self.cast.who(user)
        gate.open_record(self.cast.session, who, self.cast.luis.id, "coordinate", at)

    def for_ana(self, law: Law = Law.EVERYTHING) -> Accounting:
        """What staff are told about Luis."""
        ana = self.cast.who(self.cast.ana)
        return service.for_staff(self.cast.session, ana, self.cast.luis.id, law, NOW)

    def comes_in(self, kind: SignerKind, key: object, name: str) -> Family:
        """Somebody of the family who has proved who they are."""
        session = self.cast.session
        link, token, _code = family.new_link(
            session,
            self.cast.who(self.cast.ana),
            FamilyLinkKind.KEEP,
            (kind, key, name),
            "es",
            NOW + timedelta(days=14),
            NOW,
        )
        let_in = family.prove(session, link, Proof(born=self.cast.luis.born), "192.0.2.7", NOW)
        return family.holder(session, token, let_in, NOW)

    def maria(self) -> Family:
        """Luis's mother."""
        return self.comes_in(SignerKind.GUARDIAN, self.cast.maria.id, "Maria Sample")

    def for_maria(self, law: Law = Law.EVERYTHING) -> Accounting:
        """What Luis's mother is told about him."""
        session, luis = self.cast.session, self.cast.luis.id
        return service.for_family(session, self.maria(), luis, law, NOW)


@pytest.fixture
def story(cast: Cast) -> Story:
    """Luis's visits, told at length, are shared with Riverside."""
    cast.riverside.address = "1 River Road"
    record = make.record(cast.session, cast.luis, Category.VISITS, author=cast.ana)
    make.stored(cast.session, HistoryEntry(record_id=record.id, headline="A visit", narrative=NOTE))
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, number="C-0192")
    return Story(cast)
