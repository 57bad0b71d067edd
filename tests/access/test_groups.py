"""What managers see of their building or district: groups, and nobody in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from portal.access import groups
from portal.errors import Refused
from portal.policy.groups import GroupTable
from portal.store.ledger import TrailLine
from portal.store.people import Student, User
from portal.store.places import School
from portal.store.records import Record, Visit
from portal.vocabulary import Category, Level, Role
from tests import factories as make
from tests.people import NOW, Cast

OCTOBER = datetime(2026, 10, 14, 14, tzinfo=UTC)
PURPOSES = ("check_in", "crisis")


def pupils(cast: Cast, many: int, school: School) -> list[Student]:
    found = []
    for number in range(many):
        pupil = make.student(
            cast.session, cast.district, "Pupil", f"Number {number}", date(2013, 1, 1)
        )
        make.enrollment(cast.session, pupil, school)
        found.append(pupil)
    return found


def colleagues(cast: Cast, many: int) -> list[User]:
    return [
        make.user(
            cast.session, cast.district, f"Colleague {n}", Role.SUPPORT_STAFF, Level.CLINICIAN
        )
        for n in range(many)
    ]


def visits(
    cast: Cast, students: Sequence[Student], staff: Sequence[User], when: datetime = OCTOBER
) -> list[Record]:
    """One visit of each student, by one after the other of the staff."""
    found = []
    for number, student in enumerate(students):
        record = make.record(cast.session, student, Category.VISITS, when)
        by = staff[number % len(staff)]
        make.stored(
            cast.session,
            Visit(record_id=record.id, staff_id=by.id, purpose="check_in", minutes=10),
        )
        found.append(record)
    return found


def seen(cast: Cast, who: User, at: datetime = NOW) -> GroupTable:
    return groups.visits_by_purpose(cast.session, cast.who(who), PURPOSES, at)


def check_ins(table: GroupTable) -> tuple[int | None, ...]:
    return table.rows[0].counts


def test_a_group_of_six_students_and_three_of_the_staff_is_told(cast: Cast) -> None:
    visits(cast, pupils(cast, 6, cast.north), colleagues(cast, 3))

    table = seen(cast, cast.dina)
    assert table.columns == ("2026-08", "2026-09", "2026-10")
    assert check_ins(table) == (None, None, 6)
    assert table.rows[1].counts == (None, None, None)
    line = cast.session.scalars(select(TrailLine).order_by(TrailLine.id.desc())).first()
    assert line is None or line.event == "groups.counted"


@pytest.mark.parametrize(("students", "staff"), [(5, 3), (6, 2)])
def test_a_smaller_one_is_not(cast: Cast, students: int, staff: int) -> None:
    visits(cast, pupils(cast, students, cast.north), colleagues(cast, staff))

    assert not seen(cast, cast.dina).tells_something


def test_a_principal_sees_the_building_and_a_superintendent_the_district(cast: Cast) -> None:
    staff = colleagues(cast, 3)
    visits(cast, pupils(cast, 6, cast.north), staff)
    visits(cast, pupils(cast, 6, cast.south), staff)

    assert check_ins(seen(cast, cast.omar))[-1] == 6
    assert check_ins(seen(cast, cast.sue))[-1] == 12


def test_what_was_taken_back_does_not_count(cast: Cast) -> None:
    record = visits(cast, pupils(cast, 7, cast.north), colleagues(cast, 3))[0]
    record.sealed_from = NOW
    cast.session.flush()

    assert check_ins(seen(cast, cast.dina))[-1] == 6


def test_the_month_that_runs_does_not_count_yet(cast: Cast) -> None:
    visits(cast, pupils(cast, 6, cast.north), colleagues(cast, 3), NOW)

    assert not seen(cast, cast.dina).tells_something


@pytest.mark.parametrize("who", ["ana", "tom", "alma"])
def test_others_see_no_groups(cast: Cast, who: str) -> None:
    with pytest.raises(Refused):
        seen(cast, getattr(cast, who))
