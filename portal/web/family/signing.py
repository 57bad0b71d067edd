"""/consent/{token}: from the link to the signature, one question after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal import clock
from portal.access import actor
from portal.access import family as door
from portal.access.family import Family
from portal.access.unit_of_work import unit_of_work
from portal.accounts import service as accounts
from portal.consents.drafts import DrawnConsent, TypedConsent
from portal.consents.family import service as keeping
from portal.consents.requests import family as requests
from portal.consents.requests import service
from portal.consents.requests.family import Asking, WouldSee
from portal.consents.requests.steps import (
    Step,
    as_kept,
    before,
    filled_in,
    next_key,
    page_problems,
)
from portal.errors import NotFound, NotReady, Problem, Refused
from portal.languages.marks import N_
from portal.pdf import signature as drawn
from portal.policy.papers import same_name
from portal.vocabulary import FamilyLinkKind
from portal.web import forms, plain, sessions
from portal.web.family import checking, identity, pages, passes
from portal.web.family import speech as languages
from portal.web.family.pages import answering, run
from portal.web.family.speech import Speech
from portal.web.headers import FILE_POLICY

SIGN = FamilyLinkKind.SIGN
CHECK = "check"
LONGEST_NAME = 300
LONGEST_REASON = 500
Form = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Sent:
    """What somebody sent, and from where."""

    token: str
    pass_token: str
    form: Form
    address: str
    agent: str


class Signing:
    """The pages of a link to sign."""

    @answering
    async def landing(self, request: Request) -> Response:
        """Who asks, in which language, and who are you?"""
        token = request.path_params["token"]
        if request.method != "POST":
            return await run(_landing, request, token)
        form = await forms.read_all(request, forms.LARGEST_DRAWN)
        found = await run(identity.prove, request, token, SIGN, form)
        if isinstance(found, Response):
            return found
        response = await run(_go_on, request, found)
        passes.give(response, found.pass_token)
        return response

    @answering
    async def question(self, request: Request) -> Response:
        """One question, and its answer."""
        key = request.path_params["key"]
        if request.method != "POST":
            return await run(_question, request, key)
        return await run(_answered, request, await _sent(request), key)

    @answering
    async def check(self, request: Request) -> Response:
        """Check the answers, see what it would open, and sign."""
        if request.method != "POST":
            return await run(_check, request, _shown(request), 200, (), {})
        try:
            sent = await _sent(request, forms.LARGEST_DRAWN)
        except Refused:
            speech = languages.of(request)
            return pages.message(speech, 413, pages.NOT_OPEN, *pages.TOO_LONG)
        return await run(_signed, request, sent)

    @answering
    async def no(self, request: Request) -> Response:
        """Say no; why is asked but need not be told."""
        if request.method != "POST":
            return await run(_no, request)
        return await run(_refused, request, await _sent(request))

    @answering
    async def said_no(self, request: Request) -> Response:
        """The no has arrived."""
        return await run(pages.page, "said_no.html", languages.of(request))

    @answering
    async def hand_over(self, request: Request) -> Response:
        """A member of staff hands the tablet over, and is signed out on it."""
        token = request.path_params["token"]
        staff = sessions.token_in(request.headers)
        held = await sessions.who_holds(staff, acts=True)
        if held is None:
            return RedirectResponse("/login", 303)
        if request.method != "POST":
            return await run(_asks_to_hand_over, token)
        pass_token = await run(_handed_over, held.user_id, staff, token)
        response = RedirectResponse(f"/consent/{token}", 303)
        sessions.take_back(response)
        passes.give(response, pass_token)
        return response

    @answering
    async def logo(self, request: Request) -> Response:
        """The district's own picture, while the link leads somewhere."""
        return await run(_logo, request)


async def _sent(request: Request, largest: int = forms.LARGEST) -> Sent:
    return _shown(request, await forms.read_all(request, largest))


