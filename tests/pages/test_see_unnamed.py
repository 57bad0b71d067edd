"""Numbers without names on their page, and no way from an office of the district to a name."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import documents, lists
from portal.access.unit_of_work import unit_of_work
from portal.errors import NotFound
from portal.policy.proper_use import PROPER_USE
from portal.store.oversight import DataExport
from portal.store.papers import Document
from portal.store.people import Student, User
from portal.store.places import School
from portal.store.records import Visit
from portal.ui.navigation import pages_of
from portal.vocabulary import (
    UNNAMED_VIEW_LABELS,
    Category,
    DocumentKind,
    Level,
    Role,
    UnnamedView,
    VisitPurpose,
)
from tests import factories as make
from tests.pages.conftest import PortalDb
from tests.people import NOW

PAGE = "see_unnamed.py"
OCTOBER = datetime(2026, 10, 14, 14, tzinfo=UTC)
OFFICES = (Level.PERSONNEL, Level.BUDGET, Level.CURRICULUM)
each_office = pytest.mark.parametrize("level", OFFICES)


def office(db: PortalDb, level: Level) -> User:
    with db.writing() as session:
        district = session.merge(db.cast.district)
        return make.user(session, district, "An Office", Role.CENTRAL_OFFICE, level)


def fill(db: PortalDb) -> None:
    """Ten students in each school with three visits each, so that there is something to tell."""
    with db.writing() as session:
        for school in (db.cast.north, db.cast.south):
            for number in range(10):
                pupil = _pupil(session, db, school, number)
                for purpose in (VisitPurpose.INDIVIDUAL, VisitPurpose.GROUP, VisitPurpose.CRISIS):
                    record = make.record(session, pupil, Category.VISITS, OCTOBER)
                    values = {"staff_id": db.cast.ana.id, "purpose": purpose, "minutes": 40}
                    session.add(Visit(record_id=record.id, **values))


def _pupil(session: Session, db: PortalDb, school: School, number: int) -> Student:
    """sasid: of ten digits; the school's code and a number."""
    sasid = f"99{(school.facility_code or '')[-4:]}{number:04}"
    born = date(2013, 1, 1)
    pupil = make.student(session, db.cast.district, "Hidden", f"Person{number}", born, sasid)
    make.enrollment(session, pupil, school)
    return pupil


def names(db: PortalDb) -> set[str]:
    """What would tell a student: names, numbers and ids."""
    with db.writing() as session:
        found = set()
        for student in session.scalars(select(Student)):
            found |= {student.family_name, student.given_name, str(student.id), student.id.hex}
            found |= {student.sasid} if student.sasid else set()
    return found


def told(db: PortalDb, page) -> str:
    """All text of a page, with its boxes and what can be chosen in them."""
    boxes = [str(option) for box in page.selectbox for option in (box.label, *box.options)]
    return "\n".join([db.shown(page), *boxes, *(button.label for button in page.button)])


def choose(page, label: str, option: str):
    box = next(box for box in page.selectbox if box.label == label)
    return box.select(option).run()


@each_office
def test_an_office_sees_its_own_view(portal_db: PortalDb, level: Level) -> None:
    fill(portal_db)
    page = portal_db.run(PAGE, office(portal_db, level))

    shown = portal_db.shown(page)
    assert not page.exception
    assert [one.label for one in page.segmented_control] == ["As"]  # one view, nothing to choose
    assert (PROPER_USE in shown) == (level is not Level.CURRICULUM)
    assert "is fewer than 6 students" in shown


def test_the_superintendent_chooses_among_all(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.sue)
    views = next(one for one in page.segmented_control if one.label == "View")

    assert list(views.options) == [UNNAMED_VIEW_LABELS[view] for view in UnnamedView]


def test_others_are_told_how_to_ask(portal_db: PortalDb) -> None:
    shown = portal_db.shown(portal_db.run(PAGE, portal_db.cast.tom))

    assert "No view is open to you." in shown
    assert "applies in writing to the Superintendent" in shown


