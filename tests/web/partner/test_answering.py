"""An agency answers a referral at the address in its mail, without an account."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from portal import mail
from portal.config import settings
from portal.errors import Refused
from portal.store.places import Organization
from portal.store.records import Referral
from portal.ui import referral_mail
from portal.vocabulary import Access, Category, NotAccessedReason, ReferralStatus, Urgency
from tests import factories as make
from tests.people import NOW
from tests.web.conftest import Site

Mailed = list[tuple[str, str, str]]


@pytest.fixture
def mailed(monkeypatch: pytest.MonkeyPatch, site: Site) -> Mailed:
    letters: Mailed = []
    monkeypatch.setenv("PORTAL_SMTP_URL", "smtp://mail.example.org")
    monkeypatch.setenv("PORTAL_MAIL_FROM", "portal@example.org")
    settings.cache_clear()
    monkeypatch.setattr(mail, "send", lambda *letter: letters.append(letter))
    return letters


@pytest.fixture
def link(site: Site, mailed: Mailed) -> str:
    """Luis was referred to Riverside; the address of the link in its mail."""
    cast = site.db.cast
    with site.db.writing() as session:
        agency = session.get_one(Organization, cast.riverside.id)
        agency.email, agency.phone = "intake@riverside.example", "203-555-0150"
        referral = make.referral(session, cast.luis, cast.riverside, cast.ana)
    assert referral_mail.invite(site.db.who(cast.ana), [referral.record_id], NOW) == ""
    return last_link(mailed)


def last_link(mailed: Mailed) -> str:
    found = re.search(r"(/answer/\S+)", mailed[-1][2])
    assert found
    return found[1]


def referral(site: Site) -> Referral:
    with site.db.writing() as session:
        return session.scalars(select(Referral)).one()


def change(site: Site, **values: object) -> None:
    with site.db.writing() as session:
        row = session.scalars(select(Referral)).one()
        for name, value in values.items():
            setattr(row, name, value)


def test_the_page_tells_the_slip_and_nothing_about_the_student(site, link):
    answer = site.browser().get(link)

    assert answer.status_code == 200
    assert referral(site).number in answer.text
    assert "Ana Counts, Harbor Point Public Schools" in answer.text
    for name in ("Luis", "Sample", "L.S.", "North School", "13"):
        assert name not in answer.text.replace("2013", "")
    assert "<script" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert 'name="robots" content="noindex"' in answer.text


def test_initials_stand_on_it_where_a_consent_opens_them(site, link):
    cast = site.db.cast
    with site.db.writing() as session:
        make.consent(session, cast.luis, cast.riverside, cast.maria, [Category.REFERRALS])
    text = site.browser().get(link).text
    assert "L.S." in text
    assert "Luis" not in text


def test_a_robot_that_opens_the_mail_changes_nothing(site, link):
    browser = site.browser()
    for _ in range(3):
        assert browser.get(link).status_code == 200
        assert browser.head(link).status_code == 200
    assert referral(site).status is ReferralStatus.SENT


def test_one_button_accepts_and_the_next_link_is_mailed(site, link, mailed):
    browser = site.browser()
    answer = browser.post(link, data={"answer": "accept"})

    assert answer.status_code == 200
    assert "Accepted" in answer.text
    assert "another link" in answer.text
    assert referral(site).status is ReferralStatus.ACCEPTED
    assert [letter[0] for letter in mailed] == ["intake@riverside.example"] * 2

    then = browser.get(last_link(mailed))
    assert "First appointment kept" in then.text
    done = browser.post(
        last_link(mailed), data={"answer": "appointment_kept", "kept_on": "2026-11-19"}
    )
    assert "before the referral was sent" not in done.text
    assert referral(site).access is Access.ACCESSED


def test_an_answer_stands_when_the_next_mail_does_not_go_out(site, link, monkeypatch):
    def refuse(*_letter: str) -> None:
        raise Refused(*mail.NOT_SENT)

    monkeypatch.setattr(mail, "send", refuse)
    answer = site.browser().post(link, data={"answer": "waitlist", "weeks": "6"})

    assert "call Ana Counts" in answer.text
    assert referral(site).waitlist_weeks == 6


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"answer": "decline"}, "No reason is chosen."),
        ({"answer": "decline", "reason": "made up"}, "No reason is chosen."),
        ({"answer": "waitlist", "weeks": "soon"}, "The weeks are not a number."),
        ({"answer": "waitlist", "weeks": "9999"}, "A wait of 9999 weeks cannot be kept."),
        ({"answer": "appointment_kept", "kept_on": ""}, "This is not a date."),
        ({"answer": "appointment_kept", "kept_on": "2027-01-01"}, "The date is in the future."),
        ({"answer": "appointment_kept", "kept_on": "2026-01-01"}, "before the referral was sent"),
        ({"answer": "everything"}, "No answer is chosen."),
        ({}, "No answer is chosen."),
    ],
)
def test_what_is_missing_is_told_with_its_field_and_nothing_is_lost(site, link, sent, told):
    answer = site.browser().post(link, data=sent)

    assert answer.status_code == 422
    assert told in answer.text
    for target in re.findall(r'class="problem".*?href="#([a-z_]+)"', answer.text, re.S):
        assert f'id="{target}"' in answer.text
    assert referral(site).status is ReferralStatus.SENT


def test_a_decline_keeps_its_reason(site, link):
    answer = site.browser().post(link, data={"answer": "decline", "reason": "no_capacity"})
    assert "Declined" in answer.text
    assert referral(site).not_accessed_reason is NotAccessedReason.NO_CAPACITY


def test_links_that_lead_nowhere_cannot_be_told_apart(site, link):
    browser = site.browser()
    browser.post(link, data={"answer": "accept"})
    told = {
        (answer.status_code, re.sub(r"\s+", " ", answer.text))
        for answer in (
            browser.get(link),
            browser.post(link, data={"answer": "accept"}),
            browser.post(link, data={"answer": "waitlist", "weeks": "soon"}),
            browser.get("/answer/unknown"),
            browser.post("/answer/unknown", data={"answer": "accept"}),
            browser.get("/answer/un/known"),
            browser.put("/answer/unknown"),
        )
        if answer.status_code != 405
    }
    assert len(told) == 1
    [(status, text)] = told
    assert status == 404
    assert "the school has your answer" in text
    assert "call the school" in text


def test_of_two_who_hold_the_same_link_the_second_changes_nothing(site, link):
    one, other = site.browser(), site.browser()
    assert one.get(link).status_code == other.get(link).status_code == 200

    assert one.post(link, data={"answer": "accept"}).status_code == 200
    late = other.post(link, data={"answer": "decline", "reason": "no_capacity"})

    assert late.status_code == 404
    assert referral(site).status is ReferralStatus.ACCEPTED


def test_markup_in_what_is_shown_is_shown_as_typed(site, link):
    with site.db.writing() as session:
        agency = session.get_one(Organization, site.db.cast.riverside.id)
        agency.name = "River<script>alert(1)</script>"
    text = site.browser().get(link).text
    assert "River&lt;script&gt;" in text
    assert "<script" not in text


def test_a_form_too_long_to_be_ours_is_not_read(site, link):
    answer = site.browser().post(link, data={"answer": "accept", "weeks": "9" * 50_000})
    assert answer.status_code == 413
    assert referral(site).status is ReferralStatus.SENT


def test_what_is_urgent_says_so(site, link):
    assert "Urgent" not in site.browser().get(link).text
    change(site, urgency=Urgency.URGENT)
    assert "within two school days" in site.browser().get(link).text


def test_no_name_is_in_the_mail_or_the_address(site, link, mailed):
    for name in ("Luis", "Sample", "Maria", str(site.db.cast.luis.id)):
        assert name not in str(mailed)
        assert name not in link


def test_without_a_mail_server_nothing_is_mailed_and_nobody_is_bothered(site, monkeypatch):
    monkeypatch.delenv("PORTAL_SMTP_URL", raising=False)
    settings.cache_clear()
    cast = site.db.cast
    with site.db.writing() as session:
        session.get_one(Organization, cast.riverside.id).email = "intake@riverside.example"
        sent = make.referral(session, cast.luis, cast.riverside, cast.ana)
    assert referral_mail.invite(site.db.who(cast.ana), [sent.record_id], NOW) == ""


def test_a_mail_that_did_not_go_out_is_told(site, link, monkeypatch):
    def refuse(*_letter: str) -> None:
        raise Refused(*mail.NOT_SENT)

    monkeypatch.setattr(mail, "send", refuse)
    told = referral_mail.invite(site.db.who(site.db.cast.ana), [referral(site).record_id], NOW)
    assert "did not go out" in told
    assert "inbox" in told


def test_a_referral_that_nobody_is_to_be_mailed_about_is_no_failure(site, link, mailed):
    me = site.db.who(site.db.cast.tom)
    assert referral_mail.invite(me, [referral(site).record_id], NOW) == ""
    change(site, status=ReferralStatus.CLOSED)
    ana = site.db.who(site.db.cast.ana)
    assert referral_mail.invite(ana, [referral(site).record_id], NOW) == ""
    assert len(mailed) == 1


def test_the_page_needs_no_account_and_gives_none(site, link):
    browser: TestClient = site.browser()
    assert browser.get(link).status_code == 200
    assert browser.get("/answer_referral").status_code in (303, 404)
    assert not browser.cookies
