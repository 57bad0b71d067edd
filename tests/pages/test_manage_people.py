"""The page People."""

from __future__ import annotations

from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from portal.accounts import service
from portal.store.people import User
from tests.pages.conftest import PortalDb
from tests.people import NOW

PAGE = "manage_people.py"


def button(page: AppTest, label: str):
    return next(b for b in page.button if b.label == label)


def choose(page: AppTest, user: User) -> AppTest:
    select_box = next(s for s in page.selectbox if s.label == "Person")
    return select_box.set_value(user.id).run()


def reread(db: PortalDb, user: User) -> User:
    with db.writing() as session:
        return session.get_one(User, user.id)


def test_the_list_has_the_district_and_its_partners(portal_db: PortalDb) -> None:
    shown = portal_db.shown(portal_db.run(PAGE, portal_db.cast.dina))

    assert "Ana Counts" in shown
    assert "Rob River" in shown


def test_a_search_narrows_the_list(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.dina)
    next(t for t in page.text_input if t.label == "Search by name").set_value("river").run()

    shown = portal_db.shown(page)
    assert "Rob River" in shown
    assert "Tom Chalk" not in shown


def test_a_person_is_added_and_the_link_is_shown_once(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.dina)
    for label, text in (("Name", "Nina New"), ("E-mail address", "nina@example.org")):
        next(t for t in page.text_input if t.label == label).set_value(text)
    button(page, "Add person").click().run()

    assert not page.exception
    (link,) = page.code
    with portal_db.writing() as session:
        assert service.invited(session, link.value.split("/welcome/")[1], NOW).name == "Nina New"
    assert not page.run().code


def test_every_problem_of_a_new_person_is_shown(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.dina)
    button(page, "Add person").click().run()

    shown = portal_db.shown(page)
    assert "The name is missing." in shown
    assert "The e-mail address is not complete." in shown
    with portal_db.writing() as session:
        assert not session.scalars(select(User).where(User.name == "")).all()


def test_an_account_is_ended_at_once_and_opened_again(portal_db: PortalDb) -> None:
    tom = portal_db.cast.tom
    page = choose(portal_db.run(PAGE, portal_db.cast.dina), tom)
    button(page, "End this account").click().run()

    assert "The account of Tom Chalk has ended." in portal_db.shown(page)
    assert reread(portal_db, tom).active_until == NOW

    button(page, "Open this account again").click().run()
    assert reread(portal_db, tom).active_until is None


def test_one_cannot_end_ones_own_account(portal_db: PortalDb) -> None:
    dina = portal_db.cast.dina
    page = choose(portal_db.run(PAGE, dina), dina)
    button(page, "End this account").click().run()

    assert "Ask another administrator" in portal_db.shown(page)
    assert reread(portal_db, dina).active_until is None


def test_nothing_is_done_to_anybody_before_somebody_is_chosen(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.dina)

    elsewhere = ["Word lists", "Data points", "Referral settings"]
    assert [button.label for button in page.button] == [*elsewhere, "Add person"]
