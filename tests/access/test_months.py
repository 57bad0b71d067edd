"""Months that are over: whole ones, in the district's zone, by the day it is there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portal.access.months import Month, in_words, months_before

ZONE = "America/New_York"


@pytest.mark.parametrize(
    ("at", "names"),
    [
        (datetime(2027, 2, 14, 12, tzinfo=UTC), ["2026-11", "2026-12", "2027-01"]),
        (datetime(2027, 3, 1, 4, 59, tzinfo=UTC), ["2026-11", "2026-12", "2027-01"]),
        (datetime(2027, 3, 1, 5, 0, tzinfo=UTC), ["2026-12", "2027-01", "2027-02"]),
    ],
)
def test_the_last_whole_months_are_told_the_earliest_first(at, names):
    assert [month.name for month in months_before(at, ZONE, 3)] == names


def test_a_month_runs_from_its_first_midnight_until_the_next_one_s():
    at = datetime(2026, 12, 1, 12, tzinfo=UTC)
    october, november, december = (
        datetime(2026, 10, 1, 4, tzinfo=UTC),
        datetime(2026, 11, 1, 4, tzinfo=UTC),
        datetime(2026, 12, 1, 5, tzinfo=UTC),  # the clocks went back meanwhile
    )

    assert months_before(at, ZONE, 2) == [
        Month("2026-10", october, november),
        Month("2026-11", november, december),
    ]
    assert months_before(at, ZONE, 0) == []


def test_a_month_is_told_in_words():
    assert in_words("2026-09") == "September 2026"
