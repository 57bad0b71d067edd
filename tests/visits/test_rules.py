"""What a visit must say before it is saved."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.access.words import AS_SHIPPED
from portal.visits.rules import (
    LONGEST_NOTE,
    MOST_IN_A_GROUP,
    FollowUpDraft,
    Known,
    Seat,
    VisitDraft,
    follow_up_problems,
    group_problems,
    of_each,
    problems,
)
from portal.vocabulary import (
    USUAL_SERVICE,
    Attendance,
    MissedReason,
    VisitPurpose,
    VisitService,
)
from tests.people import NOW

KNOWN = Known(date(2013, 5, 5), datetime(2019, 8, 26, 4, tzinfo=UTC), "America/New_York")
GOOD = VisitDraft(uuid.uuid4(), VisitPurpose.CHECK_IN, 10)
TODAY = date(2026, 11, 20)
AN_HOUR_AGO = NOW - timedelta(hours=1)


def fields(draft: VisitDraft, known: Known | None = KNOWN) -> list[str]:
    return [problem.field for problem in problems(draft, NOW, known, AS_SHIPPED)]


def test_student_purpose_and_minutes_are_enough() -> None:
    assert problems(GOOD, NOW, KNOWN, AS_SHIPPED) == []


def test_an_empty_form_hears_of_every_field_at_once() -> None:
    found = problems(VisitDraft(), NOW, None, AS_SHIPPED)

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

    assert crisis.provided(AS_SHIPPED) == (USUAL_SERVICE[VisitPurpose.CRISIS],)
    assert chosen.provided(AS_SHIPPED) == (VisitService.SCREENING,)
    assert GOOD.provided(AS_SHIPPED) == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"mode": "carrier_pigeon"}, "Mode"),
        ({"tier": "tier_9"}, "Tier"),
        ({"place": "moon"}, "Place"),
        ({"disposition": "nonsense"}, "Disposition"),
        ({"attendance": Attendance.LATE, "missed_reason": "nonsense"}, "Reason"),
        ({"missed_reason": MissedReason.OTHER}, "Reason"),
        ({"attendance": Attendance.NO_SHOW, "services": (VisitService.SCREENING,)}, "Services"),
        ({"attendance": Attendance.NO_SHOW, "disposition": "back_to_class"}, "Disposition"),
        ({"attendance": Attendance.NO_SHOW, "minutes": -1}, "Minutes"),
        ({"restricted": True}, "Note"),
    ],
)
def test_what_a_visit_says_beside_the_four_fields_fits_together(
    changes: dict[str, object], field: str
) -> None:
    assert fields(replace(GOOD, **changes)) == [field]


def test_who_did_not_come_was_given_nothing_and_took_no_time() -> None:
    missed = VisitDraft(
        uuid.uuid4(), VisitPurpose.INDIVIDUAL, attendance=Attendance.NO_SHOW, missed_reason="other"
    )

    assert fields(missed) == []
    assert missed.length == 0
    assert missed.provided(AS_SHIPPED) == ()


def test_a_student_who_left_is_seen_for_a_summer_and_not_after_that() -> None:
    gone = replace(KNOWN, left=datetime(2026, 6, 12, 4, tzinfo=UTC))
    [problem] = problems(GOOD, NOW, gone, AS_SHIPPED)

    assert problem.what == "The student left the district's schools on June 12, 2026."
    assert fields(replace(GOOD, began=datetime(2026, 6, 1, 14, tzinfo=UTC)), gone) == []
    assert fields(replace(GOOD, began=datetime(2026, 9, 10, 3, 59, tzinfo=UTC)), gone) == []
    assert fields(replace(GOOD, began=datetime(2026, 9, 10, 4, tzinfo=UTC)), gone) == ["Began"]


def test_each_of_a_group_has_what_all_share_and_what_is_their_own() -> None:
    luis, mei, zoe = (uuid.uuid4() for _ in range(3))
    shared = replace(GOOD, note="of nobody", services=("screening",), missed_reason="other")
    seats = (
        Seat(luis, note="drew a map"),
        Seat(mei, Attendance.LATE),
        Seat(zoe, Attendance.NO_SHOW),
    )
    first, second, third = of_each(replace(shared, restricted=True), seats)

    assert [one.student_id for one in (first, second, third)] == [luis, mei, zoe]
    assert [one.note for one in (first, second, third)] == ["drew a map", "", ""]
    assert [one.restricted for one in (first, second, third)] == [True, False, False]
    assert [one.missed_reason for one in (first, second, third)] == ["", "other", "other"]
    assert [one.length for one in (first, second, third)] == [10, 10, 0]
    assert [one.services for one in (first, second, third)] == [("screening",)] * 2 + [()]


def test_a_group_has_two_students_or_more_each_once() -> None:
    luis, mei = Seat(uuid.uuid4()), Seat(uuid.uuid4())
    many = [Seat(uuid.uuid4()) for _ in range(MOST_IN_A_GROUP + 1)]

    assert group_problems([luis, mei]) == group_problems(many[1:]) == []
    for wrong in ([], [luis], [luis, mei, luis], many):
        assert [problem.field for problem in group_problems(wrong)] == ["Group"]


@pytest.mark.parametrize(
    "draft",
    [
        FollowUpDraft(None, "about nothing"),
        FollowUpDraft(TODAY - timedelta(days=1)),
        FollowUpDraft(TODAY + timedelta(days=366)),
        FollowUpDraft(TODAY, "x" * 201),
        FollowUpDraft(TODAY, "a\x00b"),
    ],
)
def test_a_follow_up_that_cannot_be_is_named(draft: FollowUpDraft) -> None:
    assert [problem.field for problem in follow_up_problems(draft, TODAY)] == ["Follow-up"]


def test_a_follow_up_today_or_none_is_fine() -> None:
    assert follow_up_problems(FollowUpDraft(TODAY, "the bus"), TODAY) == []
    assert follow_up_problems(FollowUpDraft(), TODAY) == []
