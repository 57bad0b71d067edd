"""The rules beside the gate, case by case."""

from __future__ import annotations

import pytest

from portal.errors import Problem
from portal.policy.caseloads import CASELOAD, KINDS_OF_LEVEL
from portal.policy.decision import BasisKind
from portal.policy.levels import LEVELS
from portal.policy.papers import same_name, scan_problems, scan_type
from portal.policy.people import AGENCY_ROLES, LEVELS_OF_ROLE, roles_of
from portal.policy.tasks import ROLE_TASKS
from portal.policy.trail import Naming, how_to_name
from portal.vocabulary import Level, OrganizationKind, RelationKind, Role
from tests.policy.table.beside import CASES, Case


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_says_what_the_case_says(case: Case):
    decision = case.ask()

    assert set(decision.codes) == case.codes
    assert decision.allowed == (not case.codes)
    assert {basis.kind for basis in decision.bases} == (set() if case.codes else {BasisKind.OWN})


@pytest.mark.parametrize("rule", sorted({case.rule for case in CASES} - {"record"}))
def test_each_rule_has_a_case_that_allows_and_one_that_refuses(rule):
    answers = {bool(case.codes) for case in CASES if case.rule == rule}

    assert answers == {True, False}


LEVELS_EXPECTED = {
    Role.SUPPORT_STAFF: "clinician counselor special_education",
    Role.TEACHER: "teacher",
    Role.PRINCIPAL: "principal",
    Role.DISTRICT_ADMIN: "staff special_education",
    Role.SUPERINTENDENT: "superintendent",
    Role.CENTRAL_OFFICE: "personnel budget curriculum",
    Role.SECRETARY: "counselor special_education superintendent",
    Role.AGENCY_STAFF: "staff",
    Role.AGENCY_ADMIN: "agency_admin",
}
"""Written a second time, so that a change is made on purpose; the first is the usual one."""


@pytest.mark.parametrize("role", Role)
def test_every_role_has_tasks_and_its_levels(role):
    assert ROLE_TASKS[role]
    assert " ".join(LEVELS_OF_ROLE[role]) == LEVELS_EXPECTED[role]


@pytest.mark.parametrize("kind", OrganizationKind)
def test_people_of_a_district_and_of_an_agency_have_different_roles(kind):
    district = kind is OrganizationKind.DISTRICT

    assert set(roles_of(kind)) == (set(Role) - set(AGENCY_ROLES) if district else set(AGENCY_ROLES))


def test_an_agency_s_level_is_no_district_s():
    of_districts = {
        level for role in roles_of(OrganizationKind.DISTRICT) for level in LEVELS_OF_ROLE[role]
    }

    assert Level.AGENCY_ADMIN not in of_districts
    assert not any(
        LEVELS[level].identified for role in AGENCY_ROLES for level in LEVELS_OF_ROLE[role]
    )


def test_a_caseload_is_of_the_kinds_that_open_something_at_its_level():
    assert KINDS_OF_LEVEL == {
        Level.COUNSELOR: (RelationKind.COUNSELOR,),
        Level.CLINICIAN: (RelationKind.SERVICE, RelationKind.EVALUATION),
    }
    assert CASELOAD == (RelationKind.COUNSELOR, RelationKind.SERVICE, RelationKind.EVALUATION)


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("reached", [True, False])
def test_the_trail_names_a_student_to_whom_the_support_record_is_open(level, reached):
    naming = how_to_name(level, reached=reached)

    if not LEVELS[level].support:
        assert naming is Naming.NOTHING
    else:
        assert naming is (Naming.NAME if reached else Naming.NUMBER)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Sue Perin", "sue  perin ", True),
        ("Sue Perin", "SUE PERIN", True),
        ("Sue Perin", "Sue Perrin", False),
        ("Sue Perin", "Perin Sue", False),
        ("Sue Perin", "", False),
    ],
)
def test_a_typed_name_is_the_same_whatever_its_case_and_spaces(one, other, same):
    assert same_name(one, other) is same


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
    ],
)
def test_a_scan_of_just_the_largest_size_may_be_kept(content, media_type):
    whole = content.ljust(1024 * 1024, b"0")

    assert scan_type(whole).media_type == media_type
    assert scan_problems(whole, 1, "scan") == []
    assert len(scan_problems(whole + b"0", 1, "scan")) == 1


def test_every_problem_of_a_scan_is_told():
    assert scan_problems(b"0" * (1024 * 1024 + 1), 1, "scan") == [
        Problem(
            "The scan is not a PDF or an image.",
            "Scan or photograph the signed paper as PDF, PNG or JPEG.",
            "scan",
        ),
        Problem(
            "The scan is larger than 1 megabytes.",
            "Scan it again at a lower resolution, or in black and white.",
            "scan",
        ),
    ]
    assert scan_problems(b"", 1, "scan") == [
        Problem("The scan is missing.", "Choose the scanned paper.", "scan")
    ]
