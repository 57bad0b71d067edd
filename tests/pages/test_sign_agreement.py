"""The page Agreements of those who answer and sign: what waits, the review, the signature."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from portal.access.documents import open_document
from portal.agreements import issuing, queries, reviewing
from portal.agreements.reviewing import Answer
from portal.ui.agreement_desk import OPEN
from portal.vocabulary import AgreementStatus
from tests.agreements import word_edits as word
from tests.agreements.papers import drafted
from tests.agreements.word_edits import BREACH
from tests.pages.conftest import PortalDb
from tests.people import NOW

PAGE = "sign_agreement.py"


def prepared(portal_db: PortalDb, *, send: bool):
    """An agreement with Riverside that Dina wrote, and sent or issued; its id and number."""
    with portal_db.writing() as session:
        cast = replace(portal_db.cast, session=session)
        paper = drafted(cast)
        if send:
            reviewing.send(session, cast.who(cast.dina), paper.id, "Please read.", NOW)
        else:
            issuing.issue(session, cast.who(cast.dina), paper.id, NOW)
        return paper.id, paper.number


@pytest.fixture
def issued(portal_db: PortalDb):
    return portal_db, *prepared(portal_db, send=False)


@pytest.fixture
def sent(portal_db: PortalDb):
    return portal_db, *prepared(portal_db, send=True)


def opened(portal_db: PortalDb, user, paper_id) -> AppTest:
    page = portal_db.page(PAGE, user)
    page.session_state[OPEN] = paper_id
    return page.run()


def click(page: AppTest, label: str) -> AppTest:
    return next(b for b in page.button if b.label == label).click().run()


def fill(page: AppTest, label: str, text: str) -> None:
    next(a for a in page.text_area if a.label == label).set_value(text)


def sign(page: AppTest, name: str) -> AppTest:
    page.text_input[0].set_value(name)
    page.checkbox[0].check()
    return click(page, "Sign agreement")


def status(portal_db: PortalDb, paper_id) -> AgreementStatus:
    dina = portal_db.who(portal_db.cast.dina)
    with portal_db.writing() as session:
        return queries.view(session, dina, paper_id, NOW).status


def return_file(portal_db: PortalDb, paper_id) -> None:
    alma = portal_db.who(portal_db.cast.alma)
    with portal_db.writing() as session:
        version = queries.latest_sent(session, paper_id)
        file = open_document(session, alma, version.document_id, NOW).content
        edit = word.words(BREACH, "30 days", "20 days")
        answer = Answer({"": "Nearly."}, word.edited(file, edit))
        reviewing.send_back(session, alma, paper_id, answer, NOW)


def test_nobody_and_the_wrong_person_are_turned_away(portal_db):
    assert "You are not signed in" in portal_db.shown(portal_db.run(PAGE, None))
    for who in (portal_db.cast.ana, portal_db.cast.dina, portal_db.cast.rita):
        assert "not open to you" in portal_db.shown(portal_db.run(PAGE, who))


def test_what_waits_for_my_side_comes_first(issued):
    portal_db, _paper_id, number = issued
    shown = portal_db.shown(portal_db.run(PAGE, portal_db.cast.alma))

    assert shown.index("To sign") < shown.index("All agreements")
    assert number in shown
    assert "Nothing waits for you" in portal_db.shown(portal_db.run(PAGE, portal_db.cast.sue))


def test_a_signer_reads_what_it_allows_and_the_document_before_signing(issued):
    portal_db, paper_id, _number = issued
    shown = portal_db.shown(opened(portal_db, portal_db.cast.alma, paper_id))

    assert "/doc/" in shown
    assert "What this agreement allows and forbids" in shown
    assert "Riverside Clinic may see" in shown
    assert "The paper names Alma River, Executive Director" in shown
    assert "Their turn" in shown


def test_both_sides_sign_in_their_order_and_it_is_in_force(issued):
    portal_db, paper_id, _number = issued
    early = opened(portal_db, portal_db.cast.sue, paper_id)
    assert not [b for b in early.button if b.label == "Sign agreement"]

    page = sign(opened(portal_db, portal_db.cast.alma, paper_id), "Alma River")
    assert "You signed agreement" in portal_db.shown(page)
    page = sign(opened(portal_db, portal_db.cast.sue, paper_id), "Sue Perin")
    assert not page.exception
    assert status(portal_db, paper_id) is AgreementStatus.IN_FORCE


def test_another_name_or_an_unticked_box_signs_nothing(issued):
    portal_db, paper_id, _number = issued
    page = sign(opened(portal_db, portal_db.cast.alma, paper_id), "Somebody Else")

    assert "The typed name is not yours." in portal_db.shown(page)
    page = click(opened(portal_db, portal_db.cast.alma, paper_id), "Sign agreement")
    assert "The box is not ticked." in portal_db.shown(page)
    assert status(portal_db, paper_id) is AgreementStatus.OUT_FOR_SIGNATURE


def test_a_side_can_refuse_with_its_reason(issued):
    portal_db, paper_id, _number = issued
    page = opened(portal_db, portal_db.cast.alma, paper_id)
    assert "The reason is missing." in portal_db.shown(click(page, "Refuse to sign"))

    page = opened(portal_db, portal_db.cast.alma, paper_id)
    fill(page, "Reason", "Our board did not agree.")
    page = click(page, "Refuse to sign")
    assert "Our board did not agree." in portal_db.shown(page)
    assert status(portal_db, paper_id) is AgreementStatus.REFUSED


def test_a_partner_approves_what_was_sent(sent):
    portal_db, paper_id, _number = sent
    assert "To read and answer" in portal_db.shown(portal_db.run(PAGE, portal_db.cast.alma))
    page = click(opened(portal_db, portal_db.cast.alma, paper_id), "Approve this version")

    assert "You approved agreement" in portal_db.shown(page)
    assert not [b for b in page.button if b.label == "Approve this version"]


def test_a_partner_sends_it_back_with_what_should_change(sent):
    portal_db, paper_id, _number = sent
    page = opened(portal_db, portal_db.cast.alma, paper_id)
    assert "Nothing is said." in portal_db.shown(click(page, "Send it back"))

    page = opened(portal_db, portal_db.cast.alma, paper_id)
    fill(page, "What should change", "Ten days, <b>please</b>.")
    page = click(page, "Send it back")
    shown = portal_db.shown(page)
    assert "is with Harbor Point Public Schools again." in shown
    assert "Ten days, &lt;b&gt;please&lt;/b&gt;." in shown


def test_the_district_sees_old_and_new_and_takes_a_clause_over(sent):
    portal_db, paper_id, _number = sent
    return_file(portal_db, paper_id)
    page = opened(portal_db, portal_db.cast.sue, paper_id)
    shown = portal_db.shown(page)
    assert '<del><span class="p-aloud">taken out: </span>30 </del>' in shown
    assert '<ins><span class="p-aloud">added: </span>20 </ins>' in shown

    page = click(page, "Take over their wording")
    shown = portal_db.shown(page)
    assert "Our draft has their wording of" in shown
    assert "Our draft says this clause as they do." in shown
    page = click(page, "Send it again")
    assert "Version 3 is with Riverside Clinic." in portal_db.shown(page)


def test_the_district_keeps_its_own_and_says_why(sent):
    portal_db, paper_id, _number = sent
    return_file(portal_db, paper_id)
    page = opened(portal_db, portal_db.cast.sue, paper_id)
    fill(page, "Why", "The law says 30.")
    page = click(page, "Keep ours")

    alma = portal_db.shown(opened(portal_db, portal_db.cast.alma, paper_id))
    assert "The law says 30." in alma


def test_the_third_agency_is_shown_only_its_own(issued):
    portal_db, paper_id, number = issued
    hugo = portal_db.cast.hugo
    with portal_db.writing() as session:
        row = session.get(type(hugo), hugo.id)
        row.role, row.level = portal_db.cast.alma.role, portal_db.cast.alma.level

    shown = portal_db.shown(opened(portal_db, hugo, paper_id))
    assert "Nothing waits for you." in shown
    assert number not in shown