def _shown(request: Request, form: Form | None = None) -> Sent:
    return Sent(
        request.path_params["token"],
        passes.shown(request),
        form or {},
        request.client.host if request.client else "",
        request.headers.get("user-agent", ""),
    )


# Coming in


def _landing(request: Request, token: str) -> Response:
    at = clock.now()
    asking = None
    with unit_of_work() as session:
        _link, came = identity.came_by(session, request, token, SIGN, at)
        try:
            who = door.holder(session, token, passes.shown(request), at)
            asking = requests.read(session, who, came.speech.code, at)
        except Refused:
            pass  # it asks who they are
    if asking is not None:
        return pages.go(_address(token, next_key(asking.steps, asking.answers)), came.speech)
    return identity.page(came, away="away" in request.query_params)


def _go_on(request: Request, let_in: identity.LetIn) -> Response:
    """To the first question that is open, or to what was sent when the time ran out."""
    came = let_in.came
    sent = Sent(came.token, let_in.pass_token, let_in.form, "", "")
    if let_in.key == CHECK:
        return _check(request, sent, 200, (), let_in.form)
    if let_in.key:
        return _answered(request, sent, let_in.key)
    at = clock.now()
    with unit_of_work() as session:
        who = door.holder(session, came.token, let_in.pass_token, at)
        asking = requests.read(session, who, came.speech.code, at)
        service.answer(session, who, {}, came.speech.code, at)
    return pages.go(_address(came.token, next_key(asking.steps, asking.answers)), came.speech)


def _address(token: str, key: str) -> str:
    return f"/consent/{token}/{key}"


def _came_late(request: Request, sent: Sent, key: str, at: datetime) -> Response:
    """The pass has run out: ask again who they are, and carry along what they sent."""
    with unit_of_work() as session:
        _link, came = identity.came_by(session, request, sent.token, SIGN, at)
    if not sent.form:
        return pages.go(f"{came.address}?away=1", came.speech)
    return identity.page(came, 403, away=True, kept=identity.kept_fields(key, sent.form))


# One question


def _open(request: Request, sent: Sent, at: datetime) -> tuple[Family, Asking, Speech] | None:
    """The request as its holder meets it; None when the pass has run out."""
    with unit_of_work() as session:
        try:
            who = door.holder(session, sent.token, sent.pass_token, at)
        except Refused:
            return None
        speech = _speech(request, sent, who)
        return who, requests.read(session, who, speech.code, at), speech


def _speech(request: Request, sent: Sent, who: Family) -> Speech:
    """The page's language; a button of another language sends it along with the answers."""
    wanted = _one(sent.form, "lang")
    if wanted in languages.offered():
        return languages.chosen(request, wanted)
    return languages.of(request, who.link.language)


def _question(request: Request, key: str) -> Response:
    at, sent = clock.now(), _shown(request)
    opened = _open(request, sent, at)
    if opened is None:
        return _came_late(request, sent, key, at)
    _who, asking, speech = opened
    return _show(sent.token, asking, speech, _step(asking, key), asking.answers.get(key) or {})


def _step(asking: Asking, key: str) -> Step:
    page = asking.step(key)
    if page is None:
        raise NotFound(*pages.NO_PAGE)
    return page


def _show(
    token: str,
    asking: Asking,
    speech: Speech,
    step: Step,
    filled: Mapping[str, Any],
    problems: Sequence[Problem] = (),
) -> Response:
    way = [page.key for page in asking.steps if page.needed]
    back = before(asking.steps, step.key)
    return pages.page(
        "question.html",
        speech,
        422 if problems else 200,
        problems=problems,
        base=f"/consent/{token}",
        district=asking.district,
        office=asking.form.office,
        form="answer",
        asking=asking,
        step=step,
        filled=filled,
        place=way.index(step.key) + 1 if step.key in way else 0,
        places=len(way) + 1,
        back=back,
    )


