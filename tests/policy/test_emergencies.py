"""A declared emergency: which kinds it may open, and until when a second person looks at it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from portal.policy.decision import FULL, Basis, BasisKind, allow
from portal.policy.emergencies import (
    HOURS_AT_MOST,
    OPENABLE,
    is_working,
    judged_by,
    may_declare,
)
from portal.vocabulary import Category, Level, Role

HERE = "America/New_York"
THANKSGIVING, DAY_AFTER = date(2026, 11, 26), date(2026, 11, 27)


def test_it_lasts_three_days_at_most_and_opens_no_specially_protected_kind() -> None:
    assert HOURS_AT_MOST == 72
    assert set(Category) - set(OPENABLE) == {
        Category.PSYCHIATRIC,
        Category.REPRODUCTIVE,
        Category.OWN_CARE,
        Category.HIV,
        Category.SUD,
        Category.MANDATED_REPORT,
    }


def test_whoever_declares_it_does_so_as_one_of_the_district() -> None:
    own = allow(Basis(BasisKind.OWN, (), FULL))

    assert may_declare(Role.PRINCIPAL, Level.PRINCIPAL) == own


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 11, 23), True),  # a Monday
        (date(2026, 11, 27), True),
        (date(2026, 11, 28), False),
        (date(2026, 11, 29), False),
        (THANKSGIVING, False),
    ],
)
def test_a_working_day_is_monday_to_friday_and_no_holiday(day: date, working: bool) -> None:
    assert is_working(day, [THANKSGIVING]) is working


def local(*when: int) -> datetime:
    """A time on the clock in Connecticut, five hours behind in winter and four in summer."""
    summer = when < (2026, 11, 1)
    return datetime(*when, tzinfo=UTC).replace(hour=when[3] + (4 if summer else 5))


@pytest.mark.parametrize(
    ("opened", "until", "holidays"),
    [
        (local(2026, 11, 23, 9, 5), local(2026, 11, 24, 9, 5), []),  # Monday to Tuesday
        (local(2026, 11, 20, 9, 5), local(2026, 11, 23, 9, 5), []),  # Friday to Monday
        (local(2026, 11, 21, 9, 5), local(2026, 11, 23, 9, 5), []),  # Saturday
        (local(2026, 11, 22, 9, 5), local(2026, 11, 23, 9, 5), []),  # Sunday
        (local(2026, 11, 25, 9, 5), local(2026, 11, 30, 9, 5), [THANKSGIVING, DAY_AFTER]),
        (local(2026, 10, 30, 9, 5), local(2026, 11, 2, 9, 5), []),  # the clock is set back
        # Friday evening here is Saturday in UTC
        (datetime(2026, 11, 21, 2, 0, tzinfo=UTC), datetime(2026, 11, 24, 2, 0, tzinfo=UTC), []),
    ],
)
def test_it_is_looked_at_by_the_same_time_of_the_next_working_day(
    opened: datetime, until: datetime, holidays: list[date]
) -> None:
    assert judged_by(opened, HERE, holidays) == until
    assert judged_by(opened, HERE, tuple(holidays)).utcoffset() != UTC.utcoffset(None)
