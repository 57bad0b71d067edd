"""The page Referrals, for the school."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from portal.referrals import service
from portal.referrals.rules import ReferralDraft
from portal.store.records import Referral
from portal.vocabulary import (
    Access,
    Category,
    ConfirmedBy,
    Need,
    NotAccessedReason,
    ReferralStatus,
    ReferralTarget,
)
from tests import factories as make
from tests.pages.conftest import PortalDb
from tests.people import NOW

PAGE = "follow_referrals.py"


@pytest.fixture
def waiting(portal_db: PortalDb) -> PortalDb:
    """Luis was referred to Riverside twelve days ago."""
    draft = ReferralDraft(
        portal_db.cast.luis.id,
        ReferralTarget.COMMUNITY,
        Need.LOW_MOOD,
        agency_id=portal_db.cast.riverside.id,
    )
    with portal_db.writing() as session:
        ana = portal_db.cast.ana
    ana = portal_db.who(ana)
    with portal_db.writing() as session:
        service.refer(session, ana, draft, NOW - timedelta(days=12), "form")
    return portal_db


def referral(portal_db: PortalDb) -> Referral:
    with portal_db.writing() as session:
        return session.scalars(select(Referral)).one()


def click(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def ask(waiting: PortalDb) -> AppTest:
    return click(waiting.run(PAGE, waiting.cast.ana), "What happened?")


def test_open_referrals_tell_how_long_they_wait(waiting: PortalDb) -> None:
    shown = waiting.shown(waiting.run(PAGE, waiting.cast.ana))

    assert "Sample, Luis" in shown
    assert "Waiting 12 days" in shown
    assert referral(waiting).number in shown


def test_accessed_is_recorded_with_its_day_and_who_said_so(waiting: PortalDb) -> None:
    page = ask(waiting)
    page.button_group[0].set_value(Access.ACCESSED).run()
    page.date_input[0].set_value(date(2026, 11, 18))
    page.button_group[1].set_value(ConfirmedBy.FAMILY)
    click(page, "Save outcome")

    stored = referral(waiting)
    assert (stored.access, stored.accessed_on) == (Access.ACCESSED, date(2026, 11, 18))
    assert "Outcome saved: Sample, Luis" in waiting.shown(page)
    assert "No open referrals." in waiting.shown(page)


def test_not_accessed_needs_its_reason(waiting: PortalDb) -> None:
    page = ask(waiting)
    page.button_group[0].set_value(Access.NOT_ACCESSED).run()
    click(page, "Save outcome")
    assert "Choose why there was no service." in waiting.shown(page)

    page.button_group[1].set_value(NotAccessedReason.TRANSPORTATION)
    click(page, "Save outcome")

    assert referral(waiting).not_accessed_reason is NotAccessedReason.TRANSPORTATION
    assert referral(waiting).status is ReferralStatus.CLOSED


def test_a_day_before_the_referral_is_refused_and_what_was_chosen_stays(waiting: PortalDb) -> None:
    page = ask(waiting)
    page.button_group[0].set_value(Access.ACCESSED).run()
    page.date_input[0].set_value(date(2026, 11, 1))
    click(page, "Save outcome")

    assert "The date is before the referral was sent." in waiting.shown(page)
    assert "Choose who told you." in waiting.shown(page)
    assert page.date_input[0].value == date(2026, 11, 1)
    assert referral(waiting).access is Access.UNKNOWN


def test_nothing_chosen_is_said(waiting: PortalDb) -> None:
    page = click(ask(waiting), "Save outcome")

    assert "Choose Accessed, Not accessed or Unknown." in waiting.shown(page)


def test_a_referral_is_withdrawn(waiting: PortalDb) -> None:
    page = click(ask(waiting), "Withdraw this referral")

    assert referral(waiting).status is ReferralStatus.WITHDRAWN
    assert "Withdrawn: Sample, Luis, Riverside Clinic." in waiting.shown(page)


def test_without_referrals_the_page_says_what_will_appear(portal_db: PortalDb) -> None:
    shown = portal_db.shown(portal_db.run(PAGE, portal_db.cast.omar))

    assert "They appear here when you refer a student." in shown


@pytest.mark.parametrize("who", ["tom", "dina", "sue", "rita"])
def test_others_do_not_follow_referrals(portal_db: PortalDb, who: str) -> None:
    page = portal_db.run(PAGE, getattr(portal_db.cast, who))

    assert "This page is not open to you" in portal_db.shown(page)


def test_what_is_on_hold_is_sent_again_once_a_consent_opens_it(portal_db):
    cast = portal_db.cast
    with portal_db.writing() as session:
        referral = make.referral(session, cast.luis, cast.riverside, cast.ana)
        referral.status, referral.hold_reason = ReferralStatus.ON_HOLD, "consent_withdrawn"
    page = portal_db.run("follow_referrals.py", cast.ana)
    assert "On hold – consent withdrawn" in portal_db.shown(page)

    page.button(key=f"referral-ask-{referral.number}").click().run()
    page = page.button(key=f"referral-resume-{referral.number}").click().run()
    assert "No consent lets Riverside Clinic see this referral." in portal_db.shown(page)

    with portal_db.writing() as session:
        make.consent(session, cast.luis, cast.riverside, cast.maria, [Category.REFERRALS])
    page = page.button(key=f"referral-resume-{referral.number}").click().run()
    assert "Sent again: Sample, Luis, Riverside Clinic." in portal_db.shown(page)
