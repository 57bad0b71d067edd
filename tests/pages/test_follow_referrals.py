"""The page Referrals, for the school."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from portal.referrals import answering, service
from portal.referrals.following.queries import Tab
from portal.referrals.rules import Answer, AnswerDraft, ReferralDraft
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


def group(page: AppTest, name: str) -> Any:
    """The chips of this name of the referral that is open."""
    return next(one for one in page.button_group if f"referral-{name}-" in one.key)


def day(page: AppTest) -> Any:
    return next(one for one in page.date_input if "referral-day-" in one.key)


def note(page: AppTest, name: str = "note") -> Any:
    return next(one for one in page.text_input if f"referral-{name}-R" in one.key)


def tab(page: AppTest, name: Tab) -> AppTest:
    return page.button_group(key="referral-tab").set_value(name).run()


def ask(waiting: PortalDb) -> AppTest:
    return click(waiting.run(PAGE, waiting.cast.ana), "What happened?")


def test_open_referrals_tell_how_long_they_wait(waiting: PortalDb) -> None:
    shown = waiting.shown(waiting.run(PAGE, waiting.cast.ana))

    assert "Sample, Luis" in shown
    assert "Waiting 12 days" in shown
    assert referral(waiting).number in shown


def test_accessed_is_recorded_with_its_day_and_who_said_so(waiting: PortalDb) -> None:
    page = ask(waiting)
    group(page, "access").set_value(Access.ACCESSED).run()
    day(page).set_value(date(2026, 11, 18))
    group(page, "who").set_value(ConfirmedBy.FAMILY)
    click(page, "Save outcome")

    stored = referral(waiting)
    assert (stored.access, stored.accessed_on) == (Access.ACCESSED, date(2026, 11, 18))
    assert "Outcome saved: Sample, Luis" in waiting.shown(page)
    assert "Nothing waits." in waiting.shown(page)


def test_not_accessed_needs_its_reason(waiting: PortalDb) -> None:
    page = ask(waiting)
    group(page, "access").set_value(Access.NOT_ACCESSED).run()
    click(page, "Save outcome")
    assert "Choose why there was no service." in waiting.shown(page)

    group(page, "why").set_value(NotAccessedReason.TRANSPORTATION)
    click(page, "Save outcome")

    assert referral(waiting).not_accessed_reason is NotAccessedReason.TRANSPORTATION
    assert referral(waiting).status is ReferralStatus.CLOSED


def test_a_day_before_the_referral_is_refused_and_what_was_chosen_stays(waiting: PortalDb) -> None:
    page = ask(waiting)
    group(page, "access").set_value(Access.ACCESSED).run()
    day(page).set_value(date(2026, 11, 1))
    click(page, "Save outcome")

    assert "The date is before the referral was sent." in waiting.shown(page)
    assert "Choose who told you." in waiting.shown(page)
    assert day(page).value == date(2026, 11, 1)
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

    assert "Referrals appear here when you refer a student." in shown


@pytest.mark.parametrize("who", ["tom", "dina", "sue", "rita"])
def test_others_do_not_follow_referrals(portal_db: PortalDb, who: str) -> None:
    page = portal_db.run(PAGE, getattr(portal_db.cast, who))

    assert "This page is not open to you" in portal_db.shown(page)


def test_what_is_on_hold_is_sent_again_once_a_consent_opens_it(portal_db):
    cast = portal_db.cast
    with portal_db.writing() as session:
        referral = make.referral(session, cast.luis, cast.riverside, cast.ana)
        referral.status, referral.hold_reason = ReferralStatus.ON_HOLD, "consent_withdrawn"
    page = tab(portal_db.run("follow_referrals.py", cast.ana), Tab.ON_HOLD)
    assert "On hold – consent withdrawn" in portal_db.shown(page)

    page.button(key=f"referral-ask-{referral.number}").click().run()
    page = page.button(key=f"referral-resume-{referral.number}").click().run()
    assert "No consent lets Riverside Clinic see this referral." in portal_db.shown(page)

    with portal_db.writing() as session:
        make.consent(session, cast.luis, cast.riverside, cast.maria, [Category.REFERRALS])
    page = page.button(key=f"referral-resume-{referral.number}").click().run()
    assert "Sent again: Sample, Luis, Riverside Clinic." in portal_db.shown(page)


def test_the_honest_count_stands_above_the_list(waiting: PortalDb) -> None:
    shown = waiting.shown(waiting.run(PAGE, waiting.cast.ana))

    assert "Of 1 referral of your students in a year, 0 led to the service, 0 did not" in shown
    assert "of 1 it is not known" in shown


def test_an_overdue_referral_comes_first(waiting: PortalDb) -> None:
    waiting.at(NOW + timedelta(days=3))
    shown = waiting.shown(waiting.run(PAGE, waiting.cast.ana))

    assert "Overdue: 15 days" in shown


def test_what_was_sent_and_every_step_are_told(waiting: PortalDb) -> None:
    shown = waiting.shown(ask(waiting))

    assert "What was sent" in shown
    assert "No name was sent" in shown
    assert "Ana Counts" in shown


def test_a_decline_is_sent_back_or_referred_elsewhere(waiting: PortalDb) -> None:
    rita = waiting.who(waiting.cast.rita)
    no = AnswerDraft(Answer.DECLINE, NotAccessedReason.NO_CAPACITY)
    with waiting.writing() as session:
        answering.answer(session, rita, referral(waiting).record_id, no, NOW)
    page = click(tab(waiting.run(PAGE, waiting.cast.ana), Tab.ANSWERED), "What happened?")
    click(page, "Send it back")
    assert "Say in a sentence why." in waiting.shown(page)

    note(page).set_value("They have moved back.")
    click(page, "Send it back")

    assert referral(waiting).status is ReferralStatus.SENT
    with waiting.writing() as session:
        answering.answer(session, rita, referral(waiting).record_id, no, NOW)
    page = click(tab(waiting.run(PAGE, waiting.cast.ana), Tab.ANSWERED), "What happened?")
    click(page, "Refer elsewhere")

    assert referral(waiting).status is ReferralStatus.CLOSED
    assert "Refer a student" in waiting.shown(page)
    need = next(one for one in page.button_group if one.key.endswith("-need"))
    assert need.value == Need.LOW_MOOD


def test_an_attempt_is_saved_and_the_referral_stays_open(waiting: PortalDb) -> None:
    page = ask(waiting)
    group(page, "way").set_value("phone")
    group(page, "reached").set_value("Not reached")
    click(page, "Save attempt")

    assert "Attempt saved: Sample, Luis" in waiting.shown(page)
    assert "Not reached" in waiting.shown(page)


def test_a_reminder_without_a_mail_server_says_whom_to_call(waiting: PortalDb) -> None:
    page = click(ask(waiting), "Remind the provider")

    assert "no mail server is set" in waiting.shown(page)


def test_a_hold_an_end_and_opening_again_with_notes(waiting: PortalDb) -> None:
    page = ask(waiting)
    note(page, "rarer-note").set_value("The family is away.")
    click(page, "Put on hold")
    assert referral(waiting).status is ReferralStatus.ON_HOLD

    page = click(tab(page, Tab.ON_HOLD), "What happened?")
    group(page, "close-reason").set_value("canceled")
    click(page, "Close it")
    assert referral(waiting).status is ReferralStatus.CLOSED

    page = click(tab(page, Tab.CLOSED), "Open")
    note(page).set_value("They are back.")
    click(page, "Open it again")
    assert referral(waiting).status is ReferralStatus.SENT
    assert "Opened again: Sample, Luis" in waiting.shown(page)


def test_what_was_entered_in_error_says_why(waiting: PortalDb) -> None:
    page = ask(waiting)
    note(page, "rarer-note").set_value("The wrong student.")
    click(page, "Entered in error")

    assert referral(waiting).status is ReferralStatus.ENTERED_IN_ERROR
    page = click(tab(page, Tab.CLOSED), "Open")
    assert "It cannot be opened again." in waiting.shown(page)


# Refer without a visit


def begun(portal_db: PortalDb) -> AppTest:
    page = click(portal_db.run(PAGE, portal_db.cast.ana), "Refer a student")
    box(page, "student").set_value(portal_db.cast.luis.id).run()
    return page


def box(page: AppTest, name: str) -> Any:
    return next(one for one in page.selectbox if one.key.endswith(f"-{name}"))


def choose(page: AppTest, need: str = "low_mood") -> AppTest:
    next(one for one in page.button_group if one.key.endswith("-need")).set_value(need)
    riverside = next(option for option in box(page, "agency").options if "Riverside" in option)
    return box(page, "agency").select(riverside).run()


def test_the_safety_stop_stands_before_the_referral(portal_db: PortalDb) -> None:
    shown = portal_db.shown(begun(portal_db))

    assert "A referral is not a DCF report and not a crisis line." in shown
    for number in ("911", "988", "1-800-842-2288"):
        assert number in shown


def test_the_form_says_what_will_go_before_it_goes(portal_db: PortalDb) -> None:
    page = choose(begun(portal_db))
    assert "it gets the slip without a name" in portal_db.shown(page)

    with portal_db.writing() as session:
        cast = portal_db.cast
        make.consent(session, cast.luis, cast.riverside, cast.maria, [Category.REFERRALS])
    page = page.run()
    assert "Riverside Clinic will see the student" in portal_db.shown(page)


def test_a_student_is_referred_without_a_visit_and_it_is_taken_back(portal_db: PortalDb) -> None:
    page = choose(begun(portal_db))
    click(page, "No emergency: send referral")

    assert referral(portal_db).status is ReferralStatus.SENT
    assert f"Referred: {referral(portal_db).number}" in portal_db.shown(page)
    click(page, "Undo")
    assert referral(portal_db).status is ReferralStatus.ENTERED_IN_ERROR


def test_a_referral_is_kept_for_later_and_sent(portal_db: PortalDb) -> None:
    page = choose(begun(portal_db))
    click(page, "Keep it for later")
    assert referral(portal_db).status is ReferralStatus.DRAFT

    page = click(tab(page, Tab.DRAFTS), "Open")
    click(page, "No emergency: send it now")
    assert referral(portal_db).status is ReferralStatus.SENT


def test_a_form_that_lacks_something_keeps_what_was_chosen(portal_db: PortalDb) -> None:
    page = click(begun(portal_db), "No emergency: send referral")

    assert "Choose what the referral is for." in portal_db.shown(page)
    assert box(page, "student").value == portal_db.cast.luis.id
