"""What use is unusual, where it stops, and who settles what was found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from portal.policy.decision import FULL, Basis, BasisKind, Reason, allow, refuse
from portal.policy.use import (
    STOP_AT,
    DayOfUse,
    Found,
    Limits,
    is_off_hours,
    may_go_on,
    may_settle,
    unusual,
)
from portal.vocabulary import Level, Role
from portal.vocabulary import UseFlagKind as Kind

LIMITS = Limits()
OWN = allow(Basis(BasisKind.OWN, (), FULL))
A_DAY = DayOfUse(Level.CLINICIAN)


def test_a_thousand_records_within_an_hour_are_the_end() -> None:
    stopped = refuse([Reason.TOO_MANY_OPENED])

    assert STOP_AT == 1000
    assert may_go_on(999, stopped=False) == OWN
    assert may_go_on(1000, stopped=False) == may_go_on(0, stopped=True) == stopped


def test_what_was_found_is_settled_by_somebody_else_who_watches() -> None:
    assert may_settle("ana", "dina", Role.DISTRICT_ADMIN) == OWN
    assert may_settle("sue", "sue", Role.SUPERINTENDENT) == refuse([Reason.OWN_RECORD])
    assert may_settle("omar", "omar", Role.PRINCIPAL) == refuse([Reason.NO_SUCH_TASK])


STUDENTS_A_DAY = {
    Level.TEACHER: 60,
    Level.COUNSELOR: 120,
    Level.CLINICIAN: 80,
    Level.PRINCIPAL: 150,
    Level.PERSONNEL: 60,
    Level.BUDGET: 60,
    Level.CURRICULUM: 60,
    Level.SPECIAL_EDUCATION: 150,
    Level.SUPERINTENDENT: 150,
    Level.STAFF: 60,
    Level.AGENCY_ADMIN: 60,
}
"""Written a second time, so that a change is made on purpose."""


@pytest.mark.parametrize("level", Level)
def test_each_level_opens_so_many_students_a_day(level: Level) -> None:
    many = STUDENTS_A_DAY[level]
    volume = Found(Kind.VOLUME, many, many)

    assert volume in unusual(DayOfUse(level, many), LIMITS)
    assert Kind.VOLUME not in {one.kind for one in unusual(DayOfUse(level, many - 1), LIMITS)}


def test_a_district_that_sets_one_level_sets_the_others_by_that_of_staff() -> None:
    limits = Limits(opens={Level.TEACHER: 10, Level.STAFF: 30})

    assert list(unusual(DayOfUse(Level.BUDGET, 30), limits)) == [Found(Kind.VOLUME, 30, 30)]
    assert list(unusual(DayOfUse(Level.TEACHER, 10), limits)) == [Found(Kind.VOLUME, 10, 10)]


@pytest.mark.parametrize(
    ("use", "found"),
    [
        # beside what is usual: three times as much as the busier of oneself and the others
        (replace(A_DAY, opened=36, own_usual=4, colleagues_usual=12), [(Kind.VOLUME, 36, 36)]),
        (replace(A_DAY, opened=36, own_usual=12, colleagues_usual=4), [(Kind.VOLUME, 36, 36)]),
        (replace(A_DAY, opened=37, own_usual=12.5, colleagues_usual=4), [(Kind.VOLUME, 37, 37)]),
        (replace(A_DAY, opened=35, own_usual=4, colleagues_usual=12), []),
        (replace(A_DAY, opened=24, own_usual=1, colleagues_usual=1), []),
        (replace(A_DAY, opened=25, own_usual=1, colleagues_usual=1), [(Kind.VOLUME, 25, 25)]),
        (replace(A_DAY, opened=50, own_usual=1), []),
        (replace(A_DAY, opened=50, colleagues_usual=1), []),
        (replace(A_DAY, opened=80, own_usual=40, colleagues_usual=40), [(Kind.VOLUME, 80, 80)]),
        (replace(A_DAY, off_hours=4, strangers=4, exported=499, refused=19), []),
        (replace(A_DAY, off_hours=5), [(Kind.OFF_HOURS, 5, 5)]),
        (replace(A_DAY, off_hours=6), [(Kind.OFF_HOURS, 6, 5)]),
        (replace(A_DAY, strangers=5), [(Kind.NOT_OWN_STUDENTS, 5, 5)]),
        (replace(A_DAY, strangers=6), [(Kind.NOT_OWN_STUDENTS, 6, 5)]),
        (replace(A_DAY, exported=500), [(Kind.BULK_EXPORT, 500, 500)]),
        (replace(A_DAY, exported=501), [(Kind.BULK_EXPORT, 501, 500)]),
        (replace(A_DAY, refused=20), [(Kind.MANY_REFUSALS, 20, 20)]),
        (replace(A_DAY, refused=21), [(Kind.MANY_REFUSALS, 21, 20)]),
        (replace(A_DAY, opened=25), []),
        # whoever leads the district has every student, so many of them are looked at
        (DayOfUse(Level.SUPERINTENDENT, 24), []),
        (DayOfUse(Level.SUPERINTENDENT, 25), [(Kind.NOT_OWN_STUDENTS, 25, 25)]),
        (DayOfUse(Level.SUPERINTENDENT, 26), [(Kind.NOT_OWN_STUDENTS, 26, 25)]),
        (DayOfUse(Level.SUPERINTENDENT, 25, strangers=5), [(Kind.NOT_OWN_STUDENTS, 5, 5)]),
    ],
)
def test_what_is_unusual(use: DayOfUse, found: list[tuple[Kind, int, int]]) -> None:
    assert list(unusual(use, LIMITS)) == [Found(*one) for one in found]


@pytest.mark.parametrize(
    ("local", "off"),
    [
        (datetime(2026, 11, 20, 5, 59), True),
        (datetime(2026, 11, 20, 6, 0), False),
        (datetime(2026, 11, 20, 19, 59), False),
        (datetime(2026, 11, 20, 20, 0), True),
        (datetime(2026, 11, 21, 10, 0), True),  # a Saturday
        (datetime(2026, 11, 26, 10, 0), True),  # a holiday of the district
    ],
)
def test_working_hours(local: datetime, off: bool) -> None:
    assert is_off_hours(local, replace(LIMITS, holidays=(date(2026, 11, 26),))) is off
