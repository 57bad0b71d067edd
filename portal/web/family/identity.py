"""Who are you? Asked of everybody who comes by a link, before anything about a student is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from portal import clock
from portal.access import family as door
from portal.access.family import Proof
from portal.access.unit_of_work import unit_of_work
from portal.consents.forms.definition import Definition
from portal.consents.queries import local_day
from portal.consents.requests import family as requests
from portal.errors import NotFound, Problem
from portal.languages.marks import N_
from portal.policy import family as rules
from portal.store.consents import FamilyLink
from portal.store.places import Organization
from portal.vocabulary import FamilyLinkKind, SignerKind
from portal.web.family import pages
from portal.web.family import speech as languages
from portal.web.family.speech import Speech

KEPT = "kept:"
KEPT_PAGE = "kept-page"
ORDER = {"en": ("month", "day", "year")}
DAY_FIRST = ("day", "month", "year")

NO_DATE = Problem(
    N_("This is not a date."), N_("Write the day, the month and the year in numbers."), "born"
)
IN_THE_FUTURE = Problem(
    N_("This day is still to come."), N_("Write the day on which the student was born."), "born"
)
NO_MATCH = Problem(
    N_("This does not match what the school has."),
    N_("Check it and try again. After a few wrong tries the link is locked."),
    "born",
)


@dataclass(frozen=True)
class Came:
    """What is known of whoever came by a link, before they prove anything."""

    speech: Speech
    district: str
    tz: str
    form: Definition | None
    kind: FamilyLinkKind
    with_code: bool
    is_own: bool
    token: str

    @property
    def address(self) -> str:
        """Where this link leads."""
        return start_of(self.kind, self.token)


def start_of(kind: FamilyLinkKind, token: str) -> str:
    """The first page of a link."""
    return f"/{'consent' if kind is FamilyLinkKind.SIGN else 'family'}/{token}"


def came_by(
    session: Session, request: Request, token: str, kind: FamilyLinkKind, at: datetime
) -> tuple[FamilyLink, Came]:
    """The link, and what may be told before its holder proves who they are."""
    link = door.find(session, token, at)
    if link.kind is not kind:
        unknown = rules.may_open(None, at)
        raise NotFound(unknown.because, unknown.do_next)
    district = session.get_one(Organization, link.district_id)
    return link, Came(
        speech=languages.of(request, link.language),
        district=district.name,
        tz=district.tz,
        form=requests.form_of_link(session, link.id),
        kind=kind,
        with_code=bool(link.code_sha256),
        is_own=link.signer_kind is SignerKind.STUDENT,
        token=token,
    )


def page(
    came: Came,
    status: int = 200,
    *,
    away: bool = False,
    problems: Sequence[Problem] = (),
    typed: Mapping[str, str] | None = None,
    kept: Sequence[tuple[str, str]] = (),
) -> Response:
    """Ask who they are. kept: what they had sent when their time ran out, to be sent along."""
    return pages.page(
        "identity.html",
        came.speech,
        status,
        problems=problems,
        came=came,
        district=came.district,
        office=came.form.office if came.form else None,
        logo=f"{came.address}/logo" if came.form and came.form.logo else "",
        away=away,
        typed=typed or {},
        order=ORDER.get(came.speech.code, DAY_FIRST),
        kept=kept,
    )


def kept_fields(key: str, form: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """A form that came too late, as hidden fields of the page that asks again who one is."""
    sent = [(f"{KEPT}{name}", value) for name, values in form.items() for value in values]
    return [(KEPT_PAGE, key), *sent]


def carried(form: Mapping[str, Sequence[str]]) -> tuple[str, dict[str, list[str]]]:
    """The page and the form that were carried along; empty when there was none."""
    key = form.get(KEPT_PAGE, [""])[0]
    fields = {
        name.removeprefix(KEPT): list(values)
        for name, values in form.items()
        if name.startswith(KEPT)
    }
    return key, fields


def proof_in(form: Mapping[str, Sequence[str]], today: date) -> Proof | Problem:
    """What was typed as a proof, or why it can be none; such a slip is not counted as a try."""
    parts = [_number(form.get(name, [""])[0]) for name in ("year", "month", "day")]
    try:
        born = date(*parts)
    except (TypeError, ValueError, OverflowError):
        return NO_DATE
    return IN_THE_FUTURE if born > today else Proof(born, form.get("code", [""])[0][:40])


def _number(typed: str) -> Any:
    text = typed.strip()
    return int(text) if text.isdecimal() and len(text) <= 4 else None


@dataclass(frozen=True)
class LetIn:
    """The proof was right: the pass, and what was carried along."""

    came: Came
    pass_token: str
    key: str
    form: dict[str, list[str]]


def prove(
    request: Request, token: str, kind: FamilyLinkKind, form: Mapping[str, Sequence[str]]
) -> LetIn | Response:
    """Let them in, or ask again with the same sentence whatever was wrong."""
    at = clock.now()
    key, fields = carried(form)
    with unit_of_work() as session:
        link, came = came_by(session, request, token, kind, at)
        proof = proof_in(form, local_day(at, came.tz))
        opened = None
        if isinstance(proof, Proof):
            address = request.client.host if request.client else ""
            opened = door.prove(session, link, proof, address, at)
    if opened:
        return LetIn(came, opened, key, fields)
    problem = proof if isinstance(proof, Problem) else NO_MATCH
    with unit_of_work() as session:
        came_by(session, request, token, kind, at)  # tells when it is locked by now
    typed = {name: form.get(name, [""])[0][:10] for name in ("month", "day", "year")}
    kept = kept_fields(key, fields) if key else ()
    status = 422 if isinstance(proof, Problem) else 403
    return page(came, status, problems=[problem], typed=typed, kept=kept)
