"""The gate in front of everything: http requests and each message of a websocket.

Who is here is decided in this file and nowhere else. The cookie's session row is read for
every request and every message, so that signing out, being deactivated, a lock or running out of
time holds at once, in every tab. While a step of signing in is due (`policy.signing_in`), only
that step's own page answers, signing out, and what is open to all. Streamlit learns who is here
by two headers (`server.trustedUserHeaders`); whoever sends such headers themselves finds them
dropped.

What is not listed below does not exist: Streamlit's media files, metrics, agent interface and
its own sign-in are never answered, and a file leaves only through /doc/{id} and
/fhir/consent/{id}.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import anyio.to_thread
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from portal import clock
from portal.access import actor, trail
from portal.access.unit_of_work import unit_of_work
from portal.accounts.queries import LiveSession
from portal.config import settings
from portal.errors import Refused
from portal.policy.signing_in import Step
from portal.policy.tasks import Task, may_do
from portal.web import plain, sessions
from portal.web.headers import secure

HOST = re.compile(r"([a-z0-9.-]+)(?::[0-9]{1,5})?")
STREAM = "/_stcore/stream"
PROTOCOL = "streamlit"
OPEN_TO_ALL = ("/login", "/healthz", "/verify", "/agreements")
OPEN_TO_ALL_UNDER = (
    "/welcome/",
    "/assets/",
    "/calendar/",
    "/consent/",
    "/family/",
    "/verify/",
    "/agreements/",
    "/answer/",
    "/sso/",
)
"""Families and whoever holds a paper have no account: their pages ask for a proof of their own.
The page of agreements is everybody's; an agency answers one referral by the link in a mail,
and a calendar program fetches a person's dates by their secret address."""

STEP_PAGES = {
    Step.UNLOCK: "/unlock",
    Step.SHOW_FACTOR: "/code",
    Step.ENROL: "/authenticator",
    Step.ACKNOWLEDGE: "/confidentiality",
}
"""The page of each step of signing in."""

OURS = (
    "/",
    "/today",
    "/logout",
    "/password",
    "/account",
    "/recovery-codes",
    *STEP_PAGES.values(),
    "/favicon.png",
    "/_stcore/health",
    "/_stcore/host-config",
)
OURS_UNDER = (
    "/try-sign-in/",
    "/doc/",
    "/fhir/",
    "/static/",
    "/_stcore/upload_file/",
    "/_stcore/bidi-components/",
)
NOT_BY_PERSONS = ("/static/", "/favicon.png", "/_stcore/")

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
READING = ("GET", "HEAD")

MESSAGES = ("rerun_script", "stop_script", "app_heartbeat", "file_urls_request")
"""What a browser may say to Streamlit. Others would clear everybody's cache or ask about git."""

LOOK_EVERY = 20.0
"""Seconds after which a silent tab is looked at again, so that it does not outlive its session."""

SIGN_IN_AGAIN = "/login?ended=1"


