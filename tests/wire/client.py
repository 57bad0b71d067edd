"""A tab without a browser: Streamlit's messages over a raw websocket."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

PATIENCE = 15.0


@contextmanager
def open_tab(
    port: int,
    cookies: dict[str, str],
    *,
    origin: str,
    host: str,
    session_id: str = "",
    path: str = "/_stcore/stream",
    headers: tuple[tuple[str, str], ...] = (),
) -> Iterator[Tab]:
    """A websocket as a browser opens it; raises InvalidStatus when it is rejected."""
    told = ["streamlit", cookies.get("_streamlit_xsrf") or "none"]
    sent = [("Cookie", "; ".join(f"{name}={value}" for name, value in cookies.items()))]
    if origin:
        sent.append(("Origin", origin))
    with (
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line,
        connect(
            f"ws://{host}{path}",
            sock=line,
            additional_headers=[*sent, *headers],
            subprotocols=[*told, session_id] if session_id else told,
            max_size=50_000_000,
        ) as websocket,
    ):
        yield Tab(websocket)


class Tab:
    """One open websocket, and what Streamlit's own script in the browser would do with it."""

    def __init__(self, websocket: ClientConnection) -> None:
        self._socket = websocket

    def send(self, message: BackMsg) -> None:
        """Say this to the portal."""
        self._socket.send(message.SerializeToString())

    def send_raw(self, data: bytes | str) -> None:
        """Send what is no message of Streamlit's."""
        self._socket.send(data)

    def open_page(self, name: str = "") -> list[ForwardMsg]:
        """Ask for a page by its address, and all that comes until it has run."""
        message = BackMsg()
        message.rerun_script.page_name = name
        message.rerun_script.query_string = ""
        self.send(message)
        return self.until("script_finished") + self._rest()

    def click(self, widget_id: str) -> None:
        """Press a button, whatever stands on the page."""
        message = BackMsg()
        state = message.rerun_script.widget_states.widgets.add()
        state.id, state.trigger_value = widget_id, True
        self.send(message)

    def until(self, kind: str) -> list[ForwardMsg]:
        """Everything up to the first message of this kind, or up to the end of the tab."""
        got: list[ForwardMsg] = []
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                data = self._socket.recv(timeout=end - time.monotonic())
            except ConnectionClosed:
                return got
            got.append(ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode()))
            if got[-1].WhichOneof("type") == kind:
                return got
        raise TimeoutError(f"no {kind} came")

    def _rest(self) -> list[ForwardMsg]:
        """What Streamlit adds about itself after a run."""
        got = []
        with suppress(TimeoutError):
            while True:
                data = self._socket.recv(timeout=0.3)
                got.append(ForwardMsg.FromString(data if isinstance(data, bytes) else b""))
        return got

    def silent_for(self, seconds: float) -> bool:
        """Does nothing come for so long?"""
        try:
            self._socket.recv(timeout=seconds)
        except TimeoutError:
            return True
        return False

    @property
    def is_closed(self) -> bool:
        """Has the portal hung up?"""
        try:
            self._socket.recv(timeout=PATIENCE)
        except ConnectionClosed:
            return True
        except TimeoutError:
            return False
        return False


def kinds(messages: list[ForwardMsg]) -> list[str]:
    """What kinds of messages these are."""
    return [message.WhichOneof("type") or "" for message in messages]


def text_of(messages: list[ForwardMsg]) -> str:
    """All HTML that was put on the page."""
    return "\n".join(
        message.delta.new_element.html.body
        for message in messages
        if message.WhichOneof("type") == "delta"
    )


def session_id_of(messages: list[ForwardMsg]) -> str:
    """The id under which Streamlit would resume this tab."""
    return next(m.new_session.initialize.session_id for m in messages if m.HasField("new_session"))


def pages_of(messages: list[ForwardMsg]) -> set[str]:
    """The addresses of the pages in the menu."""
    return {
        page.url_pathname
        for message in messages
        if message.WhichOneof("type") == "navigation"
        for page in message.navigation.app_pages
    }
