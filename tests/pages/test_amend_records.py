"""The page Requests to amend."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from portal.store.support import AmendmentRequest
from portal.ui.correct_link import AMENDING
from portal.visits import service as logging_visits
from portal.visits.rules import VisitDraft
from portal.vocabulary import AmendmentDecision, ProgramKind, VisitPurpose
from tests import factories as make
from tests.pages.conftest import PortalDb
from tests.people import NOW

PAGE = "amend_records.py"


@pytest.fixture
def visit_id(portal_db: PortalDb) -> uuid.UUID:
    """Ana saw Luis an hour ago."""
    me = portal_db.who(portal_db.cast.ana)
    draft = VisitDraft(portal_db.cast.luis.id, VisitPurpose.CRISIS, 30)
    with portal_db.writing() as session:
        at = NOW - timedelta(hours=1)
        return logging_visits.log(session, me, draft, at, "visit").record_id


def button(page: AppTest, label: str):
    return next(button for button in page.button if button.label == label)


def area(page: AppTest, beginning: str):
    return next(field for field in page.text_area if field.label.startswith(beginning))


def asked(portal_db: PortalDb, visit_id: uuid.UUID) -> AppTest:
    """Ana wrote down what Maria asks."""
    page = portal_db.page(PAGE, portal_db.cast.ana)
    page.session_state[AMENDING] = visit_id
    page.run()
    area(page, "What they want").set_value("It was <i>not</i> a crisis")
    button(page, "Save the request").click().run()
    assert not page.exception
    return page


def request_of(portal_db: PortalDb) -> AmendmentRequest:
    with portal_db.writing() as session:
        return session.scalars(select(AmendmentRequest)).one()


def test_without_a_request_it_says_where_one_begins(portal_db: PortalDb) -> None:
    shown = portal_db.shown(portal_db.run(PAGE, portal_db.cast.omar))

    assert "A family&#x27;s request begins at the record" in shown
    assert "34 CFR 99.20" in shown


def test_a_request_is_written_down_and_shown_as_typed(
    portal_db: PortalDb, visit_id: uuid.UUID
) -> None:
    page = asked(portal_db, visit_id)
    shown = portal_db.shown(page)

    assert "Written down." in shown
    assert "It was &lt;i&gt;not&lt;/i&gt; a crisis" in shown
    assert "To decide, today" in shown
    assert request_of(portal_db).asked_by == portal_db.cast.maria.id
    assert not [one for one in page.button if one.label == "Save the decision"]


def test_a_request_that_says_nothing_is_not_kept(portal_db: PortalDb, visit_id: uuid.UUID) -> None:
    page = portal_db.page(PAGE, portal_db.cast.ana)
    page.session_state[AMENDING] = visit_id
    page.run()
    button(page, "Save the request").click().run()
    assert "Nothing is written here" in portal_db.shown(page)
    button(page, "Leave it").click().run()

    assert AMENDING not in page.session_state


def test_a_record_out_of_reach_offers_nobody(portal_db: PortalDb) -> None:
    page = portal_db.page(PAGE, portal_db.cast.ana)
    page.session_state[AMENDING] = uuid.uuid4()

    assert "Nobody of the family may ask" in portal_db.shown(page.run())


def test_the_principal_decides_and_the_letter_is_there(
    portal_db: PortalDb, visit_id: uuid.UUID
) -> None:
    asked(portal_db, visit_id)
    page = portal_db.run(PAGE, portal_db.cast.omar)
    page.radio[0].set_value(AmendmentDecision.AMENDED)
    area(page, "What was changed").set_value("We looked")
    button(page, "Save the decision").click().run()
    assert "Nothing in the record has changed" in portal_db.shown(page)
    page.radio[0].set_value(AmendmentDecision.REFUSED)
    button(page, "Save the decision").click().run()
    shown = portal_db.shown(page)

    assert "Decided. The letter is ready." in shown
    assert f'href="/doc/{request_of(portal_db).letter_id}"' in shown


def test_hearing_and_statement_follow_a_refusal(portal_db: PortalDb, visit_id: uuid.UUID) -> None:
    cast = portal_db.cast
    asked(portal_db, visit_id)
    with portal_db.writing() as session:
        make.program(session, cast.luis, ProgramKind.SECTION_504)
    page = portal_db.run(PAGE, cast.omar)
    page.radio[0].set_value(AmendmentDecision.REFUSED)
    area(page, "What was changed").set_value("We looked")
    button(page, "Save the decision").click().run()
    button(page, "Save the request for a hearing").click().run()
    assert "Hearing asked for" in portal_db.shown(page)

    dina = portal_db.run(PAGE, cast.dina)
    dina.text_input[0].set_value("Heidi Hearing")
    dina.radio[0].set_value(AmendmentDecision.REFUSED)
    area(dina, "What was shown").set_value("The log")
    button(dina, "Save the hearing").click().run()
    assert "Not amended after a hearing" in portal_db.shown(dina)
    area(dina, "Statement").set_value("We disagree")
    next(b for b in dina.button if b.label.startswith("Put the statement")).click().run()

    assert request_of(portal_db).statement == "We disagree"
    assert "Statement, Nov 20" in portal_db.shown(dina)
