"""What an agreement must say before it is issued, step by step of the wizard. Pure rules."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.agreements.content import Contact, Content, Line, PartnerTerms, Signer
from portal.errors import Problem
from portal.policy.spans import is_likely_day
from portal.vocabulary import (
    AGREEMENT_KIND_LABELS,
    CATEGORY_LABELS,
    GATE_BASES,
    LINE_BASIS_LABELS,
    LISTS_FOR_THE_GATE,
    SHAREABLE,
    SPECIAL,
    AgreementKind,
    Category,
    Direction,
    LineBasis,
    OrganizationKind,
)

MOST_YEARS = 5
LONGEST_TEXT = 2000
MOST_PARTNERS = 20


class Step(StrEnum):
    """A step of the wizard; a problem is told under the step where it is put right."""

    PARTIES = "parties"
    SERVICES = "services"
    RECORDS = "records"
    CLAUSES = "clauses"
    PEOPLE = "people"
    TERMS = "terms"
    REVIEW = "review"


STEP_TITLES = {
    Step.PARTIES: "Parties and purpose",
    Step.SERVICES: "Services",
    Step.RECORDS: "Records",
    Step.CLAUSES: "Clauses",
    Step.PEOPLE: "People and signers",
    Step.TERMS: "Dates and time limits",
    Step.REVIEW: "Review and issue",
}


@dataclass(frozen=True)
class Partner:
    """What is known of an agency besides the draft."""

    name: str
    kind: OrganizationKind
    active: bool


@dataclass(frozen=True)
class Known:
    """What bears on a draft besides itself. partners: by the agency's id; unknown ones lack.

    parent: the kind of the agreement it stands under; None where there is none.
    """

    partners: Mapping[uuid.UUID, Partner]
    today: date
    parent: AgreementKind | None = None


# What even a draft needs


def draft_problems(content: Content, known: Known) -> list[Problem]:
    """What even a draft needs before it can be kept."""
    return [
        *_chosen(content, known),
        *_years(content),
        *_twice(content),
    ]


def _chosen(content: Content, known: Known) -> Iterator[Problem]:
    if not 1 <= len(content.partners) <= MOST_PARTNERS:
        yield Problem(
            f"An agreement has one partner or up to {MOST_PARTNERS}.", "Choose them.", "Partners"
        )
    for terms in content.partners:
        if terms.agency_id is None:
            yield Problem("No partner is chosen.", "Choose the agency.", "Partners")
        elif not (found := known.partners.get(terms.agency_id)) or not found.active:
            yield Problem(
                "This agency is not active in the portal.",
                "Choose another, or have the agency brought in again.",
                "Partners",
            )
    ids = [terms.agency_id for terms in content.partners if terms.agency_id]
    if len(ids) != len(set(ids)):
        yield Problem("A partner is chosen twice.", "Keep one of the two.", "Partners")


def _years(content: Content) -> Iterator[Problem]:
    days = {
        "First day": content.starts_on,
        "Last day": content.ends_on,
        "Review by": content.review_on,
        "Board vote": content.board_vote_on,
        "Destroy by": content.special.destroy_on,
    }
    for field, day in days.items():
        if day is not None and not is_likely_day(day):
            yield Problem(f"{field} is in the year {day.year}.", "Correct the year.", field)


def _twice(content: Content) -> Iterator[Problem]:
    for terms in content.partners:
        listed = Counter((line.direction, line.category) for line in terms.lines)
        for (_direction, category), times in listed.items():
            if times > 1:
                yield Problem(f"{_label(category)} is listed twice.", "Keep one line.", "Records")


# What it needs to be issued


def problems(content: Content, known: Known) -> dict[Step, list[Problem]]:
    """All that is missing or contradictory, under the step where it is put right.

    The clauses have rules of their own (`clauses.library.Library.problems`).
    """
    found = {step: list(told(content, known)) for step, told in _TOLD.items()}
    return {step: listed for step, listed in found.items() if listed}


def _parties(content: Content, known: Known) -> Iterator[Problem]:
    yield from draft_problems(content, known)
    yield from _text("Purpose", content.purpose)
    if not any(school.strip() for school in content.schools):
        yield Problem("No school is named.", "Choose the schools it covers.", "Schools")
    if content.kind is AgreementKind.DATA_USE and known.parent is None:
        yield Problem(
            "A data-use letter stands under an agreement.",
            "Begin it from the agreement under which the data are used.",
            "Kind",
        )
    yield from _special_terms(content)


_NEEDS: dict[AgreementKind, tuple[tuple[str, str], ...]] = {
    AgreementKind.DATA_USE: (
        ("topic", "The one use"),
        ("scope", "The data"),
        ("requested_by", "Who asks for them"),
    ),
    AgreementKind.QSOA: (("scope", "The services for the program"),),
    AgreementKind.STUDIES: (
        ("topic", "The purpose of the study"),
        ("scope", "The scope of the study"),
        ("duration", "How long the study takes"),
    ),
    AgreementKind.AUDIT: (
        ("representative", "The authorized representative"),
        ("topic", "The program that is evaluated"),
        ("scope", "The activity"),
    ),
}
DESTROYS = frozenset({AgreementKind.DATA_USE, AgreementKind.STUDIES, AgreementKind.AUDIT})
"""Kinds whose law wants a day by which the data are destroyed."""


def needs_of(kind: AgreementKind) -> tuple[tuple[str, str], ...]:
    """The further terms that this kind of agreement needs: field of `Special`, and its label."""
    return _NEEDS.get(kind, ())


def _special_terms(content: Content) -> Iterator[Problem]:
    for name, label in needs_of(content.kind):
        yield from _text(label, getattr(content.special, name))
    if content.kind not in DESTROYS:
        return
    day = content.special.destroy_on
    if day is None:
        yield Problem(
            f"A {AGREEMENT_KIND_LABELS[content.kind].lower()} says when the data are destroyed.",
            "Choose the day.",
            "Destroy by",
        )
    elif content.starts_on is not None and day < content.starts_on:
        yield Problem("The data would be destroyed before it begins.", "Correct it.", "Destroy by")


def _services(content: Content, _known: Known) -> Iterator[Problem]:
    if content.kind is not AgreementKind.MOU:
        return
    for place, terms in enumerate(content.partners, start=1):
        field = field_of(content, place, "Services")
        if not any(service.name.strip() for service in terms.services):
            yield Problem("No service is named.", "Name at least one service.", field)
        for service in terms.services:
            if service.name.strip() and not service.days.strip():
                yield Problem(
                    f"“{service.name}” has no days.", "Say when it is given, or “as agreed”.", field
                )


def _records(content: Content, known: Known) -> Iterator[Problem]:
    lines = [line for terms in content.partners for line in terms.lines]
    if not lines:
        yield Problem(
            "No records are listed in either direction.",
            "List at least one kind of record; without one no consent can open anything.",
            "Records",
        )
    for terms in content.partners:
        for line in terms.lines:
            yield from _line(content.kind, _kind_of(known, terms), line)
    special = [_label(line.category) for line in lines if line.category in SPECIAL]
    if special and not content.special_known:
        yield Problem(
            f"The schedule lists sensitive records: {', '.join(dict.fromkeys(special))}.",
            "Tick that they are meant to be listed, or take them out.",
            "Records",
        )


def _kind_of(known: Known, terms: PartnerTerms) -> OrganizationKind | None:
    found = known.partners.get(terms.agency_id) if terms.agency_id else None
    return found.kind if found else None


def bases_of(kind: AgreementKind, partner: OrganizationKind | None) -> tuple[LineBasis, ...]:
    """On which laws a line of such an agreement with such a partner can rest."""
    if kind is AgreementKind.STUDIES:
        return (LineBasis.STUDIES,)
    if kind is AgreementKind.AUDIT:
        return (LineBasis.AUDIT,)
    if kind is AgreementKind.QSOA:
        return (LineBasis.PART_2_SERVICE,)
    if kind is AgreementKind.DATA_USE:
        return (LineBasis.CONSENT, LineBasis.SCHOOL_OFFICIAL, LineBasis.STUDIES, LineBasis.AUDIT)
    if partner is OrganizationKind.CHILD_WELFARE:
        return (LineBasis.CONSENT, LineBasis.CHILD_WELFARE)
    return (LineBasis.CONSENT,)


def _line(kind: AgreementKind, partner: OrganizationKind | None, line: Line) -> Iterator[Problem]:
    if line.category not in SHAREABLE:
        yield Problem(f"{_label(line.category)} cannot be listed.", "Take it out.", "Records")
    if line.basis not in bases_of(kind, partner):
        yield Problem(
            f"{_label(line.category)} cannot rest on “{LINE_BASIS_LABELS[line.basis]}” here.",
            "Choose another basis from the list.",
            "Records",
        )
    if line.direction is Direction.B_TO_A and line.basis is LineBasis.CHILD_WELFARE:
        yield Problem(
            "The child-welfare basis lets a school share, not an agency.",
            "Choose consent for what comes to the district.",
            "Records",
        )


def _people(content: Content, _known: Known) -> Iterator[Problem]:
    yield from _signers("Signers for the district", content.district_signers)
    for place, terms in enumerate(content.partners, start=1):
        yield from _signers(field_of(content, place, "Signers"), terms.signers)
        yield from _contact(field_of(content, place, "Liaison"), terms.liaison)
    yield from _contact("Liaison of the district", content.district_liaison)
    yield from _contact("Contact for records", content.records_contact)
    for field, contact in (
        ("Contact for security", content.security_contact),
        ("Contact in a crisis", content.crisis_contact),
        ("Contact for deletion", content.deletion_contact),
    ):
        if contact != Contact():
            yield from _contact(field, contact)
    if sorted(content.order or range(len(content.partners) + 1)) != list(
        range(len(content.partners) + 1)
    ):
        yield Problem(
            "The order of signing does not name each side once.", "Choose it again.", "Order"
        )


def _signers(field: str, signers: tuple[Signer, ...]) -> Iterator[Problem]:
    if not signers:
        yield Problem(f"{field}: nobody is named.", "Name who signs.", field)
    for signer in signers:
        if not (signer.name.strip() and signer.title.strip()):
            yield Problem(f"{field}: a name or a title is missing.", "Give both.", field)
    names = [signer.name.strip().casefold() for signer in signers if signer.name.strip()]
    if len(names) != len(set(names)):
        yield Problem(f"{field}: one person is named twice.", "Keep one of the two.", field)


def _contact(field: str, contact: Contact) -> Iterator[Problem]:
    if not contact.name.strip():
        yield Problem(f"{field}: the name is missing.", "Name a person.", field)
    if "@" not in contact.email.strip("@ "):
        yield Problem(
            f"{field}: the e-mail address is missing.", "Write it as name@example.org.", field
        )


def _terms(content: Content, known: Known) -> Iterator[Problem]:
    yield from _dates(content, known.today)
    yield from _text("Costs", content.costs)
    for place, terms in enumerate(content.partners, start=1):
        yield from _text(field_of(content, place, "Insurance"), terms.insurance)
        for name, (label, least, most) in PARTNER_LIMITS.items():
            yield from _within(field_of(content, place, label), getattr(terms, name), least, most)
    for name, (label, least, most) in LIMITS.items():
        yield from _within(label, getattr(content.clocks, name), least, most)
    if not any(metric.strip() for metric in content.metrics):
        yield Problem("No measure is named.", "Name what both sides look at.", "Measures")


def _dates(content: Content, today: date) -> Iterator[Problem]:
    start, end, review = content.starts_on, content.ends_on, content.review_on
    if start is None:
        yield Problem("The first day is missing.", "Say when it begins.", "First day")
    if end is None:
        yield Problem("The last day is missing.", "Say when it ends.", "Last day")
        return
    if end < today:
        yield Problem("The last day has passed.", "Choose a later last day.", "Last day")
    if start is not None and end < start:
        yield Problem("The last day is before the first day.", "Correct the two dates.", "Last day")
    elif start is not None and end - start > timedelta(days=366 * MOST_YEARS):
        yield Problem(
            f"An agreement runs for at most {MOST_YEARS} years.",
            "Choose an earlier last day; it can be renewed.",
            "Last day",
        )
    if review is None or review > end or (start is not None and review < start):
        yield Problem(
            "The day of review is not between the first and the last day.",
            "Choose a day on which the sides look at the agreement together.",
            "Review by",
        )


LIMITS: dict[str, tuple[str, int, int]] = {
    "breach_student_days": ("Days to report a breach of student information", 1, 30),
    "breach_other_days": ("Days to report another breach", 1, 60),
    "breach_notice_hours": ("Hours to tell families", 1, 48),
    "deletion_days": ("Days to delete what the district asks for", 1, 90),
    "destroy_days": ("Days to return or destroy records at the end", 1, 365),
    "review_days": ("Days between reviews of access", 1, 365),
    "training_months": ("Months between trainings", 1, 24),
    "respond_days": ("Days to answer a family", 1, 45),
    "notice_days": ("Days of notice", 1, 180),
}
"""Field of Clocks: label, least and most. Breach: CGS 10-234dd's longest; 34 CFR 99.10(b)."""

