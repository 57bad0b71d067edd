"""The pages Ask for access, Requests and Register of requests."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from portal import mail
from portal.store.ledger import TrailLine
from portal.store.oversight import AccessRequest
from portal.store.papers import Document
from portal.store.people import AccessGrant
from portal.ui import whats_due
from portal.vocabulary import Category, InformationForm, RequestKind, RequestStatus, UnnamedView
from portal.written_requests import deciding, outside
from portal.written_requests.rules import DecisionDraft, OutsideDraft
from tests import factories as make
from tests.pages.conftest import PortalDb
from tests.pages.test_see_unnamed import fill
from tests.pdf.reading import Pdf
from tests.people import NOW

ASK, DECIDE, REGISTER = "ask_for_access.py", "decide_requests.py", "write_request.py"
C = Category


def by_label(fields, beginning: str):
    return next(field for field in fields if field.label.startswith(beginning))


def press(page: AppTest, label: str) -> AppTest:
    page = by_label(page.button, label).click().run()
    assert not page.exception
    return page


def filled(portal_db: PortalDb) -> AppTest:
    """Tom asks for Zoe's attendance, by her number."""
    page = portal_db.run(ASK, portal_db.cast.tom)
    assert not page.exception
    by_label(page.text_area, "Precisely which").set_value("Attendance since <b>August</b>")
    by_label(page.text_area, "The legitimate").set_value("To plan for the band")
    by_label(page.text_area, "Other students").set_value("0000000103")
    by_label(page.multiselect, "Kinds of record").set_value([C.ATTENDANCE])
    return page


def row(portal_db: PortalDb) -> AccessRequest:
    with portal_db.writing() as session:
        return session.scalars(select(AccessRequest)).one()


def sent(portal_db: PortalDb) -> AccessRequest:
    press(filled(portal_db), "Send to the Superintendent")
    found = row(portal_db)
    assert found.status is RequestStatus.SUBMITTED
    return found


def test_it_is_kept_as_a_draft_gone_on_with_and_sent(portal_db: PortalDb) -> None:
    page = filled(portal_db)
    by_label(page.text_area, "The legitimate").set_value("")
    page = press(page, "Keep as a draft")
    assert row(portal_db).status is RequestStatus.DRAFT
    assert "&lt;b&gt;August" in portal_db.shown(page)

    page = press(page, "Go on with it")
    page = press(page, "Send to the Superintendent")
    assert "“The legitimate educational need” is empty" in portal_db.shown(page)
    by_label(page.text_area, "The legitimate").set_value("To plan for the band")
    page = press(page, "Send to the Superintendent")

    assert row(portal_db).status is RequestStatus.SUBMITTED
    shown = portal_db.shown(page)
    assert "The student with the number 0000000103, if there is one" in shown
    assert "Elsewhere" not in shown
    press(page, "Take it back")
    assert row(portal_db).status is RequestStatus.WITHDRAWN


def test_a_view_without_names_asks_for_no_student(portal_db: PortalDb) -> None:
    page = portal_db.run(ASK, portal_db.cast.dina)
    by_label(page.radio, "In which form").set_value(InformationForm.AGGREGATE).run()
    assert not [field for field in page.multiselect if "Students" in field.label]
    by_label(page.text_area, "Precisely which").set_value("Spending by program")
    by_label(page.text_area, "The legitimate").set_value("To plan the budget")
    by_label(page.selectbox, "Which view").set_value(UnnamedView.BUDGET)
    press(page, "Send to the Superintendent")

    assert row(portal_db).view is UnnamedView.BUDGET


