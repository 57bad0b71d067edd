"""The page Student."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from portal.access import gate
from portal.policy.accounting import Law
from portal.referrals import service as referring
from portal.referrals.rules import ReferralDraft
from portal.store.ledger import TrailLine
from portal.store.papers import Document
from portal.store.people import Guardianship
from portal.ui.pick_student import CHOSEN
from portal.visits import service as logging_visits
from portal.visits.rules import VisitDraft
from portal.vocabulary import (
    Category,
    Need,
    OrganizationKind,
    Purpose,
    ReferralTarget,
    VisitPurpose,
)
from tests import factories as make
from tests.pages.conftest import PortalDb
from tests.people import NOW

PAGE = "see_student.py"


@pytest.fixture
def with_a_visit(portal_db: PortalDb) -> PortalDb:
    """Ana saw Luis, wrote a note, and referred him to Riverside."""
    ana, luis = portal_db.who(portal_db.cast.ana), portal_db.cast.luis.id
    visit = VisitDraft(luis, VisitPurpose.CRISIS, 30, note="<b>Calm</b> again")
    referral = ReferralDraft(
        luis, ReferralTarget.COMMUNITY, Need.LOW_MOOD, agency_id=portal_db.cast.riverside.id
    )
    with portal_db.writing() as session:
        logging_visits.log(session, ana, visit, NOW, "visit")
        referring.refer(session, ana, referral, NOW, "referral")
    return portal_db


def open_luis(portal_db: PortalDb, user: object) -> AppTest:
    page = portal_db.page(PAGE, user)
    page.session_state[CHOSEN] = portal_db.cast.luis.id
    return page.run()


def test_the_timeline_tells_visits_notes_and_referrals(with_a_visit: PortalDb) -> None:
    page = open_luis(with_a_visit, with_a_visit.cast.ana)
    shown = with_a_visit.shown(page)

    assert not page.exception
    assert "<h1>Luis Sample</h1>" in shown
    assert "Crisis, 30 min. Crisis support" in shown
    assert "&lt;b&gt;Calm&lt;/b&gt; again" in shown
    assert "Referred to Riverside Clinic: low mood" in shown
    assert "November 2026" in shown


def test_the_timeline_narrows_to_visits(with_a_visit: PortalDb) -> None:
    page = open_luis(with_a_visit, with_a_visit.cast.ana)
    page.button_group[0].set_value("Visits").run()
    shown = with_a_visit.shown(page)

    assert "Crisis, 30 min" in shown
    assert "Referred to" not in shown


def test_a_teacher_sees_no_support_record_and_why(with_a_visit: PortalDb) -> None:
    page = open_luis(with_a_visit, with_a_visit.cast.tom)
    shown = with_a_visit.shown(page)

    assert "<h1>Luis Sample</h1>" in shown
    assert "limited to authorized support staff" in shown
    for secret in ("Crisis,", "Calm", "Riverside", "Last visit", "Who has seen", "Consents in"):
        assert secret not in shown
    assert not page.button


def test_staff_see_who_has_seen_the_record(with_a_visit: PortalDb) -> None:
    open_luis(with_a_visit, with_a_visit.cast.omar)
    shown = with_a_visit.shown(open_luis(with_a_visit, with_a_visit.cast.ana))

    assert "Who has seen this record" in shown
    assert "Omar Keys" in shown


def test_consents_and_the_agreements_behind_them_are_told(with_a_visit: PortalDb) -> None:
    cast = with_a_visit.cast
    other = {"name": "Lonely Clinic", "kind": OrganizationKind.PROVIDER}
    with with_a_visit.writing() as session:
        lonely = make.organization(session, **other)
        soon = {"ends_at": NOW + timedelta(days=5)}
        make.consent(session, cast.luis, cast.riverside, cast.maria, [Category.VISITS])
        make.consent(session, cast.luis, lonely, cast.maria, [Category.ATTENDANCE], **soon)
    shown = with_a_visit.shown(open_luis(with_a_visit, cast.ana))

    assert "1 active" in shown
    assert "Ends Nov 25" in shown
    assert "None with Lonely Clinic" in shown
    assert "Consent signed by Maria Sample" in shown
    assert "Riverside Clinic may see: support visits and services." in shown


def test_what_was_shared_is_in_the_timeline(with_a_visit: PortalDb) -> None:
    cast = with_a_visit.cast
    rita = with_a_visit.who(cast.rita)
    with with_a_visit.writing() as session:
        make.consent(session, cast.luis, cast.riverside, cast.maria, [Category.VISITS])
    with with_a_visit.writing() as session:
        gate.open_record(session, rita, cast.luis.id, Purpose.COORDINATE, NOW)
    page = open_luis(with_a_visit, cast.ana)
    page.button_group[0].set_value("Shared").run()

    assert "Riverside Clinic: " in with_a_visit.shown(page)
    assert "By Rita River" in with_a_visit.shown(page)


def test_before_a_choice_only_my_own_students_are_offered(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.tom)

    assert [label.split(" · ")[0] for label in page.selectbox[0].options] == ["Sample, Luis"]
    assert "Choose a student to see the record." in portal_db.shown(page)


def test_a_student_out_of_reach_is_not_opened_by_what_the_session_holds(
    portal_db: PortalDb,
) -> None:
    page = portal_db.page(PAGE, portal_db.cast.ana)
    page.session_state[CHOSEN] = portal_db.cast.zoe.id
    page.run()

    assert "Zoe" not in portal_db.shown(page)
    assert "Choose a student" in portal_db.shown(page)


def test_log_a_visit_leads_to_the_form_with_the_student_chosen(portal_db: PortalDb) -> None:
    portal = portal_db.portal(portal_db.cast.ana)
    portal.switch_page("../pages/see_student.py").run()
    portal.selectbox[0].set_value(portal_db.cast.luis.id).run()
    next(b for b in portal.button if b.label == "Refer").click().run()

    assert "<h1>Log a visit</h1>" in portal_db.shown(portal)
    assert portal.selectbox[0].value == portal_db.cast.luis.id
    assert portal.toggle[0].value is True


@pytest.mark.parametrize("who", ["rita", "alma", "hugo"])
def test_agencies_do_not_open_the_districts_page(portal_db: PortalDb, who: str) -> None:
    page = portal_db.run(PAGE, getattr(portal_db.cast, who))

    assert "This page is not open to you" in portal_db.shown(page)


def test_one_click_makes_the_list_for_the_family(with_a_visit: PortalDb) -> None:
    page = open_luis(with_a_visit, with_a_visit.cast.ana)
    button = next(b for b in page.button if b.label == "Make the list for the family")
    page = button.click().run()
    shown = with_a_visit.shown(page)

    assert not page.exception
    assert "Open the list for Maria Sample (PDF)" in shown
    with with_a_visit.writing() as session:
        kept = session.scalars(select(Document)).one()
        line = session.scalars(select(TrailLine).where(TrailLine.event == "disclosures.made")).one()
    assert f'href="/doc/{kept.id}"' in shown
    assert (line.detail["law"], line.detail["sha256"]) == ("everything", kept.sha256)


def test_language_and_law_of_the_list_can_be_chosen(with_a_visit: PortalDb) -> None:
    page = open_luis(with_a_visit, with_a_visit.cast.ana)
    chosen = {box.label: box for box in page.selectbox}
    chosen["Language of the list"].set_value("es")
    chosen["Which law"].set_value(Law.FERPA)
    next(b for b in page.button if b.label == "Make the list for the family").click().run()

    with with_a_visit.writing() as session:
        line = session.scalars(select(TrailLine).where(TrailLine.event == "disclosures.made")).one()
    assert (line.detail["language"], line.detail["law"]) == ("es", "ferpa")


def test_without_a_holder_of_rights_the_list_is_the_schools_alone(with_a_visit: PortalDb) -> None:
    with with_a_visit.writing() as session:
        for right in session.scalars(select(Guardianship)):
            right.rights_until = NOW
    page = open_luis(with_a_visit, with_a_visit.cast.ana)

    assert "Nobody of the family may get this list now" in with_a_visit.shown(page)
    labels = [button.label for button in page.button]
    assert "Make the list for the school" in labels
    assert "Make the list for the family" not in labels
