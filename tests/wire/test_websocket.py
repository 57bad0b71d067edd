"""What a hostile client can do with a raw websocket: nothing."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, text
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus

from portal import clock
from portal.accounts import service
from portal.store.accounts import UserSession
from portal.store.ledger import TrailLine
from portal.store.oversight import DataExport
from portal.store.people import User
from tests.wire.client import kinds, pages_of, session_id_of, text_of
from tests.wire.conftest import PASSWORD, Portal, StartPortal

pytestmark = pytest.mark.wire


def rejected(portal: Portal, *args, **changes) -> int:
    """The status with which opening a tab is refused."""
    with pytest.raises(InvalidStatus) as refusal, portal.tab(*args, **changes):
        pass
    return int(refusal.value.response.status_code)


def token_of(browser) -> str:
    return str(browser.cookies["portal"])


def test_a_signed_in_person_gets_their_own_pages(portal: Portal) -> None:
    with portal.tab(portal.signed_in(portal.cast.ana)) as tab:
        got = tab.open_page()

    assert "Ana Counts" in text_of(got)
    assert "log_visit" in pages_of(got)
    assert "manage_people" not in pages_of(got)


def test_an_anonymous_socket_is_rejected(portal: Portal) -> None:
    assert rejected(portal) == 403


@pytest.mark.parametrize("token", ["x", "x" * 43, "'; drop table user_session", '"'])
def test_a_made_up_cookie_is_rejected(portal: Portal, token: str) -> None:
    browser = portal.browser()
    browser.cookies.set("portal", token)
    assert rejected(portal, browser) == 403


def test_forged_headers_do_not_sign_in(portal: Portal) -> None:
    forged = (("X-Portal-Subject", str(portal.cast.sue.id)), ("X-Portal-Session", "any"))
    assert rejected(portal, headers=forged) == 403


def test_forged_headers_do_not_make_somebody_else_of_me(portal: Portal) -> None:
    browser = portal.signed_in(portal.cast.tom)
    forged = tuple(
        (name, str(portal.cast.sue.id))
        for name in ("X-Portal-Subject", "x-portal-subject", "X-PORTAL-SUBJECT")
    )
    with portal.tab(browser, headers=forged) as tab:
        shown = text_of(tab.open_page())

    assert "Tom Chalk" in shown
    assert "Sue Perin" not in shown


def test_a_copied_cookie_is_worthless_after_signing_out(portal: Portal) -> None:
    browser = portal.signed_in(portal.cast.ana)
    thief = portal.browser()
    thief.cookies.set("portal", token_of(browser))
    with portal.tab(thief) as tab:
        assert "Ana Counts" in text_of(tab.open_page())

    assert browser.post("/logout").status_code == 303

    assert rejected(portal, thief) == 403
    assert thief.get("/").headers["location"] == "/login?ended=1"


def test_somebody_elses_streamlit_session_is_not_taken_over(portal: Portal) -> None:
    with portal.tab(portal.signed_in(portal.cast.ana)) as amys:
        session_id = session_id_of(amys.open_page())
        with portal.tab(portal.signed_in(portal.cast.tom), session_id=session_id) as bobs:
            got = bobs.open_page()

    assert session_id_of(got) != session_id
    assert "Tom Chalk" in text_of(got)
    assert "Ana Counts" not in text_of(got)


def test_a_closed_streamlit_session_is_not_resumed_by_another_sign_in(portal: Portal) -> None:
    with portal.tab(portal.signed_in(portal.cast.ana)) as tab:
        session_id = session_id_of(tab.open_page())
    with portal.tab(portal.signed_in(portal.cast.ana), session_id=session_id) as again:
        assert session_id_of(again.open_page()) != session_id


@pytest.mark.parametrize("name", ["see_student", "pages/see_student"])
def test_a_deep_link_on_a_fresh_server_runs_no_page(start_portal: StartPortal, name: str) -> None:
    fresh = start_portal()
    assert rejected(fresh, path=f"/{name}/_stcore/stream") == 403
    assert rejected(fresh) == 403
    with fresh.tab(fresh.signed_in(fresh.cast.rita)) as tab:  # an agency's: has none of them
        got = tab.open_page(name)

    assert "page_not_found" in kinds(got)
    assert pages_of(got) <= {"", "my_settings", "see_shared", "answer_referral"}


def test_what_is_clicked_after_revocation_never_reaches_streamlit(portal: Portal) -> None:
    browser = portal.signed_in(portal.cast.ana)
    with portal.tab(browser) as tab:
        tab.open_page()
        with portal.writing() as session:
            service.end_session(session, token_of(browser), clock.now())
            lines = session.scalar(select(func.count()).select_from(TrailLine))
        tab.click("$$ID-any-button")
        got = tab.until("nothing more")
        assert tab.is_closed

    assert kinds(got) == ["auth_redirect"]
    assert got[0].auth_redirect.url == "/login?ended=1"
    with portal.writing() as session:
        assert session.scalar(select(func.count()).select_from(TrailLine)) == lines


def test_an_ended_account_is_out_at_its_next_message(portal: Portal) -> None:
    with portal.tab(portal.signed_in(portal.cast.hugo)) as tab:
        assert "Hugo Hill" in text_of(tab.open_page())
        with portal.writing() as session:
            session.get_one(User, portal.cast.hugo.id).active_until = clock.now()
        tab.click("$$ID-any-button")

        assert kinds(tab.until("nothing more")) == ["auth_redirect"]


def test_a_session_past_its_time_is_out_at_its_next_message(portal: Portal) -> None:
    browser = portal.signed_in(portal.cast.dina)
    with portal.tab(browser) as tab:
        tab.open_page()
        with portal.writing() as session:
            row = session.scalar(
                select(UserSession).where(
                    UserSession.token_sha256 == service.token_hash(token_of(browser))
                )
            )
            assert row is not None
            row.expires_at = clock.now()
        tab.click("$$ID-any-button")

        assert kinds(tab.until("nothing more")) == ["auth_redirect"]


def idle(portal: Portal, browser: httpx.Client) -> None:
    """Nobody has touched this sign-in for half an hour."""
    with portal.writing() as session:
        row = session.scalar(
            select(UserSession).where(
                UserSession.token_sha256 == service.token_hash(token_of(browser))
            )
        )
        assert row is not None
        row.seen_at = clock.now() - timedelta(minutes=30)


def test_a_locked_tab_is_sent_to_be_unlocked_and_no_message_gets_through(portal: Portal) -> None:
    browser = portal.signed_in(portal.cast.ana)
    with portal.tab(browser) as tab:
        tab.open_page()
        idle(portal, browser)
        tab.click("$$ID-any-button")
        got = tab.until("nothing more")

    assert kinds(got) == ["auth_redirect"]
    assert got[0].auth_redirect.url == "/unlock"


def test_a_tab_that_wakes_up_locked_learns_where_to_unlock_and_nothing_else(
    portal: Portal,
) -> None:
    browser = portal.signed_in(portal.cast.ana)
    idle(portal, browser)
    with portal.tab(browser) as tab:
        got = tab.until("nothing more")
        assert tab.is_closed

    assert kinds(got) == ["auth_redirect"]
    assert browser.get("/").headers["location"] == "/unlock"
    assert browser.post("/unlock", data={"password": PASSWORD}).status_code == 303
    with portal.tab(browser) as tab:
        assert "Ana Counts" in text_of(tab.open_page())


@pytest.mark.parametrize(
    "kind",
    [
        "clear_cache",
        "set_run_on_save",
        "load_git_info",
        "debug_disconnect_websocket",
        "debug_shutdown_runtime",
    ],
)
def test_messages_that_serve_no_page_are_dropped(portal: Portal, kind: str) -> None:
    with portal.tab(portal.signed_in(portal.cast.sue)) as tab:
        tab.open_page()
        message = BackMsg()
        setattr(message, kind, True)
        tab.send(message)

        assert tab.silent_for(0.5)
        assert "Sue Perin" in text_of(tab.open_page())


@pytest.mark.parametrize("payload", ["install_skills", "dismiss_skills_nudge", "deferred_file"])
def test_operations_that_serve_no_page_are_dropped(portal: Portal, payload: str) -> None:
    with portal.tab(portal.signed_in(portal.cast.sue)) as tab:
        tab.open_page()
        message = BackMsg()
        message.backend_operation_request.request_id = "1"
        getattr(message.backend_operation_request, payload).SetInParent()
        tab.send(message)

        assert tab.silent_for(0.5)


@pytest.mark.parametrize("data", [b"\xff\xff\xff", "text", b"", b"\x0b" * 1000])
def test_what_is_no_message_ends_the_tab(portal: Portal, data: bytes | str) -> None:
    with portal.tab(portal.signed_in(portal.cast.sue)) as tab:
        tab.send_raw(data)
        assert tab.is_closed


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "", "http://localhost", "http://localhost.evil.example"],
)
def test_a_foreign_origin_is_refused_at_once(portal: Portal, origin: str) -> None:
    browser = portal.signed_in(portal.cast.sue)
    begun = time.monotonic()
    for _ in range(10):
        assert rejected(portal, browser, origin=origin) == 403
    assert time.monotonic() - begun < 3  # Streamlit alone asks the internet each time


def test_a_wrong_host_is_refused(portal: Portal) -> None:
    browser = portal.signed_in(portal.cast.sue)
    assert rejected(portal, browser, host="evil.example", origin="http://evil.example") == 403


def elements(messages: list[ForwardMsg], kind: str) -> list[Any]:
    """The elements of this kind that were put on the page, such as selectbox or button."""
    found = [m.delta.new_element for m in messages if m.WhichOneof("type") == "delta"]
    return [getattr(one, kind) for one in found if one.WhichOneof("type") == kind]


def filled_in(messages: list[ForwardMsg], kind: str, purpose: str) -> BackMsg:
    """A form of Take out data as a hostile browser fills it in, and its button pressed."""
    back = BackMsg()
    back.rerun_script.page_name = "export_records"
    boxes = {box.label: box.id for box in elements(messages, "selectbox")}
    texts = {area.label: area.id for area in elements(messages, "text_area")}
    values = {
        boxes["What"]: kind,
        boxes["What for"]: purpose,
        texts["In your own words"]: "To see whether it lets me",
    }
    for widget_id, value in values.items():
        state = back.rerun_script.widget_states.widgets.add()
        state.id, state.string_value = widget_id, value
    [button] = [one for one in elements(messages, "button") if one.label == "Take out"]
    state = back.rerun_script.widget_states.widgets.add()
    state.id, state.trigger_value = button.id, True
    return back


@pytest.mark.parametrize(
    ("kind", "purpose"),
    [
        ("People and their levels of access", "My own work away from the portal"),
        ("people", "own_work"),
        ("Visits", "No purpose of the list"),
        ("\u202eVisits\u200b", "\0"),
        ("x" * 10_000_000, "__proto__"),
    ],
)
def test_a_browser_that_says_what_is_not_on_the_list_takes_nothing_out(
    portal: Portal, kind: str, purpose: str
) -> None:
    with portal.tab(portal.signed_in(portal.cast.ana)) as tab:
        page = tab.open_page("export_records")
        tab.send(filled_in(page, kind, purpose))
        tab.until("script_finished")

    with portal.writing() as session:
        assert session.scalar(select(func.count()).select_from(DataExport)) == 0


def test_a_disabled_button_that_is_pressed_all_the_same_makes_nothing(portal: Portal) -> None:
    with portal.tab(portal.signed_in(portal.cast.ana)) as tab:
        page = tab.open_page("see_my_time")
        [button] = [b for b in elements(page, "button") if b.label.startswith("Make a file")]
        assert button.disabled
        message = BackMsg()
        message.rerun_script.page_name = "see_my_time"
        state = message.rerun_script.widget_states.widgets.add()
        state.id, state.trigger_value = button.id, True
        tab.send(message)
        tab.until("script_finished")

    with portal.writing() as session:
        assert session.scalar(select(func.count()).select_from(DataExport)) == 0


def test_a_tab_shows_a_sentence_and_nobody_when_no_line_can_be_kept(portal: Portal) -> None:
    broken = (
        "CREATE TRIGGER broken BEFORE INSERT ON trail_line "
        "BEGIN SELECT RAISE(ABORT, 'no more lines'); END"
    )
    browser = portal.signed_in(portal.cast.ana)
    with portal.tab(browser) as tab:
        assert "Sample" in str(tab.open_page("see_student"))
    with portal.writing() as session:
        session.execute(text(broken))
    try:
        with portal.tab(browser) as tab:
            told = tab.open_page("see_student")
    finally:
        with portal.writing() as session:
            session.execute(text("DROP TRIGGER broken"))

    assert "Sample" not in str(told)
    assert "There is a problem with the service" in text_of(told)
    assert "Try again." in text_of(told)
