"""The page People."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from portal import mail
from portal.access import actor
from portal.accounts import service
from portal.accounts.service import Beginning
from portal.errors import NotFound
from portal.store.accounts import SecondFactor, SignInProvider, SignInSubject
from portal.store.people import User
from portal.vocabulary import Level, Role
from tests import factories as make
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


def test_a_link_that_was_mailed_is_not_shown_and_is_sent_again_on_demand(
    portal_db: PortalDb, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = []
    monkeypatch.setattr(mail, "sent", lambda *letter: letters.append(letter) or True)
    page = choose(portal_db.run(PAGE, portal_db.cast.dina), portal_db.cast.rob)
    button(page, "Make a welcome link").click().run()

    assert not page.code
    assert f"went to {portal_db.cast.rob.username}" in portal_db.shown(page)
    assert "72 hours" in portal_db.shown(page)
    assert ">Invited<" in portal_db.shown(page)

    button(page, "Send the welcome link again").click().run()
    first, again = [text.split("/welcome/")[1].split()[0] for _to, _subject, text in letters]
    with portal_db.writing() as session:
        assert service.invited(session, again, NOW).name == "Rob River"
        with pytest.raises(NotFound):
            service.invited(session, first, NOW)


def test_a_role_is_changed_and_never_ones_own(portal_db: PortalDb) -> None:
    page = choose(portal_db.run(PAGE, portal_db.cast.dina), portal_db.cast.ana)
    next(s for s in page.selectbox if s.label == "Their role").set_value(Role.PRINCIPAL).run()
    button(page, "Change").click().run()
    assert "A principal needs a building." in portal_db.shown(page)

    school = next(s for s in page.selectbox if s.label == "Their school")
    school.set_value(portal_db.cast.south.id).run()
    button(page, "Change").click().run()
    assert "Ana Counts is changed." in portal_db.shown(page)
    assert reread(portal_db, portal_db.cast.ana).role is Role.PRINCIPAL

    page = choose(portal_db.run(PAGE, portal_db.cast.dina), portal_db.cast.dina)
    assert "Change" not in [button.label for button in page.button]
    assert "This is about yourself, so somebody else decides." in portal_db.shown(page)


def test_what_an_administrator_may_not_do_is_not_offered_and_who_to_ask_is_told(
    portal_db: PortalDb,
) -> None:
    cast = portal_db.cast
    with portal_db.writing() as session:
        peer = make.user(
            session, cast.district, "Dan Desk", Role.DISTRICT_ADMIN, Level.SPECIAL_EDUCATION
        )
        other = make.organization(session, "Elsewhere Schools", code="0990099")
        make.agreement(session, other, cast.riverside)
    page = portal_db.run(PAGE, cast.dina)
    shown = portal_db.shown(page)
    assert "Riverside Clinic" in shown
    assert "Alma River" in shown
    assert "Rob River" not in shown
    place = next(s for s in page.selectbox if s.label == "Organization")
    assert place.options == ["Harbor Point Public Schools", "Hilltop Clinic"]
    role = next(s for s in page.selectbox if s.label == "Role")
    assert not {"Superintendent", "District administrator"} & set(role.options)

    choose(page, cast.sue)
    assert "only another superintendent looks after" in portal_db.shown(page)
    assert "End this account" not in [b.label for b in page.button]
    choose(page, peer)
    assert "Administrators decide about one another" in portal_db.shown(page)
    assert "Make a welcome link" not in [b.label for b in page.button]

    button(page, "End this account").click().run()
    assert "The account of Dan Desk has ended." in portal_db.shown(page)


def test_an_agencys_administrator_has_the_page_for_its_own_people(portal_db: PortalDb) -> None:
    page = choose(portal_db.run(PAGE, portal_db.cast.alma), portal_db.cast.rob)
    shown = portal_db.shown(page)
    assert "Rita River" in shown
    assert "Hugo Hill" not in shown
    assert "Word lists" not in [b.label for b in page.button]

    button(page, "Make a welcome link").click().run()
    assert page.code


def test_whoever_was_not_in_for_ninety_days_is_found(portal_db: PortalDb) -> None:
    cast = portal_db.cast
    with portal_db.writing() as session:
        for user, days in ((cast.ana, 100), (cast.tom, 10)):
            me = actor.load(session, user.id, NOW)
            assert me is not None
            service.begin(session, me, Beginning(), NOW - timedelta(days=days))
        session.get_one(User, cast.rob.id).active_from = NOW - timedelta(days=3)
    page = portal_db.run(PAGE, cast.dina)
    page.toggle[0].set_value(True).run()

    shown = portal_db.shown(page)
    assert "Ana Counts" in shown
    assert "Omar Keys" in shown  # was never in, in all that time
    assert "Tom Chalk" not in shown
    assert "Rob River" not in shown  # is new


def test_whom_single_sign_on_knows_can_be_forgotten(portal_db: PortalDb) -> None:
    ana = portal_db.cast.ana
    with portal_db.writing() as session:
        provider = SignInProvider(
            organization_id=portal_db.cast.district.id,
            name="Google",
            issuer="https://accounts.google.com",
            client_id="x",
            client_secret="x",
            active_from=NOW,
        )
        make.stored(session, provider)
        bound = {"provider_id": provider.id, "subject": "g-1", "bound_at": NOW}
        make.stored(session, SignInSubject(user_id=ana.id, **bound))
    page = choose(portal_db.run(PAGE, portal_db.cast.dina), ana)
    assert "Single sign-on<" in portal_db.shown(page)
    button(page, "Forget their single sign-on").click().run()

    assert "found by their e-mail address again" in portal_db.shown(page)
    with portal_db.writing() as session:
        assert not session.scalars(select(SignInSubject)).all()


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
    elsewhere += ["Single sign-on", "Service accounts"]
    assert [button.label for button in page.button] == [*elsewhere, "Add person"]


def test_a_lost_second_factor_is_reset_and_the_list_says_who_has_one(portal_db: PortalDb) -> None:
    ana, dina = portal_db.cast.ana, portal_db.cast.dina
    with portal_db.writing() as session:
        session.add(SecondFactor(user_id=ana.id, secret="x", made_at=NOW, confirmed_at=NOW))
        make.acknowledgment(session, session.get_one(User, ana.id), NOW)
    page = choose(portal_db.run(PAGE, dina), ana)
    assert ">Yes<" in portal_db.shown(page)
    assert "10:00 AM" not in portal_db.shown(page)
    assert "Nov 20" in portal_db.shown(page)

    button(page, "Reset second factor").click().run()
    shown = portal_db.shown(page)
    assert "The second factor of Ana Counts is reset" in shown
    assert "tell them yourself" in shown
    assert ">Yes<" not in shown
    with portal_db.writing() as session:
        assert session.get(SecondFactor, ana.id) is None


@pytest.mark.parametrize("email", ["nurse@example.org", "Front.Desk@example.org"])
def test_an_office_gets_no_account_and_reads_why(portal_db: PortalDb, email: str) -> None:
    page = portal_db.run(PAGE, portal_db.cast.dina)
    for label, text in (("Name", "The Office"), ("E-mail address", email)):
        next(t for t in page.text_input if t.label == label).set_value(text)
    button(page, "Add person").click().run()

    assert "An account is one person" in portal_db.shown(page)
