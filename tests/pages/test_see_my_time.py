"""The page My use of time."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from portal.visits import service as visits
from portal.visits.rules import VisitDraft
from tests.pages.conftest import PortalDb
from tests.people import NOW

PAGE = "see_my_time.py"


def log(db: PortalDb) -> None:
    ana = db.who(db.cast.ana)
    with db.writing() as session:
        visits.log(session, ana, VisitDraft(db.cast.luis.id, "individual", 45), NOW, "a")


def make_it(page: AppTest) -> None:
    next(b for b in page.button if b.label.startswith("Make")).click().run()


def test_without_a_visit_the_page_says_what_there_will_be(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.ana)

    assert "No visit of this year yet." in portal_db.shown(page)
    assert next(b for b in page.button if b.label.startswith("Make")).disabled


def test_my_time_is_shown_by_its_use_and_made_a_file(portal_db: PortalDb) -> None:
    log(portal_db)
    page = portal_db.run(PAGE, portal_db.cast.ana)
    assert "Direct: counseling" in portal_db.shown(page)
    assert "Sample" not in portal_db.shown(page)

    make_it(page)
    assert "It is not said what the data is for." in portal_db.shown(page)
    page.selectbox[0].set_value("own_work")
    page.text_area[0].set_value("For the report of my profession")
    make_it(page)

    assert '<a href="/doc/' in portal_db.shown(page)


def test_nobody_sees_anothers_time(portal_db: PortalDb) -> None:
    log(portal_db)
    page = portal_db.run(PAGE, portal_db.cast.omar)

    assert "No visit of this year yet." in portal_db.shown(page)
