"""The page Log a visit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from portal.store.people import User
from portal.store.places import AgencyService
from portal.store.records import Record, Referral, Visit, VisitNote
from portal.store.support import FollowUp, FormDraft
from portal.visits import drafts
from portal.vocabulary import Attendance, Need, ReferralStatus, VisitPurpose
from tests import factories as make
from tests.pages.conftest import PortalDb
from tests.people import NOW

PAGE = "log_visit.py"


def field(page: AppTest, kind: str, name: str):
    """The field of the form, whatever the form's own key is."""
    return next(w for w in page.get(kind) if (w.key or "").endswith(f"-{name}"))


def fill(page: AppTest, portal_db: PortalDb, minutes: int = 10) -> None:
    field(page, "selectbox", "student").set_value(portal_db.cast.luis.id)
    field(page, "button_group", "purpose").set_value(VisitPurpose.CHECK_IN)
    field(page, "button_group", "minutes").set_value(minutes)


def press(page: AppTest, name: str = "save") -> AppTest:
    return field(page, "button", name).click().run()


def stored(portal_db: PortalDb, table: type) -> list:
    with portal_db.writing() as session:
        return list(session.scalars(select(table)))


@pytest.fixture
def page(portal_db: PortalDb) -> AppTest:
    return portal_db.run(PAGE, portal_db.cast.ana)


def test_a_visit_is_saved_and_the_form_is_empty_again(portal_db: PortalDb, page: AppTest) -> None:
    fill(page, portal_db)
    press(page)

    assert not page.exception
    [visit] = stored(portal_db, Visit)
    assert (visit.minutes, visit.staff_id) == (10, portal_db.cast.ana.id)
    assert "Saved: Luis Sample, 10 min" in portal_db.shown(page)
    assert "Sample, Luis" in portal_db.shown(page)  # in the list of today
    assert field(page, "selectbox", "student").value is None


def test_an_empty_form_names_each_field_and_saves_nothing(
    portal_db: PortalDb, page: AppTest
) -> None:
    field(page, "button_group", "minutes").set_value(20)
    press(page)

    assert "There is a problem" in portal_db.shown(page)
    assert "Choose the student you saw." in portal_db.shown(page)
    assert "Choose the purpose of the visit." in portal_db.shown(page)
    assert field(page, "button_group", "minutes").value == 20  # nothing is cleared
    assert stored(portal_db, Visit) == []


def test_saved_for_another_student_all_but_the_student_stays(
    portal_db: PortalDb, page: AppTest
) -> None:
    fill(page, portal_db, 45)
    press(page, "same")

    assert field(page, "selectbox", "student").value is None
    assert field(page, "button_group", "minutes").value == 45
    field(page, "selectbox", "student").set_value(portal_db.cast.mei.id)
    press(page)
    assert len(stored(portal_db, Visit)) == 2


def refer(page: AppTest) -> None:
    """Add a referral to the visit."""
    next(b for b in page.button if b.label == "No emergency: add a referral").click().run()


def test_undo_takes_the_visit_and_its_referral_back(portal_db: PortalDb, page: AppTest) -> None:
    fill(page, portal_db)
    refer(page)
    field(page, "button_group", "need").set_value(Need.LOW_MOOD)
    riverside = next(p for p in field(page, "selectbox", "agency").options if "Riverside" in p)
    field(page, "selectbox", "agency").select(riverside)
    press(page)
    [referral] = stored(portal_db, Referral)
    assert referral.agency_id == portal_db.cast.riverside.id

    next(b for b in page.button if b.label == "Undo").click().run()

    assert "Taken back: Luis Sample" in portal_db.shown(page)
    assert stored(portal_db, Referral)[0].status is ReferralStatus.ENTERED_IN_ERROR
    with portal_db.writing() as session:
        assert session.get_one(Record, referral.visit_id).sealed_from == NOW
    assert not [b for b in page.button if b.label == "Undo"]


def test_undo_is_offered_for_ten_minutes(portal_db: PortalDb, page: AppTest) -> None:
    fill(page, portal_db)
    press(page)
    portal_db.at(NOW + timedelta(minutes=10))
    page.run()

    assert not [b for b in page.button if b.label == "Undo"]


def test_problems_of_the_visit_and_its_referral_are_told_together(
    portal_db: PortalDb, page: AppTest
) -> None:
    field(page, "selectbox", "student").set_value(portal_db.cast.luis.id)
    refer(page)
    press(page)

    shown = portal_db.shown(page)
    assert "Choose how long the visit took." in shown
    assert "Choose what the referral is for." in shown
    assert "Choose the provider." in shown
    assert stored(portal_db, Visit) == stored(portal_db, Referral) == []


def test_a_referral_within_the_school_names_who(portal_db: PortalDb, page: AppTest) -> None:
    fill(page, portal_db)
    refer(page)
    field(page, "button_group", "target").set_value("school").run()
    field(page, "button_group", "need").set_value(Need.HEALTH_CARE)
    field(page, "selectbox", "school").select("School nurse")
    press(page)

    assert [row.school_provider for row in stored(portal_db, Referral)] == ["School nurse"]


