"""The calendar of one person, at an address that only they know; programs fetch it.

The address is a secret like a password: it is kept as its hash, and stands in no log.
"""

from __future__ import annotations

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.errors import NotFound
from portal.notifications import feed
from portal.web import plain

TYPE = "text/calendar; charset=utf-8"


async def calendar(request: Request) -> Response:
    """The file; 404 alike for whatever is not the address of somebody's calendar today."""
    name = request.path_params["secret"]
    if not name.endswith(".ics"):
        return plain.not_found()
    try:
        content = await anyio.to_thread.run_sync(_read, name.removesuffix(".ics"))
    except NotFound as missing:
        return plain.message(404, "Calendar not found", missing.what, missing.do_next)
    return Response(content, media_type=TYPE)


def _read(secret: str) -> bytes:
    with unit_of_work() as session:
        return feed.calendar(session, secret, clock.now())
