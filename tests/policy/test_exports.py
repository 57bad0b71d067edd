"""Who may take data out, how much, and for how long the file opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.policy import exports as rules
from portal.policy.exports import Taken
from portal.vocabulary import ExportKind, ExportPurpose, Level, Role
from tests.policy.values import TICK, T

WHO_HAS = {
    ExportKind.VISITS: "support_staff principal superintendent",
    ExportKind.REFERRALS: "support_staff principal superintendent",
    ExportKind.TRAIL: "district_admin superintendent",
    ExportKind.PEOPLE: "district_admin superintendent",
    ExportKind.NUMBERS: "support_staff teacher principal district_admin superintendent "
    "central_office secretary",
    ExportKind.USE_OF_TIME: "support_staff principal",
    ExportKind.CONSENT: "",
}
"""Written a second time, so that a change is made on purpose."""

USUAL_LEVEL = {
    Role.SUPPORT_STAFF: Level.CLINICIAN,
    Role.TEACHER: Level.TEACHER,
    Role.PRINCIPAL: Level.PRINCIPAL,
    Role.DISTRICT_ADMIN: Level.SPECIAL_EDUCATION,
    Role.SUPERINTENDENT: Level.SUPERINTENDENT,
    Role.CENTRAL_OFFICE: Level.BUDGET,
    Role.SECRETARY: Level.COUNSELOR,
    Role.AGENCY_STAFF: Level.STAFF,
    Role.AGENCY_ADMIN: Level.AGENCY_ADMIN,
}
KIND, PURPOSE = ExportKind.VISITS, ExportPurpose.OWN_WORK
TAKEN = Taken(ExportKind.VISITS, "ana", T, reaches_all=True)


@pytest.mark.parametrize("kind", ExportKind)
@pytest.mark.parametrize("role", USUAL_LEVEL)
def test_each_role_takes_out_what_is_written_for_it(role: Role, kind: ExportKind) -> None:
    decision = rules.may_take_out(role, USUAL_LEVEL[role], kind)

    assert decision.allowed == (role in WHO_HAS[kind].split())
    assert decision.codes == (() if decision else ("NO_SUCH_TASK",))


def test_support_records_leave_with_a_level_of_support_only() -> None:
    decision = rules.may_take_out(Role.SUPERINTENDENT, Level.BUDGET, ExportKind.VISITS)

    assert decision.codes == ("SUPPORT_STAFF_ONLY",)


def test_the_page_offers_no_counts_because_a_view_does() -> None:
    assert rules.kinds_for(Role.DISTRICT_ADMIN, Level.STAFF) == (
        ExportKind.TRAIL,
        ExportKind.PEOPLE,
    )
    assert rules.kinds_for(Role.TEACHER, Level.TEACHER) == ()


@pytest.mark.parametrize(
    ("purpose", "words", "lacking"),
    [
        (PURPOSE, "x" * 15, []),
        (PURPOSE, "x" * 300, []),
        (PURPOSE, "x" * 14, ["In your own words"]),
        (PURPOSE, "x" * 301, ["In your own words"]),
        (PURPOSE, " x " * 2 + " " * 40, ["In your own words"]),
        (None, "", ["What for", "In your own words"]),
        (ExportPurpose.CARE_RECORD, "x" * 15, ["What for"]),
    ],
)
def test_a_purpose_is_chosen_and_told_in_words(purpose, words, lacking) -> None:
    assert [problem.field for problem in rules.purpose_problems(KIND, purpose, words)] == lacking


@pytest.mark.parametrize(
    ("kind", "purposes"),
    [
        (ExportKind.USE_OF_TIME, "own_work required_report"),
        (ExportKind.CONSENT, "records_request care_record"),
        (
            KIND,
            "support_meeting own_work required_report access_review records_request "
            "school_improvement",
        ),
    ],
)
def test_each_kind_leaves_for_its_own_purposes(kind, purposes) -> None:
    assert set(rules.purposes_of(kind)) == set(purposes.split())
    for purpose in ExportPurpose:
        problems = rules.purpose_problems(kind, purpose, "x" * 15)
        assert bool(problems) == (purpose not in purposes.split())


@pytest.mark.parametrize(
    ("students", "rows", "much"), [(50, 500, False), (51, 51, True), (1, 501, True)]
)
def test_fifty_students_or_five_hundred_rows_are_not_yet_much(students, rows, much) -> None:
    assert rules.is_much(students, rows) is much


TEN_MINUTES = timedelta(minutes=10)


@pytest.mark.parametrize(
    ("shown_at", "allowed"),
    [
        (T, True),
        (T - TEN_MINUTES + TICK, True),
        (T - TEN_MINUTES, False),
        (T + TICK, False),
        (None, False),
    ],
)
def test_much_needs_the_second_factor_of_the_last_ten_minutes(shown_at, allowed) -> None:
    decision = rules.may_take_much(shown_at, T, required=True)

    assert decision.allowed is allowed
    assert decision.codes == (() if allowed else ("SECOND_FACTOR_NEEDED",))
    assert rules.may_take_much(shown_at, T, required=False)


def open_it(taken: Taken, user: str = "ana", role: Role = Role.SUPPORT_STAFF, at=T):
    return rules.may_open_export(user, role, Level.CLINICIAN, taken, at).codes


def test_the_file_opens_to_its_maker_for_a_day_while_all_in_it_are_theirs() -> None:
    a_day = timedelta(hours=24)

    assert open_it(TAKEN) == open_it(TAKEN, at=T + a_day - TICK) == ()
    assert open_it(TAKEN, at=T + a_day) == open_it(TAKEN, at=T - TICK) == ("EXPORT_OVER",)
    assert open_it(TAKEN, user="omar") == ("NOT_THE_AUTHOR",)
    assert open_it(replace(TAKEN, reaches_all=False)) == ("NO_RELATION",)
    assert open_it(TAKEN, role=Role.TEACHER) == ("NO_SUCH_TASK",)


def test_a_purpose_that_is_missing_is_asked_for_in_words():
    choose, write = rules.purpose_problems(KIND, None, "")

    assert (choose.what, choose.do_next) == (
        "It is not said what the data is for.",
        "Choose what you take it out for.",
    )
    assert (write.what, write.do_next) == (
        "The purpose is not told in your own words.",
        f"Write {rules.SHORTEST_PURPOSE} to {rules.LONGEST_PURPOSE} letters: who will use it, for "
        "what. Name no student.",
    )
