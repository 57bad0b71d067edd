"""The real portal over http: Streamlit's own doors, behind the gate."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from starlette.routing import BaseRoute
from websockets.exceptions import InvalidStatus

from portal.ui import navigation
from portal.web.headers import INDEX
from portal.web.routes import routes
from tests.wire.conftest import PASSWORD, Portal

pytestmark = pytest.mark.wire

SHUT = [
    "/media/0123456789abcdef.pdf",
    "/component/any/index.html",
    "/_stcore/metrics",
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/mcp",
    "/_stcore/agent/interact",
    "/_stcore/script-health-check",
    "/app/static/x",
    "/auth/login",
    "/auth/logout",
    "/oauth2callback",
    "/nonsense",
    "/see_student/_stcore/agent/mcp",
]


@pytest.mark.parametrize("path", SHUT)
def test_streamlits_side_doors_are_shut_for_everybody(portal: Portal, path: str) -> None:
    for browser in (portal.browser(), portal.signed_in(portal.cast.sue)):
        for method in ("GET", "POST"):
            answer = browser.request(method, path)
            assert answer.status_code == 404
            assert "Code 404" in answer.text


def test_a_stranger_gets_no_bundle_and_no_index(portal: Portal) -> None:
    script = re.search(r'src="\.(/static/js/index[^"]+)"', INDEX.read_text())
    assert script is not None

    stranger, sue = portal.browser(), portal.signed_in(portal.cast.sue)
    assert stranger.get(script[1]).status_code == 401
    assert stranger.get("/").status_code == 303
    assert "immutable" in sue.get(script[1]).headers["cache-control"]
    assert sue.get("/").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_uploads_need_a_session(portal: Portal, method: str) -> None:
    answer = portal.browser().request(method, "/_stcore/upload_file/any/file", content=b"x")
    assert answer.status_code == 401


def test_an_upload_needs_streamlits_own_token_as_well(portal: Portal) -> None:
    answer = portal.signed_in(portal.cast.sue).put("/_stcore/upload_file/any/file", content=b"x")
    assert answer.status_code == 403


def test_a_page_has_the_one_script_that_the_policy_names_and_no_other(portal: Portal) -> None:
    answer = portal.signed_in(portal.cast.sue).get("/")

    assert answer.text.count("<script>") == 1
    assert answer.headers["content-security-policy"].count("'sha256-") == 1


def test_a_page_of_another_role_is_refused_by_its_address(portal: Portal) -> None:
    answer = portal.signed_in(portal.cast.tom).get("/manage_people")

    assert answer.status_code == 403
    assert "Your role does not include this task." in answer.text


def test_the_server_does_not_say_what_it_is(portal: Portal) -> None:
    assert "server" not in portal.browser().get("/login").headers


EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
ODD = ("/nonsense", "/static/none.js", "/assets/none.css", "/_stcore/upload_file/a/b", "/doc/x")


def paths_of(routes: Iterable[BaseRoute]) -> list[str]:
    """The address of each route that there is, with something in place of what it is asked for."""
    return [re.sub(r"{[^}]*}", "x", str(getattr(route, "path", ""))) for route in routes]


def test_every_route_there_is_answers_with_the_full_set_of_headers(portal: Portal) -> None:
    """Pages, plain routes, assets, files, errors, other methods, uploads, and the socket itself."""
    pages = navigation.addresses()
    addresses = [*pages, *paths_of(routes(pages)), *SHUT, *ODD, "/_stcore/stream"]
    assert len(addresses) > 80

    for browser in (portal.signed_in(portal.cast.sue), portal.browser()):
        for address, method in [(one, "GET") for one in addresses] + [
            ("/login", "PATCH"),  # 405
            ("/agreements", "DELETE"),
            ("/_stcore/upload_file/a/b", "PUT"),
            ("/login", "POST"),
        ]:
            if address == "/logout":
                continue
            answer = browser.request(method, address)
            told = {name: answer.headers.get(name) for name in EVERYWHERE}
            assert told == EVERYWHERE, (method, address, answer.status_code)
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], address
            assert answer.headers["cache-control"] == "no-store" or address.startswith(
                ("/static/", "/assets/")
            ), address
            assert "server" not in answer.headers


def test_a_socket_that_is_refused_has_them_too(portal: Portal) -> None:
    with pytest.raises(InvalidStatus) as refused, portal.tab():
        pass

    answer = refused.value.response
    assert answer.status_code == 403
    assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert answer.headers["cache-control"] == "no-store"


def test_where_somebody_comes_from_is_taken_from_the_proxy_of_this_machine(portal: Portal) -> None:
    forwarded = {"X-Forwarded-For": "127.0.0.1, 203.0.113.9"}
    form = {"username": portal.cast.sue.username, "password": PASSWORD}
    browser = portal.browser()
    assert browser.post("/login", data=form, headers=forwarded).status_code == 303

    page = browser.get("/account").text
    assert "outside (203.0.113.9)" in page