def test_a_filter_leaves_the_rows_of_one_school(portal_db: PortalDb) -> None:
    fill(portal_db)
    page = portal_db.run(PAGE, office(portal_db, Level.CURRICULUM))
    assert "South School" in portal_db.shown(page)
    page = choose(page, "School", "North School")

    shown = portal_db.shown(page)
    assert not page.exception
    assert "South School" not in shown
    assert "North School" in shown


def test_staff_are_listed_by_building_and_nobody_is_named(portal_db: PortalDb) -> None:
    shown = portal_db.shown(portal_db.run(PAGE, office(portal_db, Level.PERSONNEL)))

    assert "Staff by building, role and title" in shown
    assert "Ana Counts" not in shown


# No path to a name


def every_page(db: PortalDb, user: User) -> Iterator[str]:
    """Each page of this person as it opens, and each table of the numbers."""
    for page in pages_of(user.role):
        run = db.run(page.file, user)
        assert not run.exception, page.file
        yield told(db, run)
    numbers = db.run(PAGE, user)
    table = next(box for box in numbers.selectbox if box.label == "Table")
    for option in table.options:
        yield told(db, choose(numbers, "Table", option))


@each_office
def test_no_page_of_an_office_tells_a_student(portal_db: PortalDb, level: Level) -> None:
    fill(portal_db)
    user, secret = office(portal_db, level), names(portal_db)
    pages = list(every_page(portal_db, user))

    assert len(pages) > len(pages_of(user.role))
    assert [name for name in sorted(secret) for page in pages if name in page] == []


@each_office
def test_no_search_of_an_office_finds_a_student(portal_db: PortalDb, level: Level) -> None:
    me = portal_db.who(office(portal_db, level))
    luis = portal_db.cast.luis
    with portal_db.writing() as session:
        for typed in ("", "Sam", "Luis", luis.sasid or "", str(luis.id)):
            assert lists.my_students(session, me, NOW, typed) == []


@each_office
def test_no_paper_of_a_student_opens_to_an_office(portal_db: PortalDb, level: Level) -> None:
    user, cast = office(portal_db, level), portal_db.cast
    with portal_db.writing() as session:
        papers = [
            documents.keep(
                session,
                cast.ana.id,
                cast.district.id,
                kind,
                "Luis Sample.pdf",
                "application/pdf",
                b"%PDF-1.7 Luis Sample",
                NOW,
                student_id=cast.luis.id,
            ).id
            for kind in DocumentKind
        ]
        scan = papers[list(DocumentKind).index(DocumentKind.CONSENT)]
        make.consent(session, cast.luis, cast.riverside, cast.maria, document_id=scan)
    me = portal_db.who(user)
    refusals = set()
    for paper in (*papers, uuid.uuid4()):
        with pytest.raises(NotFound) as refused, unit_of_work() as session:
            documents.open_document(session, me, paper, NOW)
        refusals.add(str(refused.value))
    assert len(refusals) == 1
    assert "Luis" not in refusals.pop()


def test_a_table_is_taken_out_as_the_page_shows_it_for_a_purpose(portal_db: PortalDb) -> None:
    fill(portal_db)
    page = portal_db.run(PAGE, office(portal_db, Level.BUDGET))

    def take_out():
        return next(one for one in page.button if one.label == "Take out").click().run()

    assert "It is not said what the data is for." in portal_db.shown(take_out())
    next(one for one in page.selectbox if one.label == "What for").set_value("school_improvement")
    page.text_area[0].set_value("For the budget of next year")
    shown = portal_db.shown(take_out())

    with portal_db.writing() as session:
        row = session.scalars(select(DataExport)).one()
        text = session.get_one(Document, row.document_id).content.decode("utf-8-sig")
    assert (row.kind, row.students) == ("numbers", 0)
    assert f"/doc/{row.document_id}" in shown
    assert "North School" in text and "*" in text
    assert "Sample" not in text and "00000001" not in text
