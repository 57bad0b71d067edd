"""The page Case teams, for an agency's administrator."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from portal.store.consents import Consent
from portal.vocabulary import Category, ConsentEventKind
from tests import factories as make
from tests.pages.conftest import PortalDb
from tests.people import NOW

PAGE = "assign_case_team.py"


@pytest.fixture
def shared(portal_db: PortalDb) -> PortalDb:
    """Luis's visits are shared with Riverside; Rita is on the team."""
    cast = portal_db.cast
    with portal_db.writing() as session:
        make.record(session, cast.luis, Category.VISITS)
        make.consent(session, cast.luis, cast.riverside, cast.maria, number="C-0192")
    return portal_db


def chosen(shared: PortalDb, person: str) -> AppTest:
    page = shared.run(PAGE, shared.cast.alma)
    page.selectbox(key="team-consent").set_value("C-0192")
    return page.selectbox(key="team-person").set_value(person).run()


def test_consents_are_known_by_number_and_students_not_at_all(shared: PortalDb) -> None:
    text = shared.shown(shared.run(PAGE, shared.cast.alma))

    assert "C-0192" in text
    assert "Rita River" in text
    assert "1 kind of record" in text
    assert "Luis" not in text


def test_a_colleague_is_added_and_then_sees_the_student(shared: PortalDb) -> None:
    page = chosen(shared, "Rob River")
    page = page.button(key="team-assign").click().run()

    assert "Rob River is on the case team of consent C-0192." in shared.shown(page)
    assert "Rita River, Rob River" in shared.shown(page)
    assert "Luis Sample" in shared.shown(shared.run("see_shared.py", shared.cast.rob))


def test_a_colleague_is_taken_off_and_no_longer_sees_the_student(shared: PortalDb) -> None:
    page = chosen(shared, "Rita River")
    page = page.button(key="team-end").click().run()

    assert "Rita River is no longer on the case team" in shared.shown(page)
    assert ">Nobody</span>" in shared.shown(page)
    assert "Luis" not in shared.shown(shared.run("see_shared.py", shared.cast.rita))


def test_a_consent_that_ends_before_the_click_changes_nothing(shared: PortalDb) -> None:
    page = chosen(shared, "Rob River")
    with shared.writing() as session:
        consent = session.scalars(select(Consent)).one()
        make.event(session, consent, ConsentEventKind.REVOKED, NOW)

    page = page.button(key="team-assign").click().run()

    assert not page.exception
    assert "C-0192" not in shared.shown(page)
    assert "Luis" not in shared.shown(shared.run("see_shared.py", shared.cast.rob))


def test_without_a_consent_the_page_says_when_one_appears(portal_db: PortalDb) -> None:
    text = portal_db.shown(portal_db.run(PAGE, portal_db.cast.alma))

    assert "It appears here when a school records one." in text


def test_only_an_agencys_administrator_has_this_page(shared: PortalDb) -> None:
    for user in (shared.cast.rita, shared.cast.ana, shared.cast.dina, None):
        text = shared.shown(shared.run(PAGE, user))
        assert "C-0192" not in text
