"""/family/{token}: a family's own page. What is shared, taking it back, who has seen the record."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from portal import clock
from portal.access import documents
from portal.access import family as door
from portal.access.family import Family
from portal.access.unit_of_work import unit_of_work
from portal.consents import addresses
from portal.consents.family import queries, service
from portal.consents.family.service import Scope
from portal.errors import Refused
from portal.pdf import qr
from portal.policy.accounting import Law
from portal.stewardship.accounting.service import Made, list_for_family
from portal.stewardship.accounting.words import TITLES
from portal.stewardship.family import queries as openings
from portal.store.people import Student
from portal.vocabulary import Category, FamilyLinkKind, IdentityCheck
from portal.web import forms
from portal.web.family import identity, pages, passes, telling
from portal.web.family import speech as languages
from portal.web.family.pages import answering, run
from portal.web.family.speech import Speech
from portal.web.headers import FILE_POLICY

KEEP = FamilyLinkKind.KEEP
T = TypeVar("T")
Form = Mapping[str, Sequence[str]]


class Keeping:
    """The pages of a link to keep an eye on what was signed."""

    @answering
    async def start(self, request: Request) -> Response:
        """Who are you? Then: what is shared with whom, why, until when."""
        if request.method != "POST":
            return await run(_start, request)
        form = await forms.read_all(request)
        found = await run(identity.prove, request, request.path_params["token"], KEEP, form)
        if isinstance(found, Response):
            return found
        response = pages.go(found.came.address, found.came.speech)
        passes.give(response, found.pass_token)
        return response

    @answering
    async def signed(self, request: Request) -> Response:
        """What was agreed just now, with its receipts."""
        return await run(_just_signed, request)

    @answering
    async def take_back(self, request: Request) -> Response:
        """Ask once, then take it back at this instant."""
        if request.method != "POST":
            return await run(_ask_once, request)
        return await run(_take_back, request, await forms.read_all(request))

    @answering
    async def seen(self, request: Request) -> Response:
        """Who has seen the record."""
        return await run(_seen, request)

    @answering
    async def listed(self, request: Request) -> Response:
        """Who has seen the record, as a PDF to keep, for one law or for all."""
        return await run(_listed, request)

    @answering
    async def paper(self, request: Request) -> Response:
        """A receipt, as the exact bytes that are kept."""
        return await run(_paper, request)

    @answering
    async def leave(self, request: Request) -> Response:
        """Close it on this device."""
        return await run(_leave, request)


def _with(
    request: Request, work: Callable[[Session, Family, Speech, datetime], T]
) -> tuple[Family, Speech, T] | Response:
    """The work for whoever holds the pass; the page that asks who they are when nobody does."""
    at, token = clock.now(), request.path_params["token"]
    with unit_of_work() as session:
        _link, came = identity.came_by(session, request, token, KEEP, at)
        who = _holder(session, token, passes.shown(request), at)
        done = work(session, who, came.speech, at) if who else None
    if who is None or done is None:
        start = request.url.path == came.address
        return identity.page(came) if start else pages.go(came.address, came.speech)
    return who, came.speech, done


def _holder(session: Session, token: str, pass_token: str, at: datetime) -> Family | None:
    try:
        return door.holder(session, token, pass_token, at)
    except Refused:
        return None


def _start(request: Request) -> Response:
    found = _with(request, lambda session, who, _speech, at: queries.shared(session, who, at))
    if isinstance(found, Response):
        return found
    who, speech, shared = found
    token = request.path_params["token"]
    return pages.page(
        "keep.html",
        speech,
        base=f"/family/{token}",
        district=who.district,
        who=who,
        students=[(_handle(token, of.student), of, telling.by_partner(of)) for of in shared],
        telling=telling.Telling(speech),
        in_person=who.identity_check is IdentityCheck.IN_PERSON,
        done=request.query_params.get("done", "") in ("1", "0") and request.query_params["done"],
    )


def _handle(token: str, student: Student) -> str:
    """What a student is called in an address: it names nobody, and means nothing elsewhere."""
    return hmac.new(token.encode(), student.id.bytes, hashlib.sha256).hexdigest()[:16]


def _just_signed(request: Request) -> Response:
    def ask(session: Session, who: Family, _speech: Speech, at: datetime) -> Any:
        signings = queries.signed_just_now(session, who)
        return signings, queries.shared(session, who, at) if signings else ()

    found = _with(request, ask)
    if isinstance(found, Response):
        return found
    who, speech, (signings, shared) = found
    token = request.path_params["token"]
    if not signings:
        return pages.go(f"/family/{token}", speech)
    ids = {signing.id for signing in signings}
    own = addresses.family_url(token)
    return pages.page(
        "signed.html",
        speech,
        base=f"/family/{token}",
        district=who.district,
        signings=signings,
        consents={
            signing.id: [
                (of.student, consent)
                for of in shared
                for consent in of.consents
                if consent.signing_id == signing.id
            ]
            for signing in signings
        },
        ids=ids,
        telling=telling.Telling(speech),
        own=own,
        picture=qr.svg(own),
        in_person=who.identity_check is IdentityCheck.IN_PERSON,
    )


# Taking back


def _scope(token: str, who: Family, told: Callable[[str], str]) -> Scope:
    """What a form or an address asks for. Raises NotFound when it makes no sense."""
    student = next((s for s in who.students if _handle(token, s) == told("of")), None)
    if student is None:
        raise service.NOTHING_HERE
    try:
        partner = uuid.UUID(told("with")) if told("with") else None
        kind = Category(told("kind")) if told("kind") else None
    except ValueError:
        raise service.NOTHING_HERE from None
    return Scope(student.id, partner, told("number")[:20], kind)


def _ask_once(request: Request) -> Response:
    token = request.path_params["token"]

    def told(name: str) -> str:
        return request.query_params.get(name, "")

    def ask(session: Session, who: Family, _speech: Speech, at: datetime) -> Any:
        scope = _scope(token, who, told)
        return scope, service.within(session, who, scope, at)

    found = _with(request, ask)
    if isinstance(found, Response):
        return found
    who, speech, (scope, (student, consents)) = found
    fields = [(name, told(name)) for name in ("of", "with", "number", "kind")]
    return pages.page(
        "take_back.html",
        speech,
        base=f"/family/{token}",
        district=who.district,
        scope=scope,
        student=student,
        consents=[one for one in consents if not one.over],
        partners=sorted({one.partner for one in consents}),
        telling=telling.Telling(speech),
        fields=fields,
        query=f"{urlencode(fields)}&",
    )


def _take_back(request: Request, form: Form) -> Response:
    token = request.path_params["token"]

    def told(name: str) -> str:
        return (form.get(name) or [""])[-1]

    found = _with(
        request,
        lambda session, who, _speech, at: service.take_back(
            session, who, _scope(token, who, told), at
        ),
    )
    if isinstance(found, Response):
        return found
    _who, speech, taken = found
    told_by = urlencode({"done": "1" if taken.consents else "0"})
    return pages.go(f"/family/{token}?{told_by}", speech)


# Who has seen it, papers, leaving


def _seen(request: Request) -> Response:
    token, handle = request.path_params["token"], request.path_params["handle"]

    def ask(session: Session, who: Family, _speech: Speech, at: datetime) -> Any:
        student = _called(token, handle, who)
        return student, at, openings.seen_by(session, who, student, at)

    found = _with(request, ask)
    if isinstance(found, Response):
        return found
    who, speech, (student, at, lines) = found
    return pages.page(
        "seen.html",
        speech,
        base=f"/family/{token}",
        district=who.district,
        student=student,
        made=speech.moment(at, who.tz),
        lines=[telling.seen(line, speech, who.tz) for line in lines],
        lists=[(f"list/{handle}?law={law}", speech.t(TITLES[law])) for law in Law],
    )


def _called(token: str, handle: str, who: Family) -> Student:
    student = next((s for s in who.students if _handle(token, s) == handle), None)
    if student is None:
        raise service.NOTHING_HERE
    return student


def _listed(request: Request) -> Response:
    token, handle = request.path_params["token"], request.path_params["handle"]
    asked = request.query_params.get("law", "")
    law = Law(asked) if asked in set(Law) else Law.EVERYTHING

    def ask(session: Session, who: Family, speech: Speech, at: datetime) -> Made:
        student = _called(token, handle, who)
        return list_for_family(session, who, student.id, law, speech.code, at)

    found = _with(request, ask)
    if isinstance(found, Response):
        return found
    _who, _speech, made = found
    return _file(made.content, made.file_name, made.media_type)


def _paper(request: Request) -> Response:
    try:
        key = uuid.UUID(request.path_params["document_id"])
    except ValueError:
        raise documents.NOT_FOUND from None
    found = _with(
        request, lambda session, who, _speech, at: documents.open_as_family(session, who, key, at)
    )
    if isinstance(found, Response):
        return found
    _who, _speech, paper = found
    return _file(paper.content, paper.file_name, paper.media_type)


def _file(content: bytes, file_name: str, media_type: str) -> Response:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name, safe='')}",
        "Content-Security-Policy": FILE_POLICY,
    }
    return Response(content, media_type=media_type, headers=headers)


def _leave(request: Request) -> Response:
    def ask(session: Session, who: Family, _speech: Speech, at: datetime) -> bool:
        service.leave(session, who, at)
        return True

    found = _with(request, ask)
    speech = languages.of(request) if isinstance(found, Response) else found[1]
    in_person = not isinstance(found, Response) and (
        found[0].identity_check is IdentityCheck.IN_PERSON
    )
    response = pages.page("left.html", speech, in_person=in_person)
    passes.take_back(response)
    return response
