"""What a partner logs back lacks nothing and holds no notes."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.referrals.giving.rules import LONGEST, GivenDraft, problems
from portal.vocabulary import Attendance, GivenStatus
from tests.people import NOW

TZ = "America/New_York"
SENT = NOW - timedelta(days=10)
FULL = GivenDraft(
    date(2026, 11, 20), Attendance.ATTENDED, GivenStatus.STARTED, "A quiet place at lunch."
)


def fields(draft: GivenDraft, corrects: uuid.UUID | None = None) -> list[str]:
    return [problem.field for problem in problems(draft, SENT, NOW, TZ, corrects=corrects)]


def test_a_full_one_can_be_saved():
    assert fields(FULL) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"given_on": None}, "Date"),
        ({"given_on": date(2026, 11, 21)}, "Date"),
        ({"given_on": date(2026, 11, 9)}, "Date"),
        ({"attendance": None}, "Attendance"),
        ({"status": None}, "Status"),
        ({"strategies": "x" * (LONGEST + 1)}, "Strategies"),
        ({"strategies": "x" * 50_000}, "Strategies"),
        ({"strategies": "a\x00b"}, "Strategies"),
    ],
)
def test_what_is_missing_or_wrong_is_told_with_its_field(changes, field):
    assert fields(replace(FULL, **changes)) == [field]


def test_an_empty_one_tells_everything_at_once():
    assert fields(GivenDraft()) == ["Date", "Attendance", "Status"]


@pytest.mark.parametrize(("reason", "told"), [("", 1), ("  ", 1), ("x" * 301, 1), ("Wrong day", 0)])
def test_a_correction_needs_a_reason(reason, told):
    assert len(fields(replace(FULL, reason=reason), corrects=uuid.uuid4())) == told


def test_the_first_and_the_last_day_count():
    for day in (date(2026, 11, 10), date(2026, 11, 20)):
        assert fields(replace(FULL, given_on=day, strategies="x" * LONGEST)) == []