class Gate:
    """ASGI middleware around the whole portal. pages: each page's address and its task."""

    def __init__(self, app: ASGIApp, pages: Mapping[str, Task]) -> None:
        self.app = app
        self.pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through whom the rules allow; answer the others ourselves."""
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        answering = _Answering(scope["path"], send)
        try:
            answer = await self._answer(scope)
            await (answer or self.app)(scope, receive, answering.send)
        except Exception as error:
            if answering.begun:
                raise
            await plain.failed(error)(scope, receive, answering.send)

    async def _answer(self, scope: Scope) -> Response | None:
        """Our own answer, or None when the request may go on (its headers are then set)."""
        headers, path = Headers(scope=scope), scope["path"]
        if problem := _manners(scope["method"], headers):
            return problem
        if path in OPEN_TO_ALL or path.startswith(OPEN_TO_ALL_UNDER):
            _introduce(scope, None)
            return None
        if path not in OURS and path not in self.pages and not path.startswith(OURS_UNDER):
            return plain.not_found()
        token = sessions.token_in(headers)
        acts = not path.startswith(NOT_BY_PERSONS)
        held = await sessions.who_holds(token, acts=acts, address=_address(scope))
        if held is None:
            return _ask_to_sign_in(scope["method"], path, had_session=bool(token))
        if held.step is not None and path not in (STEP_PAGES[held.step], "/logout"):
            return _finish_first(scope["method"], path, held.step)
        task = self.pages.get(path)
        if task is not None and not may_do(held.role, task):
            return await anyio.to_thread.run_sync(_turn_away, held, task)
        _introduce(scope, held)
        return None

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        token = sessions.token_in(headers)
        known = (
            scope["path"] == STREAM
            and _is_our_host(headers)
            and _is_our_origin(headers)
            and await _holder_or_none(token, _address(scope))
        )
        if not known:
            await receive()
            await _refuse_socket(scope, send)
            return
        conversation = Conversation(token, receive, send, _address(scope))
        if known.step is not None:
            await receive()
            await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
            await conversation.send_away(STEP_PAGES[known.step])
            return
        _introduce(scope, known)
        try:
            await self.app(scope, conversation.receive, conversation.send)
        finally:
            conversation.end()


class Conversation:
    """One open tab: each message passes only while its session holds and no step is due in it."""

    def __init__(self, token: str, receive: Receive, send: Send, address: str = "") -> None:
        self._token = token
        self._address = address
        self._receive = receive
        self._send = send
        self._coming: asyncio.Future[Message] | None = None
        self._over = False

    async def receive(self) -> Message:
        """The next message that may reach Streamlit."""
        while not self._over:
            message = await self._next()
            if message is not None and message["type"] != "websocket.receive":
                return message
            back = _read(message)
            if message is not None and back is None:
                return await self._close(1002)
            acts = back is not None and not back.rerun_script.is_auto_rerun
            if away := await self._must_leave_for(acts=acts, silent=message is None):
                return await self.send_away(away)
            if message is not None and back is not None and _may_pass(back):
                return message
        return {"type": "websocket.disconnect", "code": 1008}

    async def send(self, message: Message) -> None:
        """Pass on what Streamlit says, until the tab has been sent away."""
        if not self._over:
            await self._send(message)

    def end(self) -> None:
        """Nobody waits for the next message any more."""
        if self._coming is not None:
            self._coming.cancel()

    async def _next(self) -> Message | None:
        """The next message, or None when none came for a while; a message is never lost."""
        if self._coming is None:
            self._coming = asyncio.ensure_future(self._receive())
        done, _waiting = await asyncio.wait({self._coming}, timeout=LOOK_EVERY)
        if not done:
            return None
        message, self._coming = self._coming.result(), None
        return message

    async def _must_leave_for(self, *, acts: bool, silent: bool) -> str:
        """Where this tab has to go first; empty while the portal is open to it.

        A silent tab waits until the database can say; a message is not let through on trust.
        """
        try:
            held = await sessions.who_holds(self._token, acts=acts, address=self._address)
        except plain.LOST:
            return "" if silent else SIGN_IN_AGAIN
        if held is None:
            return SIGN_IN_AGAIN
        return "" if held.step is None else STEP_PAGES[held.step]

    async def send_away(self, address: str) -> Message:
        """Let the browser go to this page, and hang up; it says itself from where it comes."""
        leave = ForwardMsg()
        leave.auth_redirect.url = address
        await self._send({"type": "websocket.send", "bytes": leave.SerializeToString()})
        return await self._close(1008)

    async def _close(self, code: int) -> Message:
        self._over = True
        await self._send({"type": "websocket.close", "code": code})
        return {"type": "websocket.disconnect", "code": code}


class _Answering:
    """Completes the headers of an answer, and knows whether it has begun."""

    def __init__(self, path: str, send: Send) -> None:
        self._path = path
        self._send = send
        self.begun = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            secure(MutableHeaders(scope=message), self._path)
        await self._send(message)


async def _refuse_socket(scope: Scope, send: Send) -> None:
    """No socket: as an answer with all our headers, where the server can give one."""
    if "websocket.http.response" not in (scope.get("extensions") or {}):
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = MutableHeaders()
    secure(headers, scope["path"])
    start = {"type": "websocket.http.response.start", "status": 403, "headers": headers.raw}
    await send(start)
    await send({"type": "websocket.http.response.body", "body": b""})


async def _holder_or_none(token: str, address: str) -> LiveSession | None:
    """Who holds the token; nobody when the database cannot say."""
    try:
        return await sessions.who_holds(token, acts=True, address=address)
    except plain.LOST:
        return None


def _address(scope: Scope) -> str:
    """From where it comes; by whom that may be said, the server knows (PORTAL_TRUSTED_PROXIES)."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def _manners(method: str, headers: Headers) -> Response | None:
    if not _is_our_host(headers):
        return PlainTextResponse("This is not the address of the portal. Code 400", 400)
    if method not in METHODS:
        return PlainTextResponse("The portal does not know this method. Code 405", 405)
    if method not in READING and not _is_our_origin(headers):
        return plain.message(
            403,
            "This form came from elsewhere",
            "The portal accepts only what was filled in on its own pages.",
            "Open the page again from the portal and repeat it there.",
        )
    return None


