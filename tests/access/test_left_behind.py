"""Students whom nobody looks after any more, once a colleague left."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.access import left_behind, sign_ins
from portal.errors import Refused
from portal.store.people import Relation, User
from portal.vocabulary import RelationKind
from tests import factories as make
from tests.people import NOW, Cast

DAY = timedelta(days=1)


def told(cast: Cast, who: User) -> list[tuple[str, int]]:
    cast.session.flush()
    found = left_behind.lines(cast.session, cast.who(who), NOW)
    return [(line.name, line.students) for line in found]


def test_students_wait_until_somebody_else_has_them(cast: Cast) -> None:
    assert told(cast, cast.dina) == []

    cast.ana.active_until = NOW - DAY
    assert told(cast, cast.dina) == [("Ana Counts", 2)]
    assert told(cast, cast.omar) == [("Ana Counts", 2)]

    cora = make.user(cast.session, cast.district, "Cora Next", cast.ana.role, cast.ana.level)
    make.relation(cast.session, cora, cast.luis, RelationKind.COUNSELOR)
    assert told(cast, cast.dina) == [("Ana Counts", 1)]
    cora.active_until = NOW
    assert told(cast, cast.dina) == [("Cora Next", 1), ("Ana Counts", 2)]


def test_what_ended_before_they_left_and_who_is_gone_wait_for_nobody(cast: Cast) -> None:
    cast.ana.active_until = NOW - DAY
    cast.mei.missing_since = NOW - DAY
    cast.session.query(Relation).filter_by(
        user_id=cast.ana.id, student_id=cast.luis.id
    ).one().ends_at = NOW - 2 * DAY
    assert told(cast, cast.dina) == []


def test_a_principal_is_told_of_the_building_and_a_teacher_of_nothing(cast: Cast) -> None:
    make.relation(cast.session, cast.ana, cast.zoe, RelationKind.SERVICE)
    cast.ana.active_until = NOW - DAY
    assert told(cast, cast.dina) == [("Ana Counts", 3)]
    assert told(cast, cast.omar) == [("Ana Counts", 2)]
    with pytest.raises(Refused):
        told(cast, cast.tom)


def test_nobody_left_ends_nothing(cast: Cast) -> None:
    sign_ins.end(cast.session, [], NOW)
    assert not cast.session.dirty
