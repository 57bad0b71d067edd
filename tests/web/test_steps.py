"""The steps of signing in, one plain page each; until they are done nothing else opens."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from portal import clock, mail
from portal.accounts import confidentiality
from portal.config import settings
from portal.store.accounts import Acknowledgment, SecondFactor, UserSession
from portal.store.ledger import Installation, TrailLine
from portal.store.oversight import UseFlag
from portal.store.people import User
from portal.vocabulary import SessionHow, UseFlagKind
from tests.people import NOW
from tests.web.conftest import HERE, PASSWORD, Site

MINUTE = timedelta(minutes=1)
OUTSIDE = ("203.0.113.9", 40000)
EVERYTHING_ELSE = ("/", "/log_visit", "/account", "/password", "/recovery-codes", "/doc/x")


@pytest.fixture
def required(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The site of a district that asks for second factors."""
    monkeypatch.setenv("PORTAL_SECOND_FACTOR", "required")
    settings.cache_clear()
    return site


def browser_at(site: Site, client: tuple[str, int], agent: str = "Firefox on Windows"):
    return TestClient(
        site.app,
        HERE,
        follow_redirects=False,
        headers={"Origin": HERE, "User-Agent": agent},
        client=client,
    )


def sign_in(browser: TestClient, user: User, next_: str = "/") -> TestClient:
    form = {"username": user.username, "password": PASSWORD, "next": next_}
    assert browser.post("/login", data=form).status_code == 303
    return browser


def at_home(site: Site, user: User) -> TestClient:
    return sign_in(browser_at(site, ("10.0.0.7", 40000)), user)


def field(page: str, name: str) -> str:
    found = re.search(f'name="{name}" value="([^"]*)"', page)
    assert found is not None, page
    return found[1]


def set_up(browser: TestClient, at: datetime = NOW) -> tuple[pyotp.TOTP, list[str]]:
    """Follow the page as a person with a phone does."""
    page = browser.get("/authenticator").text
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
    assert secret is not None
    phone = pyotp.TOTP(secret[1].replace(" ", ""))
    form = {"sealed": field(page, "sealed"), "code": phone.at(at)}
    shown = browser.post("/authenticator", data=form)
    assert shown.status_code == 200, shown.text
    return phone, re.findall(r"<li>([a-z2-9-]{19})</li>", shown.text)


def events(site: Site) -> list[str]:
    with site.db.writing() as session:
        return list(session.scalars(select(TrailLine.event).order_by(TrailLine.id)))


def only_opens(browser: TestClient, page: str) -> bool:
    """Does nothing answer but this page, signing out and what is open to all?"""
    for path in EVERYTHING_ELSE:
        assert browser.get(path).headers["location"].startswith(page), path
        assert browser.post(path, data={"present": PASSWORD}).status_code in (401, 405), path
    assert browser.get("/static/js/index.js").status_code == 401
    assert browser.get("/_stcore/health").status_code == 401
    others = {"/unlock", "/code", "/authenticator", "/confidentiality"} - {page}
    for other in others:
        assert browser.get(other).headers["location"].startswith(page)
        assert browser.post(other, data={}).status_code == 401
    assert browser.get("/logout").status_code == browser.get(page).status_code == 200
    return browser.get("/assets/account.css").status_code == 200


# --- the second factor


def test_an_administrator_sets_a_second_factor_up_before_anything_opens(required: Site) -> None:
    browser = at_home(required, required.db.cast.dina)
    assert only_opens(browser, "/authenticator")
    phone, codes = set_up(browser)

    assert len(codes) == 10
    assert browser.get("/").status_code == 200
    again = at_home(required, required.db.cast.dina)
    assert only_opens(again, "/code")
    later = NOW + MINUTE
    required.db.at(later)
    assert again.post("/code", data={"code": "000000"}).status_code == 403
    answer = again.post("/code", data={"code": phone.at(later), "next": "/log_visit"})
    assert answer.headers["location"] == "/log_visit"
    assert again.get("/").status_code == 200


def test_one_step_leads_to_the_next_and_then_to_the_first_page(required: Site) -> None:
    required.db.at(NOW + timedelta(days=365))
    browser = at_home(required, required.db.cast.dina)
    set_up(browser, clock.now())
    came_from = {"Referer": f"{HERE}/authenticator"}
    assert browser.get("/", headers=came_from).headers["location"] == "/confidentiality"
    page = browser.get("/confidentiality", headers=came_from).text

    form = {"accepted": "yes", "words": field(page, "words"), "next": field(page, "next")}
    assert browser.post("/confidentiality", data=form).headers["location"] == "/"
    assert browser.get("/").status_code == 200


