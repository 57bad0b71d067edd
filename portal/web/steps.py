"""What still has to be done before the portal opens, one script-free page for each step.

The gate (web/gate.py) sends people here, and lets them nowhere else until the step is done.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal import clock
from portal.access import actor
from portal.access.actor import Actor
from portal.access.unit_of_work import unit_of_work
from portal.accounts import confidentiality, second_factor, service
from portal.accounts.queries import LiveSession
from portal.accounts.second_factor import Offer
from portal.errors import NotReady, Problem, Refused
from portal.pdf import qr
from portal.policy.signing_in import Step, lately
from portal.store.accounts import UserSession
from portal.store.people import User
from portal.vocabulary import SessionHow
from portal.web import forms, plain
from portal.web.sign_in import address_of, run, where_next

CODE_REFUSED = (
    "That code is not right, was used before, or there were too many tries. "
    "Type the code that your authenticator shows now. After five wrong codes you wait 15 minutes."
)
LOCK_STAYS = (
    "That is not the password, or there were too many tries. "
    "After five wrong tries a name waits 15 minutes."
)
WORDS_CHANGED = "The text has changed since you opened it. Read it again, then accept it."
NOT_TICKED = "Tick the box to say that you have read it and accept it."
ENDED = Refused("Your account is not active.", "Ask your administrator.")


def me_of(session: Session, held: LiveSession, at: datetime) -> Actor:
    """Who holds this sign-in; raises Refused in the instant in which the account ends."""
    me = actor.load(session, held.user_id, at, held.id)
    if me is None:
        raise ENDED
    return me


class Steps:
    """/unlock, /code, /authenticator, /recovery-codes, /confidentiality.

    pages: where one may go afterwards.
    """

    def __init__(self, pages: Collection[str]) -> None:
        self.pages = pages

    def _wanted(self, request: Request) -> str:
        """Where to go on, as the gate says."""
        return where_next(request.query_params.get("next", ""), self.pages)

    def _left(self, request: Request) -> str:
        """The page that was locked: an open tab is sent here without saying which it was."""
        came = urlsplit(request.headers.get("referer", ""))
        if "next" not in request.query_params and came.netloc == request.headers.get("host"):
            return came.path if came.path in self.pages else "/"
        return self._wanted(request)

    async def unlock(self, request: Request) -> Response:
        """Show again who one is, after having been away; what was typed is still there."""
        held: LiveSession = request.state.held
        if held.step is not Step.UNLOCK:
            return RedirectResponse(self._left(request), 303)
        if request.method != "POST":
            return await run(_unlock_page, held, self._left(request), "")
        form = await _form(request)
        wanted = where_next(form.get("next", ""), self.pages)
        if await run(_unlocked, held, form, address_of(request)):
            return RedirectResponse(wanted, 303)
        return await run(_unlock_page, held, wanted, LOCK_STAYS)

    async def code(self, request: Request) -> Response:
        """Show the second factor: at each sign-in, and again before what needs it anew."""
        held: LiveSession = request.state.held
        if not held.has_factor:
            return RedirectResponse(_with("/authenticator", self._wanted(request)), 303)
        if request.method != "POST":
            return await run(_code_page, self._wanted(request), "")
        form = await _form(request)
        wanted = where_next(form.get("next", ""), self.pages)
        if await run(_shown, held, form.get("code", ""), address_of(request)):
            return RedirectResponse(wanted, 303)
        return await run(_code_page, wanted, CODE_REFUSED)

    async def authenticator(self, request: Request) -> Response:
        """Set an authenticator up, the first or another one; then its recovery codes, once."""
        held: LiveSession = request.state.held
        if away := _prove_first(held, "/authenticator"):
            return away
        if request.method != "POST":
            return await run(_offer_page, held, self._wanted(request), "", ())
        form = await _form(request)
        wanted = where_next(form.get("next", ""), self.pages)
        try:
            codes = await run(_confirmed, held, form)
        except NotReady as unready:
            sealed = form.get("sealed", "")
            return await run(_offer_page, held, wanted, sealed, unready.problems)
        return await run(_codes_page, codes, wanted)

    async def recovery_codes(self, request: Request) -> Response:
        """Ten new recovery codes in place of the older ones."""
        held: LiveSession = request.state.held
        if not held.has_factor:
            return RedirectResponse("/authenticator", 303)
        if away := _prove_first(held, "/recovery-codes"):
            return away
        if request.method != "POST":
            return await run(plain.page, "new_codes.html")
        return await run(_codes_page, await run(_made_codes, held), "/account")

    async def confidentiality(self, request: Request) -> Response:
        """Read and accept the duty of confidentiality; later, read it again."""
        held: LiveSession = request.state.held
        due = held.step is Step.ACKNOWLEDGE
        if request.method != "POST":
            return await run(_words_page, due, self._wanted(request), "")
        form = await _form(request)
        wanted = where_next(form.get("next", ""), self.pages)
        if form.get("accepted") != "yes":
            return await run(_words_page, due, wanted, NOT_TICKED)
        if not await run(_acknowledged, held, form.get("words", "")):
            return await run(_words_page, due, wanted, WORDS_CHANGED)
        return RedirectResponse(wanted, 303)


async def _form(request: Request) -> dict[str, str]:
    """What was sent; nothing at all when it is too long to be ours."""
    try:
        return await forms.read(request)
    except Refused:
        return {}


def _with(page: str, wanted: str) -> str:
    return page if wanted == "/" else f"{page}?{urlencode({'next': wanted})}"


def _prove_first(held: LiveSession, page: str) -> Response | None:
    """Whoever changes a second factor has shown one lately, or has just signed in without one."""
    at = clock.now()
    if held.has_factor and not lately(held.factor_at, at):
        return RedirectResponse(_with("/code", page), 303)
    if not held.has_factor and held.step is None and not lately(held.started_at, at):
        return plain.message(
            403,
            "Sign in again first",
            "You signed in more than ten minutes ago, and a second factor locks whoever does not "
            "have it out.",
            "Sign out, sign in again, and come back to this page at once.",
        )
    return None


def _unlocked(held: LiveSession, form: dict[str, str], address: str) -> bool:
    if "code" in form:
        return _unlocked_by_code(held, form["code"], address)
    with unit_of_work() as session:
        name = session.get_one(User, held.user_id).username
        attempt = service.open_try(session, name, address, clock.now())
    if attempt is None:
        return False
    right = attempt.check(form.get("password", ""))
    with unit_of_work() as session:
        return service.unlock(session, held, attempt, right, clock.now())


def _unlocked_by_code(held: LiveSession, code: str, address: str) -> bool:
    """For those who have no password here: the district's own sign-in knows it."""
    with unit_of_work() as session:
        at = clock.now()
        me = me_of(session, held, at)
        right = second_factor.show(session, me, held.id, code, address, at)
        if right:
            service.open_again(session, me, held, at)
    return right