def _answered(request: Request, sent: Sent, key: str) -> Response:
    at = clock.now()
    opened = _open(request, sent, at)
    if opened is None:
        return _came_late(request, sent, key, at)
    _who, asking, speech = opened
    step = _step(asking, key)
    filled = filled_in(step, sent.form)
    starts_on = asking.partners[step.number - 1].asked.starts_on
    problems = page_problems(step, filled, starts_on, asking.today, speech.code)
    if _one(sent.form, "lang"):  # what was ticked so far goes along to the other language
        return _show(sent.token, asking, speech, step, filled)
    if problems:
        return _show(sent.token, asking, speech, step, filled, problems)
    kept = {key: as_kept(step, filled, speech.code)}
    with unit_of_work() as session:
        who = door.holder(session, sent.token, sent.pass_token, at)
        service.answer(session, who, kept, speech.code, at)
    after = next_key(asking.steps, {**asking.answers, **kept}, key)
    return pages.go(_address(sent.token, after), speech)


# Check, and sign


def _check(
    request: Request, sent: Sent, status: int, problems: Sequence[Problem], typed: Form
) -> Response:
    at = clock.now()
    opened = _open(request, sent, at)
    if opened is None:
        return _came_late(request, sent, CHECK, at)
    _who, asking, speech = opened
    missing = next_key(asking.steps, asking.answers)
    if missing != CHECK:
        return pages.go(_address(sent.token, missing), speech)
    with unit_of_work() as session:
        who = door.holder(session, sent.token, sent.pass_token, at)
        service.answer(session, who, {}, speech.code, at)
        seen = requests.would_see(session, who, asking, at)
    return _check_page(sent.token, who, asking, speech, seen, status, problems, typed)


def _check_page(
    token: str,
    who: Family,
    asking: Asking,
    speech: Speech,
    seen: Sequence[WouldSee],
    status: int,
    problems: Sequence[Problem],
    typed: Form,
) -> Response:
    return pages.page(
        "check.html",
        speech,
        status,
        drawing=True,
        problems=problems,
        base=f"/consent/{token}",
        district=asking.district,
        office=asking.form.office,
        form="sign",
        asking=asking,
        partners=[
            (of, checking.rows(asking, of, speech), asking.reading(of.number))
            for of in asking.partners
        ],
        screens=[checking.screen(one, speech, who.tz) for one in seen],
        yes=checking.says_yes(asking),
        back=before(asking.steps, CHECK),
        name=_one(typed, "name")[:LONGEST_NAME],
        agree=bool(_one(typed, "agree")),
        strokes="" if any(p.field == "signature" for p in problems) else _one(typed, "strokes"),
        pad=(drawn.WIDTH, drawn.HEIGHT),
        signing=requests.signing_words(asking),
    )


def _one(form: Form, name: str) -> str:
    values = form.get(name) or [""]
    return values[-1]


def _signed(request: Request, sent: Sent) -> Response:
    at = clock.now()
    try:
        opened = _open(request, sent, at)
    except NotFound:
        return _signed_before(request, sent, at)
    if opened is None:
        return _came_late(request, sent, CHECK, at)
    _who, asking, speech = opened
    if _one(sent.form, "lang"):
        return _check(request, sent, 200, (), sent.form)
    signature, problems = _signature(sent.form, asking)
    if problems:
        return _check(request, sent, 422, problems, sent.form)
    try:
        kept = _sign(sent, speech, signature, at)
    except NotReady as unready:
        return _check(request, sent, 422, unready.problems, sent.form)
    except NotFound:
        return _signed_before(request, sent, at)
    return pages.go(f"/family/{kept}/signed", speech)


def _sign(sent: Sent, speech: Speech, signature: TypedConsent | DrawnConsent, at: datetime) -> str:
    with unit_of_work() as session:
        who = door.holder(session, sent.token, sent.pass_token, at)
        service.answer(session, who, {}, speech.code, at)
        asking = requests.read(session, who, speech.code, at)
        interpreter = asking.request.interpreter
        evidence = service.evidence_of(who, sent.address, sent.agent, interpreter, speech.code)
        service.sign(session, who, asking.given(), signature, evidence, at)
        return keeping.follow(session, who, sent.token, sent.pass_token, speech.code, at)