PARTNER_LIMITS: dict[str, tuple[str, int, int]] = {
    "response_days": ("School days to answer a referral", 1, 30),
    "first_contact_days": ("School days to the first contact", 1, 60),
}


def _within(field: str, value: int, least: int, most: int) -> Iterator[Problem]:
    if not least <= value <= most:
        yield Problem(f"{field}: {value}.", f"Give {least} to {most}.", field)


def _text(field: str, text: str) -> Iterator[Problem]:
    if not text.strip():
        yield Problem(f"{field} is empty.", "Write a sentence.", field)
    elif len(text) > LONGEST_TEXT:
        yield Problem(
            f"{field} has {len(text):,} characters.", f"Shorten it to {LONGEST_TEXT:,}.", field
        )


def field_of(content: Content, place: int, field: str) -> str:
    """The field of one partner; it is numbered when there are several."""
    if len(content.partners) == 1:
        return f"{field} of the partner" if field in ("Signers", "Liaison") else field
    return f"Partner {place}: {field[0].lower()}{field[1:]}"


def _label(category: str) -> str:
    return CATEGORY_LABELS[Category(category)] if category in set(Category) else category


_TOLD: dict[Step, Callable[[Content, Known], Iterator[Problem]]] = {
    Step.PARTIES: _parties,
    Step.SERVICES: _services,
    Step.RECORDS: _records,
    Step.PEOPLE: _people,
    Step.TERMS: _terms,
}


def feeds_the_gate(kind: AgreementKind, line: Line) -> bool:
    """Does the gate read this line of such an agreement?"""
    return kind in LISTS_FOR_THE_GATE and line.basis in GATE_BASES
