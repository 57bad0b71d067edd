"""The page of the retention schedule, and the page of what is held."""

from __future__ import annotations

from sqlalchemy import update

from portal.policy.spans import midnight_after
from portal.store.people import Enrollment
from portal.store.records import Visit
from portal.vocabulary import Category
from tests import factories as make
from tests.access.test_due import EDGE
from tests.pages.conftest import PortalDb
from tests.pages.test_review_access import button


def test_a_period_is_changed_within_the_law(portal_db: PortalDb) -> None:
    page = portal_db.run("set_retention.py", portal_db.cast.dina)
    assert "50 years from the day the student left the district" in portal_db.shown(page)
    assert "Nothing is due." in portal_db.shown(page)
    page.selectbox[0].set_value("support").run()
    page.number_input[0].set_value(5)
    button(page, "Save the period").click().run()
    assert "No reason is given." in portal_db.shown(page)
    assert "This is kept at least 6 years" in portal_db.shown(page)
    page.number_input[0].set_value(10)
    page.text_input[0].set_value("The Board wants it.")
    button(page, "Save the period").click().run()
    assert not page.exception
    assert "The Board wants it." in portal_db.shown(page)


def test_what_is_due_is_proposed_by_one_and_destroyed_by_another(portal_db: PortalDb) -> None:
    cast = portal_db.cast
    with portal_db.writing() as session:
        session.execute(update(Enrollment).values(ends_at=midnight_after(EDGE, "America/New_York")))
        row = make.record(session, cast.luis, Category.VISITS)
        make.stored(
            session, Visit(record_id=row.id, staff_id=cast.ana.id, purpose="check_in", minutes=9)
        )
    page = portal_db.run("set_retention.py", cast.dina)
    page.checkbox[0].check()
    button(page, "Propose to destroy").click().run()
    assert "You proposed it" in portal_db.shown(page)

    other = portal_db.run("set_retention.py", cast.sue)
    button(other, "Approve and destroy").click().run()
    assert not other.exception
    assert "Destroyed; the certificate is kept." in portal_db.shown(other)
    assert "/doc/" in portal_db.shown(other)
    with portal_db.writing() as session:
        assert session.get(Visit, row.id) is None


def test_what_is_held_is_read_by_group_and_searched(portal_db: PortalDb) -> None:
    page = portal_db.run("see_catalog.py", portal_db.cast.tom)
    assert "State-assigned student number" in portal_db.shown(page)
    page.text_input[0].set_value("birth").run()
    assert "Date of birth" in portal_db.shown(page)
    page.text_input[0].set_value("xyzzy").run()
    assert "Nothing holds these words." in portal_db.shown(page)
    page.text_input[0].set_value("")
    page.selectbox[0].set_value("Questions of our district's own").run()
    assert "The district asks no questions of its own." in portal_db.shown(page)
