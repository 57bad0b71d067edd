"""The tables of the three offices, count by count, as they are before anything is hidden."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.access import unnamed_budget, unnamed_curriculum, unnamed_personnel
from portal.access.months import months_before
from portal.access.unnamed_counts import Asked
from portal.store.people import Program, SchoolClass
from portal.store.records import AttendanceYear, HistoryEntry, Visit
from portal.store.support import StudentNeed, StudentService
from portal.vocabulary import Category, Level, ProgramKind, RelationKind, Role
from tests import factories as make
from tests.access.counting import (
    END,
    LAST_DAY,
    START,
    TICK,
    asked,
    counts,
    elsewhere,
    enrolled,
    in_full,
    item,
    pupil,
)
from tests.people import NOW, Cast

NORTH, SOUTH = "North School", "South School"
DAY = timedelta(days=1)

pytestmark = pytest.mark.usefixtures("before_hiding")


# Curriculum


def test_students_are_counted_by_school_and_grade(cast: Cast):
    pupil(cast, cast.north, "10")
    pupil(cast, cast.north, "9")
    pupil(cast)

    assert counts(unnamed_curriculum.students(cast.session, asked(cast))) == [
        ("All schools", NORTH, "7", 2),
        ("All schools", NORTH, "9", 1),
        ("All schools", NORTH, "10", 1),
        ("All schools", SOUTH, "7", 1),
    ]


def test_programs_and_home_language_are_counted_out_of_all_who_are_there(cast: Cast):
    cast.mei.language, cast.zoe.language, cast.luis.language = "ES", "English", "eng"
    gone, kinds = pupil(cast), ProgramKind
    gone.language = "pt"
    for student, kind, ends_at in (
        (cast.luis, kinds.SPECIAL_EDUCATION, None),
        (cast.luis, kinds.SECTION_504, END),
        (cast.zoe, kinds.SPECIAL_EDUCATION, END + TICK),
        (cast.mei, kinds.SPECIAL_EDUCATION, None),
        (gone, kinds.SPECIAL_EDUCATION, None),
    ):
        row = make.program(cast.session, student, kind)
        row.ends_at = ends_at
    row = Program(student_id=cast.luis.id, kind=kinds.SECTION_504, starts_at=END + TICK)
    make.stored(cast.session, row)

    assert in_full(unnamed_curriculum.programs(cast.session, asked(cast))) == [
        ("Special education", NORTH, "7", 2, (), None, 2),
        ("Special education", SOUTH, "7", 1, (), None, 1),
        ("Section 504", NORTH, "7", 1, (), None, 2),
        ("Section 504", SOUTH, "7", 0, (), None, 1),
        ("Home language other than English", NORTH, "7", 1, (), None, 2),
        ("Home language other than English", SOUTH, "7", 0, (), None, 1),
    ]


def attendance(of: Cast, student, attended, scheduled=180, school=None, year="2025-2026"):
    values = {"days_scheduled": scheduled, "days_attended": attended, "school_year": year}
    values["school_id"] = (school or of.north).id
    return item(of, student, Category.ATTENDANCE, AttendanceYear, **values)


def test_chronic_absence_is_ten_percent_of_the_days_of_the_last_year_that_is_over(cast: Cast):
    far, _student = elsewhere(cast)
    attendance(cast, cast.luis, 162)
    attendance(cast, cast.luis, 162)  # told twice, and one student
    attendance(cast, cast.mei, 91, 101)
    attendance(cast, pupil(cast), 0, 1)
    attendance(cast, cast.zoe, 0, 0, cast.south)
    attendance(cast, pupil(cast), 0, None)
    attendance(cast, pupil(cast), 0, school=far)
    attendance(cast, pupil(cast), 0, year="2023-2024")
    attendance(cast, pupil(cast), 0, year="2024-2025")
    attendance(cast, pupil(cast), 0, year="2026-2027")
    attendance(cast, pupil(cast), 0, year="last year")
    attendance(cast, pupil(cast), 0).draft = True
    cast.session.flush()

    assert in_full(unnamed_curriculum.absence(cast.session, asked(cast))) == [
        ("2025-2026", NORTH, 2, (), None, 3),
        ("2025-2026", SOUTH, 0, (), None, 0),
    ]


@pytest.mark.parametrize(("month", "years"), [(7, ["2025-2026"]), (6, [])])
def test_a_school_year_is_over_with_the_month_of_its_last_day(cast: Cast, month, years):
    attendance(cast, cast.luis, 0)
    [before] = months_before(datetime(2026, month, 15, tzinfo=UTC), "America/New_York", 1)
    found = unnamed_curriculum.absence(cast.session, Asked(cast.district.id, before, NOW))

    assert [tree.code for tree in found] == years


@pytest.mark.parametrize(
    ("year", "ends"),
    [("2025-2026", date(2026, 6, 30)), ("2026", date(2026, 6, 30)), ("2025-26", date.max)],
)
def test_a_school_year_ends_with_june(year, ends):
    assert unnamed_curriculum._ends(year) == ends


def test_results_are_of_twelve_months_and_few_of_one_stand_together(cast: Cast, monkeypatch):
    monkeypatch.setattr(unnamed_curriculum, "FEWEST_STUDENTS", 2)
    first = END - 365 * DAY

    def result(student, headline, event=START, category=Category.ASSESSMENT):
        return item(cast, student, category, HistoryEntry, event=event, headline=headline)

    result(cast.luis, "State test: reading: meets")
    result(cast.mei, "State test : reading: meets")
    result(cast.zoe, "State test:exceeds")
    result(cast.luis, "Art: B", first, Category.COURSES)
    result(cast.mei, "Art: B", END - TICK, Category.COURSES)
    result(cast.mei, "Art: B", START, Category.COURSES)
    result(cast.luis, "Math: A")
    result(cast.mei, "Math: A", first - TICK)
    result(cast.zoe, "Math: A", END)
    result(cast.zoe, "Math: A", category=Category.DISCIPLINE)
    result(pupil(cast), "Math: A")
    result(cast.zoe, "Math: A").draft = True
    cast.session.flush()

    assert counts(unnamed_curriculum.results(cast.session, asked(cast))) == [
        ("Art", NORTH, "B", 2),
        ("Art", SOUTH, "B", 0),
        ("State test", NORTH, "Other", 0),
        ("State test", NORTH, "reading: meets", 2),
        ("State test", SOUTH, "Other", 1),
        ("State test", SOUTH, "reading: meets", 0),
    ]


def test_classes_are_counted_by_title_and_few_of_one_stand_together(cast: Cast, monkeypatch):
    monkeypatch.setattr(unnamed_curriculum, "FEWEST_STUDENTS", 2)
    far, _student = elsewhere(cast)

    def klass(school, title):
        row = SchoolClass(school_id=school.id, title=title, source_id=title)
        return make.stored(cast.session, row)

    def in_class(of, *students, kind=RelationKind.CLASS, **changes):
        for student in students:
            row = make.relation(cast.session, cast.tom, student, kind)
            for name, value in {"class_id": of.id, **changes}.items():
                setattr(row, name, value)
        cast.session.flush()

    one, two, three = pupil(cast), pupil(cast), pupil(cast)
    in_class(klass(cast.north, "Math 7"), cast.luis, cast.mei)
    in_class(klass(cast.north, "Band"), one, two, starts_at=END)
    in_class(klass(cast.south, "Math 7"), cast.zoe)
    alone = klass(cast.north, "Tutoring for Luis")
    in_class(alone, cast.luis)
    in_class(alone, two, ends_at=END)
    in_class(alone, three, kind=RelationKind.SERVICE)
    in_class(klass(far, "Far"), one, two)

    assert counts(unnamed_curriculum.classes(cast.session, asked(cast))) == [
        (NORTH, "Band", 2),
        (NORTH, "Math 7", 2),
        (NORTH, "Other", 1),
        (SOUTH, "Other", 1),
    ]


def test_needs_count_from_the_day_they_are_seen_until_they_are_met(cast: Cast):
    def need(student, since=LAST_DAY, met=None, kind=Category.SERVICE_STATUS, what="behavior"):
        values = {"need": what, "since_on": since, "met_on": met}
        return item(cast, student, kind, StudentNeed, **values)

    need(cast.luis)
    need(cast.mei, met=LAST_DAY + DAY)
    need(cast.zoe, what="other")
    need(cast.zoe, LAST_DAY + DAY)
    need(cast.zoe, date(2026, 9, 1), LAST_DAY)
    need(cast.zoe, kind=Category.VISITS)
    need(pupil(cast))

    found = counts(unnamed_curriculum.needs(cast.session, asked(cast)))
    assert [line[:2] for line in found[:3]] == [
        ("Anxiety or worry", NORTH),
        ("Anxiety or worry", SOUTH),
        ("Low mood", NORTH),
    ]
    assert [line for line in found if line[-1]] == [("Behavior", NORTH, 2), ("Other", SOUTH, 1)]


# Budget


def test_visits_have_units_where_their_purpose_is_of_a_kind(cast: Cast):
    for student, purpose, minutes in (
        (cast.luis, "individual", 44),
        (cast.luis, "individual", 15),
        (cast.mei, "individual", 14),
        (cast.zoe, "health", 30),
        (cast.luis, "check_in", 45),
        (cast.mei, "of_old", 45),
    ):
        values = {"staff_id": cast.ana.id, "purpose": purpose, "minutes": minutes}
        item(cast, student, Category.VISITS, Visit, event=START, **values)

    found = counts(unnamed_budget.visits_by_purpose(cast.session, asked(cast)))
    none, kind = "No kind of School Based Child Health", "Behavioral health (psychological and "
    kind += "counseling)"
    assert [line[:3] for line in found if line[2] == SOUTH] == [
        *((kind, what, SOUTH) for what in ("Crisis", "Group", "Individual counseling")),
        *(
            (none, what, SOUTH)
            for what in (
                *("Attendance", "Check-in", "Conflict", "Consultation", "Family contact"),
                "Other",
            )
        ),
        ("Nursing", "Health", SOUTH),
    ]
    assert [line for line in found if line[3]] == [
        (kind, "Individual counseling", NORTH, 2, 3, 73, 3),
        (none, "Check-in", NORTH, 1, 1, 45, 0),
        (none, "Other", NORTH, 1, 1, 45, 0),
        ("Nursing", "Health", SOUTH, 1, 1, 30, 2),
    ]


def test_services_are_counted_by_provider_from_their_first_day_to_before_the_last(cast: Cast):
    def service(student, agency=None, first=LAST_DAY, last=None, kind=Category.SERVICE_STATUS):
        values = {"service": "skill_building", "started_on": first, "ended_on": last}
        from_whom = {"agency_id": agency.id} if agency else {"provider": "School counselor"}
        return item(cast, student, kind, StudentService, **values | from_whom)

    service(cast.luis, cast.riverside)
    service(pupil(cast, cast.north), cast.riverside)
    service(cast.mei, last=LAST_DAY + DAY)
    service(cast.zoe, cast.hilltop, date(2026, 9, 1), LAST_DAY)
    service(cast.zoe, first=LAST_DAY + DAY)
    service(cast.zoe, kind=Category.VISITS)
    service(pupil(cast))

    found = counts(unnamed_budget.services_in_place(cast.session, asked(cast)))
    providers = ("The district's own staff", "Hilltop Clinic", "Riverside Clinic")
    assert [line[:3] for line in found[:6]] == [
        ("Individual counseling", provider, school)
        for provider in providers
        for school in (NORTH, SOUTH)
    ]
    assert [line for line in found if line[-1]] == [
        ("Skill building", "The district's own staff", NORTH, 1),
        ("Skill building", "Riverside Clinic", NORTH, 2),
    ]


# Personnel


def test_staff_are_counted_where_they_work_when_the_month_ended(cast: Cast):
    far, theirs = elsewhere(cast)
    tom, ana = cast.tom, cast.ana
    cast.selma.active_until = cast.dina.active_from = END
    cast.sue.active_until = END + TICK
    cast.bea.active_from = END + TICK
    cast.rita.organization_id = cast.district.id
    ana.title, ana.school_id = "Social worker", far.id
    away = make.user(cast.session, cast.district, "Away", Role.TEACHER, Level.TEACHER)
    far_class = SchoolClass(school_id=far.id, title="Far", source_id="far")
    make.relation(cast.session, away, theirs, RelationKind.CLASS).class_id = make.stored(
        cast.session, far_class
    ).id
    make.relation(cast.session, away, theirs, RelationKind.SERVICE)
    for school in (cast.north, cast.south):
        klass = SchoolClass(school_id=school.id, title="Band", source_id="band")
        row = make.relation(cast.session, tom, cast.mei, RelationKind.CLASS)
        row.class_id = make.stored(cast.session, klass).id
        row.ends_at = END if school is cast.south else None
    make.relation(cast.session, cast.omar, cast.zoe, RelationKind.SERVICE)
    cast.session.flush()

    assert unnamed_personnel.staff(cast.session, asked(cast)) == [
        ("No one building", Role.AGENCY_STAFF, "", 1),
        ("No one building", Role.DISTRICT_ADMIN, "", 1),
        ("No one building", Role.SUPERINTENDENT, "", 1),
        ("No one building", Role.TEACHER, "", 1),
        (NORTH, Role.PRINCIPAL, "", 1),
        (NORTH, Role.SUPPORT_STAFF, "Social worker", 1),
        (NORTH, Role.TEACHER, "", 1),
    ]


def test_the_building_of_a_caseload_is_that_of_its_students_then(cast: Cast):
    cora, dan, eve = (
        make.user(cast.session, cast.district, name, Role.SUPPORT_STAFF, Level.CLINICIAN)
        for name in ("Cora", "Dan", "Eve")
    )
    ended, moved = pupil(cast), pupil(cast)
    enrolled(cast, moved, cast.north, ends_at=END)
    enrolled(cast, moved, cast.south, starts_at=END)
    for kind in (RelationKind.SERVICE, RelationKind.EVALUATION):
        make.relation(cast.session, cora, moved, kind)
    make.relation(cast.session, dan, cast.mei, RelationKind.COUNSELOR)
    make.relation(cast.session, dan, cast.zoe, RelationKind.SERVICE).ends_at = END
    make.relation(cast.session, dan, ended, RelationKind.SERVICE)
    make.relation(cast.session, eve, cast.zoe, RelationKind.TEAM)
    cast.session.flush()

    found = unnamed_personnel.staff(cast.session, asked(cast))
    assert [line for line in found if line[1] is Role.SUPPORT_STAFF] == [
        ("No one building", Role.SUPPORT_STAFF, "", 1),
        (NORTH, Role.SUPPORT_STAFF, "", 2),
        (SOUTH, Role.SUPPORT_STAFF, "", 1),
    ]


def test_visits_of_a_building_have_how_many_did_them(cast: Cast):
    for student, staff, minutes in (
        (cast.luis, cast.ana, 30),
        (cast.luis, cast.omar, 20),
        (cast.mei, cast.ana, 10),
    ):
        values = {"staff_id": staff.id, "purpose": "group", "minutes": minutes}
        item(cast, student, Category.VISITS, Visit, event=START, **values)

    assert in_full(unnamed_personnel.visits_by_building(cast.session, asked(cast))) == [
        ("All schools", NORTH, 2, (3, 60), 2, None),
        ("All schools", SOUTH, 0, (0, 0), 0, None),
    ]


def test_caseloads_of_a_building_have_how_many_carry_them_and_no_secretary(cast: Cast):
    cora = make.user(cast.session, cast.district, "Cora", Role.SUPPORT_STAFF, Level.CLINICIAN)
    make.relation(cast.session, cora, cast.mei, RelationKind.COUNSELOR)
    make.relation(cast.session, cora, pupil(cast), RelationKind.SERVICE)
    make.relation(cast.session, cora, cast.zoe, RelationKind.EVALUATION).ends_at = END
    for user, kind in (
        (cast.selma, RelationKind.COUNSELOR),
        (cast.rita, RelationKind.SERVICE),
        (cora, RelationKind.TEAM),
    ):
        make.relation(cast.session, user, cast.zoe, kind)
    cast.session.flush()

    assert in_full(unnamed_personnel.caseloads_by_building(cast.session, asked(cast))) == [
        ("All schools", NORTH, 2, (), 2, None),
        ("All schools", SOUTH, 0, (), 0, None),
    ]
