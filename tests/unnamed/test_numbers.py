"""Numbers without names: who may read which, what they count, and that nobody is in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from portal.access import trail, unnamed
from portal.access.unnamed_counts import EVERYWHERE, Leaves
from portal.errors import Refused
from portal.store.ledger import TrailLine
from portal.store.oversight import AccessRequest, UnnamedGrant
from portal.store.people import Enrollment, Relation, SchoolClass, Student, User
from portal.store.places import School
from portal.store.records import AttendanceYear, HistoryEntry, Visit
from portal.store.support import StudentNeed, StudentService
from portal.unnamed import service
from portal.unnamed.service import Line
from portal.unnamed.tables import SHEETS, of_view
from portal.vocabulary import (
    Attendance,
    Category,
    InformationForm,
    Level,
    Need,
    ProgramKind,
    RelationKind,
    RequestKind,
    RequestStatus,
    Role,
    UnnamedView,
    VisitPurpose,
    VisitService,
)
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

OCTOBER = datetime(2026, 10, 14, 14, tzinfo=UTC)
BY_CODE = {sheet.code: sheet for sheet in SHEETS}


def pupils(cast: Cast, many: int, school: School) -> list[Student]:
    found = []
    for number in range(many):
        pupil = make.student(cast.session, cast.district, "Pupil", f"N{number}", date(2013, 1, 1))
        make.enrollment(cast.session, pupil, school)
        found.append(pupil)
    return found


def visits(cast: Cast, students: Sequence[Student], by: Sequence[User], **changes) -> None:
    for number, student in enumerate(students):
        record = make.record(cast.session, student, Category.VISITS, OCTOBER)
        values = {"purpose": VisitPurpose.INDIVIDUAL, "minutes": 40} | changes
        worker = by[number % len(by)].id
        make.stored(cast.session, Visit(record_id=record.id, staff_id=worker, **values))


def read(cast: Cast, code: str, who: User | None = None) -> list[Line]:
    me = cast.who(who or cast.sue)
    month = service.months(me, NOW)[0]
    return service.lines(cast.session, me, BY_CODE[code], month, NOW)


def counts(table: Sequence[Line]) -> dict[tuple[str, ...], tuple[int | None, ...]]:
    return {line.path: line.counts for line in table}


def granted(cast: Cast, who: User, view: UnnamedView, until: datetime | None) -> None:
    request = AccessRequest(
        organization_id=cast.district.id,
        number=f"R-{view}",
        kind=RequestKind.STAFF,
        status=RequestStatus.GRANTED,
        applicant_id=who.id,
        form=InformationForm.AGGREGATE,
        wanted_from=NOW.date(),
        wanted_until=NOW.date(),
        written_by=who.id,
        written_at=NOW,
    )
    make.stored(cast.session, request)
    grant = UnnamedGrant(
        user_id=who.id, view=view, request_id=request.id, starts_at=LONG_AGO, ends_at=until
    )
    make.stored(cast.session, grant)


# The door


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.code)
def test_an_office_reads_its_own_tables_and_each_reading_is_noted(cast: Cast, sheet) -> None:
    office = make.user(
        cast.session, cast.district, "An Office", Role.CENTRAL_OFFICE, Level(str(sheet.view))
    )
    read(cast, sheet.code, office)

    trail.settle(cast.session)
    line = cast.session.scalars(select(TrailLine).order_by(TrailLine.id.desc())).first()
    assert line is not None
    told = f"{sheet.view} {sheet.code} 2026-10"
    assert (line.event, line.subject, line.user_id) == ("numbers.read", told, office.id)


@pytest.mark.parametrize("who", ["ana", "tom", "omar", "dina", "selma", "alma"])
def test_others_read_none(cast: Cast, who: str) -> None:
    user = getattr(cast, who)
    assert unnamed.open_views(cast.session, cast.who(user), NOW) == []
    for view in UnnamedView:
        with pytest.raises(Refused):
            read(cast, of_view(view)[0].code, user)


def test_one_office_does_not_read_anothers(cast: Cast) -> None:
    assert unnamed.open_views(cast.session, cast.who(cast.bea), NOW) == [UnnamedView.BUDGET]
    with pytest.raises(Refused, match="does not include these numbers"):
        read(cast, "support", cast.bea)


def test_an_office_s_level_of_yesterday_keeps_its_numbers_whatever_the_role(cast: Cast) -> None:
    admin = make.user(cast.session, cast.district, "Old Admin", Role.DISTRICT_ADMIN, Level.BUDGET)

    assert unnamed.open_views(cast.session, cast.who(admin), NOW) == [UnnamedView.BUDGET]


def test_a_decided_request_opens_one_view_for_its_term(cast: Cast) -> None:
    granted(cast, cast.tom, UnnamedView.CURRICULUM, None)
    granted(cast, cast.tom, UnnamedView.BUDGET, NOW)

    assert unnamed.open_views(cast.session, cast.who(cast.tom), NOW) == [UnnamedView.CURRICULUM]
    read(cast, "students", cast.tom)
    with pytest.raises(Refused):
        read(cast, "visits", cast.tom)


def test_the_tables_are_of_months_that_are_over(cast: Cast) -> None:
    names = [month.name for month in service.months(cast.who(cast.sue), NOW)]

    assert (len(names), names[0], names[-1]) == (12, "2026-10", "2025-11")


# The counts


def test_a_building_is_told_when_three_of_the_staff_worked_there(cast: Cast) -> None:
    staff = [
        make.user(cast.session, cast.district, f"C {n}", Role.SUPPORT_STAFF, Level.CLINICIAN)
        for n in range(4)
    ]
    north, south = pupils(cast, 9, cast.north), pupils(cast, 12, cast.south)
    visits(cast, north, staff[:3])
    visits(cast, south, staff[1:])
    visits(cast, south[:2], staff, minutes=0, attendance=Attendance.NO_SHOW)
    table = counts(read(cast, "support"))
    assert table[EVERYWHERE, "All"] == (21, 21, 840)
    assert table[EVERYWHERE, "North School"] == (9, 9, 360)

    visits(cast, north, staff[:1], purpose=VisitPurpose.CRISIS)
    visits(
        cast,
        pupils(cast, 9, make.school(cast.session, cast.district, "East", "9900311")),
        [cast.ana],
    )
    table = counts(read(cast, "support"))
    assert table[EVERYWHERE, "East"] == (None, None, None)  # one did it all
    assert table[EVERYWHERE, "North School"] == (None, None, None)  # beside which it would be told
    assert table[EVERYWHERE, "South School"] == (12, 12, 480)


def test_the_budget_has_units_by_kind_purpose_and_school(cast: Cast) -> None:
    north, south = pupils(cast, 12, cast.north), pupils(cast, 12, cast.south)
    for purpose in (VisitPurpose.INDIVIDUAL, VisitPurpose.GROUP, VisitPurpose.CRISIS):
        visits(cast, north[:8], [cast.ana], purpose=purpose)
        visits(cast, south[:7], [cast.ana], purpose=purpose)
    visits(cast, south[:5], [cast.ana], purpose=VisitPurpose.CONFLICT)
    table = counts(read(cast, "visits", cast.bea))

    kind = "Behavioral health (psychological and counseling)"
    assert table[kind, "Individual counseling", "North School"] == (8, 8, 320, 16)
    assert table[kind, "Individual counseling", "All"] == (15, 15, 600, 30)
    assert not [path for path in table if path[1] == "Conflict" and table[path][0]]


def test_services_are_counted_by_provider_while_they_run(cast: Cast) -> None:
    for number, student in enumerate(pupils(cast, 25, cast.north)):
        record = make.record(cast.session, student, Category.SERVICE_STATUS)
        row = StudentService(
            record_id=record.id,
            service=VisitService.SMALL_GROUP,
            agency_id=cast.riverside.id if number < 12 else None,
            provider="" if number < 12 else "School counselor",
            started_on=date(2026, 9, 1),
            ended_on=date(2026, 10, 30) if number == 24 else None,
        )
        make.stored(cast.session, row)
    table = counts(read(cast, "services", cast.bea))

    assert table["Small group", "All", "All"] == (24,)
    assert table["Small group", "Riverside Clinic", "All"] == (12,)
    assert table["Small group", "The district's own staff", "All"] == (12,)


def test_programs_are_told_by_school_and_grade_unless_almost_all_are_in_them(cast: Cast) -> None:
    for student in pupils(cast, 20, cast.south)[:8]:
        make.program(cast.session, student, ProgramKind.SPECIAL_EDUCATION)
    for student in pupils(cast, 20, cast.north)[:9]:
        make.program(cast.session, student, ProgramKind.SPECIAL_EDUCATION)
    table = counts(read(cast, "programs"))

    assert table["Special education", "All", "All"] == (17,)
    assert table["Special education", "South School", "7"] == (8,)
    assert table["Section 504", "All", "All"] == (None,)
    assert ("Section 504", "North School", "All") not in table
    assert counts(read(cast, "students"))[EVERYWHERE, "North School", "7"] == (22,)


def test_results_and_titles_that_few_share_are_not_repeated(cast: Cast) -> None:
    section = make.stored(
        cast.session, SchoolClass(school_id=cast.north.id, title="Math 7", source_id="m7")
    )
    alone = make.stored(
        cast.session, SchoolClass(school_id=cast.north.id, title="Tutoring for Luis", source_id="t")
    )
    for number, student in enumerate(pupils(cast, 30, cast.north)):
        record = make.record(cast.session, student, Category.ASSESSMENT, OCTOBER)
        result = "meets" if number < 15 else "exceeds" if number < 29 else "Luis was sick"
        headline = f"State test in reading: {result}"
        make.stored(cast.session, HistoryEntry(record_id=record.id, headline=headline))
        row = make.relation(cast.session, cast.tom, student, RelationKind.CLASS)
        row.class_id = alone.id if number == 0 else section.id
    table = counts(read(cast, "results"))
    classes = counts(read(cast, "classes"))

    assert table["State test in reading", "All", "All"] == (30,)
    assert not [path for path in (*table, *classes) if "Luis" in "".join(path)]
    assert ("North School", "Other") in classes


def test_absence_is_of_the_last_year_that_is_over(cast: Cast) -> None:
    for number, student in enumerate(pupils(cast, 20, cast.north)):
        last = 162 if number < 7 else 163
        for year, attended in (("2024-2025", 9), ("2025-2026", last), ("2026-2027", 10)):
            record = make.record(cast.session, student, Category.ATTENDANCE)
            row = AttendanceYear(
                record_id=record.id,
                school_id=cast.north.id,
                school_year=year,
                days_scheduled=180,
                days_attended=attended,
            )
            make.stored(cast.session, row)
    table = counts(read(cast, "absence"))

    assert {path[0] for path in table} == {"2025-2026"}
    assert table["2025-2026", "All"] == (7,)


def test_needs_count_until_they_are_met(cast: Cast) -> None:
    for number, student in enumerate(pupils(cast, 16, cast.north)):
        record = make.record(cast.session, student, Category.SERVICE_STATUS)
        met = date(2026, 10, 2) if number == 0 else None
        row = StudentNeed(
            record_id=record.id, need=Need.GRIEF_OR_LOSS, since_on=date(2026, 9, 1), met_on=met
        )
        make.stored(cast.session, row)
    table = counts(read(cast, "needs"))

    assert table["Grief or loss", "All"] == (15,)
    assert table["Low mood", "All"] == (None,)


def test_staff_are_counted_by_building_role_and_title(cast: Cast) -> None:
    cast.ana.title = "School social worker"
    cast.session.flush()
    lines = service.staff(
        cast.session, cast.who(cast.sue), service.months(cast.who(cast.sue), NOW)[0], NOW
    )

    assert ("North School", "School support staff", "School social worker", 1) in lines
    assert ("North School", "Principal", "", 1) in lines
    assert ("No one building", "Central office", "", 1) in lines
    assert "Ana" not in str(lines)


def test_another_district_s_students_are_in_no_table(cast: Cast) -> None:
    other = make.organization(cast.session, "Elsewhere", code="0990099")
    school = make.school(cast.session, other, "Far School", "9909911")
    for number in range(9):
        pupil = make.student(cast.session, other, "Far", f"N{number}", date(2013, 1, 1))
        make.enrollment(cast.session, pupil, school)

    for sheet in SHEETS:
        assert "Far" not in str(read(cast, sheet.code))
    assert counts(read(cast, "students"))[EVERYWHERE, "All", "All"] == (None,)


# What a page makes of them


def test_a_filter_takes_rows_out_and_makes_none(cast: Cast) -> None:
    pupils(cast, 9, cast.north)
    pupils(cast, 9, cast.south)
    sheet, table = BY_CODE["students"], read(cast, "students")
    assert service.choices(sheet, table, "School") == ["North School", "South School"]
    assert service.choices(BY_CODE["needs"], table, "Grade") == []
    chosen = service.narrowed(sheet, table, {"School": "North School", "Grade": None})

    assert {line.path[1] for line in chosen} == {"North School"}
    assert set(chosen) <= set(table)
    assert service.narrowed(sheet, table, {}) == table


def test_a_part_is_set_in_below_its_whole_and_told_in_full_without_it() -> None:
    table = [
        Line(("Crisis", "All"), 0, (20,)),
        Line(("Crisis", "North"), 1, (12,)),
        Line(("Group", "North"), 1, (9,)),
    ]
    rows = [(row.name, row.depth) for row in service.set_in(table)]

    assert rows == [("Crisis", 0), ("North", 1), ("Group · North", 0)]


def test_bars_are_of_what_is_told(cast: Cast) -> None:
    pupils(cast, 9, cast.north)
    pupils(cast, 9, cast.south)

    assert service.bars(read(cast, "students")) == [("North School", 11), ("South School", 10)]
    assert service.bars([]) == []
    assert service.bars([Line(("a",), 0, (None,)), Line(("b",), 0, (7,))]) == []


def test_a_student_who_moved_counts_where_they_were_then(cast: Cast) -> None:
    before = pupils(cast, 9, cast.north)
    moved = cast.session.scalars(
        select(Enrollment).where(Enrollment.student_id == before[0].id)
    ).one()
    moved.ends_at = NOW
    make.stored(
        cast.session,
        Enrollment(student_id=before[0].id, school_id=cast.south.id, starts_at=NOW),
    )
    pupils(cast, 9, cast.south)

    table = counts(read(cast, "students"))
    assert table[EVERYWHERE, "North School", "All"] == (11,)


def test_a_caseload_ends_with_its_relations(cast: Cast) -> None:
    staff = [
        make.user(cast.session, cast.district, f"C {n}", Role.SUPPORT_STAFF, Level.CLINICIAN)
        for n in range(3)
    ]
    for number, student in enumerate(pupils(cast, 18, cast.north)):
        make.relation(cast.session, staff[number % 3], student, RelationKind.SERVICE)
    cast.session.scalars(
        select(Relation).where(Relation.user_id == staff[0].id)
    ).first().ends_at = OCTOBER  # type: ignore[union-attr]
    cast.session.flush()

    # 18 less one, and Luis and Mei, who are Ana's.
    assert counts(read(cast, "caseloads"))[EVERYWHERE, "All"] == (19,)


def test_whoever_is_not_enrolled_counts_in_no_table(cast: Cast) -> None:
    before = counts(read(cast, "programs")), counts(read(cast, "caseloads"))
    gone = make.student(cast.session, cast.district, "Pupil", "Gone", date(2013, 1, 1))
    gone.language = "es"
    make.relation(cast.session, cast.ana, gone, RelationKind.SERVICE)

    assert (counts(read(cast, "programs")), counts(read(cast, "caseloads"))) == before


def test_what_has_no_place_in_a_table_is_not_counted() -> None:
    leaves = Leaves([("North",)])
    leaves.add(("Elsewhere",), "somebody")

    assert [tree.code for tree in leaves.told()] == ["North"]
