"""What managers see of their building or district: groups, and nobody in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.access import groups
from portal.errors import Refused
from portal.policy.groups import GroupTable
from portal.policy.spans import local_midnight
from portal.store.ledger import TrailLine
from portal.store.people import Enrollment, Student, User
from portal.store.places import School
from portal.store.records import Record, Visit
from portal.vocabulary import Category, Level, Role
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

TZ, TICK = "America/New_York", timedelta(microseconds=1)
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
    cast: Cast,
    students: Sequence[Student],
    staff: Sequence[User],
    when: datetime = OCTOBER,
    purpose: str = "check_in",
) -> list[Record]:
    """One visit of each student, by one after the other of the staff."""
    found = []
    for number, student in enumerate(students):
        record = make.record(cast.session, student, Category.VISITS, when)
        by = staff[number % len(staff)]
        make.stored(
            cast.session,
            Visit(record_id=record.id, staff_id=by.id, purpose=purpose, minutes=10),
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
    line = cast.session.scalars(select(TrailLine)).one()
    assert (line.event, line.allowed, line.at) == ("groups.counted", True, NOW)
    assert (line.user_id, line.subject) == (cast.dina.id, "visits")


@pytest.mark.parametrize(("students", "staff"), [(5, 3), (6, 2)])
def test_a_smaller_one_is_not(cast: Cast, students: int, staff: int) -> None:
    visits(cast, pupils(cast, students, cast.north), colleagues(cast, staff))

    assert not seen(cast, cast.dina).tells_something


def test_each_purpose_is_told_by_itself_in_each_month(cast: Cast) -> None:
    some, staff = pupils(cast, 7, cast.north), colleagues(cast, 3)
    visits(cast, some[:6], staff)
    visits(cast, some, staff, OCTOBER, "crisis")
    visits(cast, some[:6], staff, OCTOBER - timedelta(days=30))

    assert [row.counts for row in seen(cast, cast.dina).rows] == [(None, 6, 6), (None, None, 7)]


def test_a_student_or_a_colleague_counts_once_however_often_they_come(cast: Cast) -> None:
    few, staff = pupils(cast, 5, cast.north), colleagues(cast, 3)
    for _ in range(2):
        visits(cast, few, staff)

    assert not seen(cast, cast.dina).tells_something


def test_a_principal_sees_the_building_and_a_superintendent_the_district(cast: Cast) -> None:
    staff = colleagues(cast, 3)
    visits(cast, pupils(cast, 6, cast.north), staff)
    visits(cast, pupils(cast, 6, cast.south), staff)

    assert check_ins(seen(cast, cast.omar))[-1] == 6
    assert check_ins(seen(cast, cast.sue))[-1] == 12


@pytest.mark.parametrize(
    ("start", "end", "counted"),
    [
        (OCTOBER, None, 7),
        (OCTOBER, OCTOBER - TICK, 6),  # left before the visit
        (OCTOBER, OCTOBER + TICK, 7),
        (OCTOBER + TICK, None, 6),  # came after it
    ],
)
def test_a_building_counts_who_was_there_at_the_visit(cast: Cast, start, end, counted) -> None:
    some = pupils(cast, 7, cast.north)
    visits(cast, some, colleagues(cast, 3))
    about = Enrollment.student_id == some[0].id
    there = cast.session.scalars(select(Enrollment).where(about)).one()
    there.starts_at, there.ends_at = (LONG_AGO if end else start), end
    cast.session.flush()

    assert check_ins(seen(cast, cast.omar))[-1] == counted


@pytest.mark.parametrize("change", ["taken back", "a partner's", "of another kind"])
def test_what_is_no_visit_of_the_district_s_does_not_count(cast: Cast, change: str) -> None:
    record = visits(cast, pupils(cast, 7, cast.north), colleagues(cast, 3))[0]
    if change == "taken back":
        record.sealed_from = NOW
    if change == "a partner's":
        record.custodian_id = cast.riverside.id
    if change == "of another kind":
        record.category = Category.VISIT_NOTES
    cast.session.flush()

    assert check_ins(seen(cast, cast.dina))[-1] == 6


def test_a_month_is_told_from_its_midnight_to_the_next_and_the_one_that_runs_not_yet(
    cast: Cast,
) -> None:
    records = visits(cast, pupils(cast, 6, cast.north), colleagues(cast, 3))
    august, september, november = (local_midnight(date(2026, m, 1), TZ) for m in (8, 9, 11))
    for instant, counts in [
        (august - TICK, (None, None, None)),
        (august, (6, None, None)),
        (september - TICK, (6, None, None)),
        (september, (None, 6, None)),
        (november - TICK, (None, None, 6)),
        (november, (None, None, None)),
    ]:
        for record in records:
            record.event_at = instant
        cast.session.flush()
        assert check_ins(seen(cast, cast.dina)) == counts, instant


@pytest.mark.parametrize("who", ["ana", "tom", "alma"])
def test_others_see_no_groups(cast: Cast, who: str) -> None:
    with pytest.raises(Refused):
        seen(cast, getattr(cast, who))
