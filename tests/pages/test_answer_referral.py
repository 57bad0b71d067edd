"""The page Referrals to us, for an agency."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from portal.referrals import service
from portal.referrals.rules import ReferralDraft
from portal.store.records import Referral
from portal.vocabulary import Access, Category, Need, NotAccessedReason, ReferralStatus
from portal.vocabulary import ReferralTarget as Target
from tests import factories as make
from tests.pages.conftest import PortalDb
from tests.people import NOW

PAGE = "answer_referral.py"


@pytest.fixture
def sent(portal_db: PortalDb) -> PortalDb:
    """Luis was referred to Riverside today."""
    cast = portal_db.cast
    draft = ReferralDraft(cast.luis.id, Target.COMMUNITY, Need.LOW_MOOD, cast.riverside.id)
    ana = portal_db.who(cast.ana)
    with portal_db.writing() as session:
        service.refer(session, ana, draft, NOW, "form")
    return portal_db


def referral(portal_db: PortalDb) -> Referral:
    with portal_db.writing() as session:
        return session.scalars(select(Referral)).one()


def click(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def test_one_click_accepts(sent: PortalDb) -> None:
    page = click(sent.run(PAGE, sent.cast.rita), "Accept")

    assert referral(sent).status is ReferralStatus.ACCEPTED
    assert "accepted." in sent.shown(page)
    assert "Accept" not in [button.label for button in page.button]


def test_a_decline_takes_three_clicks_and_needs_a_reason(sent: PortalDb) -> None:
    page = click(sent.run(PAGE, sent.cast.alma), "Decline")
    click(page, "Save answer")
    assert "Choose why you decline." in sent.shown(page)

    page.button_group[0].set_value(NotAccessedReason.NO_CAPACITY)
    click(page, "Save answer")

    assert referral(sent).status is ReferralStatus.DECLINED
    assert referral(sent).not_accessed_reason is NotAccessedReason.NO_CAPACITY


def test_the_first_appointment_kept_is_access_to_service(sent: PortalDb) -> None:
    page = click(sent.run(PAGE, sent.cast.rita), "First appointment kept")
    click(page, "Save answer")

    assert referral(sent).accessed_on == date(2026, 11, 20)
    assert referral(sent).access is Access.ACCESSED


def test_the_student_is_named_only_where_a_consent_opens_it(sent: PortalDb) -> None:
    before = sent.shown(sent.run(PAGE, sent.cast.rita))
    with sent.writing() as session:
        cast = sent.cast
        make.consent(session, cast.luis, cast.riverside, cast.maria, [Category.REFERRALS])
    after = sent.shown(sent.run(PAGE, sent.cast.rita))

    assert "Luis" not in before
    assert referral(sent).number in before
    assert "Ana Counts" in before
    assert "Sample, Luis" in after


def test_who_is_not_on_the_case_team_sees_the_slip_and_no_button(sent: PortalDb) -> None:
    page = sent.run(PAGE, sent.cast.rob)

    assert referral(sent).number in sent.shown(page)
    assert "case team" in sent.shown(page)
    assert not page.button


def test_another_agency_sees_nothing(sent: PortalDb) -> None:
    shown = sent.shown(sent.run(PAGE, sent.cast.hugo))

    assert referral(sent).number not in shown
    assert "They appear here when a school refers a student to you." in shown


@pytest.mark.parametrize("who", ["ana", "tom", "dina", "sue", "omar"])
def test_schools_do_not_answer_for_agencies(portal_db: PortalDb, who: str) -> None:
    page = portal_db.run(PAGE, getattr(portal_db.cast, who))

    assert "This page is not open to you" in portal_db.shown(page)


def test_what_is_on_hold_says_why_and_what_we_received_and_has_no_button(portal_db):
    cast = portal_db.cast
    with portal_db.writing() as session:
        referral = make.referral(session, cast.luis, cast.riverside, cast.ana)
        referral.status, referral.hold_reason = ReferralStatus.ON_HOLD, "consent_withdrawn"
    page = portal_db.run("answer_referral.py", cast.rita)

    shown = portal_db.shown(page)
    assert "On hold – consent withdrawn" in shown
    assert "What your organization already received: nothing" in shown
    assert [b.label for b in page.button if referral.number in (b.key or "")] == []
