"""To a district's own sign-in and back: /sso/{provider}/start, /sso/{provider}/back, and the try.

What must come back as it was sent goes along in a cookie, sealed and for ten minutes. It is Lax,
for the provider's answer is a visit from another site; the session's own cookie is Strict, so a
browser does not send it while that visit lasts. Therefore whoever is signed in gets a page that
leads on to the portal, and is not sent there by the answer itself.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal import clock
from portal.access import actor
from portal.access.unit_of_work import reading, unit_of_work
from portal.accounts import keys, oidc, sign_in_settings, single_sign_on
from portal.accounts.keys import Kept, NotOurs
from portal.accounts.oidc import Identity, NotIdentified, UnderWay, Why
from portal.accounts.service import Beginning
from portal.accounts.sign_in_settings import Tried
from portal.config import settings
from portal.errors import NotFound, PortalError
from portal.policy.tasks import Task
from portal.web import plain, sessions
from portal.web.sign_in import address_of, login_page, run, tell_if_unusual

TEN_MINUTES = timedelta(minutes=10)
NOBODY = uuid.UUID(int=0)

Next = Callable[[str], str]


class SingleSignOn:
    """The routes. where: an address of ours that one may go to, from what was asked for."""

    def __init__(self, where: Next) -> None:
        self.where = where

    async def start(self, request: Request) -> Response:
        """Off to the provider."""
        wanted = self.where(request.query_params.get("next", ""))
        return await run(_start, request.path_params["provider"], wanted, NOBODY)

    async def try_it(self, request: Request) -> Response:
        """Off to the provider, by the administrator who sets it up."""
        held = request.state.held
        return await run(_start_to_try, request.path_params["provider"], held.user_id)

    async def back(self, request: Request) -> Response:
        """Back from the provider: signed in, or not, or tried."""
        response: Response = await run(
            _back,
            request.path_params["provider"],
            dict(request.query_params),
            request.cookies.get(_cookie_name(), ""),
            Beginning(
                address_of(request),
                request.headers.get("user-agent", ""),
                sessions.token_in(request.headers),
            ),
        )
        response.delete_cookie(_cookie_name(), **_cookie_manners())  # type: ignore[arg-type]
        return response


def _start_to_try(provider: str, user_id: uuid.UUID) -> Response:
    try:
        with unit_of_work(reading()) as session:
            me = actor.load(session, user_id, clock.now())
            if me is None:
                return plain.not_found()
            me.may(Task.SET_SIGN_IN).or_refuse()
            standing = sign_in_settings.standing(session, me)
    except PortalError as refusal:
        return plain.refused(refusal)
    if standing is None or str(standing.id) != provider:
        return plain.not_found()
    return _start(provider, "/set_sign_in", user_id)


def _start(provider: str, wanted: str, tries: uuid.UUID) -> Response:
    key = _id(provider)
    if key is None:
        return plain.not_found()
    try:
        with unit_of_work(reading()) as session:
            client = single_sign_on.client(session, key, clock.now(), trying=tries != NOBODY)
        under_way, address = oidc.begin(client)
    except NotFound:
        return plain.not_found()
    except NotIdentified as failed:
        if tries != NOBODY:
            return _tell_try(_tried(key, tries, failed.why))
        return login_page(wanted, "", single_sign_on.NOT_KNOWN, "", 403)
    kept = {**asdict(under_way), "provider": provider, "next": wanted, "tries": str(tries)}
    response = RedirectResponse(address, 303)
    sealed = keys.seal(json.dumps(kept), Kept.SIGN_IN_UNDER_WAY, clock.now())
    seconds = int(TEN_MINUTES.total_seconds())
    response.set_cookie(_cookie_name(), sealed, max_age=seconds, **_cookie_manners())  # type: ignore[arg-type]
    return response


def _back(provider: str, answer: dict[str, str], cookie: str, beginning: Beginning) -> Response:
    key = _id(provider)
    if key is None:
        return plain.not_found()
    kept = _kept(cookie, provider)
    wanted, tries = kept.get("next", "/"), uuid.UUID(kept.get("tries", str(NOBODY)))
    if tries != NOBODY:
        return _tell_try(_tried(key, tries, _found(key, kept, answer, trying=True)))
    with unit_of_work() as session:
        at, address = clock.now(), beginning.address
        attempt = single_sign_on.open_try(session, key, address, at, begun=bool(kept))
    token = None
    if attempt is not None:
        found = _found(key, kept, answer, trying=False)
        with unit_of_work() as session:
            state = kept.get("state", "")
            token = single_sign_on.close_try(session, attempt, found, state, beginning, clock.now())
    if token is None:
        return login_page(wanted, "", single_sign_on.NOT_KNOWN, "", 403)
    response = plain.page("going_on.html", next=wanted)
    response.background = BackgroundTask(tell_if_unusual, token)
    sessions.give(response, token)
    return response


def _found(
    provider_id: uuid.UUID, kept: dict[str, str], answer: dict[str, str], *, trying: bool
) -> Identity | Why:
    """Who came back; what stands against it otherwise."""
    if not kept:
        return Why.NOT_BEGUN_HERE
    under_way = UnderWay(kept["state"], kept["nonce"], kept["verifier"])
    try:
        with unit_of_work(reading()) as session:
            client = single_sign_on.client(session, provider_id, clock.now(), trying=trying)
        return oidc.identify(client, under_way, answer, clock.now())
    except NotFound:
        return Why.NOT_BEGUN_HERE
    except NotIdentified as failed:
        return failed.why


def _tried(provider_id: uuid.UUID, user_id: uuid.UUID, found: Identity | Why) -> Tried | Why:
    with unit_of_work() as session:
        return sign_in_settings.tried(session, provider_id, user_id, found, clock.now())


def _tell_try(told: Tried | Why) -> Response:
    """What the administrator reads: also why not, for they are the one to mend it."""
    if isinstance(told, Why):
        return plain.page("sign_in_tried.html", 422, tried=None, why=WHY[told], code=str(told))
    return plain.page("sign_in_tried.html", tried=told, why="", code="")


def _kept(cookie: str, provider: str) -> dict[str, str]:
    """What this browser took along when it began with this provider; empty when it did not."""
    try:
        told = keys.unseal(cookie, Kept.SIGN_IN_UNDER_WAY, clock.now(), TEN_MINUTES)
    except NotOurs:
        return {}
    kept: dict[str, str] = json.loads(told)
    return kept if kept["provider"] == provider else {}


def _id(provider: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(provider)
    except ValueError:
        return None


def _cookie_name() -> str:
    return f"{sessions.cookie_name()}-sso"


def _cookie_manners() -> dict[str, object]:
    return {
        "path": "/",
        "httponly": True,
        "samesite": "lax",
        "secure": settings().secure_cookies,
    }


WHY = {
    Why.NOT_BEGUN_HERE: "It took longer than ten minutes, or was begun in another browser.",
    Why.OTHER_STATE: "The answer is not to what was asked (state).",
    Why.PROVIDER_SAID_NO: "The provider said no. Is the address to come back to the one above?",
    Why.PROVIDER_UNREACHABLE: "The provider does not answer at this issuer.",
    Why.NOT_SAFE: "The provider names an address that does not begin with https://.",
    Why.NO_TOKEN: "The provider did not take the client ID and secret.",
    Why.NOT_SIGNED: "The token is not signed by a key of the provider.",
    Why.WRONG_ISSUER: "The issuer calls itself otherwise. Copy its address exactly.",
    Why.WRONG_AUDIENCE: "The token is for another client.",
    Why.WRONG_NONCE: "The token is not the answer to this sign-in (nonce).",
    Why.EXPIRED: "The token has run out. Are both clocks right?",
    Why.WRONG_CLAIM: "The token lacks something that OpenID Connect asks for.",
    Why.EMAIL_NOT_VERIFIED: "The provider does not say that the e-mail address is verified.",
    Why.NOT_OURS: "Nobody here has this e-mail address.",
    Why.OTHER_SUBJECT: "The provider names two people with one address.",
    Why.USED_BEFORE: "This answer has been used.",
    Why.PASSWORD_ONLY: "Administrators and superintendents sign in with their password.",
}
