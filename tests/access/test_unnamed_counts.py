"""What the numbers without names count: who was where, and what of the shelf is counted."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import ORMExecuteState

from portal.access import unnamed_counts, unnamed_personnel
from portal.access.months import months_before
from portal.access.unnamed_counts import Held, Leaves
from portal.policy.hiding import Leaf, whole
from portal.store.people import SchoolClass
from portal.store.places import School
from portal.store.records import AttendanceYear, HistoryEntry, Record, Visit
from portal.store.support import StudentNeed, StudentService
from portal.unnamed.tables import SHEETS
from portal.vocabulary import Attendance, Category, Level, ProgramKind, RelationKind, Role
from tests import factories as make
from tests.access.counting import (
    END,
    START,
    TICK,
    asked,
    elsewhere,
    enrolled,
    item,
    number,
    pupil,
)
from tests.people import LONG_AGO, NOW, Cast

NORTH, SOUTH = "North School", "South School"


def test_schools_go_by_name_and_two_of_one_name_by_their_number(cast: Cast):
    elsewhere(cast)
    for key, code in ((2, "9900333"), (1, "9900444")):
        row = School(id=number(key), name="Twin", facility_code=code, source_id=code)
        row.district_id = cast.district.id
        make.stored(cast.session, row)

    found = unnamed_counts.school_names(cast.session, cast.district.id)

    assert list(found.items()) == [
        (cast.north.id, NORTH),
        (cast.south.id, SOUTH),
        (number(1), "Twin (9900444)"),
        (number(2), "Twin (9900333)"),
    ]
    paths = unnamed_counts.of_each(cast.session, cast.district.id, ["a", "b"])
    assert paths[:2] + paths[4:5] == [("a", NORTH), ("a", SOUTH), ("b", NORTH)]


def test_a_student_is_where_the_latest_enrollment_of_that_instant_says(cast: Cast):
    far, theirs = elsewhere(cast)
    enrolled(cast, theirs, cast.north)
    moved, twice, ended, coming, away = (pupil(cast) for _ in range(5))
    enrolled(cast, moved, cast.south, starts_at=LONG_AGO + TICK, grade="8", id=number(8))
    enrolled(cast, moved, cast.north, id=number(9))
    enrolled(cast, twice, cast.south, id=number(2), grade="6")
    enrolled(cast, twice, cast.south, id=number(1))
    enrolled(cast, ended, cast.north, ends_at=END)
    enrolled(cast, coming, cast.north, starts_at=END)
    enrolled(cast, away, far)
    cast.zoe.grade = ""
    cast.session.flush()

    found = unnamed_counts.enrolled_at(cast.session, cast.district.id, END)

    assert found.places == {
        cast.luis.id: (NORTH, "7"),
        cast.mei.id: (NORTH, "7"),
        cast.zoe.id: (SOUTH, "?"),
        moved.id: (SOUTH, "8"),
        twice.id: (SOUTH, "6"),
        coming.id: (NORTH, "7"),
    }
    assert found.how_many() == {
        (NORTH, "7"): 3, (SOUTH, "?"): 1, (SOUTH, "6"): 1, (SOUTH, "8"): 1
    }  # fmt: skip


def test_places_are_in_the_order_of_a_school(cast: Cast):
    for grade in ("10", "9", "1", "K", "PK", "10"):
        pupil(cast, cast.north, grade)

    found = unnamed_counts.enrolled_at(cast.session, cast.district.id, END)

    grades = ["K", "PK", "1", "7", "9", "10"]
    assert found.paths == [*((NORTH, grade) for grade in grades), (SOUTH, "7")]


def test_what_counts_is_held_here_of_that_kind_no_draft_and_not_taken_back(cast: Cast):
    def record(custodian=None, category=Category.VISITS, **changes):
        row = make.record(cast.session, cast.luis, category, custodian=custodian)
        for name, value in changes.items():
            setattr(row, name, value)
        cast.session.flush()
        return row.id

    ours = {
        record(),
        record(sealed_from=LONG_AGO, sealed_until=NOW),
        record(sealed_from=NOW + TICK),
    }
    record(cast.riverside)
    record(category=Category.COURSES)
    record(draft=True)
    record(sealed_from=NOW)

    wanted = unnamed_counts.ours(Category.VISITS, asked(cast))
    assert set(cast.session.scalars(select(Record.id).where(*wanted))) == ours


@pytest.mark.parametrize(
    ("after", "last"),
    [("2026-11-20", "2026-10-31"), ("2026-12-01", "2026-11-30"), ("2028-03-05", "2028-02-29")],
)
def test_a_month_ends_with_its_last_day(after, last):
    at = datetime.fromisoformat(f"{after}T15:00:00+00:00")
    [month] = months_before(at, "America/New_York", 1)

    assert unnamed_counts.last_day(month) == date.fromisoformat(last)


def test_a_visit_counts_at_the_school_of_its_day_unless_nobody_came(cast: Cast):
    far, _student = elsewhere(cast)
    moved, gone, away = pupil(cast), pupil(cast), pupil(cast)
    enrolled(cast, moved, cast.south, starts_at=START, id=number(8))
    enrolled(cast, moved, cast.north, ends_at=START + TICK, id=number(9))
    enrolled(cast, gone, cast.north, ends_at=START)
    enrolled(cast, away, far)

    def visit(student, at, minutes=30, **changes):
        values = {"staff_id": cast.ana.id, "purpose": "group", "minutes": minutes}
        record = item(cast, student, Category.VISITS, Visit, event=at, **values | changes)
        return record

    visit(moved, START, 10)
    visit(cast.luis, END - TICK, 20, purpose="crisis", staff_id=cast.omar.id)
    visit(cast.mei, START, 0, attendance=Attendance.NO_SHOW)
    visit(cast.mei, START - TICK)
    visit(cast.mei, END)
    visit(gone, START)
    visit(away, START)
    visit(cast.zoe, START).draft = True
    cast.session.flush()

    held = unnamed_counts.visits_held(cast.session, asked(cast))
    assert sorted(held, key=lambda visit: visit.minutes) == [
        Held(moved.id, cast.ana.id, "group", 10, SOUTH),
        Held(cast.luis.id, cast.omar.id, "crisis", 20, NORTH),
    ]


def test_of_two_enrollments_of_one_beginning_the_greater_key_says_where_a_visit_was(cast: Cast):
    twice = pupil(cast)
    enrolled(cast, twice, cast.south, id=number(2))
    enrolled(cast, twice, cast.north, id=number(1))
    values = {"staff_id": cast.ana.id, "purpose": "group", "minutes": 30}
    item(cast, twice, Category.VISITS, Visit, event=START, **values)

    [held] = unnamed_counts.visits_held(cast.session, asked(cast))
    assert held.school == SOUTH


def test_a_part_has_who_is_in_it_by_whom_what_of_it_and_out_of_how_many(monkeypatch):
    monkeypatch.setattr(unnamed_counts, "told", lambda part: part)
    leaves = Leaves([("A", "x"), ("A", "y"), ("B", "x")], amounts=2)
    for student, staff, amounts in ((1, "s", (1, 30)), (1, "t", (1, 15)), (2, "s", (1, 0))):
        leaves.add(("A", "x"), student, staff, amounts)
    leaves.add(("C", "x"), 9, "s", (1, 30))

    seen, nobody = frozenset({1, 2}), frozenset()
    of = {("x",): 20, ("y",): 10}
    assert leaves.told(of=of, staff=True) == [
        whole("A", {
            ("x",): Leaf(seen, frozenset({"s", "t"}), (3, 45), 20),
            ("y",): Leaf(nobody, nobody, (0, 0), 10),
        }),
        whole("B", {("x",): Leaf(nobody, nobody, (0, 0), 20)}),
    ]  # fmt: skip
    [a, _b] = leaves.told()
    assert (a.staff, a.of, a.students) == (None, None, 2)
    with pytest.raises(ValueError, match="shorter"):
        leaves.add(("A", "x"), 3, "s", (1,))


# No table reads more than it counts


def test_nothing_about_another_district_s_students_is_even_read(cast: Cast):
    school, student = elsewhere(cast)
    user = make.user(cast.session, cast.district, "Far", Role.SUPPORT_STAFF, Level.CLINICIAN)
    user.organization_id = student.district_id
    student.language = "es"
    make.program(cast.session, student, ProgramKind.SECTION_504)
    title = SchoolClass(school_id=school.id, title="Far class", source_id="far")
    klass = make.stored(cast.session, title)
    make.relation(cast.session, user, student, RelationKind.CLASS).class_id = klass.id
    make.relation(cast.session, user, student, RelationKind.SERVICE)
    days = {"days_scheduled": 180, "days_attended": 9, "school_year": "2025-2026"}
    when = START + timedelta(days=1)
    shelf = [
        item(cast, student, category, kind, event=when, **values)
        for category, kind, values in (
            (Category.VISITS, Visit, {"staff_id": user.id, "purpose": "group", "minutes": 30}),
            (Category.ATTENDANCE, AttendanceYear, {"school_id": school.id} | days),
            (Category.ASSESSMENT, HistoryEntry, {"headline": "Far: away"}),
            (Category.SERVICE_STATUS, StudentNeed, {"need": "other", "since_on": LONG_AGO.date()}),
            (
                Category.SERVICE_STATUS,
                StudentService,
                {"service": "skill_building", "provider": "x", "started_on": LONG_AGO.date()},
            ),
        )
    ]
    theirs = {student.id, user.id, school.id, klass.id, *(record.id for record in shelf)}
    read: set[object] = set()

    def remember(asked_for: ORMExecuteState):
        found = asked_for.invoke_statement().freeze()
        read.update(value for row in found() for value in row)
        return found()

    event.listen(cast.session, "do_orm_execute", remember)
    for sheet in SHEETS:
        sheet.read(cast.session, asked(cast))
    unnamed_personnel.staff(cast.session, asked(cast))

    assert cast.luis.id in read
    assert theirs.isdisjoint(read)
