"""The page Families, for support staff."""

from __future__ import annotations

from datetime import date

from streamlit.testing.v1 import AppTest

from portal.vocabulary import CourtRight, Relationship
from tests.pages.conftest import PortalDb

PAGE = "keep_guardians.py"


def family_of_luis(portal_db: PortalDb) -> AppTest:
    page = portal_db.run(PAGE, portal_db.cast.ana)
    return page.selectbox(key="student-chosen").set_value(portal_db.cast.luis.id).run()


def field(widgets, label: str):
    return next(widget for widget in widgets if widget.label == label)


def test_the_family_is_shown_with_its_rights(portal_db: PortalDb) -> None:
    text = portal_db.shown(family_of_luis(portal_db))

    assert "Maria Sample" in text
    assert "Parent" in text
    assert "since" in text


def test_an_added_guardian_may_sign_from_today(portal_db: PortalDb) -> None:
    page = family_of_luis(portal_db)
    field(page.text_input, "Name").set_value("Pat Example")
    field(page.selectbox, "Relation").set_value(Relationship.GUARDIAN)
    field(page.button, "Add to family").click()

    text = portal_db.shown(page.run())

    assert "Pat Example is added." in text
    assert "Pat Example" in text.split("Add a parent")[0]


def test_an_empty_form_names_each_field(portal_db: PortalDb) -> None:
    page = family_of_luis(portal_db)
    field(page.button, "Write down order").click()

    text = portal_db.shown(page.run())

    assert "There is a problem" in text
    assert "not listed for this student" in text
    assert "The first day is missing." in text


def test_an_order_ends_the_right_on_its_first_day(portal_db: PortalDb) -> None:
    page = family_of_luis(portal_db)
    field(page.selectbox, "Guardian").set_value(portal_db.cast.maria.id)
    field(page.selectbox, "Limits").set_value(CourtRight.BOTH)
    field(page.date_input, "From").set_value(date(2026, 11, 2))
    field(page.text_input, "Document: court and docket number").set_value("Docket 12-3456")
    field(page.button, "Write down order").click()

    text = portal_db.shown(page.run())

    assert "The order is written down." in text
    assert "Docket 12-3456" in text
    assert "No" in text


def test_a_change_of_custody_is_written_down_with_why(portal_db: PortalDb) -> None:
    page = family_of_luis(portal_db)
    field(page.selectbox, "Whose right").set_value(portal_db.cast.maria.id)
    field(page.date_input, "Last day of the right").set_value(date(2026, 11, 18))
    field(page.text_input, "Why, and which paper shows it").set_value("Order 00-0001 <b>")
    field(page.button, "End this right").click()

    text = portal_db.shown(page.run())

    assert "The right ends with that day." in text
    assert "ended: Order 00-0001 &lt;b&gt; (Ana Counts)" in text


def test_college_is_written_down_and_shown(portal_db: PortalDb) -> None:
    page = family_of_luis(portal_db)
    field(page.date_input, "First day of classes").set_value(date(2026, 9, 1))
    field(page.text_input, "What shows that they attend").set_value("Letter of enrollment")
    field(page.button, "Write down college").click()

    text = portal_db.shown(page.run())

    assert "Attends a postsecondary institution since Sep 1" in text
    assert "Letter of enrollment, written down by Ana Counts" in text
