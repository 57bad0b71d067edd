"""What an agreement says, as somebody filled it in: one value, drafted, sent, printed, enforced.

It is kept as JSON with the paper and with each version of it (`to_json`, `from_json`). From
the issue on its schedules are also the rows that the gate reads.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from portal.vocabulary import (
    AgreementKind,
    Category,
    Channel,
    Detail,
    Direction,
    Frequency,
    LineBasis,
    Purpose,
    Retention,
    ServiceTier,
)


@dataclass(frozen=True)
class Contact:
    """Whom to call or write to."""

    name: str = ""
    email: str = ""
    phone: str = ""

    @property
    def line(self) -> str:
        """As the paper prints it."""
        return ", ".join(part.strip() for part in (self.name, self.phone, self.email) if part)


@dataclass(frozen=True)
class Signer:
    """Who signs for a side. capacity: by what right, such as a vote of the board.

    email: where reminders go; may be empty.
    """

    name: str = ""
    title: str = ""
    capacity: str = ""
    email: str = ""


@dataclass(frozen=True)
class Service:
    """One service that a partner gives: what, in which tier, where and when."""

    name: str = ""
    tier: ServiceTier = ServiceTier.TARGETED
    sites: tuple[str, ...] = ()
    days: str = ""
    telehealth: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a schedule: what goes which way, why, on what basis, how, how long it is kept.

    purposes: empty means any purpose that the consent names. detail: how much of each record.
    """

    direction: Direction
    category: Category
    detail: Detail = Detail.FULL
    purposes: tuple[Purpose, ...] = ()
    basis: LineBasis = LineBasis.CONSENT
    frequency: Frequency = Frequency.AS_IT_HAPPENS
    method: Channel = Channel.PORTAL
    retention: Retention = Retention.AGREEMENT_END


@dataclass(frozen=True)
class PartnerTerms:
    """What one partner gives, gets and answers for.

    lines: its schedule, both ways. waive_team: any user of the partner may open what a consent
    opens, not the case team only. acts_for_district: the district uses it as a school official
    (34 CFR 99.31(a)(1)(i)(B)). response_days, first_contact_days: school days. insurance: least
    cover, in words. licence, npi: as the partner states them; may be empty.
    """

    agency_id: uuid.UUID | None = None
    licence: str = ""
    npi: str = ""
    is_hipaa: bool = True
    is_part2: bool = False
    acts_for_district: bool = False
    services: tuple[Service, ...] = ()
    lines: tuple[Line, ...] = ()
    waive_team: bool = False
    liaison: Contact = Contact()
    signers: tuple[Signer, ...] = (Signer(),)
    response_days: int = 5
    first_contact_days: int = 10
    insurance: str = "$1,000,000 for each occurrence"


@dataclass(frozen=True)
class Clocks:
    """Days and hours. Breach: CGS 10-234dd. Calendar days unless a name says otherwise.

    review_days: between reviews of access. training_months: between trainings.
    respond_days: to answer a family that asks to read (34 CFR 99.10(b): 45 at most).
    """

    breach_student_days: int = 30
    breach_other_days: int = 60
    breach_notice_hours: int = 48
    deletion_days: int = 30
    destroy_days: int = 30
    review_days: int = 90
    training_months: int = 12
    respond_days: int = 45
    notice_days: int = 30


@dataclass(frozen=True)
class Special:
    """The terms that one kind of agreement needs and others do not; empty where not needed.

    Study (34 CFR 99.31(a)(6)(iii)(C)): topic, scope, duration, destroy_on. Audit or evaluation
    (34 CFR 99.35(a)(3)): representative, topic (the program), scope (the activity), destroy_on.
    Data-use letter: topic (the one use), scope (the data), requested_by, destroy_on.
    QSOA (42 CFR 2.11): scope (the services given to the program).
    """

    topic: str = ""
    scope: str = ""
    duration: str = ""
    representative: str = ""
    requested_by: str = ""
    destroy_on: date | None = None


@dataclass(frozen=True)
class ChosenClause:
    """A clause of the library that this agreement contains.

    text: the parties' own wording, paragraph by paragraph; None: as the library has it.
    reviewed_by: the counsel who read a changed wording.
    """

    id: str
    version: int
    text: tuple[str, ...] | None = None
    reviewed_by: str = ""


PURPOSE = (
    "The District and the Partner work together so that students who need support get it "
    "early, close to school, and without telling their story twice."
)
METRICS = (
    "Referrals made, and answered in time",
    "Referrals that led to service, that did not and why, and that are not known",
    "School days from referral to the first appointment kept",
)


@dataclass(frozen=True)
class Content:
    """An agreement to be. starts_on and ends_on are both days on which it is in force.

    partners: one, or several, each with schedules of its own. clauses: in no order; the library
    has it. order: who signs, in turn: the organizations' places, 0 the district, 1 the first
    partner; empty: the partners, then the district. board_vote_on: the day of the board's vote,
    where the district's signer needs one. extra_sensitive: kinds of record, in words, that the
    parties hold as sensitive beside those of the law. special_known: whoever wrote it meant to
    list records that need separate initials. public: may everybody download the document?
    """

    kind: AgreementKind = AgreementKind.MOU
    starts_on: date | None = None
    ends_on: date | None = None
    review_on: date | None = None
    purpose: str = PURPOSE
    schools: tuple[str, ...] = ()
    partners: tuple[PartnerTerms, ...] = (PartnerTerms(),)
    district_signers: tuple[Signer, ...] = (Signer(),)
    board_vote_on: date | None = None
    order: tuple[int, ...] = ()
    district_liaison: Contact = Contact()
    records_contact: Contact = Contact()
    security_contact: Contact = Contact()
    crisis_contact: Contact = Contact()
    deletion_contact: Contact = Contact()
    clocks: Clocks = Clocks()
    costs: str = "Each side bears its own costs."
    metrics: tuple[str, ...] = METRICS
    extra_sensitive: tuple[str, ...] = ()
    special_known: bool = False
    special: Special = Special()
    clauses: tuple[ChosenClause, ...] = ()
    public: bool = True

    def partner(self, agency_id: uuid.UUID) -> PartnerTerms | None:
        """The terms of one partner."""
        return next((terms for terms in self.partners if terms.agency_id == agency_id), None)

    def with_partner(self, place: int, terms: PartnerTerms) -> Content:
        """The same agreement with other terms for the partner at this place."""
        partners = (*self.partners[:place], terms, *self.partners[place + 1 :])
        return replace(self, partners=partners)


_CONTENT = TypeAdapter(Content)


def to_json(content: Content) -> dict[str, Any]:
    """As it is stored."""
    told: dict[str, Any] = _CONTENT.dump_python(content, mode="json")
    return told


def from_json(stored: Mapping[str, Any]) -> Content:
    """As it was stored; what a later version of the portal added has its usual value."""
    return _CONTENT.validate_python(stored)


@dataclass(frozen=True)
class TypedSignature:
    """A name typed by a signed-in signer, who ticks that it is their signature."""

    name: str
    attests: bool


@dataclass(frozen=True)
class PaperSignature:
    """A paper signed by hand, and its scan."""

    name: str
    title: str
    signed_on: date | None
    scan: bytes = field(repr=False)


Signature = TypedSignature | PaperSignature