def test_a_note_of_fifty_thousand_characters_is_refused_and_kept_in_the_form(
    portal_db: PortalDb, page: AppTest
) -> None:
    fill(page, portal_db)
    field(page, "text_area", "note").set_value("x" * 50_000)
    press(page)

    assert "Shorten it to 10,000." in portal_db.shown(page)
    assert len(field(page, "text_area", "note").value) == 50_000
    field(page, "text_area", "note").set_value("<b>short</b> *and* plain")
    press(page)
    assert [note.text for note in stored(portal_db, VisitNote)] == ["<b>short</b> *and* plain"]


def test_a_visit_of_26_hours_or_in_the_future_is_refused(
    portal_db: PortalDb, page: AppTest
) -> None:
    fill(page, portal_db)
    field(page, "number_input", "other").set_value(26 * 60)
    tomorrow = (NOW + timedelta(days=1)).replace(tzinfo=None)
    field(page, "date_time_input", "began").set_value(tomorrow)
    press(page)

    assert "A visit of 1560 minutes cannot be." in portal_db.shown(page)
    assert "The visit is in the future." in portal_db.shown(page)
    assert stored(portal_db, Visit) == []


def test_the_timer_measures_across_pages(portal_db: PortalDb, page: AppTest) -> None:
    next(b for b in page.button if b.label == "Start timer").click().run()
    portal_db.at(NOW + timedelta(minutes=22, seconds=5))
    page.run()
    next(b for b in page.button if b.label.startswith("Stop timer")).click().run()

    assert field(page, "button_group", "minutes").value == 23
    fill(page, portal_db, 23)
    press(page)
    assert [visit.minutes for visit in stored(portal_db, Visit)] == [23]


def test_names_with_markup_are_shown_as_typed(portal_db: PortalDb) -> None:
    cast = portal_db.cast
    with portal_db.writing() as session:
        odd = make.student(session, cast.district, "*Bold* <i>Ann</i>", "Sample", None)
        make.relation(session, cast.ana, odd, "service")
    page = portal_db.run(PAGE, cast.ana)
    field(page, "selectbox", "student").set_value(odd.id)
    field(page, "button_group", "purpose").set_value(VisitPurpose.CHECK_IN)
    field(page, "button_group", "minutes").set_value(5)
    press(page)

    assert "*Bold* &lt;i&gt;Ann&lt;/i&gt;" in portal_db.shown(page)
    assert "<i>Ann" not in portal_db.shown(page)


def test_two_students_alike_are_told_apart(portal_db: PortalDb) -> None:
    cast = portal_db.cast
    with portal_db.writing() as session:
        for _ in range(2):
            twin = make.student(session, cast.district, "Sam", "Sample", None)
            make.relation(session, cast.ana, twin, "service")
    page = portal_db.run(PAGE, cast.ana)
    labels = field(page, "selectbox", "student").options

    assert len(set(labels)) == len(labels) == 4


def test_a_name_with_accents_is_found_without_them(portal_db: PortalDb) -> None:
    cast = portal_db.cast
    with portal_db.writing() as session:
        lucia = make.student(session, cast.district, "Lucía", "Sample", None)
        make.relation(session, cast.ana, lucia, "service")
    labels = field(portal_db.run(PAGE, cast.ana), "selectbox", "student").options

    assert any(label.startswith("Sample, Lucía (Sample, Lucia)") for label in labels)


def test_students_out_of_reach_are_not_offered(portal_db: PortalDb, page: AppTest) -> None:
    labels = field(page, "selectbox", "student").options

    assert [label.split(" · ")[0] for label in labels] == ["Sample, Luis", "Sample, Mei"]


def test_a_service_that_is_not_offered_is_not_on_the_list(portal_db: PortalDb) -> None:
    cast = portal_db.cast
    with portal_db.writing() as session:
        for name, status in (("Talk", "active"), ("Art", "defunct")):
            row = AgencyService(organization_id=cast.hilltop.id, name=name, status=status)
            make.stored(session, row)
    page = portal_db.run(PAGE, cast.ana)
    refer(page)

    assert field(page, "selectbox", "agency").options == [
        "Hilltop Clinic · Talk",
        "Riverside Clinic",
    ]


@pytest.mark.parametrize("who", ["tom", "dina", "sue", "rita", "alma"])
def test_others_do_not_log_visits(portal_db: PortalDb, who: str) -> None:
    page = portal_db.run(PAGE, getattr(portal_db.cast, who))

    assert "This page is not open to you" in portal_db.shown(page)
    assert not page.selectbox


