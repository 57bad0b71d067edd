"""When a review is due, and what is kept in one go."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.policy import reviewing
from portal.vocabulary import ReviewKind
from tests.people import NOW

DAY, TICK = timedelta(days=1), timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 1, 1), "2026-Q1"),
        (date(2026, 3, 31), "2026-Q1"),
        (date(2026, 4, 1), "2026-Q2"),
        (date(2026, 9, 30), "2026-Q3"),
        (date(2026, 12, 31), "2026-Q4"),
    ],
)
def test_a_review_belongs_to_its_quarter(day: date, quarter: str) -> None:
    assert reviewing.quarter_of(day) == quarter


def test_it_is_due_a_month_later_and_to_withdraw_another_month_after() -> None:
    due = reviewing.due_on(date(2026, 10, 1))

    assert due == date(2026, 10, 31)
    assert not reviewing.is_overdue(due, due)
    assert reviewing.is_overdue(due, due + DAY)
    assert not reviewing.is_to_withdraw(due, due + 30 * DAY)
    assert reviewing.is_to_withdraw(due, due + 31 * DAY)


def test_only_what_was_used_within_ninety_days_is_kept_in_one_go() -> None:
    assert reviewing.was_used_lately(NOW - 90 * DAY + TICK, NOW)
    assert not reviewing.was_used_lately(NOW - 90 * DAY, NOW)
    assert not reviewing.was_used_lately(None, NOW)


def test_each_kind_is_signed_with_the_sentence_of_the_policy() -> None:
    assert set(reviewing.STATEMENTS) == set(ReviewKind)
    assert "Only authorized staff" in reviewing.STATEMENTS[ReviewKind.ACCESS]
