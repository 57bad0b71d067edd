"""What a FHIR Consent could become here: a question to the family, a no, or nothing. Pure rules.

No file opens anything. What it allows can at most be asked again, on the portal's own form; what
it forbids is a no, and somebody writes it down. Everything else is told with its reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from portal.consents.fhir.opening import MOST_PROBLEMS
from portal.consents.fhir.reading import DEFAULT_TZ, Imported, Patient, read
from portal.consents.fhir.values import Party
from portal.errors import BadFile, Problem
from portal.policy.spans import last_day
from portal.vocabulary import CATEGORY_LABELS, SHAREABLE, Category, Detail, Purpose

ON_OUR_FORM = "Ask the family on the portal's form."
NAME_IT = "Have the sender name it, or ask the family on the portal's form."
WRITE_IT_DOWN = (
    "Share nothing on the strength of this file. If it answers a request of yours, write the "
    "refusal down there; if it takes a consent back, take it back on the student's page."
)


@dataclass(frozen=True)
class Asks:
    """What the family would be asked: one direction, with one partner.

    Days are local and included. starts_on None: from today. records_from None: somebody has
    to say from when on records are meant.
    """

    number: str
    patient: Patient
    discloser: Party
    recipient: Party
    categories: frozenset[Category]
    purposes: frozenset[Purpose]
    detail: Detail
    starts_on: date | None
    ends_on: date
    records_from: date | None


@dataclass(frozen=True)
class SaysNo:
    """The file allows nothing, in one sentence or more; and what to do with that."""

    number: str
    patient: Patient
    sentences: tuple[str, ...]
    do_next: str = WRITE_IT_DOWN


def answer(content: bytes, at: datetime, tz: str = DEFAULT_TZ) -> Asks | SaysNo:
    """What becomes of this file. Raises BadFile with everything that keeps it from being asked."""
    told = read(content, tz)
    if "patient-privacy" not in told.about:
        raise BadFile([Problem("It is not a consent about privacy.", ON_OUR_FORM, "Consent.scope")])
    if told.noes:
        return SaysNo(told.number, told.patient, told.noes)
    lacking = [*told.problems, *_who(told), *_what(told), *_when(told, at), *_unkept(told)]
    if lacking or told.discloser is None or told.recipient is None or told.ends is None:
        raise BadFile(lacking[:MOST_PROBLEMS])
    return Asks(
        number=told.number,
        patient=told.patient,
        discloser=told.discloser,
        recipient=told.recipient,
        categories=told.open_kinds,
        purposes=told.purposes,
        detail=told.detail,
        starts_on=_day(told.starts, tz),
        ends_on=last_day(told.ends, tz),
        records_from=_day(told.records_from, tz),
    )


def _day(at: datetime | None, tz: str) -> date | None:
    return at.astimezone(ZoneInfo(tz)).date() if at else None


def _who(told: Imported) -> Iterator[Problem]:
    if told.discloser is None:
        yield _lacks("Consent.organization", "It does not say who gives the records.")
    if told.recipient is None:
        yield _lacks("Consent.provision.actor", "It does not say who receives the records.")


def _what(told: Imported) -> Iterator[Problem]:
    place = "Consent.provision.code"
    if not told.open_kinds:
        yield _lacks(place, "It names no kind of record, and a consent to everything is none.")
    for kind in sorted(told.open_kinds - set(SHAREABLE)):
        yield Problem(f"{CATEGORY_LABELS[kind]} cannot be shared.", ON_OUR_FORM, place, place)
    if not told.purposes:
        yield _lacks("Consent.provision.purpose", "It names no purpose.")


def _when(told: Imported, at: datetime) -> Iterator[Problem]:
    place = "Consent.provision.period"
    if told.ends is None:
        yield _lacks(place, "It does not say until when.")
    elif told.ends <= at:
        yield Problem("It has ended.", ON_OUR_FORM, place, place)
    elif told.starts is not None and told.ends <= told.starts:
        yield Problem("It ends before it begins.", NAME_IT, place, place)


def _unkept(told: Imported) -> Iterator[Problem]:
    """Limits of a consent that a request cannot carry: asked without them, it would be wider."""
    place = "Consent.provision"
    if told.people:
        yield Problem(
            "It names people of the recipient; a request asks for the organization.",
            ON_OUR_FORM,
            place,
            place,
        )
    if told.by_event is not None:
        yield Problem("It ends with an event; a request ends on a day.", ON_OUR_FORM, place, place)
    if told.ends and told.records_until and told.records_until < told.ends:
        yield Problem(
            "The records end before the consent does; a request has one last day for both.",
            ON_OUR_FORM,
            place,
            place,
        )


def _lacks(place: str, what: str) -> Problem:
    return Problem(what, NAME_IT, field=place, where=place)
