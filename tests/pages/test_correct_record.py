"""The page Correct a record."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from portal.corrections import service as correcting
from portal.store.records import Record, Visit
from portal.ui.correct_link import AMENDING, CHOSEN
from portal.ui.pick_student import CHOSEN as STUDENT
from portal.visits import revising
from portal.visits import service as logging_visits
from portal.visits.rules import VisitDraft
from portal.vocabulary import ProgramKind, VisitPurpose
from tests import factories as make
from tests.pages.conftest import PortalDb
from tests.people import NOW

PAGE = "correct_record.py"
REASON = "Why is it changed?"


@pytest.fixture
def visit_id(portal_db: PortalDb) -> uuid.UUID:
    """Ana saw Luis an hour ago, and wrote a note."""
    draft = VisitDraft(portal_db.cast.luis.id, VisitPurpose.CRISIS, 30, note="<b>Calm</b> again")
    me = portal_db.who(portal_db.cast.ana)
    with portal_db.writing() as session:
        at = NOW - timedelta(hours=1)
        return logging_visits.log(session, me, draft, at, "visit").record_id


def opened(portal_db: PortalDb, record_id: uuid.UUID, user: object) -> AppTest:
    page = portal_db.page(PAGE, user)
    page.session_state[CHOSEN] = record_id
    page.run()
    assert not page.exception
    return page


def button(page: AppTest, label: str):
    return next(button for button in page.button if button.label == label)


def minutes(page: AppTest):
    return next(field for field in page.number_input if field.label == "Minutes")


def why(page: AppTest, label: str = REASON):
    return next(field for field in page.text_input if field.label == label)


def test_without_a_record_it_says_how_one_gets_here(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.ana)

    assert "Open a student" in portal_db.shown(page)
    assert not page.button


def test_the_record_is_shown_as_typed_with_its_three_times(
    portal_db: PortalDb, visit_id: uuid.UUID
) -> None:
    shown = portal_db.shown(opened(portal_db, visit_id, portal_db.cast.ana))

    for told in ("Luis Sample", "Happened", "Written down", "Not approved", "Crisis, 30 min"):
        assert told in shown


def test_the_author_corrects_it_with_a_reason_and_sees_the_history(
    portal_db: PortalDb, visit_id: uuid.UUID
) -> None:
    page = opened(portal_db, visit_id, portal_db.cast.ana)
    minutes(page).set_value(45)
    button(page, "Save the change").click().run()
    assert "No reason is given" in portal_db.shown(page)
    assert minutes(page).value == 45
    why(page).set_value("*Counted* wrong")
    button(page, "Save the change").click().run()
    shown = portal_db.shown(page)

    assert "Saved. What it said before is kept." in shown
    assert "<td>30 min</td><td>45 min</td><td>*Counted* wrong</td>" in shown
    with portal_db.writing() as session:
        assert session.get_one(Visit, visit_id).minutes == 45


def test_within_ten_minutes_no_reason_is_asked(portal_db: PortalDb, visit_id: uuid.UUID) -> None:
    portal_db.at(NOW - timedelta(minutes=55))
    page = opened(portal_db, visit_id, portal_db.cast.ana)

    assert [field.label for field in page.text_input] == []


def test_of_two_who_save_the_second_sees_the_firsts_change_and_keeps_their_own(
    portal_db: PortalDb, visit_id: uuid.UUID
) -> None:
    page = opened(portal_db, visit_id, portal_db.cast.ana)
    ana = portal_db.who(portal_db.cast.ana)
    with portal_db.writing() as session:
        other = revising.revisable(session, ana, visit_id, NOW)
        changed = replace(other.values, minutes=20, tier="tier_2")
        revising.revise(session, ana, visit_id, other.version, changed, "Other window", NOW)
    minutes(page).set_value(45)
    why(page).set_value("Counted wrong")
    button(page, "Save the change").click().run()
    shown = portal_db.shown(page)

    assert "Somebody changed this record while you had it open" in shown
    assert "<td>30 min</td><td>20 min</td><td>45 min</td>" in shown
    assert "<td>Nothing</td><td>Tier 2</td><td>Tier 2</td>" in shown
    assert (minutes(page).value, why(page).value) == (45, "Counted wrong")
    button(page, "Save the change").click().run()
    with portal_db.writing() as session:
        visit = session.get_one(Visit, visit_id)
    assert (visit.minutes, visit.tier) == (45, "tier_2")


def test_a_record_out_of_reach_looks_like_none(portal_db: PortalDb, visit_id: uuid.UUID) -> None:
    with portal_db.writing() as session:
        zoe = make.record(session, portal_db.cast.zoe, "visits").id
    for record in (zoe, uuid.uuid4()):
        page = opened(portal_db, record, portal_db.cast.ana)
        assert "There is no record here that you may correct" in portal_db.shown(page)
        assert not page.button


def test_another_does_not_change_it_and_the_principal_approves(
    portal_db: PortalDb, visit_id: uuid.UUID
) -> None:
    page = opened(portal_db, visit_id, portal_db.cast.omar)
    assert "Only Ana Counts can change what it says" in portal_db.shown(page)
    assert not page.number_input
    button(page, "Approve what it says now").click().run()

    assert "10:00 AM, Omar Keys" in portal_db.shown(page)
    with portal_db.writing() as session:
        assert session.get_one(Record, visit_id).approved_by == portal_db.cast.omar.id


def test_an_approval_is_of_what_was_on_the_screen(portal_db: PortalDb, visit_id: uuid.UUID) -> None:
    page = opened(portal_db, visit_id, portal_db.cast.omar)
    ana = portal_db.who(portal_db.cast.ana)
    with portal_db.writing() as session:
        other = revising.revisable(session, ana, visit_id, NOW)
        changed = replace(other.values, minutes=20)
        revising.revise(session, ana, visit_id, other.version, changed, "Other window", NOW)
    button(page, "Approve what it says now").click().run()

    assert "Somebody changed this record" in portal_db.shown(page)
    button(page, "Approve what it says now").click().run()
    assert "Approved" in portal_db.shown(page)


def test_it_is_removed_with_a_reason_and_undone(portal_db: PortalDb, visit_id: uuid.UUID) -> None:
    page = opened(portal_db, visit_id, portal_db.cast.ana)
    button(page, "Remove it").click().run()
    assert "No reason is given" in portal_db.shown(page)
    why(page, "Why is it removed?").set_value("The wrong student")
    button(page, "Remove it").click().run()
    with portal_db.writing() as session:
        assert session.get_one(Record, visit_id).sealed_from == NOW
    button(page, "Undo").click().run()

    assert "It is back" in portal_db.shown(page)
    with portal_db.writing() as session:
        assert session.get_one(Record, visit_id).sealed_from is None


def test_undo_is_offered_for_ten_minutes(portal_db: PortalDb, visit_id: uuid.UUID) -> None:
    page = opened(portal_db, visit_id, portal_db.cast.ana)
    why(page, "Why is it removed?").set_value("The wrong student")
    button(page, "Remove it").click().run()
    portal_db.at(NOW + timedelta(minutes=10))
    page.run()

    assert [one.label for one in page.button] == []


def test_an_administrator_restores_what_was_removed(
    portal_db: PortalDb, visit_id: uuid.UUID
) -> None:
    cast, ana = portal_db.cast, portal_db.who(portal_db.cast.ana)
    with portal_db.writing() as session:
        make.program(session, cast.luis, ProgramKind.SECTION_504)
        correcting.remove(session, ana, visit_id, 1, "The wrong student", NOW)
    page = portal_db.run(PAGE, cast.dina)
    assert "The wrong student" in portal_db.shown(page)
    page.selectbox[0].set_value(visit_id).run()
    why(page, "Why is it restored?").set_value("It was right")
    button(page, "Restore it").click().run()

    assert "Nothing was removed." in portal_db.shown(page)
    with portal_db.writing() as session:
        assert session.get_one(Record, visit_id).sealed_from is None


def test_the_students_page_leads_here(portal_db: PortalDb, visit_id: uuid.UUID) -> None:
    page = portal_db.page("see_student.py", portal_db.cast.ana)
    page.session_state[STUDENT] = portal_db.cast.luis.id
    page.run()
    which = next(box for box in page.selectbox if box.label == "Which record?")
    assert [option for option in which.options if "Crisis" in option]

    teacher = portal_db.page("see_student.py", portal_db.cast.tom)
    teacher.session_state[STUDENT] = portal_db.cast.luis.id
    assert not [box for box in teacher.run().selectbox if box.label == "Which record?"]


def test_a_request_to_amend_begins_here(portal_db: PortalDb, visit_id: uuid.UUID) -> None:
    page = opened(portal_db, visit_id, portal_db.cast.ana)
    assert "The family asks to amend it" in [one.label for one in page.button]
    assert AMENDING not in page.session_state
