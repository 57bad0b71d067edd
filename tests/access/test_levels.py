"""How many people have each level: of one's own district, and of today."""

from __future__ import annotations

import pytest

from portal.access.levels import how_many
from portal.errors import Refused
from portal.vocabulary import Level, Role
from tests import factories as make
from tests.people import NOW, Cast


def test_an_administrator_counts_who_is_there_now(cast: Cast) -> None:
    make.user(cast.session, cast.district, "Tina Chalk", Role.TEACHER, Level.TEACHER)
    cast.ana.active_until = NOW
    cast.session.flush()

    found = how_many(cast.session, cast.who(cast.dina), NOW)
    levels = (Level.PRINCIPAL, Level.SPECIAL_EDUCATION, Level.SUPERINTENDENT, Level.BUDGET)
    one_each = dict.fromkeys((*levels, Level.COUNSELOR), 1)
    assert found == one_each | {Level.TEACHER: 2}


def test_nobody_else_counts(cast: Cast) -> None:
    for who in (cast.bea, cast.selma, cast.omar, cast.rita):
        with pytest.raises(Refused):
            how_many(cast.session, cast.who(who), NOW)
    assert set(how_many(cast.session, cast.who(cast.alma), NOW)) == {
        Level.STAFF,
        Level.AGENCY_ADMIN,
    }
