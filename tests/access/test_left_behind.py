"""Students whom nobody looks after any more, once a colleague left."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from portal.access import left_behind
from portal.errors import Refused
from portal.store.people import Relation, Student, User
from portal.vocabulary import RelationKind
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
YEAR = timedelta(days=365)


def told(cast: Cast, who: User) -> list[tuple[str, int]]:
    cast.session.flush()
    found = left_behind.lines(cast.session, cast.who(who), NOW)
    return [(line.name, line.students) for line in found]


def relation(cast: Cast, student: Student) -> Relation:
    """Ana's to this student."""
    found = cast.session.query(Relation).filter_by(user_id=cast.ana.id, student_id=student.id)
    return found.one()


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
    relation(cast, cast.luis).ends_at = NOW - 2 * DAY
    assert told(cast, cast.dina) == []


def test_a_principal_is_told_of_the_building_and_a_teacher_of_nothing(cast: Cast) -> None:
    make.relation(cast.session, cast.ana, cast.zoe, RelationKind.SERVICE)
    cast.ana.active_until = NOW - DAY
    assert told(cast, cast.dina) == [("Ana Counts", 3)]
    assert told(cast, cast.omar) == [("Ana Counts", 2)]
    with pytest.raises(Refused):
        told(cast, cast.tom)


def test_a_colleague_is_told_with_when_they_left_for_a_year(cast: Cast) -> None:
    left = cast.ana.active_until = NOW - YEAR + TICK
    cast.session.flush()
    line = left_behind.LeftLine(cast.ana.id, "Ana Counts", left, 2)
    assert left_behind.lines(cast.session, cast.who(cast.dina), NOW) == [line]

    cast.ana.active_until = NOW - YEAR
    assert told(cast, cast.dina) == []
    to_come = relation(cast, cast.mei)
    to_come.starts_at, cast.ana.active_until = NOW + TICK, NOW + DAY
    assert told(cast, cast.dina) == []
    to_come.starts_at, cast.ana.active_until = LONG_AGO, NOW
    assert told(cast, cast.dina) == [("Ana Counts", 2)]
    cast.ana.organization_id = cast.riverside.id
    assert told(cast, cast.dina) == []


def test_the_latest_to_leave_is_told_first_and_then_it_goes_by_name(cast: Cast) -> None:
    for key, name, ago in ((3, "Bo", 2), (4, "Cy", 1), (2, "Di", 3), (1, "Di", 3), (5, "Al", 3)):
        user = User(
            id=uuid.UUID(int=key),
            organization_id=cast.district.id,
            username=f"{key}@example.org",
            name=name,
            role=cast.ana.role,
            level=cast.ana.level,
            active_from=LONG_AGO,
            active_until=NOW - ago * DAY,
        )
        make.stored(cast.session, user)
        make.relation(cast.session, user, cast.zoe, RelationKind.COUNSELOR)

    found = left_behind.lines(cast.session, cast.who(cast.dina), NOW)
    assert [line.id.int for line in found] == [4, 3, 5, 1, 2]


def test_who_looks_after_a_student_is_a_counselor_a_server_or_an_evaluator_now(cast: Cast) -> None:
    """Twice with a student is one student; a team or a class waits for nobody and helps nobody."""
    left = cast.ana.active_until = NOW - DAY
    make.relation(cast.session, cast.ana, cast.luis, RelationKind.EVALUATION)
    make.relation(cast.session, cast.ana, cast.zoe, RelationKind.TEAM)
    cora, coming = (
        make.user(cast.session, cast.district, name, cast.ana.role, cast.ana.level)
        for name in ("Cora", "Coming")
    )
    coming.active_from = NOW + TICK
    make.relation(cast.session, coming, cast.luis, RelationKind.COUNSELOR)
    make.relation(cast.session, cora, cast.luis, RelationKind.CLASS)
    over = make.relation(cast.session, cora, cast.luis, RelationKind.COUNSELOR)
    over.ends_at = NOW
    mine = relation(cast, cast.mei)
    mine.ends_at = left
    assert told(cast, cast.dina) == [("Ana Counts", 2)]

    mine.ends_at, over.ends_at = left - TICK, NOW + TICK
    assert told(cast, cast.dina) == []
