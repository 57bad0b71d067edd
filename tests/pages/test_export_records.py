"""The page Take out data."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from portal.policy.proper_use import PROPER_USE
from portal.store.oversight import DataExport
from portal.store.people import User
from portal.ui.parts import esc
from portal.visits import service as visits
from portal.visits.rules import VisitDraft
from tests.pages.conftest import PortalDb
from tests.people import NOW

PAGE = "export_records.py"
WORDS = "To plan the groups of December"


@pytest.fixture
def logged(portal_db: PortalDb) -> PortalDb:
    ana = portal_db.who(portal_db.cast.ana)
    with portal_db.writing() as session:
        draft = VisitDraft(portal_db.cast.luis.id, "individual", 45)
        visits.log(session, ana, draft, NOW, "a")
    return portal_db


def filled(db: PortalDb, user: User, words: str = WORDS) -> AppTest:
    page = db.run(PAGE, user)
    page.selectbox[1].set_value("own_work")
    page.text_area[0].set_value(words)
    return page


def press(page: AppTest) -> AppTest:
    return next(b for b in page.button if b.label == "Take out").click().run()


def test_a_file_is_made_and_opens_from_the_page(logged: PortalDb) -> None:
    page = press(filled(logged, logged.cast.ana))

    with logged.writing() as session:
        row = session.scalars(select(DataExport)).one()
    assert f'<a href="/doc/{row.document_id}" target="_self">Open {row.number}</a>' in logged.shown(
        page
    )
    assert "1 row, 1 student" in logged.shown(page)
    assert "Sample" not in logged.shown(page)


def test_without_a_purpose_the_page_says_what_is_missing(logged: PortalDb) -> None:
    page = press(logged.run(PAGE, logged.cast.ana))

    assert "It is not said what the data is for." in logged.shown(page)
    assert "The purpose is not told in your own words." in logged.shown(page)
    assert "Nothing. A file that you take out" in logged.shown(page)


def test_the_page_says_what_the_portal_is_not_for(portal_db: PortalDb) -> None:
    assert esc(PROPER_USE) in portal_db.shown(portal_db.run(PAGE, portal_db.cast.omar))


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("ana", ["Visits", "Referrals"]),
        ("omar", ["Visits", "Referrals"]),
        ("dina", ["Disclosures", "People and their levels of access"]),
        ("sue", ["Visits", "Referrals", "Disclosures", "People and their levels of access"]),
    ],
)
def test_each_role_is_offered_its_kinds_and_can_take_each_out(
    logged: PortalDb, name: str, kinds: list[str]
) -> None:
    user = getattr(logged.cast, name)
    page = logged.run(PAGE, user)
    assert page.selectbox[0].options == kinds

    last = {"dina": "trail", "sue": "people"}.get(name)
    if last:
        page.selectbox[0].set_value(last).run()
        page.selectbox[1].set_value("access_review")
        page.text_area[0].set_value(WORDS)
        assert "Open E-" in logged.shown(press(page))
