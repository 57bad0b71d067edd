"""How many people have each level: of one's own district, and of today."""

from __future__ import annotations

import pytest

from portal.access.levels import how_many
from portal.errors import Refused
from portal.vocabulary import Level
from tests.people import NOW, Cast


def test_an_administrator_counts_who_is_there_now(cast: Cast) -> None:
    before = how_many(cast.session, cast.who(cast.dina), NOW)
    assert before[Level.CLINICIAN] == 1
    assert Level.AGENCY_ADMIN not in before

    cast.ana.active_until = NOW
    cast.session.flush()
    assert Level.CLINICIAN not in how_many(cast.session, cast.who(cast.dina), NOW)


def test_nobody_else_counts(cast: Cast) -> None:
    for who in (cast.bea, cast.selma, cast.omar, cast.alma):
        with pytest.raises(Refused):
            how_many(cast.session, cast.who(who), NOW)
