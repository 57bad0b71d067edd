"""What a visit must say before it is saved."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.visits.rules import LONGEST_NOTE, Known, VisitDraft, problems
from portal.vocabulary import USUAL_SERVICE, VisitPurpose, VisitService
from tests.people import NOW

KNOWN = Known(date(2013, 5, 5), datetime(2019, 8, 26, 4, tzinfo=UTC), "America/New_York")
GOOD = VisitDraft(uuid.uuid4(), VisitPurpose.CHECK_IN, 10)
AN_HOUR_AGO = NOW - timedelta(hours=1)


def fields(draft: VisitDraft, known: Known | None = KNOWN) -> list[str]:
    return [problem.field for problem in problems(draft, NOW, known)]


def test_student_purpose_and_minutes_are_enough() -> None:
    assert problems(GOOD, NOW, KNOWN) == []


def test_an_empty_form_hears_of_every_field_at_once() -> None:
    found = problems(VisitDraft(), NOW, None)

    assert [problem.field for problem in found] == ["Student", "Purpose", "Minutes"]
    assert [problem.do_next for problem in found] == [
        "Choose the student you saw.",
        "Choose the purpose of the visit.",
        "Choose how long the visit took.",
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"minutes": 0}, "Minutes"),
        ({"minutes": 601}, "Minutes"),
        ({"minutes": 26 * 60}, "Minutes"),
        ({"began": NOW + timedelta(minutes=1)}, "Began"),
        ({"began": NOW - timedelta(days=366)}, "Began"),
        ({"began": AN_HOUR_AGO, "ended": AN_HOUR_AGO - timedelta(minutes=5)}, "Ended"),
        ({"began": AN_HOUR_AGO, "ended": AN_HOUR_AGO}, "Ended"),
        ({"began": AN_HOUR_AGO, "ended": NOW + timedelta(minutes=5)}, "Ended"),
        ({"ended": AN_HOUR_AGO}, "Began"),
        ({"note": "x" * 50_000}, "Note"),
        ({"note": "a\x00b"}, "Note"),
        ({"services": ("nonsense",)}, "Services"),
        ({"purpose": "nonsense"}, "Purpose"),
    ],
)
def test_what_cannot_be_is_named_by_its_field(changes: dict[str, object], field: str) -> None:
    assert fields(replace(GOOD, **changes)) == [field]


@pytest.mark.parametrize("minutes", [1, 600])
def test_one_minute_and_ten_hours_are_visits(minutes: int) -> None:
    assert fields(replace(GOOD, minutes=minutes)) == []


def test_a_note_of_the_longest_kind_is_kept() -> None:
    assert fields(replace(GOOD, note="x" * LONGEST_NOTE)) == []


def test_a_visit_is_not_before_the_student_was_born_or_entered() -> None:
    young = replace(KNOWN, born=date(2026, 11, 20))
    fresh = replace(KNOWN, entered=AN_HOUR_AGO)
    yesterday = replace(GOOD, began=NOW - timedelta(days=1))

    assert fields(yesterday, young) == ["Began"]
    assert fields(yesterday, fresh) == ["Began"]
    assert fields(replace(GOOD, began=AN_HOUR_AGO), fresh) == []


def test_the_two_times_stand_for_the_minutes() -> None:
    draft = replace(GOOD, minutes=None, began=AN_HOUR_AGO, ended=NOW - timedelta(minutes=25))

    assert (draft.length, fields(draft)) == (35, [])


def test_a_visit_without_a_time_has_just_ended() -> None:
    assert GOOD.happened_at(NOW) == NOW - timedelta(minutes=10)


def test_the_purpose_implies_its_usual_service_only_when_none_is_chosen() -> None:
    crisis = replace(GOOD, purpose=VisitPurpose.CRISIS)
    chosen = replace(crisis, services=(VisitService.SCREENING, VisitService.SCREENING))

    assert crisis.provided == (USUAL_SERVICE[VisitPurpose.CRISIS],)
    assert chosen.provided == (VisitService.SCREENING,)
    assert GOOD.provided == ()
