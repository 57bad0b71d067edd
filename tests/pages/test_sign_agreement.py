"""The page Agreements to sign: read, type the name, sign; each side its own."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from portal.agreements import service
from portal.store.papers import Agreement
from tests.agreements.papers import a_draft
from tests.pages.conftest import PortalDb
from tests.people import NOW

PAGE = "sign_agreement.py"


@pytest.fixture
def issued(portal_db: PortalDb) -> PortalDb:
    """An agreement with Riverside, written and issued by Dina."""
    dina = portal_db.who(portal_db.cast.dina)
    with portal_db.writing() as session:
        agreement = service.draft(session, dina, a_draft(portal_db.cast), NOW, "k")
        service.issue(session, dina, agreement.id, NOW)
    return portal_db


def sign(page: AppTest, name: str) -> AppTest:
    page.text_input[0].set_value(name)
    page.checkbox[0].check()
    return next(b for b in page.button if b.label == "Sign agreement").click().run()


def test_nobody_and_the_wrong_person_are_turned_away(portal_db):
    assert "You are not signed in" in portal_db.shown(portal_db.run(PAGE, None))
    for who in (portal_db.cast.ana, portal_db.cast.dina, portal_db.cast.rita):
        assert "not open to you" in portal_db.shown(portal_db.run(PAGE, who))


def test_both_sides_read_and_sign_and_it_is_in_force(issued):
    page = issued.run(PAGE, issued.cast.alma)
    shown = issued.shown(page)
    assert "/doc/" in shown
    assert "The paper names Alma River, Executive Director" in shown
    page = sign(page, "Alma River")
    assert "You signed agreement" in issued.shown(page)
    assert "Nothing waits for you." in issued.shown(page)

    page = sign(issued.run(PAGE, issued.cast.sue), "Sue Perin")
    assert not page.exception
    assert "Out for signature" not in issued.shown(page)


def test_another_name_or_an_unticked_box_signs_nothing(issued):
    page = sign(issued.run(PAGE, issued.cast.sue), "Somebody Else")

    assert "The typed name is not yours." in issued.shown(page)
    with issued.writing() as session:
        assert (
            session.query(Agreement).filter(Agreement.document_id.is_not(None)).one().a_signer == ""
        )


def test_the_third_agency_is_shown_only_its_own(issued):
    heidi = issued.cast.hugo
    with issued.writing() as session:
        row = session.get(type(heidi), heidi.id)
        row.role, row.level = issued.cast.alma.role, issued.cast.alma.level

    shown = issued.shown(issued.run(PAGE, heidi))
    assert "Nothing waits for you." in shown
    assert "/doc/" not in shown
