"""Half-open spans, and midnights as a district's clock shows them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.policy.spans import Span, is_likely_day, last_day, local_midnight, midnight_after
from tests.policy.values import DAY, TICK, T

HERE = "America/New_York"


def test_a_span_has_its_first_instant_and_not_its_last():
    span = Span(T, T + DAY)

    assert [span.contains(t) for t in (T - TICK, T, T + DAY - TICK, T + DAY)] == [
        False,
        True,
        True,
        False,
    ]


def test_a_span_without_an_end_goes_on():
    assert Span(T).contains(T + 10_000 * DAY)
    assert not Span(T).contains(T - TICK)


@pytest.mark.parametrize("length", [timedelta(0), -TICK, -DAY])
def test_a_span_that_ends_where_it_begins_or_before_has_no_instant(length):
    span = Span(T, T + length)

    assert not any(span.contains(T + offset) for offset in (-DAY, -TICK, timedelta(0), TICK, DAY))


@pytest.mark.parametrize(
    ("day", "tz", "utc"),
    [
        ("2026-01-15", HERE, "2026-01-15T05:00"),  # standard time
        ("2026-07-15", HERE, "2026-07-15T04:00"),  # daylight time
        ("2026-03-08", HERE, "2026-03-08T05:00"),  # the clocks go forward two hours later
        ("2026-03-09", HERE, "2026-03-09T04:00"),
        ("2026-11-01", HERE, "2026-11-01T04:00"),  # the clocks go back two hours later
        ("2026-11-02", HERE, "2026-11-02T05:00"),
        ("2017-10-15", "America/Sao_Paulo", "2017-10-15T03:00"),  # 00:00 is skipped: 01:00 follows
        ("2018-02-18", "America/Sao_Paulo", "2018-02-18T03:00"),  # 23:00 comes twice the day before
        ("2024-11-03", "America/Havana", "2024-11-03T04:00"),  # 00:00 comes twice: the first
        ("2026-06-15", "Asia/Kathmandu", "2026-06-14T18:15"),
        ("2026-06-15", "UTC", "2026-06-15T00:00"),
    ],
)
def test_a_day_begins_at_its_local_midnight(day, tz, utc):
    expected = datetime.fromisoformat(utc).replace(tzinfo=UTC)

    assert local_midnight(date.fromisoformat(day), tz) == expected


days = st.dates(date(1950, 1, 1), date(2090, 12, 31))
zones = st.sampled_from([HERE, "America/Sao_Paulo", "America/Havana", "Asia/Beirut", "UTC"])


@given(day=days, tz=zones)
def test_days_follow_each_other_without_gap_or_overlap(day, tz):
    begins, ends = local_midnight(day, tz), midnight_after(day, tz)

    assert ends == local_midnight(day + timedelta(days=1), tz)
    assert timedelta(hours=22) <= ends - begins <= timedelta(hours=26)


@given(day=days, tz=zones)
def test_a_paper_valid_through_a_day_prints_that_day_again(day, tz):
    assert last_day(midnight_after(day, tz), tz) == day


def test_a_span_that_ends_during_a_day_has_that_day_as_its_last():
    midnight = local_midnight(date(2026, 7, 1), HERE)

    assert last_day(midnight, HERE) == date(2026, 6, 30)
    assert last_day(midnight + TICK, HERE) == date(2026, 7, 1)
    assert last_day(midnight + DAY, HERE) == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("day", "likely"),
    [
        ("1949-12-31", False),
        ("1950-01-01", True),
        ("2026-11-20", True),
        ("2199-12-31", True),
        ("2200-01-01", False),
        ("0026-11-20", False),
    ],
)
def test_a_slip_of_the_keyboard_is_no_likely_day(day, likely):
    assert is_likely_day(date.fromisoformat(day)) is likely