def test_the_superintendent_decides_on_one_screen_and_the_record_opens(
    portal_db: PortalDb, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, told = portal_db.cast, []
    monkeypatch.setattr(mail, "sent", lambda *letter: told.append(letter) or True)
    with portal_db.writing() as session:
        for kind in (C.IDENTITY, C.ATTENDANCE, C.COURSES):
            make.record(session, cast.zoe, kind)
        session.merge(cast.tom).email = "tom@harbor.example"
    request = sent(portal_db)
    page = portal_db.run(DECIDE, cast.sue)
    assert not page.exception
    shown = portal_db.shown(page)
    for words in ("Zoe Elsewhere", "asked for by the number 0000000103", "To plan for the band"):
        assert words in shown

    by_label(page.radio, "Decision").set_value(True)
    page = press(page, "Make the decision")
    assert "“The reason” is empty" in portal_db.shown(page)
    by_label(page.radio, "Decision").set_value(True)
    by_label(page.text_area, "The reason").set_value("The band needs it")
    by_label(page.text_input, "Type ").set_value(request.number)
    page = press(page, "Make the decision")

    assert "is decided; the letter is kept. The applicant has a mail." in portal_db.shown(page)
    [(to, subject, text)] = told
    assert to == "tom@harbor.example"
    assert request.number in text
    assert "Zoe" not in subject + text
    toms = portal_db.run(ASK, cast.tom)
    assert "Open the letter of the decision" in portal_db.shown(toms)
    assert by_label(toms.button, "Open the record of Zoe Elsewhere")
    student = portal_db.page("see_student.py", cast.tom)
    student.session_state["student-chosen"] = cast.zoe.id
    shown = portal_db.shown(student.run())
    assert not student.exception
    assert "Zoe Elsewhere" in shown
    assert f"Open to you by request</dt><dd>{request.number}, through Jun 30, 2027</dd>" in shown
    page = portal_db.run(DECIDE, cast.sue)
    assert "What was opened under it" in portal_db.shown(page)
    by_label(page.text_area, "The reason").set_value("Not needed any more")
    by_label(page.text_input, "Type ").set_value(request.number)
    press(page, "End it")
    with portal_db.writing() as session:
        assert session.scalars(select(AccessGrant)).one().ends_at == NOW
    assert "<td>Granted, Nov" in portal_db.shown(portal_db.run(ASK, cast.tom))
    assert "Zoe" not in portal_db.shown(portal_db.run("see_student.py", cast.tom))


def test_a_refusal_is_told_with_its_reason(portal_db: PortalDb) -> None:
    request = sent(portal_db)
    page = portal_db.run(DECIDE, portal_db.cast.sue)
    by_label(page.radio, "Decision").set_value(False)
    by_label(page.text_area, "The reason").set_value("Ask her counselor")
    by_label(page.text_input, "Type ").set_value(request.number)
    page = press(page, "Make the decision")

    assert "No mail could be sent: tell the applicant." in portal_db.shown(page)
    today = portal_db.shown(portal_db.run("today.py", portal_db.cast.tom))
    assert "Your request is decided" in today and request.number in today and "Refused" in today
    portal_db.at(NOW + timedelta(days=15))
    assert "is decided" not in portal_db.shown(portal_db.run("today.py", portal_db.cast.tom))
    assert "Ask her counselor" in portal_db.shown(portal_db.run(ASK, portal_db.cast.tom))


def test_the_board_asks_as_a_whole_and_is_answered_as_a_whole(portal_db: PortalDb) -> None:
    cast = portal_db.cast
    page = portal_db.run(REGISTER, cast.dina)
    by_label(page.selectbox, "What kind").set_value(RequestKind.BOARD).run()
    by_label(page.text_area, "Precisely which").set_value("Support visits by purpose")
    by_label(page.text_area, "What it is needed").set_value("To plan the year")
    by_label(page.radio, "Who asks").set_value("A single member")
    page = press(page, "Send to the Superintendent")
    assert "only to the Board of Education as a whole" in portal_db.shown(page)

    by_label(page.radio, "Who asks").set_value("The entire Board, by its vote")
    by_label(page.date_input, "Day of").set_value(date(2026, 11, 9))
    by_label(page.text_input, "Where its minutes").set_value("Minutes, item 7.2")
    page = press(page, "Send to the Superintendent")
    request = row(portal_db)
    assert request.board_vote == "vote of 11/09/2026, Minutes, item 7.2"
    page = portal_db.run(DECIDE, cast.sue)
    by_label(page.radio, "Decision").set_value(True)
    by_label(page.text_area, "The reason").set_value("By instruction of the Board")
    by_label(page.text_input, "Type ").set_value(request.number)
    page = press(page, "Make the decision")
    assert "No table is chosen." in portal_db.shown(press(page, "Make the answer"))
    by_label(page.selectbox, "Numbers to answer with").select_index(0).run()
    assert "Support visits by purpose and month" in portal_db.shown(page)
    page = press(page, "Make the answer")

    assert "Open the answer (PDF)" in portal_db.shown(page)


def test_what_was_asked_is_answered_with_tables_of_numbers_seen_before(
    portal_db: PortalDb,
) -> None:
    cast = portal_db.cast
    fill(portal_db)
    draft = OutsideDraft(
        kind=RequestKind.OUTSIDE, name="Nell Newspaper", address="1 Press Row", need="An article",
        information="Visits by school", first=date(2026, 11, 20), last=date(2027, 6, 30),
    )  # fmt: skip
    dina, sue = portal_db.who(cast.dina), portal_db.who(cast.sue)
    with portal_db.writing() as session:
        asked = outside.write_down(session, dina, draft, NOW, "outside")
        number = session.get_one(AccessRequest, asked).number
        decided = DecisionDraft(
            grant=True, reason="It is public", confirmed=number, form=draft.form,
            last=draft.last, foia="The counts",
        )  # fmt: skip
        deciding.decide(session, sue, asked, decided, NOW, "decide")
    page = portal_db.run(DECIDE, cast.sue)
    by_label(page.selectbox, "Numbers to answer with").set_value(UnnamedView.BUDGET).run()
    by_label(page.multiselect, "Tables").set_value(["visits", "services"]).run()
    months = by_label(page.multiselect, "Months")
    months.set_value(months.options).run()
    assert "more than 12 tables" in portal_db.shown(page)
    by_label(page.multiselect, "Months").set_value(["2026-10"]).run()
    assert "Visits by purpose, October 2026</caption>" in portal_db.shown(page)
    by_label(page.selectbox, "School").set_value("North School").run()
    shown = portal_db.shown(page)
    assert "Visits by purpose, October 2026, North School</caption>" in shown
    assert "South School</th>" not in shown

    by_label(page.multiselect, "Tables").set_value(["visits"]).run()
    page = press(page, "Make the answer")

    label = "Open the answer (PDF), Nov 20, Visits by purpose, October 2026, North School"
    assert label in portal_db.shown(page)
    with portal_db.writing() as session:
        made = session.scalars(select(TrailLine).where(TrailLine.event == "request.answered")).one()
        paper = session.get_one(Document, uuid.UUID(made.detail["document"]))
    assert made.detail["tables"] == ["visits 2026-10, School: North School"]
    text = " ".join(Pdf(paper.content).text.split())
    told = text.partition("Visits by purpose, October 2026, North School")[2]
    assert "Individual counseling" in told and "South School" not in told


def test_a_study_with_names_asks_the_families(portal_db: PortalDb) -> None:
    cast = portal_db.cast
    statement = dict.fromkeys(("purpose", "methods", "consequences", "competence", "consent"), "x")
    draft = OutsideDraft(
        kind=RequestKind.RESEARCH, name="Rae Search", address="9 Made-up Way", need="A study",
        information="Attendance", form=InformationForm.IDENTIFIED, first=date(2026, 11, 20),
        last=date(2027, 6, 30), categories=frozenset({C.ATTENDANCE}), statement=statement,
        agreement=b"%PDF-1.7 made up",
    )  # fmt: skip
    dina = portal_db.who(cast.dina)
    with portal_db.writing() as session:
        outside.write_down(session, dina, draft, NOW, "study")
    page = portal_db.run(REGISTER, cast.dina)
    assert "Rae Search" in portal_db.shown(page)
    by_label(page.text_input, "SASID").set_value("0000000101")
    by_label(page.date_input, "Told on").set_value(date(2026, 11, 2))
    page = press(page, "Save the family")

    assert "Luis Sample" in portal_db.shown(page)
    decided = portal_db.shown(portal_db.run(DECIDE, cast.sue))
    assert "Luis Sample" in decided and "Open the agreement that was brought" in decided
    by_label(page.text_input, "Number, applicant").set_value("nobody of this name").run()
    assert "No request is like that." in portal_db.shown(page)


def test_today_reminds_of_what_waits_and_of_what_ends(portal_db: PortalDb) -> None:
    cast = portal_db.cast
    request = sent(portal_db)
    assert "1 request waits for your decision" in portal_db.shown(
        portal_db.run("today.py", cast.sue)
    )
    with portal_db.writing() as session:
        kept = session.get_one(AccessRequest, request.id)
        kept.status, kept.decided_until = RequestStatus.GRANTED, date(2026, 12, 20)

    shown = portal_db.shown(portal_db.run("today.py", cast.tom))

    assert f"{request.number}" in shown
    assert "30 days left" in shown
    with portal_db.writing() as session:
        told = [line.many for line in whats_due.lines(session, portal_db.who(cast.tom), NOW)]
    assert "grants of access to you end soon" in told