def test_a_wrong_first_code_shows_the_same_square_and_says_so(required: Site) -> None:
    browser = at_home(required, required.db.cast.dina)
    page = browser.get("/authenticator").text
    sealed = field(page, "sealed")

    answer = browser.post("/authenticator", data={"sealed": sealed, "code": "000000"})
    assert answer.status_code == 422
    assert "That code is not the right one." in answer.text
    assert field(answer.text, "sealed") == sealed
    assert browser.get("/").headers["location"] == "/authenticator"


def test_whoever_signs_in_from_outside_needs_one_and_at_home_they_do_not(required: Site) -> None:
    ana = required.db.cast.ana
    assert at_home(required, ana).get("/").status_code == 200
    assert only_opens(sign_in(browser_at(required, OUTSIDE), ana), "/authenticator")


def test_a_sign_in_that_is_carried_outside_counts_as_outside(required: Site) -> None:
    home = at_home(required, required.db.cast.ana)
    outside = browser_at(required, OUTSIDE)
    outside.cookies.set("portal", home.cookies["portal"])

    assert outside.get("/").headers["location"] == "/authenticator"
    assert home.get("/").status_code == 200


@pytest.mark.parametrize("setting", ["", "required"])
def test_a_demonstration_offers_it_unless_the_setting_says_otherwise(
    site: Site, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.delenv("PORTAL_SECOND_FACTOR")
    if setting:
        monkeypatch.setenv("PORTAL_SECOND_FACTOR", setting)
    settings.cache_clear()
    with site.db.writing() as session:
        session.add(Installation(name="demo", value="true"))

    status = at_home(site, site.db.cast.dina).get("/").status_code
    assert status == (303 if setting else 200)


def test_whoever_has_one_shows_it_although_it_is_only_offered(site: Site) -> None:
    phone, codes = set_up(at_home(site, site.db.cast.ana))
    browser = at_home(site, site.db.cast.ana)

    assert browser.get("/").headers["location"] == "/code"
    assert browser.post("/code", data={"code": codes[0]}).headers["location"] == "/"
    assert browser.post("/code", data={"code": phone.at(NOW)}).status_code == 403  # used


def test_after_ten_minutes_a_second_factor_is_changed_only_by_whoever_has_it(site: Site) -> None:
    browser = at_home(site, site.db.cast.ana)
    phone, _codes = set_up(browser)
    later = NOW + 11 * MINUTE
    site.db.at(later)

    for page in ("/authenticator", "/recovery-codes"):
        assert browser.get(page).headers["location"].startswith("/code?next=")
        assert browser.post(page, data={}).headers["location"].startswith("/code?next=")
    assert browser.post("/code", data={"code": phone.at(later)}).status_code == 303
    assert "You get ten codes." in browser.get("/recovery-codes").text
    fresh = re.findall(r"<li>([a-z2-9-]{19})</li>", browser.post("/recovery-codes").text)
    assert len(fresh) == 10


def test_whoever_finds_a_session_left_open_cannot_lock_its_owner_out(site: Site) -> None:
    browser = at_home(site, site.db.cast.ana)
    site.db.at(NOW + 11 * MINUTE)

    assert "Sign in again first" in browser.get("/authenticator").text
    assert browser.post("/authenticator", data={}).status_code == 403
    assert browser.get("/code").headers["location"] == "/authenticator"
    assert browser.get("/recovery-codes").headers["location"] == "/authenticator"


@pytest.mark.parametrize("code", ["", "\0", "x" * 20_000, "<script>alert(1)</script>"])
def test_odd_codes_are_refused_in_a_sentence(site: Site, code: str) -> None:
    set_up(at_home(site, site.db.cast.ana))
    browser = at_home(site, site.db.cast.ana)

    answer = browser.post("/code", data={"code": code})
    assert answer.status_code == 403
    assert "That code is not right" in answer.text
    assert "<script>" not in answer.text


# --- confidentiality


def test_confidentiality_is_accepted_before_anything_opens_and_once_a_year(site: Site) -> None:
    year = timedelta(days=365)
    site.db.at(NOW + year)
    browser = at_home(site, site.db.cast.ana)
    assert only_opens(browser, "/confidentiality")
    page = browser.get("/confidentiality?next=/log_visit").text
    assert "termination of employment" in page
    form = {"words": field(page, "words"), "next": "/log_visit"}
    assert "Tick the box" in browser.post("/confidentiality", data=form).text
    for _ in range(2):  # a double click
        answer = browser.post("/confidentiality", data=form | {"accepted": "yes"})
        assert answer.headers["location"] == "/log_visit"

    assert browser.get("/").status_code == 200
    assert "I have read this" not in browser.get("/confidentiality").text
    with site.db.writing() as session:
        (row,) = session.scalars(select(Acknowledgment).where(Acknowledgment.given_at > NOW))
    assert (row.user_id, row.version) == (site.db.cast.ana.id, confidentiality.VERSION)
    assert row.text_sha256 == confidentiality.WORDS_SHA256
    site.db.at(NOW + year + year)
    assert at_home(site, site.db.cast.ana).get("/").headers["location"] == "/confidentiality"


def test_other_words_are_asked_about_anew(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = at_home(site, site.db.cast.ana)
    monkeypatch.setattr(confidentiality, "WORDS_SHA256", "f" * 64)

    assert browser.get("/").headers["location"] == "/confidentiality"
    old = {"accepted": "yes", "words": "0" * 64}
    assert "The text has changed" in browser.post("/confidentiality", data=old).text
    assert browser.get("/").status_code == 303


# --- the lock


def locked(site: Site) -> TestClient:
    browser = at_home(site, site.db.cast.ana)
    site.db.at(NOW + 15 * MINUTE)
    return browser


def test_an_idle_session_is_locked_and_its_password_goes_back_to_the_page(site: Site) -> None:
    browser = locked(site)
    assert only_opens(browser, "/unlock")
    came_from = {"Referer": f"{HERE}/log_visit"}
    assert field(browser.get("/unlock", headers=came_from).text, "next") == "/log_visit"
    elsewhere = {"Referer": "http://evil.example/log_visit"}
    assert field(browser.get("/unlock", headers=elsewhere).text, "next") == "/"

    wrong = browser.post("/unlock", data={"password": "not the password"})
    assert wrong.status_code == 403
    assert "That is not the password" in wrong.text
    form = {"password": PASSWORD, "next": "/log_visit"}
    assert browser.post("/unlock", data=form).headers["location"] == "/log_visit"
    assert browser.get("/log_visit").status_code == 200
    assert browser.get("/unlock").headers["location"] == "/"
    assert events(site)[-1] == "account.unlocked"


def test_unlocking_waits_after_five_wrong_passwords(site: Site) -> None:
    browser = locked(site)
    for _ in range(5):
        browser.post("/unlock", data={"password": "not the password"})

    assert browser.post("/unlock", data={"password": PASSWORD}).status_code == 403
    assert browser.get("/").headers["location"] == "/unlock"


def test_somebody_else_signs_in_at_a_locked_screen_and_the_locked_session_ends(site: Site) -> None:
    browser = locked(site)
    before = browser.cookies["portal"]

    assert "<h1>Sign in</h1>" in browser.get("/login").text
    sign_in(browser, site.db.cast.tom)
    assert browser.get("/").status_code == 200
    browser.cookies.set("portal", before)
    assert browser.get("/").headers["location"] == "/login?ended=1"


@pytest.mark.parametrize("has_factor", [True, False])
def test_who_came_by_the_districts_own_sign_in_unlocks_by_code_or_signs_in_again(
    site: Site, has_factor: bool
) -> None:
    browser = at_home(site, site.db.cast.ana)
    codes = set_up(browser)[1] if has_factor else []
    with site.db.writing() as session:
        for row in session.scalars(select(UserSession)):
            row.how = SessionHow.SINGLE_SIGN_ON
    site.db.at(NOW + 15 * MINUTE)

    page = browser.get("/unlock?next=/log_visit").text
    if not has_factor:
        assert 'href="/login?next=%2Flog_visit"' in page
        return
    assert browser.post("/unlock", data={"code": "000000"}).status_code == 403
    answer = browser.post("/unlock", data={"code": codes[0], "next": "/log_visit"})
    assert answer.headers["location"] == "/log_visit"
    assert browser.get("/log_visit").status_code == 200


def test_an_account_that_has_ended_is_out_and_not_asked_to_unlock(site: Site) -> None:
    browser = locked(site)
    with site.db.writing() as session:
        session.get_one(User, site.db.cast.ana.id).active_until = clock.now()

    assert browser.post("/unlock", data={"password": PASSWORD}).status_code == 401
    assert browser.get("/").headers["location"] == "/login?ended=1"


# --- one's own sign-ins


def test_one_sees_where_one_is_signed_in_and_ends_it_there(site: Site) -> None:
    here = at_home(site, site.db.cast.ana)
    there = sign_in(browser_at(site, OUTSIDE, "(iPhone) Safari"), site.db.cast.ana)
    page = here.get("/account").text
    assert "Firefox on Windows" in page
    assert "Safari on an iPhone" in page
    assert "outside (203.0.113.9)" in page
    assert "<script" not in page

    form = {"sign_in": field(page, "sign_in")}
    assert here.post("/account", data=form).headers["location"] == "/account?said=ended"
    assert there.get("/").headers["location"] == "/login?ended=1"
    assert here.get("/account").status_code == 200
    again = here.post("/account", data=form)
    assert "That sign-in has ended already." in again.text


@pytest.mark.parametrize("whose", ["another's", "nobody's", "no id"])
def test_nobody_ends_the_sign_in_of_another(site: Site, whose: str) -> None:
    tom = at_home(site, site.db.cast.tom)
    with site.db.writing() as session:
        (row,) = session.scalars(select(UserSession))
    told = {"another's": str(row.id), "nobody's": str(site.db.cast.ana.id), "no id": "1e9"}

    answer = at_home(site, site.db.cast.ana).post("/account", data={"sign_in": told[whose]})
    assert answer.status_code == 404
    assert "That sign-in has ended already." in answer.text
    assert tom.get("/").status_code == 200


def test_signing_out_everywhere_ends_this_one_too(site: Site) -> None:
    browsers = [at_home(site, site.db.cast.ana) for _ in range(3)]
    answer = browsers[0].post("/account", data={"act": "everywhere"})

    assert answer.headers["location"] == "/login?out=1"
    assert all(browser.get("/").status_code == 303 for browser in browsers)
    assert events(site)[-1] == "account.signed_out_everywhere"


# --- unusual sign-ins


@pytest.fixture
def mailed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """What was mailed: to whom, subject, text."""
    sent: list[tuple[str, str, str]] = []
    monkeypatch.setattr(mail, "sent", lambda *letter: bool(sent.append(letter)) or True)
    return sent


def flags(site: Site) -> dict[UseFlagKind, int]:
    with site.db.writing() as session:
        return {row.kind: row.count for row in session.scalars(select(UseFlag))}


def test_a_new_place_or_browser_is_told_by_mail_on_the_page_and_to_whoever_watches(
    site: Site, mailed: list[tuple[str, str, str]]
) -> None:
    ana = site.db.cast.ana
    with site.db.writing() as session:
        session.get_one(User, ana.id).email = "ana@example.org"
    at_home(site, ana).post("/logout")
    assert at_home(site, ana).post("/logout").status_code == 303
    assert (mailed, flags(site)) == ([], {})

    browser = sign_in(browser_at(site, OUTSIDE), ana)
    assert flags(site) == {UseFlagKind.UNUSUAL_SIGN_IN: 1}
    [(to, _subject, text)] = mailed
    assert to == "ana@example.org"
    assert "Firefox on Windows, from outside (203.0.113.9)" in text
    assert "/account" in text
    assert "new for you" in browser.get("/account").text
    assert "account.unusual_sign_in" in events(site)
    browser.post("/logout")
    sign_in(browser_at(site, ("203.0.113.77", 1)), ana)
    assert len(mailed) == 1  # the same neighborhood and browser are known now


def test_two_places_at_once_are_one_account_too_few(
    site: Site, mailed: list[tuple[str, str, str]]
) -> None:
    ana = site.db.cast.ana
    at_home(site, ana)
    for agent in ("Firefox on Windows", "Chrome on Android"):
        sign_in(browser_at(site, OUTSIDE, agent), ana)

    assert flags(site) == {UseFlagKind.UNUSUAL_SIGN_IN: 2, UseFlagKind.SHARED_ACCOUNT: 2}
    assert mailed == []  # Ana has no address
    site.db.at(NOW + timedelta(hours=1))
    sign_in(browser_at(site, OUTSIDE), ana)  # the others are locked: nobody sits there
    assert flags(site)[UseFlagKind.SHARED_ACCOUNT] == 2


def test_the_secret_is_written_on_no_page_twice_and_in_no_log(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    browser = at_home(site, site.db.cast.ana)
    phone, codes = set_up(browser)

    with site.db.writing() as session:
        told = str([vars(line) for line in session.scalars(select(TrailLine))])
        assert session.scalars(select(SecondFactor)).one().confirmed_at == NOW
    for secret in (phone.secret, *codes):
        assert secret not in caplog.text + told + browser.get("/account").text