def test_an_unsaved_visit_is_offered_put_back_and_gone_once_saved(portal_db: PortalDb) -> None:
    cast = portal_db.cast
    content = {
        "student": {"id": cast.luis.id.hex},
        "purpose": "check_in",
        "minutes": 45,
        "services": ["observation"],
        "note": "still <b>typing</b>",
        "attendance": {"choice": ["attendance", "late"]},
        "due": {"day": "2026-11-27"},
        "began": {"instant": "2026-11-20T09:00:00"},
        "unknown": {"something": "else"},
    }
    with portal_db.writing() as session:
        drafts.keep(session, portal_db.who(cast.ana), "earlier", content, NOW)
    page = portal_db.run(PAGE, cast.ana)
    assert "You have an unsaved visit from 10:00 AM." in portal_db.shown(page)

    next(b for b in page.button if b.label == "Go on with it").click().run()
    assert field(page, "text_area", "note").value == "still <b>typing</b>"
    press(page)

    [visit] = stored(portal_db, Visit)
    assert (visit.minutes, visit.attendance) == (45, Attendance.LATE)
    [follow_up] = stored(portal_db, FollowUp)
    assert follow_up.due_on.isoformat() == "2026-11-27"
    assert stored(portal_db, FormDraft) == []


def test_an_unsaved_visit_can_be_discarded_and_is_no_one_elses(portal_db: PortalDb) -> None:
    cast = portal_db.cast
    with portal_db.writing() as session:
        drafts.keep(session, portal_db.who(cast.ana), "earlier", {"note": "a"}, NOW)
    assert "unsaved visit" not in portal_db.shown(portal_db.run(PAGE, cast.omar))

    page = portal_db.run(PAGE, cast.ana)
    next(b for b in page.button if b.label == "Discard it").click().run()
    assert "unsaved visit" not in portal_db.shown(page)
    assert stored(portal_db, FormDraft) == []


def test_an_unsaved_visit_that_was_saved_elsewhere_leaves_an_empty_form(
    portal_db: PortalDb,
) -> None:
    cast = portal_db.cast
    with portal_db.writing() as session:
        drafts.keep(session, portal_db.who(cast.ana), "earlier", {"minutes": 45}, NOW)
    page = portal_db.run(PAGE, cast.ana)
    with portal_db.writing() as session:
        drafts.forget(session, portal_db.who(cast.ana), "earlier")
    next(b for b in page.button if b.label == "Go on with it").click().run()

    assert not page.exception
    assert field(page, "button_group", "minutes").value is None


def test_a_group_is_saved_at_once_each_note_with_its_own_student(
    portal_db: PortalDb, page: AppTest
) -> None:
    cast = portal_db.cast
    fill(page, portal_db, 30)
    field(page, "toggle", "group").set_value(True).run()
    field(page, "multiselect", "others").set_value([cast.mei.id]).run()
    field(page, "text_area", f"note-{cast.mei.id}").set_value("drew a map")
    field(page, "button_group", f"came-{cast.luis.id}").set_value(Attendance.NO_SHOW)
    press(page)

    assert "Saved: group of 2 students, 30 min" in portal_db.shown(page)
    assert sorted(visit.minutes for visit in stored(portal_db, Visit)) == [0, 30]
    [note] = stored(portal_db, VisitNote)
    with portal_db.writing() as session:
        assert session.get_one(Record, note.record_id).student_id == cast.mei.id
    next(b for b in page.button if b.label == "Undo").click().run()
    with portal_db.writing() as session:
        sealed = session.scalars(select(Record.sealed_from).where(Record.author_id == cast.ana.id))
        assert set(sealed) == {NOW}


def test_a_nurse_tells_with_one_tap_where_the_student_went(portal_db: PortalDb) -> None:
    with portal_db.writing() as session:
        session.get_one(User, portal_db.cast.ana.id).title = "School nurse"
    page = portal_db.run(PAGE, portal_db.cast.ana)
    fill(page, portal_db)
    field(page, "button_group", "disposition").set_value("back_to_class")
    press(page)

    [visit] = stored(portal_db, Visit)
    assert (visit.disposition, visit.credential) == ("back_to_class", "School nurse")


def test_a_no_show_is_saved_without_minutes(portal_db: PortalDb, page: AppTest) -> None:
    field(page, "selectbox", "student").set_value(portal_db.cast.luis.id)
    field(page, "button_group", "purpose").set_value(VisitPurpose.INDIVIDUAL)
    field(page, "button_group", "attendance").set_value(Attendance.NO_SHOW)
    field(page, "button_group", "missed_reason").set_value("absent_from_school")
    press(page)

    assert "Saved: Luis Sample, did not come" in portal_db.shown(page)
    [visit] = stored(portal_db, Visit)
    assert (visit.minutes, visit.missed_reason) == (0, "absent_from_school")


def test_a_restricted_note_is_marked_so(portal_db: PortalDb, page: AppTest) -> None:
    fill(page, portal_db)
    field(page, "text_area", "note").set_value("for the few")
    field(page, "checkbox", "restricted").check()
    press(page)

    [note] = stored(portal_db, VisitNote)
    with portal_db.writing() as session:
        assert session.get_one(Record, note.record_id).restricted
        assert not session.get_one(Record, note.visit_id).restricted
