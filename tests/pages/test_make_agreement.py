"""The page Agreements: begin one, fill it in, issue it, record signatures, end it."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from portal.store.papers import Agreement, AgreementLine, Document
from portal.ui.agreement_views import OPEN
from portal.vocabulary import Category, Direction
from tests.pages.conftest import PortalDb

PAGE = "make_agreement.py"
SCAN = b"%PDF-1.7 signed by hand"


def click(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def field(elements, label: str):
    return next(element for element in elements if element.label.startswith(label))


def the_new_one(portal_db: PortalDb) -> Agreement:
    with portal_db.writing() as session:
        return session.scalars(select(Agreement).where(Agreement.written_at.is_not(None))).one()


@pytest.fixture
def begun(portal_db: PortalDb) -> AppTest:
    """A draft with Riverside, begun by Dina."""
    page = portal_db.run(PAGE, portal_db.cast.dina)
    field(page.selectbox, "New agreement").set_value(portal_db.cast.riverside.id).run()
    return click(page, "Begin")


def complete(page: AppTest) -> AppTest:
    """What the portal could not know."""
    for label, text in (
        ("Services", "Individual counseling"),
        ("Signer for the district: title", "Superintendent"),
        ("Signer for the partner: title", "Executive Director"),
        ("Liaison of the district: e-mail", "dina@example.org"),
        ("Contact for records: e-mail", "records@example.org"),
        ("Liaison of the partner", "Rita River"),
        ("Liaison of the partner: e-mail", "rita@example.org"),
    ):
        inputs = page.text_area if label == "Services" else page.text_input
        field(inputs, label).set_value(text)
    return page


def issue(page: AppTest) -> AppTest:
    return click(complete(page), "Issue for signature")


def test_nobody_and_the_wrong_person_are_turned_away(portal_db):
    assert "You are not signed in" in portal_db.shown(portal_db.run(PAGE, None))
    for who in (portal_db.cast.ana, portal_db.cast.alma, portal_db.cast.tom):
        assert "not open to you" in portal_db.shown(portal_db.run(PAGE, who))


def test_agreements_are_listed_with_where_they_stand(portal_db):
    shown = portal_db.shown(portal_db.run(PAGE, portal_db.cast.dina))

    assert "Riverside Clinic" in shown and "Hilltop Clinic" in shown
    assert shown.count("In force") == 2


def test_a_new_one_begins_with_what_the_portal_knows(portal_db, begun):
    assert not begun.exception
    assert field(begun.text_input, "Signer for the district").value == "Sue Perin"
    assert field(begun.text_input, "Signer for the partner").value == "Alma River"
    assert field(begun.text_input, "Liaison of the district").value == "Dina Desk"
    assert field(begun.multiselect, "Schools").value == ["North School", "South School"]
    assert "Draft" in portal_db.shown(begun)


def test_every_gap_is_told_and_what_was_typed_is_saved(portal_db, begun):
    field(begun.text_input, "Liaison of the partner").set_value("Rita River")
    page = click(begun, "Issue for signature")

    shown = portal_db.shown(page)
    assert "There is a problem" in shown
    for what in ("No service is named", "has no e-mail address", "lacks a name or a title"):
        assert what in shown
    agreement = the_new_one(portal_db)
    assert agreement.document_id is None
    assert agreement.terms["partner_liaison"]["name"] == "Rita River"


def test_a_complete_one_is_issued_and_can_be_read(portal_db, begun):
    page = issue(begun)

    assert not page.exception
    agreement = the_new_one(portal_db)
    shown = portal_db.shown(page)
    assert f"/doc/{agreement.document_id}" in shown
    assert "Out for signature" in shown
    assert not any(button.label == "Save draft" for button in page.button)
    with portal_db.writing() as session:
        assert session.get(Document, agreement.document_id).content.startswith(b"PK")


def test_each_kind_of_record_has_a_line_of_its_own(portal_db, begun):
    way = field(begun.multiselect, "Harbor Point Public Schools may share")
    way.set_value([Category.VISITS, Category.SUD]).run()
    field(begun.selectbox, "Support visits and services: how often").select("Weekly")
    assert "Issued" not in portal_db.shown(issue(begun))  # nobody ticked that SUD is meant

    field(begun.checkbox, "We mean to list").check()
    page = click(begun, "Issue for signature")
    assert "Out for signature" in portal_db.shown(page)
    with portal_db.writing() as session:
        rows = session.scalars(select(AgreementLine).where(AgreementLine.frequency != ""))
        told = {(r.category, r.frequency) for r in rows if r.direction is Direction.A_TO_B}
    assert told == {("visits", "weekly"), ("sud", "as_it_happens")}


def test_signatures_by_hand_bring_it_into_force(portal_db, begun):
    page = issue(begun)
    for _side in range(2):
        page.file_uploader[0].set_value(("scan.pdf", SCAN, "application/pdf"))
        page = click(page, "Save signature")
        assert not page.exception

    shown = portal_db.shown(page)
    assert "Signed by Sue Perin, Superintendent" in shown
    assert "Signed by Alma River, Executive Director" in shown
    assert "In force" in shown
    assert "Record a signature by hand" not in [e.label for e in page.expander]


def test_a_scan_that_is_missing_is_told(portal_db, begun):
    assert "The scan is missing" in portal_db.shown(click(issue(begun), "Save signature"))


def test_it_ends_with_a_reason(portal_db, begun):
    page = issue(begun)
    assert "The reason is missing" in portal_db.shown(click(page, "End agreement now"))

    field(page.text_input, "Reason").set_value("A **new** one replaces it.")
    shown = portal_db.shown(click(page, "End agreement now"))
    assert "Terminated" in shown
    assert "Ended: A **new** one replaces it." in shown


def test_an_agreement_of_others_cannot_be_opened(portal_db):
    page = portal_db.page(PAGE, portal_db.cast.dina)
    page.session_state[OPEN] = portal_db.cast.riverside.id
    page.run()

    assert not page.exception
    assert "Without an agreement in force" in portal_db.shown(page)
