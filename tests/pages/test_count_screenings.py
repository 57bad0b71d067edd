"""The page Count screenings."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from portal.store.support import Tally
from tests.pages.conftest import PortalDb
from tests.pages.test_log_visit import field
from tests.people import NOW

PAGE = "count_screenings.py"


def filled(portal_db: PortalDb) -> AppTest:
    page = portal_db.run(PAGE, portal_db.cast.ana)
    field(page, "button_group", "tool").set_value("crafft")
    field(page, "number_input", "Screened").set_value(20)
    field(page, "number_input", "Positive").set_value(3)
    return page


def test_a_count_is_saved_into_ones_own_totals_and_the_form_is_empty(portal_db: PortalDb) -> None:
    page = filled(portal_db)
    field(page, "button", "save").click().run()

    shown = portal_db.shown(page)
    assert "the count stands in your own totals" in shown
    assert "CRAFFT 2.1" in shown
    assert field(page, "number_input", "Screened").value is None
    with portal_db.writing() as session:
        [row] = session.scalars(select(Tally))
    assert (row.screened, row.positive, row.staff_id) == (20, 3, portal_db.cast.ana.id)


def test_it_can_be_taken_back_for_ten_minutes(portal_db: PortalDb) -> None:
    page = filled(portal_db)
    field(page, "button", "save").click().run()
    next(b for b in page.button if b.label == "Undo").click().run()
    assert "It counts no more." in portal_db.shown(page)

    page = filled(portal_db)
    field(page, "button", "save").click().run()
    portal_db.at(NOW + timedelta(minutes=10))
    assert not [b for b in page.run().button if b.label == "Undo"]


def test_what_is_missing_is_named_and_nothing_is_cleared(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.ana)
    field(page, "number_input", "Screened").set_value(20)
    field(page, "button", "save").click().run()

    assert "Choose the screening tool." in portal_db.shown(page)
    assert field(page, "number_input", "Screened").value == 20


def test_others_see_ones_own_totals_nowhere(portal_db: PortalDb) -> None:
    page = filled(portal_db)
    field(page, "button", "save").click().run()

    assert "November: nothing counted." in portal_db.shown(portal_db.run(PAGE, portal_db.cast.omar))
