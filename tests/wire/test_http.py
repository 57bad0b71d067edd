"""The real portal over http: Streamlit's own doors, behind the gate."""

from __future__ import annotations

import re

import pytest

from portal.web.headers import INDEX
from tests.wire.conftest import Portal

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
