"""Reading the trail: whose lines, how narrowed, and how students are named to whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access import gate, trail
from portal.access.lists import shared_students
from portal.access.trail import Entry
from portal.errors import Refused
from portal.stewardship import queries
from portal.stewardship.queries import PAGE, TrailFilter, trail_page
from portal.stewardship.words import Kind
from portal.store.ledger import TrailLine
from portal.vocabulary import Category, Level
from tests import factories as make
from tests.people import NOW, Cast

DAY = timedelta(days=1)
EVERYTHING = TrailFilter(Kind.EVERYTHING)


@pytest.fixture
def opened(cast: Cast) -> Cast:
    """Rita of Riverside opened Luis's record yesterday; Rob asked and was refused."""
    make.record(cast.session, cast.luis, Category.VISITS)
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, number="C-0192")
    rita = cast.who(cast.rita)
    gate.open_record(cast.session, rita, cast.luis.id, "coordinate", NOW - DAY)
    refusal = Entry(
        "record.opened", False, NOW - 9 * DAY, (cast.luis.id,), codes=["NOT_ON_CASE_TEAM"]
    )
    trail.write(cast.session, cast.who(cast.rob), refusal)
    return cast


def read(cast: Cast, wanted: TrailFilter, user=None, page: int = 1):
    return trail_page(cast.session, cast.who(user or cast.sue), wanted, NOW, page)


def test_a_disclosure_tells_who_what_and_why(opened: Cast) -> None:
    (row,) = read(opened, TrailFilter(allowed=True)).rows

    assert (row.students, row.more) == (("Luis Sample",), 0)
    assert (row.person, row.organization) == ("Rita River", "Riverside Clinic")
    assert row.what == "Name, school and grade, Support visits and services"
    assert row.why.startswith("Coordinate support and services: C-0192, M-")


def test_a_refusal_tells_its_reason(opened: Cast) -> None:
    (row,) = read(opened, TrailFilter(allowed=False)).rows

    assert (row.person, row.allowed) == ("Rob River", False)
    assert row.why == "You are not on this student's case team."


def test_the_trail_narrows_by_kind_day_and_name(opened: Cast) -> None:
    assert read(opened, TrailFilter(since=NOW - 2 * DAY)).total == 1
    assert read(opened, TrailFilter(typed="riverSIDE")).total == 2
    assert read(opened, TrailFilter(typed="rita")).total == 1
    assert read(opened, TrailFilter(typed="sample luis")).total == 2
    assert read(opened, TrailFilter(typed="%")).total == 0
    assert read(opened, TrailFilter(Kind.SUPPORT)).total == 0


def test_reading_the_trail_is_a_line_of_the_trail(opened: Cast) -> None:
    read(opened, TrailFilter(typed="Luis"))

    (line,) = opened.session.scalars(select(TrailLine).where(TrailLine.event == "trail.read"))
    assert line.user_id == opened.sue.id
    assert line.detail == {"page": 1, "searched": True}
    assert read(opened, TrailFilter(Kind.PEOPLE)).rows[-1].what == "Read the trail"


def test_another_districts_lines_are_not_there(opened: Cast) -> None:
    other = make.organization(opened.session, "Other Public Schools")
    theirs = make.student(opened.session, other, "Ola", "Other", None)
    boss = make.user(opened.session, other, "Otto Other", opened.sue.role, opened.sue.level)
    for actor, students in ((boss, (theirs.id,)), (opened.rita, (theirs.id, opened.luis.id))):
        entry = Entry("students.listed_across", True, NOW, students)
        trail.write(opened.session, opened.who(actor), entry)

    rows = read(opened, EVERYTHING).rows

    assert not any(row.person == "Otto Other" for row in rows)
    assert not any("Ola Other" in row.students for row in rows)
    assert [row.students for row in rows if "list" in row.what] == [("Luis Sample",)]


@pytest.mark.parametrize(
    ("level", "name"),
    [
        (Level.SUPERINTENDENT, "Luis Sample"),
        (Level.SPECIAL_EDUCATION, "Student ··0101"),  # Luis is in no program
        (Level.BUDGET, "A student"),
        (Level.TEACHER, "A student"),
    ],
)
def test_a_student_is_named_as_far_as_the_readers_level_reaches(
    opened: Cast, level: Level, name: str
) -> None:
    opened.dina.level = level
    opened.session.flush()

    rows = read(opened, TrailFilter(), opened.dina).rows
    by_name = read(opened, TrailFilter(typed="Luis"), opened.dina)

    assert {row.students for row in rows} == {(name,)}
    assert (by_name.total > 0) == (name == "Luis Sample")


def test_a_list_of_many_names_three_and_counts_the_rest(cast: Cast) -> None:
    students = [make.student(cast.session, cast.district, "Al", f"Sample{n}", None) for n in "dcba"]
    entry = Entry("students.listed_across", True, NOW, tuple(s.id for s in students))
    trail.write(cast.session, cast.who(cast.rita), entry)

    (row,) = read(cast, TrailFilter()).rows

    assert (row.students, row.more) == (("Al Samplea", "Al Sampleb", "Al Samplec"), 1)


def test_pages_are_cut_in_the_database_newest_first(cast: Cast) -> None:
    rita = cast.who(cast.rita)
    for minutes in range(PAGE + 1):
        entry = Entry("record.opened", True, NOW - minutes * DAY, (cast.luis.id,))
        trail.write(cast.session, rita, entry)

    first, second = read(cast, TrailFilter()), read(cast, TrailFilter(), page=2)

    assert (first.total, first.pages, len(first.rows)) == (PAGE + 1, 2, PAGE)
    assert [row.at for row in second.rows] == [NOW - PAGE * DAY]


def test_lines_are_counted_as_far_as_anybody_leafs(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_COUNTED", 2)
    for minutes in range(3):
        entry = Entry("record.opened", True, NOW - minutes * DAY, (cast.luis.id,))
        trail.write(cast.session, cast.who(cast.rita), entry)

    every, one_day = read(cast, TrailFilter()), read(cast, TrailFilter(since=NOW))

    assert (every.total, every.more, every.pages) == (2, True, 1)
    assert (one_day.total, one_day.more) == (1, False)


def test_only_readers_of_the_trail_read_it(opened: Cast) -> None:
    for user in (opened.ana, opened.omar, opened.tom, opened.rita, opened.alma):
        with pytest.raises(Refused):
            read(opened, TrailFilter(), user)


def test_a_listing_across_is_on_it_with_every_name(opened: Cast) -> None:
    shared_students(opened.session, opened.who(opened.rita), "coordinate", NOW)

    row = read(opened, TrailFilter()).rows[0]

    assert (row.what, row.students) == ("Name and grade in a list", ("Luis Sample",))
