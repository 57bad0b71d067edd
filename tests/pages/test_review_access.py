"""The page of the quarterly review, and what Today tells of it."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import mail
from portal.access import trail
from portal.store.oversight import AccessRequestEvent, UnnamedGrant
from portal.store.people import User
from portal.vocabulary import InformationForm, RequestEventKind, UnnamedView
from tests import factories as make
from tests.pages.conftest import PortalDb
from tests.people import NOW
from tests.written_requests.conftest import Office

PAGE = "review_access.py"
DAY = timedelta(days=1)


def everybody(db: PortalDb, but: set[uuid.UUID]) -> list[User]:
    with db.writing() as session:
        return [user for user in session.scalars(select(User)) if user.id not in but]


def used(db: PortalDb, *users: User) -> None:
    for user in users:
        me = db.who(user)
        with db.writing() as session:
            about = (db.cast.luis.id,)
            trail.write(session, me, trail.Entry("record.opened", True, NOW - DAY, about))


def button(page, label: str):
    return next(b for b in page.button if b.label.startswith(label))


def test_one_is_removed_the_others_kept_together_and_all_is_signed(portal_db: PortalDb) -> None:
    cast = portal_db.cast
    used(portal_db, *everybody(portal_db, but={cast.dina.id, cast.tom.id}))
    page = portal_db.run(PAGE, cast.dina)
    assert "This is about yourself" in portal_db.shown(page)
    button(page, "I have looked at them: keep these").click().run()
    assert "Kept: " in portal_db.shown(page)

    button(page, "Remove").click().run()
    assert page.text_input[0].label == "Why it is removed"
    page.text_input[0].set_value("Left in October").run()
    button(page, "Remove: Tom Chalk").click().run()
    assert not page.exception
    assert "1 line waits for a decision." in portal_db.shown(page)
    with portal_db.writing() as session:
        assert session.get_one(User, cast.tom.id).active_until == NOW

    reader = portal_db.run(PAGE, cast.sue)
    button(reader, "Keep").click().run()
    page = portal_db.run(PAGE, cast.dina)
    page.text_input[0].set_value("Dina Desk").run()
    button(page, "Sign off the review").click().run()
    assert not page.exception
    assert "is signed off and kept" in portal_db.shown(page)
    assert "/doc/" in portal_db.shown(page)


def test_what_a_request_gave_is_removed_with_its_letter_and_a_mail(
    portal_db: PortalDb, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, sent = portal_db.cast, []
    monkeypatch.setattr(mail, "sent", lambda *letter: sent.append(letter) or True)
    with portal_db.writing() as session:
        session.get_one(User, cast.tom.id).email = "tom@example.org"
        office, counts = Office(replace(cast, session=session)), InformationForm.AGGREGATE
        view = UnnamedView.CURRICULUM
        row = office.sent(form=counts, view=view, numbers=(), categories=frozenset())
        office.decide(row, form=counts, students=frozenset(), categories=frozenset())
    page = portal_db.run(PAGE, cast.dina)
    # the grants stand after the people
    page.button(key=[b.key for b in page.button if b.label.startswith("Remove")][-1]).click().run()
    page.text_input[0].set_value("Not needed any more").run()
    button(page, "Remove: ").click().run()

    assert "Its letter is kept. The applicant has a mail." in portal_db.shown(page)
    assert [letter[0] for letter in sent] == ["tom@example.org"]
    with portal_db.writing() as session:
        kinds = [event.kind for event in session.scalars(select(AccessRequestEvent))]
        assert session.scalars(select(UnnamedGrant.ends_at)).all() == [NOW]
    assert kinds[-2:] == [RequestEventKind.ENDED, RequestEventKind.NOTIFIED]


def test_what_is_missing_is_told(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.dina)
    button(page, "Change").click().run()
    button(page, "Change: ").click().run()
    assert "No reason is given." in portal_db.shown(page)
    button(page, "Not now").click().run()
    assert not page.text_input


def test_today_leads_to_a_review_and_says_when_it_is_overdue(portal_db: PortalDb) -> None:
    cast = portal_db.cast
    assert "lines wait for your decision." in portal_db.shown(portal_db.run("today.py", cast.dina))
    told = portal_db.shown(portal_db.run("today.py", cast.sue))
    assert "1 line waits for your decision." in told
    assert "Overdue" not in told
    portal_db.at(NOW + 31 * DAY)
    assert "Overdue" in portal_db.shown(portal_db.run("today.py", cast.sue))
    assert "told of it" in portal_db.shown(portal_db.run(PAGE, cast.sue))


def test_the_data_is_reviewed_on_a_page_of_its_own(portal_db: PortalDb) -> None:
    cast = portal_db.cast
    with portal_db.writing() as session:
        make.referral(session, cast.luis, cast.riverside, cast.ana)
    page = portal_db.run("review_data.py", cast.sue)
    shown = portal_db.shown(page)
    assert "A referral open for more than 90 days; Luis Sample" in shown
    assert "The district&#x27;s administrator decides this." in shown

    page = portal_db.run("review_data.py", cast.dina)
    assert "Luis" not in portal_db.shown(page)
    button(page, "Keep").click().run()
    assert "Kept: " in portal_db.shown(page)
