"""What a consent tells in FHIR, as plain values: what is written, and what is read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from portal.policy.notices import Notice
from portal.policy.spans import Span
from portal.vocabulary import (
    Category,
    ConsentEventKind,
    ConsentStatus,
    Detail,
    IdentityCheck,
    Instrument,
    Purpose,
    SignatureMethod,
    SignerKind,
)


@dataclass(frozen=True)
class Party:
    """An organization. id: ours; code: a district's; either may be unknown."""

    name: str
    id: str = ""
    code: str = ""


@dataclass(frozen=True)
class Person:
    """Somebody of the recipient whom the consent names."""

    name: str
    id: str = ""


@dataclass(frozen=True)
class Happened:
    """What became of a consent. until: the end of a hold."""

    kind: ConsentEventKind
    at: datetime
    until: datetime | None = None


TOLD = (
    ConsentEventKind.REVOKED,
    ConsentEventKind.HELD,
    ConsentEventKind.CONFIRMED,
    ConsentEventKind.ENDED_BY_EVENT,
    ConsentEventKind.KNOWN_FALSE,
    ConsentEventKind.SUPERSEDED,
)
"""What bears on whether it opens anything. An objection of the other parent does not."""


@dataclass(frozen=True)
class ByEvent:
    """A consent that ends with an event. until: somebody must have looked by then."""

    words: str
    until: datetime | None = None


@dataclass(frozen=True)
class Scope:
    """Exactly what is allowed: who, what, why, when. The same after writing and reading.

    special: the sensitive kinds that have initials. records: the window of events told.
    withdrawn: kinds taken back by themselves, and when. people: when there are any, only
    they receive, and not the organization.
    """

    discloser: Party
    recipient: Party | None
    categories: frozenset[Category]
    special: frozenset[Category]
    purposes: frozenset[Purpose]
    records: Span
    span: Span
    detail: Detail = Detail.FULL
    people: tuple[Person, ...] = ()
    by_event: ByEvent | None = None
    withdrawn: Mapping[Category, datetime] = field(default_factory=dict)
    happened: tuple[Happened, ...] = ()


@dataclass(frozen=True)
class Signer:
    """Who signed, and what makes them the student's representative."""

    kind: SignerKind
    name: str
    capacity: str = ""


@dataclass(frozen=True)
class Paper:
    """The kept paper. sha1: raw, as FHIR asks for it; sha256: in hexadecimal, as on the receipt."""

    title: str
    media_type: str
    sha1: bytes
    sha256: str
    made_at: datetime


@dataclass(frozen=True)
class TakenAlong:
    """Who took this copy along, when, what for in words, and its number in the ledger."""

    number: str
    by: str
    at: datetime
    purpose: str


@dataclass(frozen=True)
class Told:
    """One stored consent with all that its file says.

    closed: kinds that are ticked and do not open now, each with its reasons as codes.
    verify_url: where the paper is checked; tz: the discloser's or the district's zone.
    changed_at: when anything last happened to it: but for its mark, `taken`, the file is the same
    until the next time.
    """

    id: str
    number: str
    status: ConsentStatus
    instrument: Instrument
    scope: Scope
    student: str
    born: date | None
    signer: Signer
    signed_at: datetime | None
    changed_at: datetime
    tz: str
    part2: bool = False
    language: str = "en"
    method: SignatureMethod | None = None
    identity_check: IdentityCheck | None = None
    paper: Paper | None = None
    verify_url: str = ""
    closed: Mapping[Category, tuple[str, ...]] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    taken: TakenAlong | None = None