def _signed_before(request: Request, sent: Sent, at: datetime) -> Response:
    """A second click arrives where the first one did; anybody else learns that it is over."""
    kept = door.kept_token(sent.token, sent.pass_token)
    with unit_of_work() as session:
        try:
            door.holder(session, kept, sent.pass_token, at)
        except (NotFound, Refused):
            door.find(session, sent.token, at)  # raises, and tells how the link came to its end
    return pages.go(f"/family/{kept}/signed", languages.of(request))


def _signature(form: Form, asking: Asking) -> tuple[TypedConsent | DrawnConsent, list[Problem]]:
    """What was signed with, and why it is no signature."""
    name, agree = _one(form, "name")[:LONGEST_NAME].strip(), bool(_one(form, "agree"))
    problems = list(_name_problems(name, asking))
    if not agree:
        problems.append(
            Problem(N_("You have not said that you agree."), N_("Tick the box."), "agree")
        )
    signature: TypedConsent | DrawnConsent = TypedConsent(name, agree)
    sent = _one(form, "strokes").strip()
    if sent and sent != "[]":
        try:
            strokes = drawn.parse(sent)
        except NotReady as unready:
            return signature, [*problems, *unready.problems]
        problems += drawn.problems(strokes)
        signature = DrawnConsent(name, strokes, agree)
    return signature, problems


def _name_problems(name: str, asking: Asking) -> Sequence[Problem]:
    if not name:
        return [Problem(N_("Your name is missing."), N_("Type your full name."), "name")]
    wanted = asking.signer.name if asking.signer else ""
    if wanted and not same_name(name, wanted):
        return [
            Problem(
                N_("This is not the name that the school has."),
                N_("Type it as it is written above the field."),
                "name",
            )
        ]
    return []


# No


def _no(request: Request) -> Response:
    at, sent = clock.now(), _shown(request)
    opened = _open(request, sent, at)
    if opened is None:
        return _came_late(request, sent, "", at)
    _who, asking, speech = opened
    return pages.page(
        "no.html",
        speech,
        base=f"/consent/{sent.token}",
        district=asking.district,
        office=asking.form.office,
        asking=asking,
        back=next_key(asking.steps, asking.answers),
    )


def _refused(request: Request, sent: Sent) -> Response:
    at = clock.now()
    try:
        with unit_of_work() as session:
            who = door.holder(session, sent.token, sent.pass_token, at)
            speech = _speech(request, sent, who)
            service.refuse(session, who, _one(sent.form, "reason")[:LONGEST_REASON], at)
    except Refused:
        return _came_late(request, replace(sent, form={}), "", at)
    response = pages.go(f"/consent/{sent.token}/said-no", speech)
    passes.take_back(response)
    return response


# A tablet at school


def _asks_to_hand_over(token: str) -> Response:
    with unit_of_work() as session:
        door.find(session, token, clock.now())
    return plain.page("hand_over.html", token=token)


def _handed_over(user_id: Any, staff: str, token: str) -> str:
    at = clock.now()
    with unit_of_work() as session:
        me = actor.load(session, user_id, at)
        if me is None:
            raise Refused(N_("Your account is not active."), N_("Ask your administrator."))
        pass_token = service.hand_over(session, me, token, at)
        accounts.sign_out(session, me, staff, at)
    return pass_token


def _logo(request: Request) -> Response:
    with unit_of_work() as session:
        _link, came = identity.came_by(
            session, request, request.path_params["token"], SIGN, clock.now()
        )
    content = came.form.logo if came.form else b""
    if not content:
        raise NotFound(*pages.NO_PAGE)
    kind = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    return Response(content, media_type=kind, headers={"Content-Security-Policy": FILE_POLICY})
