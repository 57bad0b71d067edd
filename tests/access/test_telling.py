"""How each kind of record is told: in whole sentences, which say only what is known."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest

from portal.access import telling
from portal.access.words import AS_SHIPPED
from portal.store.records import AttendanceYear, Referral, Visit
from portal.store.support import DataPointVersion, StudentNeed, StudentService
from portal.vocabulary import (
    Access,
    AnswerKind,
    Attendance,
    GivenStatus,
    ReferralStatus,
    ServiceEnd,
    StrengthSource,
    VisitFormat,
    VisitMode,
)

DAY = date(2026, 11, 3)


def a_visit(**changes: Any) -> Visit:
    usual = {
        "purpose": "individual",
        "minutes": 20,
        "mode": VisitMode.IN_PERSON,
        "format": VisitFormat.ONE_TO_ONE,
        "attendance": Attendance.ATTENDED,
        "missed_reason": "",
        "disposition": "",
    }
    return Visit(**usual | changes)


@pytest.mark.parametrize(
    ("changes", "services", "told"),
    [
        ({}, [], "Individual counseling, 20 min"),
        ({"minutes": 1}, ["individual_counseling"], "Individual counseling, 1 min"),
        (
            {"minutes": 0, "attendance": Attendance.NO_SHOW, "missed_reason": "kept_in_class"},
            [],
            "Individual counseling, did not come (kept in class)",
        ),
        (
            {
                "mode": VisitMode.PHONE,
                "format": VisitFormat.GROUP,
                "attendance": Attendance.LATE,
                "disposition": "back_to_class",
            },
            ["screening", "individual_counseling", "basic_needs"],
            "Individual counseling, 20 min, by phone, in a group, came late. "
            "Screening (SBIRT), Basic needs. Back to class",
        ),
    ],
)
def test_a_visit(changes: dict[str, Any], services: list[str], told: str) -> None:
    assert telling.visit(a_visit(**changes), services, AS_SHIPPED) == told


@pytest.mark.parametrize(
    ("agency", "access", "told"),
    [
        ("Riverside", Access.UNKNOWN, "Referred to Riverside: low mood. On a waiting list"),
        (
            None,
            Access.NOT_ACCESSED,
            "Referred to The nurse: low mood. On a waiting list. Service: not accessed",
        ),
    ],
)
def test_a_referral(agency: str | None, access: Access, told: str) -> None:
    row = Referral(
        school_provider="The nurse",
        need="low_mood",
        status=ReferralStatus.WAITLISTED,
        access=access,
    )
    assert telling.referral(row, agency, AS_SHIPPED) == told


@pytest.mark.parametrize(
    ("changes", "agency", "told"),
    [
        ({}, None, "Small group from Ana, since November 3, 2026"),
        (
            {"estimated_end": date(2027, 6, 15), "tier": "tier_2"},
            "Riverside",
            "Small group from Riverside, since November 3, 2026, until about June 15, 2027. Tier 2",
        ),
        (
            {"estimated_end": date(2027, 6, 15), "ended_on": date(2027, 1, 8)},
            None,
            "Small group from Ana, since November 3, 2026. Ended January 8, 2027",
        ),
        (
            {"ended_on": date(2027, 1, 8), "end_reason": ServiceEnd.GOAL_REACHED, "tier": "tier_1"},
            None,
            "Small group from Ana, since November 3, 2026. Tier 1. "
            "Ended January 8, 2027: the goal was reached",
        ),
    ],
)
def test_a_service(changes: dict[str, Any], agency: str | None, told: str) -> None:
    usual = {"service": "small_group", "provider": "Ana", "tier": "", "started_on": DAY}
    assert telling.service(StudentService(**usual | changes), agency, AS_SHIPPED) == told


@pytest.mark.parametrize(
    ("intensity", "owner", "told"),
    [
        ("Weekly", "Ana", "Weekly. Data kept by Ana"),
        ("Weekly", "", "Weekly"),
        ("", "Ana", "Data kept by Ana"),
        ("", "", ""),
    ],
)
def test_the_details_of_a_service(intensity: str, owner: str, told: str) -> None:
    assert telling.service_details(intensity, owner) == told


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "Need: low mood, since November 3, 2026. Not met yet"),
        (
            {"awaited_from": "Ana", "tier": "tier_3"},
            "Need: low mood, since November 3, 2026. Tier 3. Not met yet, awaited from Ana",
        ),
        (
            {"awaited_from": "Ana", "met_on": date(2027, 1, 8)},
            "Need: low mood, since November 3, 2026. Met January 8, 2027",
        ),
    ],
)
def test_a_need(changes: dict[str, Any], told: str) -> None:
    usual = {"need": "low_mood", "tier": "", "since_on": DAY, "awaited_from": ""}
    assert telling.need(StudentNeed(**usual | changes), AS_SHIPPED) == told


@pytest.mark.parametrize(
    ("corrects", "told"),
    [
        (None, "Service given: came late. Paused"),
        (uuid.uuid4(), "Service given: came late. Paused. Corrects an earlier entry"),
    ],
)
def test_what_a_partner_gave(corrects: uuid.UUID | None, told: str) -> None:
    assert telling.given(Attendance.LATE, GivenStatus.PAUSED, corrects) == told


@pytest.mark.parametrize(
    ("agreed", "reason", "told"),
    [
        ("Sit in front", "", "Sit in front"),
        ("Sit in front", "Wrong day", "Sit in front\nCorrected because: Wrong day"),
        ("", "Wrong day", "Corrected because: Wrong day"),
    ],
)
def test_what_was_agreed_with_the_school(agreed: str, reason: str, told: str) -> None:
    assert telling.strategies(agreed, reason) == told


def test_a_strength_is_told_in_whose_words() -> None:
    assert telling.strength(StrengthSource.FAMILY) == "Strength, in the family's words"


def test_a_handover_is_told_prompt_by_prompt_and_then_what_no_prompt_knows() -> None:
    answers = {
        "z_own": "Last",
        "a_own": "Nearly last",
        "first": "Listen",
        "peers": "",
        "strengths": "Draws",
    }
    assert telling.handover(answers).splitlines() == [
        "Strengths, and what goes well: Draws",
        "What to do first: Listen",
        "Nearly last",
        "Last",
    ]


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        ({"es": "Ánimo", "en": "Mood"}, "Mood"),
        ({"es": "Ánimo", "pt": "Humor"}, "Ánimo"),
        ({}, ""),
    ],
)
def test_a_districts_own_words_are_told_in_english_or_as_they_are(
    labels: dict[str, str], told: str
) -> None:
    assert telling.in_english(labels) == told


@pytest.mark.parametrize(
    ("kind", "high", "value", "told"),
    [
        (AnswerKind.CHOICE, None, "bus", "By bus"),
        (AnswerKind.CHOICE, None, "tram", "tram"),
        (AnswerKind.SCALE, 5, "3", "3 of 5"),
        (AnswerKind.SCALE, None, "3", "3"),
        (AnswerKind.NUMBER, 5, "3", "3"),
        (AnswerKind.DATE, None, "2026-11-03", "November 3, 2026"),
        (AnswerKind.DATE, None, "soon", "soon"),
        (AnswerKind.TEXT, None, "2026-11-03", "2026-11-03"),
    ],
)
def test_an_answer_is_told_as_its_question_was_asked(
    kind: AnswerKind, high: int | None, value: str, told: str
) -> None:
    choices = [{"code": "bus", "labels": {"en": "By bus"}}]
    version = DataPointVersion(kind=kind, high=high, choices=choices)
    assert telling.answer(value, version) == told


@pytest.mark.parametrize(
    ("scheduled", "told"),
    [
        (180, "2025-2026, North: 95 % attended, 9 days missed"),
        (None, "2025-2026, North: 171 days attended, rate not available"),
    ],
)
def test_attendance_is_a_rate_only_where_it_is_known_of_how_many_days(
    scheduled: int | None, told: str
) -> None:
    year = AttendanceYear(school_year="2025-2026", days_scheduled=scheduled, days_attended=171)
    assert telling.attendance(year, "North") == told
