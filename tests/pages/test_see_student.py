"""The page Student."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from portal.access import gate
from portal.policy.accounting import Law
from portal.referrals import service as referring
from portal.referrals.rules import ReferralDraft
from portal.store.ledger import TrailLine
from portal.store.papers import Document
from portal.store.people import Guardian, Guardianship
from portal.ui.pick_student import CHOSEN
from portal.visits import service as logging_visits
from portal.visits.rules import VisitDraft
from portal.vocabulary import (
    Category,
    DocumentKind,
    ExportPurpose,
    Need,
    OrganizationKind,
    ProgramKind,
    Purpose,
    ReferralTarget,
    ServiceEnd,
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
    page.button_group[0].set_value("Disclosures").run()

    assert "Riverside Clinic: " in with_a_visit.shown(page)
    assert "By Rita River" in with_a_visit.shown(page)


def test_before_a_choice_only_my_own_students_are_offered(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.tom)

    assert [label.split(" · ")[0] for label in page.selectbox[0].options] == ["Sample, Luis"]
    assert "Choose a student to see the record." in portal_db.shown(page)


def test_whoever_is_not_on_the_list_is_asked_for_in_writing(portal_db: PortalDb) -> None:
    portal = portal_db.portal(portal_db.cast.tom)
    portal.switch_page("../pages/see_student.py").run()
    click(portal, "Not on your list: ask in writing")

    assert "<h1>Ask for access</h1>" in portal_db.shown(portal)


def test_a_student_out_of_reach_is_not_opened_by_what_the_session_holds(
    portal_db: PortalDb,
) -> None:
    page = portal_db.page(PAGE, portal_db.cast.ana)
    page.session_state[CHOSEN] = portal_db.cast.zoe.id
    page.run()

    assert "Zoe" not in portal_db.shown(page)
    assert "Choose a student" in portal_db.shown(page)


@pytest.mark.parametrize(
    ("label", "title"), [("Log a visit", "Log a visit"), ("Refer", "Referrals")]
)
def test_a_button_leads_to_its_form_with_the_student_chosen(
    portal_db: PortalDb, label: str, title: str
) -> None:
    portal = portal_db.portal(portal_db.cast.ana)
    portal.switch_page("../pages/see_student.py").run()
    portal.selectbox[0].set_value(portal_db.cast.luis.id).run()
    next(b for b in portal.button if b.label == label).click().run()

    assert f"<h1>{title}</h1>" in portal_db.shown(portal)
    assert portal.selectbox[0].value == portal_db.cast.luis.id


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


def test_the_list_for_the_school_says_what_it_is_for(with_a_visit: PortalDb) -> None:
    page = open_luis(with_a_visit, with_a_visit.cast.ana)
    next(box for box in page.selectbox if box.label == "For whom").set_value("school").run()
    button = next(b for b in page.button if b.label == "Make the list for the school")
    page = button.click().run()
    assert "It is not said what the list is for." in with_a_visit.shown(page)

    next(box for box in page.selectbox if box.label == "What for").set_value("records_request")
    page = next(b for b in page.button if b.label == "Make the list for the school").click().run()
    assert "Open the list for the school (PDF)" in with_a_visit.shown(page)


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


# Strengths, services, needs


def click(page: AppTest, label: str) -> AppTest:
    found = next(b for b in page.button if b.label.replace("\\", "") == label)
    return found.click().run()


def box(page: AppTest, label: str):
    return next(one for one in page.selectbox if one.label == label)


def test_a_strength_is_added_shown_as_typed_and_taken_back(portal_db: PortalDb) -> None:
    page = click(open_luis(portal_db, portal_db.cast.ana), "Add a strength")
    page.text_area[0].set_value("Draws <b>*maps*</b>")
    page = click(page, "Save strength")
    shown = portal_db.shown(page)

    assert "Draws &lt;b&gt;*maps*&lt;/b&gt;" in shown
    assert "Saved: the strength." in shown
    undo = next(b for b in page.button if b.label.startswith("Undo"))
    assert "No strength is written down yet." in portal_db.shown(undo.click().run())


def test_a_service_is_started_with_the_usual_end_and_ended(portal_db: PortalDb) -> None:
    page = click(open_luis(portal_db, portal_db.cast.ana), "Start a service")
    box(page, "Service").set_value("small_group")
    box(page, "From whom").set_value(portal_db.cast.riverside.id)
    page = click(page, "Start the service")
    assert "Small group, Riverside Clinic" in portal_db.shown(page)
    assert "Until about Jun 30, 2027" in portal_db.shown(page)

    page = click(page, "End a service")
    box(page, "Why it ended").set_value(ServiceEnd.GOAL_REACHED)
    page = click(page, "End the service")
    assert "Ends Nov 20" in portal_db.shown(page)


def test_the_estimated_end_of_a_service_is_moved(portal_db: PortalDb) -> None:
    page = click(open_luis(portal_db, portal_db.cast.ana), "Start a service")
    box(page, "Service").set_value("small_group")
    next(t for t in page.text_input if t.label == "Person or team").set_value("The *nurse*")
    page = click(page, "Start the service")
    page = click(page, "Change an estimated end")
    page.date_input[0].set_value(date(2027, 1, 8))
    page = click(page, "Save the estimated end")

    assert "Until about Jan 8, 2027" in portal_db.shown(page)
    assert "Small group, The *nurse*" in portal_db.shown(page)


def test_what_is_missing_is_told_and_nothing_typed_is_lost(portal_db: PortalDb) -> None:
    page = click(open_luis(portal_db, portal_db.cast.ana), "Start a service")
    box(page, "Service").set_value("small_group")
    page = click(page, "Start the service")

    assert "It is not said from whom the service comes." in portal_db.shown(page)
    assert box(page, "Service").value == "small_group"
    page = click(page, "Cancel")
    assert "Start the service" not in [button.label for button in page.button]


def test_a_need_is_opened_from_a_referral_and_met_by_a_service(with_a_visit: PortalDb) -> None:
    page = open_luis(with_a_visit, with_a_visit.cast.ana)
    offer = next(b for b in page.button if b.label.startswith("Open a need from"))
    page = click(offer.click().run(), "Save need")
    shown = with_a_visit.shown(page)
    assert "Awaited from Riverside Clinic (R-" in shown
    assert "Unmet, since today" in shown
    assert not any(b.label.startswith("Open a need from") for b in page.button)

    page = click(page, "Start a service")
    box(page, "Service").set_value("individual_counseling")
    box(page, "From whom").set_value(with_a_visit.cast.riverside.id)
    need = box(page, "Which need it meets (optional)")
    need.select_index(0)
    shown = with_a_visit.shown(click(page, "Start the service"))
    assert "Individual counseling, Riverside Clinic</td>" in shown
    assert ">Met</span>" in shown


def test_a_need_is_met_without_a_service(portal_db: PortalDb) -> None:
    page = click(open_luis(portal_db, portal_db.cast.ana), "Write down a need")
    box(page, "Need").set_value(Need.GRIEF_OR_LOSS)
    page = click(page, "Save need")
    assert "Nobody is asked yet" in portal_db.shown(page)

    page = click(click(page, "A need is met"), "Save that it is met")
    assert "Met on Nov 20 without a service" in portal_db.shown(page)


def test_who_can_see_the_page_is_counted_by_reason(portal_db: PortalDb) -> None:
    shown = portal_db.shown(open_luis(portal_db, portal_db.cast.ana))

    assert "Who can see this page" in shown
    assert "Have the student in class" in shown
    assert "Tom Chalk" in shown
    assert "4 people" in shown


# Notes, history, papers


def test_a_restricted_note_shows_that_it_is_there_and_not_its_text(
    with_a_visit: PortalDb,
) -> None:
    page = click(open_luis(with_a_visit, with_a_visit.cast.ana), "Restrict a note")
    page = click(page, "Restrict this note")
    assert "Calm" in with_a_visit.shown(page)
    assert ">Restricted</span>" in with_a_visit.shown(page)

    with with_a_visit.writing() as session:
        make.program(session, with_a_visit.cast.luis, ProgramKind.SECTION_504)
    shown = with_a_visit.shown(open_luis(with_a_visit, with_a_visit.cast.dina))
    assert "Calm" not in shown
    assert "the author or an administrator restricted this note" in shown


def test_old_history_is_folded_until_it_is_opened_on_purpose(with_a_visit: PortalDb) -> None:
    with with_a_visit.writing() as session:
        make.record(session, with_a_visit.cast.luis, Category.DISCIPLINE, NOW - timedelta(900))
    page = open_luis(with_a_visit, with_a_visit.cast.ana)
    assert "June 2024" not in with_a_visit.shown(page)
    assert "A clean slate: 1 entry from before July 1, 2025 stays" in with_a_visit.shown(page)

    page = click(page, "Open the older history")
    assert "June 2024" in with_a_visit.shown(page)
    with with_a_visit.writing() as session:
        line = session.scalars(select(TrailLine).where(TrailLine.event == "history.opened")).one()
    assert line.user_name == "Ana Counts"


def test_the_choices_of_the_timeline_work_together(with_a_visit: PortalDb) -> None:
    with with_a_visit.writing() as session:
        make.record(session, with_a_visit.cast.luis, Category.VISITS, NOW - timedelta(60))
    page = open_luis(with_a_visit, with_a_visit.cast.ana)
    page.button_group[0].set_value("Visits").run()
    assert "September 2026" in with_a_visit.shown(page)
    box(page, "Time").set_value("Last 30 days").run()
    assert "September 2026" not in with_a_visit.shown(page)
    box(page, "Time").set_value("Choose days").run()
    page.date_input[0].set_value(date(2026, 9, 1))
    page.date_input[1].set_value(date(2026, 9, 30)).run()
    assert "September 2026" in with_a_visit.shown(page)
    assert "November 2026" not in with_a_visit.shown(page)
    page.date_input[1].set_value(date(2026, 9, 2)).run()
    assert "Nothing matches these choices" in with_a_visit.shown(page)


def test_a_long_record_is_shown_thirty_at_a_time(with_a_visit: PortalDb) -> None:
    with with_a_visit.writing() as session:
        for day in range(40):
            make.record(session, with_a_visit.cast.luis, Category.VISITS, NOW - timedelta(day))
    page = open_luis(with_a_visit, with_a_visit.cast.ana)
    more = next(b for b in page.button if b.label.startswith("Show "))
    before = with_a_visit.shown(page).count("p-letter")

    assert before == 30
    assert with_a_visit.shown(more.click().run()).count("p-letter") > 40


def test_a_print_is_made_for_a_reason(with_a_visit: PortalDb) -> None:
    page = click(open_luis(with_a_visit, with_a_visit.cast.ana), "Print")
    page = click(page, "Make the print")
    assert "It is not said what the print is for." in with_a_visit.shown(page)

    box(page, "What for").set_value(ExportPurpose.SUPPORT_MEETING)
    page = click(page, "Make the print")
    with with_a_visit.writing() as session:
        kept = session.scalars(select(Document)).one()
    assert f'href="/doc/{kept.id}"' in with_a_visit.shown(page)
    assert kept.kind == DocumentKind.RECORD_PRINT


def test_a_summary_is_made_for_the_family_in_their_language(with_a_visit: PortalDb) -> None:
    with with_a_visit.writing() as session:
        session.get_one(Guardian, with_a_visit.cast.maria.id).language = "Spanish"
    page = click(open_luis(with_a_visit, with_a_visit.cast.ana), "Family summary")
    assert box(page, "Language of the summary").value == "es"
    page = click(page, "Make the summary")

    assert "Open the summary for Maria Sample (PDF)" in with_a_visit.shown(page)


def test_nobody_of_the_family_with_rights_means_no_summary(with_a_visit: PortalDb) -> None:
    with with_a_visit.writing() as session:
        for right in session.scalars(select(Guardianship)):
            right.rights_until = NOW
    page = click(open_luis(with_a_visit, with_a_visit.cast.ana), "Family summary")

    assert "Nobody of the family may see the record today." in with_a_visit.shown(page)
    assert "Make the summary" not in [button.label for button in page.button]
