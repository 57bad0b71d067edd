"""The page Today."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.agreements import ending
from portal.referrals import service as referring
from portal.referrals.queries import to_my_agency
from portal.referrals.rules import Answer, AnswerDraft, ReferralDraft
from portal.visits import service as logging_visits
from portal.visits.rules import VisitDraft
from portal.vocabulary import Need, ReferralTarget, VisitPurpose
from tests.agreements import papers as agreements
from tests.pages.conftest import PortalDb
from tests.people import NOW


@pytest.fixture
def busy(portal_db: PortalDb) -> PortalDb:
    """Ana saw Luis today and referred him to Riverside nine days ago."""
    cast = portal_db.cast
    ana = portal_db.who(cast.ana)
    visit = VisitDraft(cast.luis.id, VisitPurpose.CRISIS, 65)
    referral = ReferralDraft(
        cast.luis.id, ReferralTarget.COMMUNITY, Need.LOW_MOOD, cast.riverside.id
    )
    with portal_db.writing() as session:
        logging_visits.log(session, ana, visit, NOW, "visit")
        referring.refer(session, ana, referral, NOW - timedelta(days=9), "referral")
    return portal_db


@pytest.mark.parametrize(
    "who", ["ana", "omar", "tom", "dina", "sue", "rita", "rob", "alma", "hugo"]
)
def test_today_opens_for_whoever_is_signed_in(portal_db: PortalDb, who: str) -> None:
    page = portal_db.run("today.py", getattr(portal_db.cast, who))

    assert not page.exception
    assert "<h1>Today</h1>" in portal_db.shown(page)
    assert "Friday, November 20" in portal_db.shown(page)


def test_today_is_closed_to_nobody_in_particular(portal_db: PortalDb) -> None:
    page = portal_db.run("today.py", None)

    assert "You are not signed in." in portal_db.shown(page)
    assert "<h1>Today</h1>" not in portal_db.shown(page)


def test_support_staff_see_what_waits_and_their_own_week(busy: PortalDb) -> None:
    shown = busy.shown(busy.run("today.py", busy.cast.ana))

    assert "Waiting 9 days" in shown
    assert "1 visit, 1 h 05 min" in shown
    assert "No answers in the last two weeks." in shown


def test_a_colleagues_week_is_not_shown(busy: PortalDb) -> None:
    shown = busy.shown(busy.run("today.py", busy.cast.omar))

    assert "0 visits, 0 min" in shown
    assert "Only you see this." in shown


def test_an_agency_sees_what_it_has_to_answer_without_a_name(busy: PortalDb) -> None:
    shown = busy.shown(busy.run("today.py", busy.cast.rita))

    assert "Referrals to answer" in shown
    assert "Waiting 9 days" in shown
    assert "Luis" not in shown


def test_the_school_sees_the_agencys_answer(busy: PortalDb) -> None:
    rita = busy.who(busy.cast.rita)
    with busy.writing() as session:
        slip = to_my_agency(session, rita, NOW)[0]
        referring.answer(session, rita, slip.referral_id, AnswerDraft(Answer.WAITLIST), NOW)

    assert "On a waiting list" in busy.shown(busy.run("today.py", busy.cast.ana))


def test_a_teacher_sees_nothing_of_support(busy: PortalDb) -> None:
    shown = busy.shown(busy.run("today.py", busy.cast.tom))

    assert "My students" in shown
    for secret in ("Referrals", "My week", "Luis", "Answers"):
        assert secret not in shown


def test_who_signs_agreements_sees_what_needs_seeing_to(portal_db: PortalDb) -> None:
    cast = portal_db.cast
    with portal_db.writing() as session:
        here = replace(cast, session=session)
        soon = {"ends_on": date(2026, 12, 20), "review_on": date(2026, 12, 1)}
        ends = agreements.signed(here, key="1", **soon)
        waits = agreements.issued(here, key="2", order=(0, 1))
        over = agreements.signed(here, key="3")
        ending.terminate(session, here.who(here.dina), over.id, "It closes.", NOW)

    shown = portal_db.shown(portal_db.run("today.py", cast.sue))
    for told in (ends.number, "Ends Dec 20", waits.number, "Waits for our signature"):
        assert told in shown
    assert over.number not in shown
    portal_db.at(NOW + timedelta(days=31))
    shown = portal_db.shown(portal_db.run("today.py", cast.dina))
    assert "Certificate 1 day overdue" in shown
    assert "Ended Dec 20" in shown
    assert ends.number not in portal_db.shown(portal_db.run("today.py", cast.ana))
