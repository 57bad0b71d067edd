"""A student changes school: who sees them before and after, and who is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.access.actor import load
from portal.access.lists import my_students
from portal.errors import NotFound, NotReady, Refused
from portal.policy.spans import local_midnight
from portal.store.people import Enrollment, Relation, SchoolClass, User
from portal.store.records import HistoryEntry
from portal.transitions import queries
from portal.transitions.moving import move
from portal.transitions.rules import MoveDraft, move_problems
from portal.vocabulary import MoveReason
from tests import factories as make
from tests.people import NOW, Cast

DAY = timedelta(days=1)
TODAY = date(2026, 11, 20)


@pytest.fixture
def sol(cast: Cast) -> User:
    """The principal of South School."""
    return make.user(
        cast.session, cast.district, "Sol Bridge", cast.omar.role, cast.omar.level, cast.south
    )


def a_draft(cast: Cast, **more: object) -> MoveDraft:
    draft = MoveDraft(cast.luis.id, cast.south.id, TODAY, MoveReason.MOVED)
    return replace(draft, **more)  # type: ignore[arg-type]


def go(cast: Cast, by: User, **more: object) -> Enrollment:
    return move(cast.session, cast.who(by), a_draft(cast, **more), NOW)


def names(cast: Cast, who: User, at=NOW + timedelta(seconds=1)) -> set[str]:
    me = load(cast.session, who.id, at)
    assert me is not None
    return {line.given_name for line in my_students(cast.session, me, at)}


def test_the_new_building_sees_the_student_and_the_old_one_no_more(cast: Cast, sol: User) -> None:
    assert (names(cast, cast.omar), names(cast, sol)) == ({"Luis", "Mei"}, {"Zoe"})
    row = go(cast, cast.omar)

    assert (names(cast, cast.omar), names(cast, sol)) == ({"Mei"}, {"Luis", "Zoe"})
    assert (row.moved_at, row.moved_by, row.moved_reason) == (NOW, cast.omar.id, MoveReason.MOVED)


def test_it_takes_effect_on_its_day(cast: Cast, sol: User) -> None:
    go(cast, cast.dina, on=TODAY + 10 * DAY)

    assert "Luis" in names(cast, cast.omar, NOW + 9 * DAY)
    assert "Luis" not in names(cast, sol, NOW + 9 * DAY)
    assert "Luis" not in names(cast, cast.omar, NOW + 10 * DAY)
    assert "Luis" in names(cast, sol, NOW + 10 * DAY)


def test_a_student_may_be_at_two_schools(cast: Cast, sol: User) -> None:
    go(cast, cast.omar, stays=True)
    assert "Luis" in names(cast, cast.omar) & names(cast, sol)


def test_whoever_serves_the_student_goes_on_until_the_hand_over(cast: Cast) -> None:
    go(cast, cast.omar)
    assert "Luis" in names(cast, cast.ana)


def test_or_the_caseload_ends_too(cast: Cast) -> None:
    go(cast, cast.omar, keep_caseload=False)
    assert "Luis" not in names(cast, cast.ana)


def test_classes_of_the_old_school_end(cast: Cast) -> None:
    section = make.stored(
        cast.session, SchoolClass(school_id=cast.north.id, title="7A", source_id="c1")
    )
    relation = cast.session.scalars(select(Relation).where(Relation.user_id == cast.tom.id)).one()
    relation.class_id = section.id
    go(cast, cast.omar)

    assert relation.ends_at == NOW


def test_it_stands_in_the_history(cast: Cast) -> None:
    go(cast, cast.omar)
    told = cast.session.scalars(select(HistoryEntry.headline).order_by(HistoryEntry.headline))
    assert list(told) == ["Entered South School, grade 7", "Left North School"]


def test_both_sides_are_told_and_the_old_side_reads_no_name(cast: Cast, sol: User) -> None:
    go(cast, cast.omar, keep_caseload=False)
    at = NOW + DAY

    def told(who: User) -> list[tuple[str, str, bool]]:
        me = load(cast.session, who.id, at)
        found = queries.moved_lately(cast.session, me, at)
        return [(line.student, line.school, line.mine_no_more) for line in found]

    assert told(sol) == [("Sample, Luis", "South School", False)]
    assert told(cast.omar) == [("L. S.", "South School", True)]
    assert told(cast.ana) == [("L. S.", "South School", True)]
    assert told(cast.alma) == []
    assert told(make.user(
        cast.session, cast.district, "New Here", cast.ana.role, cast.ana.level
    )) == []  # fmt: skip
    assert queries.moved_lately(cast.session, cast.who(sol), NOW + 15 * DAY) == []


def test_who_may(cast: Cast, sol: User) -> None:
    with pytest.raises(NotFound):
        go(cast, sol)
    for other in (cast.ana, cast.tom, cast.sue, cast.alma):
        with pytest.raises(Refused):
            go(cast, other)
    go(cast, cast.dina)  # she need not see him


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"student_id": None}, "Student"),
        ({"school_id": None}, "School"),
        ({"on": None}, "Day"),
        ({"on": TODAY - 32 * DAY}, "Day"),
        ({"on": TODAY + 181 * DAY}, "Day"),
        ({"reason": None}, "Reason"),
    ],
)
def test_what_is_missing_is_told(cast: Cast, changes, field: str) -> None:
    found = move_problems(a_draft(cast, **changes), TODAY, {cast.south.id}, set())
    assert [problem.field for problem in found] == [field]
    with pytest.raises(NotReady):
        go(cast, cast.omar, **changes)


def test_a_school_of_another_district_or_the_same_school(cast: Cast) -> None:
    other = make.organization(cast.session, "Elsewhere Schools")
    far = make.school(cast.session, other, "Far School", "9900999")
    for school in (far, cast.north):
        with pytest.raises(NotReady) as told:
            go(cast, cast.omar, school_id=school.id)
        assert [problem.field for problem in told.value.problems] == ["School"]


def test_a_day_of_last_week_leaves_no_gap(cast: Cast) -> None:
    go(cast, cast.omar, on=TODAY - 7 * DAY)
    old, new = queries_of(cast)
    assert old.ends_at == new.starts_at == local_midnight(TODAY - 7 * DAY, "America/New_York")


def queries_of(cast: Cast) -> list[Enrollment]:
    rows = select(Enrollment).where(Enrollment.student_id == cast.luis.id)
    return list(cast.session.scalars(rows.order_by(Enrollment.starts_at)))


def test_who_can_be_moved_is_named_only_where_the_name_may_be_read(cast: Cast) -> None:
    mine = queries.to_move(cast.session, cast.who(cast.omar), NOW)
    assert [line.name for line in mine] == ["Sample, Luis", "Sample, Mei"]
    hers = queries.to_move(cast.session, cast.who(cast.dina), NOW)
    assert [line.name for line in hers] == ["", "", "Sample, Mei"]
