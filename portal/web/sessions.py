"""The cookie, and who holds it: asked anew for every request and every message."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie

import anyio.to_thread
from anyio import CapacityLimiter
from starlette.datastructures import Headers
from starlette.responses import Response

from portal import clock
from portal.access.unit_of_work import reading, unit_of_work
from portal.accounts import service
from portal.accounts.queries import LiveSession
from portal.config import settings
from portal.policy.signing_in import Step

_threads = CapacityLimiter(20)


def cookie_name() -> str:
    """`__Host-` binds the cookie to this host and to https; plain http cannot have it."""
    return "__Host-portal" if settings().secure_cookies else "portal"


def token_in(headers: Headers) -> str:
    """The session token that the browser sent; empty when there is none."""
    cookies = SimpleCookie()
    try:
        cookies.load(headers.get("cookie", ""))
    except CookieError:
        return ""
    found = cookies.get(cookie_name())
    return found.value if found else ""


def give(response: Response, token: str) -> None:
    """Let the browser hold this session; no script can read it, no other site can send it."""
    response.set_cookie(
        cookie_name(),
        token,
        path="/",
        httponly=True,
        samesite="strict",
        secure=settings().secure_cookies,
    )


def take_back(response: Response) -> None:
    """Let the browser forget its session."""
    response.delete_cookie(
        cookie_name(),
        path="/",
        httponly=True,
        samesite="strict",
        secure=settings().secure_cookies,
    )


async def who_holds(token: str, *, acts: bool, address: str = "") -> LiveSession | None:
    """The session of this token when it still holds. acts: the person did something just now.

    address: from where it is used.
    """
    if not token:
        return None
    return await anyio.to_thread.run_sync(_look, token, acts, address, limiter=_threads)


def _look(token: str, acts: bool, address: str) -> LiveSession | None:
    at = clock.now()
    with unit_of_work(reading()) as session:
        held = service.who_holds(session, token, at, address)
    if held is None or held.step is Step.UNLOCK:  # what is locked is not kept awake
        return held
    if acts and at - held.seen_at > service.SEEN_AGAIN:
        with unit_of_work() as session:
            service.note_seen(session, held, at)
    return held