def _shown(held: LiveSession, code: str, address: str) -> bool:
    with unit_of_work() as session:
        at = clock.now()
        me = me_of(session, held, at)
        return second_factor.show(session, me, held.id, code, address, at)


def _confirmed(held: LiveSession, form: dict[str, str]) -> list[str]:
    with unit_of_work() as session:
        at = clock.now()
        me = me_of(session, held, at)
        sealed, code = form.get("sealed", ""), form.get("code", "")
        return second_factor.confirm(session, me, held.id, sealed, code, at)


def _made_codes(held: LiveSession) -> list[str]:
    with unit_of_work() as session:
        at = clock.now()
        return second_factor.new_codes(session, me_of(session, held, at), at)


def _acknowledged(held: LiveSession, words: str) -> bool:
    with unit_of_work() as session:
        at = clock.now()
        return confidentiality.acknowledge(session, me_of(session, held, at), words, at)


def _unlock_page(held: LiveSession, wanted: str, problem: str) -> Response:
    with unit_of_work() as session:
        user = session.get_one(User, held.user_id)
        row = session.get_one(UserSession, held.id)
    by_password = row.how is SessionHow.PASSWORD and user.password_hash is not None
    by = "password" if by_password else "code" if held.has_factor else ""
    status = 403 if problem else 200
    return plain.page("unlock.html", status, name=user.name, by=by, next=wanted, problem=problem)


def _code_page(wanted: str, problem: str) -> Response:
    return plain.page("code.html", 403 if problem else 200, next=wanted, problem=problem)


def _offer_page(
    held: LiveSession, wanted: str, sealed: str, problems: Collection[Problem]
) -> Response:
    with unit_of_work() as session:
        offer = _offer(session, held, sealed)
    return plain.page(
        "authenticator.html",
        422 if problems else 200,
        offer=offer,
        picture=qr.svg_of(offer.uri),
        due=held.step is Step.ENROL,
        another=held.has_factor,
        next=wanted,
        problems=problems,
    )


def _offer(session: Session, held: LiveSession, sealed: str) -> Offer:
    at = clock.now()
    me = me_of(session, held, at)
    if sealed:
        return second_factor.offer_again(session, me, sealed, at)
    return second_factor.offer(session, me, at)


def _codes_page(codes: list[str], wanted: str) -> Response:
    return plain.page("codes.html", codes=codes, next=wanted)


def _words_page(due: bool, wanted: str, problem: str) -> Response:
    return plain.page(
        "confidentiality.html",
        422 if problem else 200,
        due=due,
        words=confidentiality.WORDS,
        version=confidentiality.VERSION,
        sha256=confidentiality.WORDS_SHA256,
        next=wanted,
        problem=problem,
    )
