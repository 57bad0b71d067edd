"""The page Today."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.agreements import ending
from portal.referrals import answering
from portal.referrals import service as referring
from portal.referrals.queries import to_my_agency
from portal.referrals.rules import Answer, AnswerDraft, ReferralDraft
from portal.store.people import Student
from portal.store.support import AmendmentRequest, FollowUp, StudentService
from portal.ui import today_due
from portal.ui.today_due import NOT_NEEDED
from portal.visits import drafts
from portal.visits import queries as visit_queries
from portal.visits import service as logging_visits
from portal.visits.queries import FollowUpLine
from portal.visits.rules import VisitDraft
from portal.vocabulary import Category, Need, ReferralTarget, VisitPurpose
from tests import factories as make
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
        answering.answer(session, rita, slip.referral_id, AnswerDraft(Answer.WAITLIST), NOW)

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


# What is due, and its buttons


@pytest.fixture
def due(portal_db: PortalDb) -> PortalDb:
    """Ana wanted to come back to Luis two days ago, and to Mei today."""
    cast = portal_db.cast
    with portal_db.writing() as session:
        for student, days, about in ((cast.luis, 2, "<b>Dog</b> *x*"), (cast.mei, 0, "")):
            session.add(
                FollowUp(
                    staff_id=cast.ana.id,
                    student_id=student.id,
                    due_on=date(2026, 11, 20) - timedelta(days=days),
                    about=about,
                    written_at=NOW - timedelta(days=9),
                )
            )
    return portal_db


def follow_up(db: PortalDb, student: Student) -> FollowUp:
    with db.writing() as session:
        return session.scalars(select(FollowUp).where(FollowUp.student_id == student.id)).one()


def test_follow_ups_are_first_and_shown_as_typed(due: PortalDb) -> None:
    shown = due.shown(due.run("today.py", due.cast.ana))

    assert "Overdue 2 days" in shown
    assert "&lt;b&gt;Dog&lt;/b&gt; *x*" in shown
    assert "1 overdue" in shown
    assert "Dog" not in due.shown(due.run("today.py", due.cast.omar))  # one's own alone


def test_a_follow_up_is_done_and_taken_up_again(due: PortalDb) -> None:
    row = follow_up(due, due.cast.luis)
    page = due.run("today.py", due.cast.ana)
    page.button(key=f"done-{row.id}").click().run()

    assert "Done: Sample, Luis." in due.shown(page)
    assert follow_up(due, due.cast.luis).done_at == NOW
    page.button(key="today-undo").click().run()
    assert "It is still to do." in due.shown(page)
    assert follow_up(due, due.cast.luis).done_at is None


@pytest.mark.parametrize(
    ("choice", "told"),
    [("In a week", "Later, on Nov 27: Sample, Mei."), (NOT_NEEDED, "Taken off the list")],
)
def test_a_follow_up_waits_or_is_not_needed(due: PortalDb, choice: str, told: str) -> None:
    """A menu cannot be opened by AppTest: its choice is made as the page makes it."""
    ana, line = due.who(due.cast.ana), visits_of(due)[-1]
    assert told in today_due.settle(ana, line, choice, date(2026, 11, 20), NOW).text
    row = follow_up(due, due.cast.mei)
    moved = row.due_on == date(2026, 11, 27)
    assert moved is (choice != NOT_NEEDED)
    assert (row.dropped_at is not None) is (choice == NOT_NEEDED)


def visits_of(db: PortalDb) -> list[FollowUpLine]:
    ana = db.who(db.cast.ana)
    with db.writing() as session:
        return visit_queries.follow_ups_due(session, ana, NOW)


def test_my_week_tells_the_share_with_students_and_what_it_is_not_for(busy: PortalDb) -> None:
    shown = busy.shown(busy.run("today.py", busy.cast.ana))

    assert "100% with or for students. Goal 80% or more (ASCA)" in shown
    assert "shall not be the sole or primary portion of any personnel evaluation" in shown


@pytest.mark.parametrize("who", ["omar", "dina", "sue"])
def test_managers_see_groups_and_no_small_one(busy: PortalDb, who: str) -> None:
    shown = busy.shown(busy.run("today.py", getattr(busy.cast, who)))

    assert "No group is large enough to be told yet." in shown
    assert "Ana Counts" not in shown


@pytest.mark.parametrize("who", ["ana", "tom", "alma"])
def test_others_see_no_groups(busy: PortalDb, who: str) -> None:
    assert "Visits in" not in busy.shown(busy.run("today.py", getattr(busy.cast, who)))


def test_an_unsaved_visit_is_offered(portal_db: PortalDb) -> None:
    ana = portal_db.who(portal_db.cast.ana)
    with portal_db.writing() as session:
        drafts.keep(session, ana, "k", {"note": "Luis told me"}, NOW)
    shown = portal_db.shown(portal_db.run("today.py", portal_db.cast.ana))
    assert "You have an unsaved visit from 10:00 AM." in shown
    assert "Luis told me" not in shown


def test_a_service_past_its_estimated_end_is_told(portal_db: PortalDb) -> None:
    with portal_db.writing() as session:
        record = make.record(session, portal_db.cast.luis, Category.SERVICE_STATUS)
        session.add(
            StudentService(
                record_id=record.id,
                service="skill_building",
                provider="North School",
                started_on=date(2026, 9, 1),
                estimated_end=date(2026, 11, 1),
            )
        )
    shown = portal_db.shown(portal_db.run("today.py", portal_db.cast.ana))
    assert "Skill building, North School: was to end Nov 1" in shown


def test_a_familys_request_to_amend_waits_for_whoever_decides(portal_db: PortalDb) -> None:
    cast = portal_db.cast
    with portal_db.writing() as session:
        record = make.record(session, cast.luis, Category.VISITS, author=cast.ana)
        session.add(
            AmendmentRequest(
                record_id=record.id,
                student_id=cast.luis.id,
                asked_by=cast.maria.id,
                asked_on=date(2026, 11, 10),
                wants="It was 10 minutes.",
                written_by=cast.ana.id,
                written_at=NOW - timedelta(days=10),
            )
        )
    shown = portal_db.shown(portal_db.run("today.py", cast.omar))
    assert "Asked by Maria Sample on Nov 10" in shown
    assert "Waiting 10 days" in shown
    assert "Requests to amend" not in portal_db.shown(portal_db.run("today.py", cast.tom))