def _is_our_host(headers: Headers) -> bool:
    host = HOST.fullmatch(headers.get("host", "").lower())
    return host is not None and host[1] in {
        settings().public_host.lower(),
        "localhost",
        "127.0.0.1",
    }


def _is_our_origin(headers: Headers) -> bool:
    """Browsers say where a form or a websocket was opened; other sites cannot forge it."""
    try:
        origin = urlsplit(headers.get("origin", ""))
    except ValueError:
        return False
    return origin.scheme in ("http", "https") and origin.netloc == headers.get("host")


def _introduce(scope: Scope, held: LiveSession | None) -> None:
    """Say who is here, in headers that nobody else can have set."""
    theirs = [pair for pair in scope["headers"] if not pair[0].lower().startswith(b"x-portal-")]
    ours = []
    if held is not None:
        ours.append((b"x-portal-subject", str(held.user_id).encode()))
        ours.append((b"x-portal-session", str(held.id).encode()))
    scope["headers"] = theirs + ours
    scope.setdefault("state", {})["held"] = held


def _ask_to_sign_in(method: str, path: str, *, had_session: bool) -> Response:
    if method not in READING or path.startswith(NOT_BY_PERSONS):
        return PlainTextResponse("Sign in first. Code 401", 401)
    told = {"ended": "1"} if had_session else {}
    if path != "/":
        told["next"] = path
    return RedirectResponse("/login" + (f"?{urlencode(told)}" if told else ""), 303)


def _finish_first(method: str, path: str, step: Step) -> Response:
    if method not in READING or path.startswith(NOT_BY_PERSONS):
        return PlainTextResponse("Finish signing in first. Code 401", 401)
    told = f"?{urlencode({'next': path})}" if path != "/" else ""
    return RedirectResponse(STEP_PAGES[step] + told, 303)


def _turn_away(held: LiveSession, task: Task) -> Response:
    try:
        with unit_of_work() as session:
            me = actor.load(session, held.user_id, clock.now(), held.id)
            decision = may_do(held.role, task)
            codes = [str(code) for code in decision.codes]
            entry = trail.Entry("page.refused", False, clock.now(), subject=task, codes=codes)
            trail.write_refusal(session, me, entry)
            decision.or_refuse()
    except Refused as refusal:
        return plain.refused(refusal)
    return plain.not_found()


def _read(message: Mapping[str, Any] | None) -> BackMsg | None:
    if message is None or not message.get("bytes"):
        return None
    back = BackMsg()
    try:
        back.ParseFromString(message["bytes"])
    except DecodeError:
        return None
    return back


def _may_pass(back: BackMsg) -> bool:
    kind = back.WhichOneof("type")
    if kind == "backend_operation_request":
        return bool(back.backend_operation_request.WhichOneof("payload") == "dataframe_chunk")
    return kind in MESSAGES
