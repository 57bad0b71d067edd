"""The gate on http: who gets what, and with which headers."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from portal.config import settings
from portal.store.ledger import TrailLine
from portal.web import sessions
from tests.people import NOW
from tests.web.conftest import HERE, PAGES, Site

OPEN = ["/login", "/healthz", "/assets/plain.css", "/verify", "/consent/any/said-no"]
CLOSED = [*PAGES, "/logout", "/password", "/today", f"/doc/{uuid.UUID(int=1)}"]
NEVER = [
    "/media/abc.pdf",
    "/media/../media/abc.pdf",
    "/%6dedia/abc.pdf",
    "//media/abc.pdf",
    "/component/any/index.html",
    "/_stcore/metrics",
    "/_stcore/script-health-check",
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/mcp",
    "/_stcore/allowed-message-origins",
    "/app/static/anything",
    "/auth/login",
    "/oauth2callback",
    "/index.html",
    "/manifest.json",
    "/pages/log_visit",
    "/LOG_VISIT",
    "/log_visit/",
    "/nonsense",
    "/" + "x" * 5000,
]


@pytest.mark.parametrize("path", OPEN)
def test_open_to_all(site: Site, path: str) -> None:
    assert site.browser().get(path).status_code == 200


@pytest.mark.parametrize("path", CLOSED)
def test_pages_and_documents_send_strangers_to_the_sign_in(site: Site, path: str) -> None:
    answer = site.browser().get(path)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")


@pytest.mark.parametrize("path", ["/static/js/main.js", "/_stcore/host-config", "/_stcore/health"])
def test_what_is_no_page_is_closed_to_strangers(site: Site, path: str) -> None:
    assert site.browser().get(path).status_code == 401


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_uploads_are_closed_to_strangers(site: Site, method: str) -> None:
    answer = site.browser().request(method, "/_stcore/upload_file/session/file", content=b"x")
    assert answer.status_code == 401


@pytest.mark.parametrize("path", NEVER)
def test_what_is_not_listed_does_not_exist_for_anybody(site: Site, path: str) -> None:
    for browser in (site.browser(), site.signed_in(site.db.cast.ana)):
        answer = browser.get(path)
        assert answer.status_code == 404
        assert "There is no page at this address." in answer.text
        assert "Code 404" in answer.text


@pytest.mark.parametrize("path", [*OPEN, *CLOSED, "/nonsense", "/static/a.js", "/media/x"])
@pytest.mark.parametrize("signed_in", [True, False])
def test_every_answer_has_the_headers(site: Site, path: str, signed_in: bool) -> None:
    browser = site.signed_in(site.db.cast.dina) if signed_in else site.browser()
    headers = browser.get(path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval'" not in policy.replace("wasm-unsafe-eval'", "")
    assert "'unsafe-inline'" not in policy.split("script-src")[-1].split(";")[0]
    kept = headers["cache-control"] != "no-store"
    assert not kept or path.startswith(("/static/", "/assets/"))


def test_static_files_may_be_kept_for_ever_and_nothing_else(site: Site) -> None:
    browser = site.signed_in(site.db.cast.ana)
    assert "immutable" in browser.get("/static/a.js").headers["cache-control"]
    assert browser.get("/").headers["cache-control"] == "no-store"


def test_the_person_is_told_to_streamlit_and_what_they_claim_is_dropped(site: Site) -> None:
    ana, sue = site.db.cast.ana, site.db.cast.sue
    forged = {"X-Portal-Subject": str(sue.id), "x-portal-role": "superintendent"}

    told = site.signed_in(ana).get("/", headers=forged).json()

    assert told["x-portal-subject"] == str(ana.id)
    assert set(told) == {"x-portal-subject", "x-portal-session"}


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "", "a@localhost", "[", "LOCALHOST."]
)
def test_another_host_name_is_refused(site: Site, host: str) -> None:
    assert site.browser().get("/login", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "localhost:9000", "127.0.0.1:8501"])
def test_our_host_names_are_known_whatever_the_port(site: Site, host: str) -> None:
    assert site.browser().get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "http://localhost:1"])
@pytest.mark.parametrize("path", ["/login", "/logout", "/password", "/_stcore/upload_file/a/b"])
def test_a_form_from_elsewhere_is_refused(site: Site, path: str, origin: str) -> None:
    browser = site.signed_in(site.db.cast.ana)
    answer = browser.post(path, headers={"Origin": origin}, content=b"")

    assert answer.status_code == 403
    assert browser.get("/").status_code == 200  # still signed in


@pytest.mark.parametrize("method", ["OPTIONS", "PATCH", "TRACE", "CONNECT", "NONSENSE"])
def test_other_methods_are_not_known(site: Site, method: str) -> None:
    assert site.browser().request(method, "/login").status_code == 405


def test_a_page_of_another_role_is_refused_and_noted(site: Site) -> None:
    answer = site.signed_in(site.db.cast.tom).get("/manage_people")

    assert answer.status_code == 403
    assert "Your role does not include this task." in answer.text
    with site.db.writing() as session:
        last = session.scalars(select(TrailLine).order_by(TrailLine.id.desc())).first()
    assert last is not None
    assert (last.event, last.subject, last.user_id) == (
        "page.refused",
        "manage_people",
        site.db.cast.tom.id,
    )


def test_a_session_that_ran_out_says_so(site: Site) -> None:
    browser = site.signed_in(site.db.cast.ana)
    site.db.at(NOW + timedelta(hours=12))

    answer = browser.get("/log_visit")
    assert answer.headers["location"] == "/login?ended=1&next=%2Flog_visit"
    assert "Your session has ended." in browser.get(answer.headers["location"]).text


def test_doing_something_keeps_the_session_alive(site: Site) -> None:
    browser = site.signed_in(site.db.cast.ana)
    for minutes in (10, 20, 30):
        site.db.at(NOW + timedelta(minutes=minutes))
        assert browser.get("/").status_code == 200


def test_what_the_browser_does_by_itself_does_not_keep_it_alive(site: Site) -> None:
    browser = site.signed_in(site.db.cast.ana)
    site.db.at(NOW + timedelta(minutes=10))
    assert browser.get("/_stcore/health").status_code == 200

    site.db.at(NOW + timedelta(minutes=16))
    assert browser.get("/").headers["location"] == "/unlock"


def test_behind_tls_every_cookie_is_secure_and_bound_to_the_host(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_SECURE_COOKIES", "true")
    settings.cache_clear()
    form = {"username": site.db.cast.ana.username, "password": "harbor lantern quiet maple"}
    answer = site.browser().post("/login", data=form)

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-portal=")
    assert all(mark in cookie for mark in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"))
    assert "max-age" in answer.headers["strict-transport-security"]
    token = {"Cookie": cookie.split(";")[0]}
    assert "; Secure" in site.browser().get("/", headers=token).headers["set-cookie"]


def test_our_own_mistake_is_told_by_a_code_that_the_log_has_without_anybodys_data(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    answer = site.signed_in(site.db.cast.ana).get("/static/breaks")

    assert answer.status_code == 500
    code = answer.text.split("Code ")[1][:4]
    assert f"failure {code}: ValueError" in caplog.text
    assert "Luis" not in answer.text + caplog.text
    assert answer.headers["x-frame-options"] == "DENY"


def test_a_lost_database_is_told_in_a_sentence(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    browser = site.signed_in(site.db.cast.ana)
    monkeypatch.setattr(sessions, "_look", _lost)

    answer = browser.get("/")

    assert answer.status_code == 503
    assert "The portal cannot reach its records just now." in answer.text
    assert "secret parameter" not in answer.text + caplog.text


def _lost(*_args: object) -> None:
    raise OperationalError("SELECT", {"name": "secret parameter"}, Exception("gone"))


def test_addresses_with_odd_bytes_end_in_a_sentence(site: Site) -> None:
    browser = site.signed_in(site.db.cast.ana)
    for path in ("/%00", "/doc/%00", "/doc/..%2f..%2fetc", "/welcome/%ff", "/doc/-1", "/doc/1e9"):
        answer = browser.get(path)
        assert answer.status_code == 404
        assert "Code 404" in answer.text


def test_here_is_where_the_tests_are() -> None:
    assert HERE.startswith("http://localhost")
