"""/account: where one is signed in, one's password and second factor; a script-free page."""

from __future__ import annotations

import uuid
from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal import clock
from portal.access.unit_of_work import reading, unit_of_work
from portal.accounts import own
from portal.accounts.queries import LiveSession
from portal.errors import NotFound, Refused
from portal.ui import when
from portal.web import forms, plain, sessions
from portal.web.sign_in import run
from portal.web.steps import me_of

EARLIER = 10
"""Sign-ins that have ended, as many as are shown."""

SAID = {"ended": "That sign-in has ended."}


async def account(request: Request) -> Response:
    """My account, and what its buttons send."""
    held: LiveSession = request.state.held
    if request.method != "POST":
        said = SAID.get(request.query_params.get("said", ""), "")
        return await run(_page, held, said, "")
    try:
        form = await forms.read(request)
    except Refused as refusal:
        return plain.refused(refusal, 413)
    if form.get("act") == "everywhere":
        await run(_end_everywhere, held)
        response = RedirectResponse("/login?out=1", 303)
        sessions.take_back(response)
        return response
    try:
        await run(_end, held, form.get("sign_in", ""))
    except NotFound as gone:
        return await run(_page, held, "", f"{gone.what} {gone.do_next}")
    return RedirectResponse("/account?said=ended", 303)


def _end_everywhere(held: LiveSession) -> None:
    with unit_of_work() as session:
        at = clock.now()
        own.end_everywhere(session, me_of(session, held, at), at)


def _end(held: LiveSession, sign_in: str) -> None:
    try:
        key = uuid.UUID(sign_in)
    except ValueError:
        raise own.GONE from None
    with unit_of_work() as session:
        at = clock.now()
        own.end(session, me_of(session, held, at), key, at)


def _page(held: LiveSession, said: str, problem: str) -> Response:
    at = clock.now()
    with unit_of_work(reading()) as session:
        me = me_of(session, held, at)
        mine = own.account(session, me, held.id, at)

    def told(moment: datetime) -> str:
        return when.moment(moment, at, me.tz)

    def day(moment: datetime) -> str:
        return when.day_of(moment, at, me.tz)

    return plain.page(
        "account.html",
        404 if problem else 200,
        mine=mine,
        open=[line for line in mine.sign_ins if line.open],
        earlier=[line for line in mine.sign_ins if not line.open][:EARLIER],
        told=told,
        day=day,
        said=said,
        problem=problem,
    )
