"""The page Consents: a family signs on screen or brings a paper, and takes it back."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from portal.store.consents import Consent
from portal.store.papers import Document
from portal.store.people import Student
from portal.ui.pick_student import CHOSEN
from portal.vocabulary import SignatureMethod
from tests.pages.conftest import PortalDb

PAGE = "record_consent.py"
SCAN = b"%PDF-1.7 the signed form"


def click(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def field(elements, label: str):
    return next(element for element in elements if element.label.startswith(label))


def for_student(portal_db: PortalDb, student: Student) -> AppTest:
    page = portal_db.page(PAGE, portal_db.cast.ana)
    page.session_state[CHOSEN] = student.id
    return page.run()


@pytest.fixture
def form(portal_db: PortalDb) -> AppTest:
    """Luis's form with Riverside, Maria and two kinds of record on it, not yet signed."""
    cast = portal_db.cast
    page = click(for_student(portal_db, cast.luis), "New consent")
    field(page.selectbox, "Agency").set_value(cast.riverside.id).run()
    field(page.checkbox, "Visits with support staff").check()
    field(page.checkbox, "Days at school").check()
    signer = next(s for s in field(page.selectbox, "Who signs").options if "Maria" in s)
    field(page.selectbox, "Who signs").select(signer).run()
    return page


def sign(page: AppTest) -> AppTest:
    field(page.text_input, "Type your full name").set_value("Maria Sample")
    field(page.checkbox, "I have read this").check()
    field(page.checkbox, "For staff").check()
    return click(page, "Save consent")


def stored(portal_db: PortalDb) -> list[Consent]:
    with portal_db.writing() as session:
        return list(session.scalars(select(Consent)))


def test_nobody_and_the_wrong_person_are_turned_away(portal_db):
    assert "You are not signed in" in portal_db.shown(portal_db.run(PAGE, None))
    for who in (portal_db.cast.tom, portal_db.cast.sue, portal_db.cast.rita):
        assert "not open to you" in portal_db.shown(portal_db.run(PAGE, who))


def test_a_family_reads_signs_and_the_list_shows_it(portal_db, form):
    shown = portal_db.shown(form)
    assert "May we share Luis&#x27;s records with Riverside Clinic?" in shown
    assert "We stop after June 30, 2027." in shown

    page = sign(form)
    assert not page.exception
    [consent] = stored(portal_db)
    assert (consent.signer_name, consent.method) == ("Maria Sample", SignatureMethod.TYPED)
    shown = portal_db.shown(page)
    assert f"Consent {consent.number} to Riverside Clinic is saved." in shown
    assert f"/doc/{consent.document_id}" in shown
    assert "Active" in shown


def test_the_saved_form_is_gone_so_that_the_next_family_never_meets_it(portal_db, form):
    page = click(sign(form), "New consent")

    assert not any(box.value for box in page.checkbox)
    assert field(page.selectbox, "Agency").value is None


def test_every_gap_is_told_and_nothing_is_kept(portal_db, form):
    page = click(form, "Save consent")

    shown = portal_db.shown(page)
    assert "There is a problem" in shown
    for what in ("The typed name is not the signer", "The box beside the signature", "you checked"):
        assert what in shown
    assert stored(portal_db) == []
    assert field(page.checkbox, "Days at school").value


def test_before_signing_the_page_says_what_it_would_open(portal_db, form):
    shown = portal_db.shown(click(form, "What would this open?"))

    assert "the case team of Riverside Clinic would see" in shown
    assert stored(portal_db) == []


def test_a_signed_paper_is_brought_as_a_scan(portal_db, form):
    form.button_group[1].set_value(SignatureMethod.PAPER).run()
    field(form.date_input, "Date on the paper").set_value(date(2026, 11, 18))
    field(form.selectbox, "Language").set_value("es")
    form.file_uploader[0].set_value(("form.pdf", SCAN, "application/pdf"))
    field(form.checkbox, "For staff").check()
    page = click(form, "Save consent")

    assert not page.exception
    [consent] = stored(portal_db)
    assert (consent.method, consent.language) == (SignatureMethod.PAPER, "es")
    with portal_db.writing() as session:
        assert session.get(Document, consent.document_id).content == SCAN


def test_a_scan_that_is_none_is_sent_back(portal_db, form):
    form.button_group[1].set_value(SignatureMethod.PAPER).run()
    form.file_uploader[0].set_value(("form.pdf", b"MZ a program", "application/pdf"))

    assert "not a PDF or an image" in portal_db.shown(click(form, "Save consent"))


def test_a_consent_is_taken_back_with_how_it_was_told(portal_db, form):
    page = click(sign(form), "Take back")
    page = click(page, "Take this consent back now")
    assert "not said how the family told you" in portal_db.shown(page)

    field(page.text_input, "How were you told?").set_value("The mother called on Friday.")
    page = click(page, "Take this consent back now")
    assert "Taken back" in portal_db.shown(page)
    assert stored(portal_db)[0].revoked_how == "The mother called on Friday."


def test_what_a_person_typed_is_shown_as_typed(portal_db, form):
    page = click(sign(form), "Take back")
    field(page.text_input, "How were you told?").set_value("<script>x</script> **bold**")
    page = click(page, "Take this consent back now")

    assert "&lt;script&gt;x&lt;/script&gt; **bold**" in portal_db.shown(page)
