"""Signing in and out, setting and changing a password: script-free forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import TypeVar
from urllib.parse import urlencode

import anyio.to_thread
from anyio import CapacityLimiter
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal import clock, mail
from portal.access import actor
from portal.access.unit_of_work import reading, unit_of_work
from portal.accounts import passwords, queries, service, unusual
from portal.accounts.authenticator import Authenticator
from portal.accounts.queries import LiveSession
from portal.errors import NotFound, NotReady, Problem, Refused
from portal.policy.signing_in import Step
from portal.store.people import User
from portal.store.places import Organization
from portal.web import forms, plain, sessions

T = TypeVar("T")

DOCUMENT = re.compile(r"/doc/[0-9a-f-]{36}")
OWN_PAGES = ("/account", "/authenticator", "/confidentiality", "/password", "/recovery-codes")
MISMATCH = Problem("The two passwords differ.", "Type the same one twice.", field="again")
TOO_MANY = Problem(
    "There were too many wrong tries.", "After five a name waits 15 minutes.", field="present"
)

_threads = CapacityLimiter(4)  # checking a password takes a core for a third of a second


async def run(work: Callable[..., T], *values: object) -> T:
    """Do it in one of the few threads that signing in may take."""
    return await anyio.to_thread.run_sync(work, *values, limiter=_threads)


def address_of(request: Request) -> str:
    """From where the request comes."""
    return request.client.host if request.client else ""


def where_next(wanted: str, pages: Collection[str]) -> str:
    """Where to go: an address of ours or the first page, never somebody else's."""
    ours = wanted in pages or wanted in OWN_PAGES or DOCUMENT.fullmatch(wanted)
    return wanted if ours else "/"


class SignIn:
    """/login, /logout, /password and /welcome/{token}. pages: where one may go after signing in."""

    def __init__(self, pages: Collection[str]) -> None:
        self.pages = pages

    def where(self, wanted: str) -> str:
        """Where to go: an address of ours or the first page, never somebody else's."""
        return where_next(wanted, self.pages)

    async def login(self, request: Request) -> Response:
        """The form of signing in, and what it sends."""
        wanted = self.where(request.query_params.get("next", ""))
        if request.method == "POST":
            return await self._sign_in(request)
        held = await sessions.who_holds(sessions.token_in(request.headers), acts=False)
        if held is not None and held.step is not Step.UNLOCK:  # then somebody else may sign in
            return RedirectResponse(wanted, 303)
        said = request.query_params
        notice = ""
        if "ended" in said:
            notice = "Your session has ended. Sign in to go on. Code 401"
        elif "set" in said:
            notice = "Your password is set. Sign in with it."
        elif "out" in said:
            notice = "You are signed out."
        return await run(login_page, wanted, notice, "", "", 200)

    async def _sign_in(self, request: Request) -> Response:
        try:
            form = await forms.read(request)
        except Refused as refusal:
            return plain.refused(refusal, 413)
        name, wanted = form.get("username", ""), self.where(form.get("next", ""))
        token = await run(
            try_to_sign_in,
            name,
            form.get("password", ""),
            address_of(request),
            request.headers.get("user-agent", ""),
            sessions.token_in(request.headers),
        )
        if token is None:
            return await run(login_page, wanted, "", service.NOT_SIGNED_IN, name[:200], 403)
        response = RedirectResponse(wanted, 303, background=BackgroundTask(tell_if_unusual, token))
        sessions.give(response, token)
        return response

    async def logout(self, request: Request) -> Response:
        """Ask, then end the session everywhere it is open."""
        if request.method == "POST":
            await run(_sign_out, request.state.held, sessions.token_in(request.headers))
            response = RedirectResponse("/login?out=1", 303)
            sessions.take_back(response)
            return response
        return await run(plain.page, "logout.html")

    async def password(self, request: Request) -> Response:
        """Change one's own password; every session ends, also this one."""
        if request.method != "POST":
            return await run(_password_page, "", [], 200)
        held, address = request.state.held, address_of(request)
        return await self._keep(request, "", lambda form: _change(held, form, address))

    async def welcome(self, request: Request) -> Response:
        """Set a first password by a link that works once."""
        token = request.path_params["token"]
        if request.method != "POST":
            try:
                name = await run(_invited, token)
            except NotFound as gone:
                return plain.message(404, "This link does not work", gone.what, gone.do_next)
            return await run(_password_page, name, [], 200)
        return await self._keep(request, token, lambda form: _accept(token, form))

    async def _keep(
        self, request: Request, token: str, keep: Callable[[dict[str, str]], None]
    ) -> Response:
        try:
            form = await forms.read(request)
            await run(keep, form)
        except NotReady as unready:
            name = await run(_invited, token) if token else ""
            return await run(_password_page, name, unready.problems, 422)
        except NotFound as gone:
            return plain.message(404, "This link does not work", gone.what, gone.do_next)
        except Refused as refusal:
            return plain.refused(refusal, 413)
        response = RedirectResponse("/login?set=1", 303)
        sessions.take_back(response)
        return response


