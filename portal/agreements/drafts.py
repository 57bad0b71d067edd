"""What a memorandum of understanding says, as somebody filled it in."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, timedelta

from portal.vocabulary import Category, Channel, Direction, Frequency, Retention


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
    """Who signs for a side."""

    name: str = ""
    title: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the schedule: what goes which way, how often, how, and how long it is kept."""

    direction: Direction
    category: Category
    frequency: Frequency = Frequency.AS_IT_HAPPENS
    method: Channel = Channel.PORTAL
    retention: Retention = Retention.AGREEMENT_END


@dataclass(frozen=True)
class Terms:
    """What the paper prints and no rule reads. The three breach clocks: CGS 10-234dd.

    days are calendar days, except response_days: school days.
    special_known: whoever wrote it meant to list records that need separate initials.
    """

    purpose: str = (
        "The District and the Partner work together so that students who need support get it "
        "early, close to school, and without telling their story twice."
    )
    schools: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    district_signer: Signer = Signer()
    partner_signer: Signer = Signer()
    district_liaison: Contact = Contact()
    partner_liaison: Contact = Contact()
    records_contact: Contact = Contact()
    is_hipaa: bool = True
    is_part2: bool = False
    response_days: int = 5
    breach_student_days: int = 30
    breach_other_days: int = 60
    breach_notice_hours: int = 48
    destroy_days: int = 30
    review_days: int = 90
    notice_days: int = 30
    review_on: date | None = None
    insurance: str = "$1,000,000 for each occurrence"
    costs: str = "Each side bears its own costs."
    special_known: bool = False


@dataclass(frozen=True)
class AgreementDraft:
    """An agreement to be. starts_on and ends_on are both days on which it is in force.

    waive_team: any user of the partner may open what a consent opens, not the case team only.
    """

    agency_id: uuid.UUID | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    waive_team: bool = False
    lines: tuple[Line, ...] = ()
    terms: Terms = Terms()


USUALLY_SHARED = (
    (Direction.A_TO_B, Category.ATTENDANCE),
    (Direction.A_TO_B, Category.VISITS),
    (Direction.A_TO_B, Category.REFERRALS),
    (Direction.B_TO_A, Category.SERVICE_STATUS),
)
"""What a new agreement begins with; the writer adds and takes out."""

REVIEW_BEFORE_END = timedelta(days=90)


def proposal(agency_id: uuid.UUID, today: date, terms: Terms) -> AgreementDraft:
    """A new agreement with usual dates and records: from today to the end of next school year."""
    ends_on = date(today.year + 1, 6, 30)
    return AgreementDraft(
        agency_id=agency_id,
        starts_on=today,
        ends_on=ends_on,
        lines=tuple(Line(direction, category) for direction, category in USUALLY_SHARED),
        terms=replace(terms, review_on=max(today, ends_on - REVIEW_BEFORE_END)),
    )


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
    scan: bytes


Signature = TypedSignature | PaperSignature
