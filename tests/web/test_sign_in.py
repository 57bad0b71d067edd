"""The forms of signing in, out and setting a password."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts import people
from portal.store.ledger import Installation, TrailLine
from tests.people import NOW
from tests.web.conftest import PASSWORD, Site

NEW = "vex quilt jumbo frock"
ELSEWHERE = [
    "http://evil.example",
    "//evil.example",
    "/\\evil.example",
    "https:evil.example",
    "/log_visit/../../evil",
    "javascript:alert(1)",
    "/%2f/evil.example",
    "/doc/../login",
    "/doc/" + "a" * 36 + "@evil",
    "\r\nSet-Cookie: a=b",
    "/login",
]


def sign_in(site: Site, name: str, password: str, next_: str = "/"):
    form = {"username": name, "password": password, "next": next_}
    return site.browser().post("/login", data=form)


def test_the_form_works_with_password_managers_and_without_a_script(site: Site) -> None:
    page = site.browser().get("/login").text

    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "<script" not in page
    assert '<label for="username">' in page
    assert '<html lang="en">' in page


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(site: Site) -> None:
    cookie = sign_in(site, site.db.cast.ana.username, PASSWORD).headers["set-cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "expires" not in cookie.lower()  # gone when the browser closes
    assert "max-age" not in cookie.lower()


@pytest.mark.parametrize("wanted", ["/log_visit", "/doc/0b0f7c1e-58a1-4d7e-9b3c-2f6f2a7f3c11"])
def test_one_arrives_where_one_wanted_to_go(site: Site, wanted: str) -> None:
    answer = sign_in(site, site.db.cast.ana.username, PASSWORD, wanted)
    assert answer.headers["location"] == wanted


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_nobody_is_sent_elsewhere(site: Site, wanted: str) -> None:
    answer = sign_in(site, site.db.cast.ana.username, PASSWORD, wanted)
    assert answer.headers["location"] == "/"

    browser = site.signed_in(site.db.cast.ana)
    assert browser.get("/login", params={"next": wanted}).headers["location"] == "/"


def test_every_refusal_reads_the_same(site: Site) -> None:
    wrong = sign_in(site, site.db.cast.ana.username, "x" * 20)
    no_password_yet = sign_in(site, site.db.cast.rob.username, "x" * 20)
    unknown = [sign_in(site, "zoe@example.org", "x" * 20) for _ in range(6)]  # the last one waits

    pages = [(site.db.cast.ana.username, wrong), (site.db.cast.rob.username, no_password_yet)]
    pages += [("zoe@example.org", answer) for answer in unknown]
    assert {(a.status_code, a.text.replace(name, "")) for name, a in pages} == {
        (403, wrong.text.replace(site.db.cast.ana.username, ""))
    }


@pytest.mark.parametrize(
    "password",
    ["", "x", "y" * 14, "y" * 64, "y" * 73, "y" * 1000, "\0", "🦊" * 100, f" {PASSWORD}", "' OR 1"],
)
def test_odd_passwords_are_refused_in_a_sentence(site: Site, password: str) -> None:
    answer = sign_in(site, site.db.cast.ana.username, password)

    assert answer.status_code == 403
    assert "do not match" in answer.text


@pytest.mark.parametrize("name", ["", "\0", "a\r\nb", "<script>alert(1)</script>", "x" * 5000, "ä"])
def test_odd_names_are_refused_in_a_sentence_and_shown_as_typed(site: Site, name: str) -> None:
    answer = sign_in(site, name, PASSWORD)

    assert answer.status_code == 403
    assert "<script>" not in answer.text


def test_what_is_typed_as_a_name_is_in_no_log_and_no_line_of_the_trail(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sign_in(site, "ana\r\n\x1b[31mFORGED 2026-01-01 record.opened", "FORGED too")
    with site.db.writing() as session:
        columns = TrailLine.__table__.columns
        lines = [str(row) for row in session.execute(select(*columns))]
    assert lines
    assert "FORGED" not in caplog.text + "".join(lines)


def test_a_form_too_large_to_be_ours_is_not_read(site: Site) -> None:
    assert sign_in(site, "ana", "x" * 1_000_000).status_code == 413


@pytest.mark.parametrize("body", [b"", b"%ff%fe", b"a&b&c", b"=;&" * 100, b"\x00\xff" * 50])
def test_what_is_no_form_is_a_wrong_try(site: Site, body: bytes) -> None:
    assert site.browser().post("/login", content=body).status_code == 403


def test_after_five_wrong_tries_the_right_password_waits(site: Site) -> None:
    ana = site.db.cast.ana.username
    for _ in range(5):
        sign_in(site, ana, "not the password")

    assert sign_in(site, ana, PASSWORD).status_code == 403


def test_each_sign_in_gets_a_token_of_its_own(site: Site) -> None:
    browser = site.signed_in(site.db.cast.ana)
    first = browser.cookies["portal"]
    form = {"username": site.db.cast.ana.username, "password": PASSWORD}
    browser.post("/login", data=form)

    assert browser.cookies["portal"] != first
    old = site.browser()
    old.cookies.set("portal", first)
    assert old.get("/").status_code == 303


def test_a_token_that_somebody_chose_is_not_taken_over(site: Site) -> None:
    browser = site.browser()
    browser.cookies.set("portal", "chosen-by-somebody-else")
    form = {"username": site.db.cast.ana.username, "password": PASSWORD}

    answer = browser.post("/login", data=form)
    assert "chosen-by-somebody-else" not in answer.headers["set-cookie"]


def test_signing_out_asks_first_and_then_holds(site: Site) -> None:
    browser = site.signed_in(site.db.cast.ana)
    copied = browser.cookies["portal"]
    assert '<form method="post" action="/logout">' in browser.get("/logout").text
    assert browser.get("/").status_code == 200

    assert browser.post("/logout").headers["location"] == "/login?out=1"
    thief = site.browser()
    thief.cookies.set("portal", copied)
    assert thief.get("/").status_code == 303


def invited(site: Site) -> str:
    """The token of a link for Rob."""
    me = site.db.who(site.db.cast.dina)
    with site.db.writing() as session:
        return people.invite(session, me, site.db.cast.rob.id, NOW)


def test_a_welcome_link_sets_the_first_password_once(site: Site) -> None:
    path = f"/welcome/{invited(site)}"
    browser = site.browser()
    assert "Welcome, Rob River" in browser.get(path).text
    assert browser.get(path).status_code == 200  # looking does not use it up

    answer = browser.post(path, data={"password": NEW, "again": NEW})
    assert answer.headers["location"] == "/login?set=1"
    assert "Your password is set." in browser.get("/login?set=1").text
    assert sign_in(site, site.db.cast.rob.username, NEW).status_code == 303
    again = browser.post(path, data={"password": PASSWORD, "again": PASSWORD})
    assert again.status_code == 404
    assert "Ask your administrator for a new one." in again.text
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize(
    ("password", "again", "says"),
    [
        ("short", "short", "Use at least 15."),
        (NEW, NEW + " ", "The two passwords differ."),
        ("RobRiver RobRiver", "RobRiver RobRiver", "your own name"),
        ("", "", "0 characters"),
    ],
)
def test_a_password_not_good_enough_is_told_and_the_link_still_works(
    site: Site, password: str, again: str, says: str
) -> None:
    path = f"/welcome/{invited(site)}"
    answer = site.browser().post(path, data={"password": password, "again": again})

    assert answer.status_code == 422
    assert says in answer.text
    assert answer.text.count(PASSWORD) == 0
    assert site.browser().get(path).status_code == 200


@pytest.mark.parametrize("token", ["x", "x" * 5000, "a/b", "%00"])
def test_a_made_up_link_does_not_work(site: Site, token: str) -> None:
    assert site.browser().get(f"/welcome/{token}").status_code == 404


def test_one_changes_ones_password_and_is_signed_out_everywhere(site: Site) -> None:
    ana = site.db.cast.ana
    browser, other = site.signed_in(ana), site.signed_in(ana)
    answer = browser.post("/password", data={"present": PASSWORD, "password": NEW, "again": NEW})

    assert answer.headers["location"] == "/login?set=1"
    assert browser.get("/").status_code == 303
    assert other.get("/").status_code == 303
    assert sign_in(site, ana.username, PASSWORD).status_code == 403
    assert sign_in(site, ana.username, NEW).status_code == 303


def test_a_password_is_not_changed_without_the_present_one(site: Site) -> None:
    browser = site.signed_in(site.db.cast.ana)
    form = {"present": "not the present one", "password": NEW, "again": NEW}
    answer = browser.post("/password", data=form)

    assert answer.status_code == 422
    assert "That is not your present password." in answer.text
    assert browser.get("/").status_code == 200


def test_the_present_password_is_no_new_one_and_is_no_wrong_try_either(site: Site) -> None:
    ana = site.db.cast.ana
    browser = site.signed_in(ana)
    same = {"present": PASSWORD, "password": PASSWORD, "again": PASSWORD}
    for _ in range(6):
        answer = browser.post("/password", data=same)
    assert answer.status_code == 422
    assert "This is the password that you have now. Choose another one." in answer.text
    guessed = browser.post("/password", data=same | {"present": "a guess"})
    assert "that you have now" not in guessed.text

    me = site.db.who(site.db.cast.dina)
    with site.db.writing() as session:
        path = f"/welcome/{people.invite(session, me, ana.id, NOW)}"
    answer = browser.post(path, data=same)
    assert (answer.status_code, "that you have now" in answer.text) == (422, True)
    answer = browser.post(path, data={"password": NEW, "again": NEW})
    assert answer.headers["location"] == "/login?set=1"


def test_the_present_password_is_not_to_be_guessed_at_an_open_screen(site: Site) -> None:
    ana = site.db.cast.ana
    browser = site.signed_in(ana)
    site.db.at(NOW + timedelta(minutes=1))
    for _ in range(5):
        browser.post("/password", data={"present": "a guess", "password": NEW, "again": NEW})

    right = browser.post("/password", data={"present": PASSWORD, "password": NEW, "again": NEW})

    assert right.status_code == 422
    assert "There were too many wrong tries." in right.text
    assert sign_in(site, ana.username, PASSWORD).status_code == 403


def test_a_demonstration_says_so_before_one_signs_in(site: Site) -> None:
    assert "made up" not in site.browser().get("/login").text
    with site.db.writing() as session:
        session.add(Installation(name="demo", value="true"))

    assert "Demonstration: every person here is made up." in site.browser().get("/login").text
