"""A tablet at school: staff hand it over and are signed out on it."""

from __future__ import annotations

from sqlalchemy import select

from portal.consents.requests import service
from portal.consents.requests.drafts import Channel
from portal.store.consents import ConsentSigning
from portal.vocabulary import IdentityCheck
from tests.people import NOW
from tests.web.family.conftest import Phone


def tablet(site, user) -> Phone:
    return Phone(site.signed_in(user), site)


def test_staff_hand_the_tablet_over_and_are_signed_out_on_it(asked, site):
    sent = asked(channel=Channel.TABLET)
    screen = tablet(site, site.db.cast.ana)
    screen.get(f"/consent/{sent.token}/hand-over")
    assert "Hand the tablet over?" in screen.answer.text
    before = screen.browser.cookies["portal"]
    screen.post(f"/consent/{sent.token}/hand-over")

    assert screen.at == f"/consent/{sent.token}/records-1"
    screen.browser.cookies.set("portal", before)
    assert screen.browser.get("/log_visit").headers["location"].startswith("/login")


def test_at_the_end_the_tablet_goes_back_and_keeps_nothing_open(asked, site):
    sent = asked(channel=Channel.TABLET)
    screen = tablet(site, site.db.cast.ana)
    screen.post(f"/consent/{sent.token}/hand-over")
    screen.post(f"/consent/{sent.token}/records-1", out=["visits"])
    screen.post(f"/consent/{sent.token}/check", name="Maria Sample", agree="yes")
    own = screen.at.removesuffix("/signed")
    assert "Please give the tablet back" in screen.text
    screen.post(f"{own}/leave")

    assert 'href="/login"' in screen.answer.text
    screen.get(own)
    assert "Luis" not in screen.answer.text
    with site.db.writing() as session:
        signing = session.scalars(select(ConsentSigning)).one()
    assert signing.identity_check is IdentityCheck.IN_PERSON
    assert signing.identity_by == site.db.cast.ana.id


def test_a_request_that_is_over_is_not_handed_over(asked, site):
    sent = asked(channel=Channel.TABLET)
    me = site.db.who(site.db.cast.ana)
    with site.db.writing() as session:
        service.withdraw(session, me, sent.request.id, NOW)
    screen = tablet(site, site.db.cast.ana)
    screen.post(f"/consent/{sent.token}/hand-over")

    assert screen.answer.status_code == 404
    assert "the school has taken it back" in screen.text


def test_nobody_and_the_wrong_person_hand_nothing_over(asked, site):
    sent = asked(channel=Channel.TABLET)
    stranger = Phone(site.browser(), site)
    stranger.post(f"/consent/{sent.token}/hand-over")
    assert stranger.at == "/login"
    teacher = tablet(site, site.db.cast.tom)
    teacher.post(f"/consent/{sent.token}/hand-over")

    assert teacher.answer.status_code in (403, 404)
    assert "family" not in teacher.browser.cookies
    assert teacher.browser.get("/log_visit").status_code != 303