def try_to_sign_in(
    name: str, password: str, address: str, agent: str, old_token: str
) -> str | None:
    """The token of a new session; None when refused, for whatever reason."""
    with unit_of_work() as session:
        attempt = service.open_try(session, name, address, clock.now())
    if attempt is None:
        return None
    right = attempt.check(password)
    with unit_of_work() as session:
        return service.close_try(session, attempt, right, clock.now(), agent, old_token)


def tell_if_unusual(token: str) -> None:
    """Mail whoever has just signed in, when that was not as usual for them."""
    with unit_of_work(reading()) as session:
        letter = unusual.letter(session, service.token_hash(token))
    if letter is not None:
        mail.sent(letter.to, letter.subject, letter.text)


def _sign_out(held: LiveSession, token: str) -> None:
    with unit_of_work() as session:
        me = actor.load(session, held.user_id, clock.now(), held.id)
        if me is not None:
            service.sign_out(session, me, token, clock.now())


def login_page(wanted: str, notice: str, problem: str, name: str, status: int) -> Response:
    """The form of signing in, with a way to each district's own sign-in."""
    with unit_of_work(reading()) as session:
        providers = queries.live_providers(session, clock.now())
    return plain.page(
        "login.html",
        status,
        next=wanted,
        notice=notice,
        problem=problem,
        username=name,
        providers=providers,
        onward=urlencode({"next": wanted}),
    )


def _password_page(name: str, problems: Collection[Problem], status: int) -> Response:
    return plain.page(
        "password.html", status, name=name, problems=problems, shortest=passwords.SHORTEST
    )


def _invited(token: str) -> str:
    with unit_of_work() as session:
        return service.invited(session, token, clock.now()).name


def _accept(token: str, form: dict[str, str]) -> None:
    with unit_of_work() as session:
        user = service.invited(session, token, clock.now())
        about = _about(user, session.get_one(Organization, user.organization_id).name)
    new = _new_password(form, about)
    if same := passwords.unchanged(new, user.password_hash):
        raise NotReady(same)
    password_hash = passwords.hashed(new)
    with unit_of_work() as session:
        service.accept_invitation(session, token, password_hash, clock.now())


def _change(held: LiveSession, form: dict[str, str], address: str) -> None:
    """A wrong present password counts as a wrong try: an open screen is no place to guess it."""
    with unit_of_work() as session:
        user = session.get_one(User, held.user_id)
        me = actor.load(session, held.user_id, clock.now(), held.id)
    if me is None:
        raise Refused("Your account is not active.", "Ask your administrator.")
    new = _new_password(form, _about(user, me.organization_name))
    with unit_of_work() as session:
        attempt = service.open_try(session, user.username, address, clock.now())
    if attempt is None:
        raise NotReady([TOO_MANY])
    present = Authenticator(user.username, user.password_hash)
    try:
        password_hash = present.new_hash(user.username, form.get("present", ""), new)
    except NotReady:
        with unit_of_work() as session:
            service.note_wrong(session, attempt, clock.now())
        raise
    if same := passwords.unchanged(new, user.password_hash):
        with unit_of_work() as session:
            service.note_right(session, attempt)
        raise NotReady(same)
    with unit_of_work() as session:
        service.keep_new_password(session, me, attempt, password_hash, clock.now())


def _new_password(form: dict[str, str], about: tuple[str, ...]) -> str:
    password = form.get("password", "")
    problems = passwords.problems(password, about)
    if password != form.get("again", ""):
        problems.append(MISMATCH)
    if problems:
        raise NotReady(problems)
    return password


def _about(user: User, organization: str) -> tuple[str, ...]:
    return (user.name, user.username, organization)
