"""The family's pass: a cookie of whoever has proved who they are; its digest is with the link."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from portal.config import settings


def name() -> str:
    """`__Host-` binds the cookie to this host and to https; plain http cannot have it."""
    return "__Host-family" if settings().secure_cookies else "family"


def shown(request: Request) -> str:
    """The pass that the browser shows; empty when it has none."""
    return request.cookies.get(name(), "")[:200]


def give(response: Response, pass_token: str) -> None:
    """Let the browser hold it, until it is closed; no script can read it, no other site send it."""
    response.set_cookie(
        name(),
        pass_token,
        path="/",
        httponly=True,
        samesite="strict",
        secure=settings().secure_cookies,
    )


def take_back(response: Response) -> None:
    """Let the browser forget it."""
    response.delete_cookie(
        name(), path="/", httponly=True, samesite="strict", secure=settings().secure_cookies
    )
