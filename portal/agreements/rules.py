"""What an agreement must say, where it stands, and what may be done with it when. Pure rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.agreements.drafts import (
    AgreementDraft,
    Contact,
    PaperSignature,
    Signer,
    Terms,
    TypedSignature,
)
from portal.errors import Problem
from portal.policy.facts import AgreementFacts
from portal.policy.papers import same_name, scan_problems
from portal.policy.spans import is_likely_day
from portal.vocabulary import (
    AGREEMENT_STATUS_LABELS,
    CATEGORY_LABELS,
    NEVER,
    SHAREABLE,
    SPECIAL,
    AgreementStatus,
    Category,
    Channel,
    Direction,
    Frequency,
    Retention,
)

MOST_YEARS = 5
LONGEST_TEXT = 2000


# Where it stands


def status(agreement: AgreementFacts, at: datetime, *, issued: bool) -> AgreementStatus:
    """Computed from its dates. In force from its first day or the last signature, the later."""
    if agreement.terminated is not None and agreement.terminated <= at:
        return AgreementStatus.TERMINATED
    signatures = (agreement.a_signed, agreement.b_signed)
    signed = all(signature is not None and signature <= at for signature in signatures)
    if not issued and not any(signatures):
        return AgreementStatus.DRAFT
    if agreement.span.end is not None and agreement.span.end <= at:
        return AgreementStatus.ENDED
    if not signed:
        return AgreementStatus.OUT_FOR_SIGNATURE
    begun = agreement.span.start <= at
    return AgreementStatus.IN_FORCE if begun else AgreementStatus.SIGNED


class Side(StrEnum):
    """Which of the two signs; the code is the column's."""

    DISTRICT = "a"
    PARTNER = "b"


class Act(StrEnum):
    """What can be done with an agreement."""

    REVISE = "revise"
    ISSUE = "issue"
    SIGN = "sign"
    END = "end"


ACTS: dict[AgreementStatus, frozenset[Act]] = {
    AgreementStatus.DRAFT: frozenset({Act.REVISE, Act.ISSUE, Act.END}),
    AgreementStatus.OUT_FOR_SIGNATURE: frozenset({Act.SIGN, Act.END}),
    AgreementStatus.SIGNED: frozenset({Act.END}),
    AgreementStatus.IN_FORCE: frozenset({Act.END}),
    AgreementStatus.ENDED: frozenset(),
    AgreementStatus.TERMINATED: frozenset(),
}
"""After it is issued nothing in it can change: a change is a new agreement."""


def act_problems(now: AgreementStatus, act: Act) -> list[Problem]:
    """Why this cannot be done with an agreement that stands so."""
    if act in ACTS[now]:
        return []
    stands = AGREEMENT_STATUS_LABELS[now].lower()
    return [
        Problem(
            f"This agreement is {stands}, so there is nothing to {act}.",
            "Open it again to see where it stands; for a change write a new agreement.",
        )
    ]


# What it must say


@dataclass(frozen=True)
class Known:
    """What bears on a draft besides itself. partner_active: of the chosen agency, if any."""

    partner_active: bool | None
    today: date


def draft_problems(draft: AgreementDraft, known: Known) -> list[Problem]:
    """What even a draft needs before it can be saved."""
    found = []
    if draft.agency_id is None:
        found.append(Problem("No partner is chosen.", "Choose the agency.", "Partner"))
    elif not known.partner_active:
        found.append(
            Problem(
                "This agency is not active in the portal.",
                "Choose another, or have the agency brought in again.",
                "Partner",
            )
        )
    found += [
        Problem(f"The {field.lower()} is in the year {day.year}.", "Correct the year.", field)
        for field, day in (("First day", draft.starts_on), ("Last day", draft.ends_on))
        if day is not None and not is_likely_day(day)
    ]
    listed = Counter((line.direction, line.category) for line in draft.lines)
    found += [
        Problem(f"{_label(category)} is listed twice.", "Keep one line.", "Records")
        for (_direction, category), times in listed.items()
        if times > 1
    ]
    return found


def problems(draft: AgreementDraft, known: Known) -> list[Problem]:
    """All that is missing or contradictory before the agreement can be issued."""
    return [
        *draft_problems(draft, known),
        *_dates(draft, known.today),
        *_texts(draft.terms),
        *_people(draft.terms),
        *_numbers(draft.terms),
        *_schedule(draft),
    ]


def _dates(draft: AgreementDraft, today: date) -> Iterator[Problem]:
    start, end, review = draft.starts_on, draft.ends_on, draft.terms.review_on
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


def _texts(terms: Terms) -> Iterator[Problem]:
    for field, text in (
        ("Purpose", terms.purpose),
        ("Insurance", terms.insurance),
        ("Costs", terms.costs),
    ):
        if not text.strip():
            yield Problem(f"{field} is empty.", "Write a sentence.", field)
        elif len(text) > LONGEST_TEXT:
            yield Problem(
                f"{field} has {len(text):,} characters.", f"Shorten it to {LONGEST_TEXT:,}.", field
            )
    if not any(school.strip() for school in terms.schools):
        yield Problem("No school is named.", "Choose the schools it covers.", "Schools")
    if not any(service.strip() for service in terms.services):
        yield Problem("No service is named.", "Name the services, one a line.", "Services")


def _people(terms: Terms) -> Iterator[Problem]:
    for field, signer in (
        ("Signer for the district", terms.district_signer),
        ("Signer for the partner", terms.partner_signer),
    ):
        if not (signer.name.strip() and signer.title.strip()):
            yield Problem(f"{field} lacks a name or a title.", "Give both.", field)
    for field, contact in (
        ("Liaison of the district", terms.district_liaison),
        ("Liaison of the partner", terms.partner_liaison),
        ("Contact for records", terms.records_contact),
    ):
        yield from _contact(field, contact)


def _contact(field: str, contact: Contact) -> Iterator[Problem]:
    if not contact.name.strip():
        yield Problem(f"{field} has no name.", "Name a person.", field)
    if "@" not in contact.email.strip("@ "):
        yield Problem(f"{field} has no e-mail address.", "Write it as name@example.org.", field)


LIMITS: dict[str, tuple[str, int, int]] = {
    "response_days": ("Days to answer a referral", 1, 30),
    "breach_student_days": ("Days to report a breach of student information", 1, 30),
    "breach_other_days": ("Days to report another breach", 1, 60),
    "breach_notice_hours": ("Hours to tell families", 1, 48),
    "destroy_days": ("Days to destroy records", 1, 365),
    "review_days": ("Days between reviews of access", 1, 365),
    "notice_days": ("Days of notice", 1, 180),
}
"""Field of Terms: its label, least and most. The breach clocks are CGS 10-234dd's longest."""


def _numbers(terms: Terms) -> Iterator[Problem]:
    for name, (field, least, most) in LIMITS.items():
        value = getattr(terms, name)
        if not least <= value <= most:
            yield Problem(f"{field}: {value}.", f"Give {least} to {most}.", field)


def _schedule(draft: AgreementDraft) -> Iterator[Problem]:
    if not draft.lines:
        yield Problem(
            "No records are listed in either direction.",
            "List at least one kind of record; without one no consent can open anything.",
            "Records",
        )
    for line in draft.lines:
        if line.category not in SHAREABLE:
            yield Problem(
                f"{_label(line.category)} cannot be listed.", "Take the line out.", "Records"
            )
        if not _is_from_the_lists(line.frequency, line.method, line.retention):
            yield Problem(
                f"The line on {_label(line.category).lower()} is incomplete.",
                "Choose how often, how, and how long from the lists.",
                "Records",
            )
    special = [_label(line.category) for line in draft.lines if line.category in SPECIAL]
    if special and not draft.terms.special_known:
        yield Problem(
            f"The schedule lists sensitive records: {', '.join(dict.fromkeys(special))}.",
            "Tick that they are meant to be listed, or take them out.",
            "Records",
        )


def _label(category: str) -> str:
    return CATEGORY_LABELS[Category(category)] if category in set(Category) else category


def _is_from_the_lists(frequency: str, method: str, retention: str) -> bool:
    return frequency in set(Frequency) and method in set(Channel) and retention in set(Retention)


# What it allows and forbids


@dataclass(frozen=True)
class Effect:
    """What one kind of record may do in each direction, in words."""

    category: Category
    to_partner: str
    to_district: str


def effects(lines: frozenset[tuple[Direction, str]]) -> list[Effect]:
    """A table of everything a district may ask about; lines: what the schedule lists."""
    return [
        Effect(
            category,
            _effect(lines, Direction.A_TO_B, category),
            _effect(lines, Direction.B_TO_A, category),
        )
        for category in (*SHAREABLE, *sorted(NEVER))
    ]


def _effect(lines: frozenset[tuple[Direction, str]], way: Direction, category: Category) -> str:
    if category in NEVER:
        return "Never"
    if (way, category) not in lines:
        return "No"
    return "With consent and separate initials" if category in SPECIAL else "With consent"


# Signing it


def typed_problems(signature: TypedSignature, signer: Signer, me: str) -> list[Problem]:
    """Why a typed name is no signature. me: the name of whoever is signed in."""
    found = []
    if not same_name(me, signer.name):
        found.append(
            Problem(
                f"The paper names {signer.name} as the signer, and you are {me}.",
                f"Have {signer.name} sign, here or on paper, or ask for an agreement naming you.",
                "Your name",
            )
        )
    elif not same_name(signature.name, me):
        found.append(
            Problem(
                "The typed name is not yours.", f"Type your name as it is here: {me}.", "Your name"
            )
        )
    if not signature.attests:
        found.append(
            Problem(
                "The box is not ticked.",
                "Read the agreement, then tick that typing your name is your signature.",
                "Signature",
            )
        )
    return found


def paper_problems(
    signature: PaperSignature, issued_on: date, today: date, most_megabytes: int
) -> list[Problem]:
    """Why a paper signed by hand cannot be recorded."""
    found = scan_problems(signature.scan, most_megabytes, "Scan")
    if not signature.name.strip():
        found.append(Problem("The signer is missing.", "Write who signed.", "Signer"))
    if signature.signed_on is None:
        found.append(Problem("The date is missing.", "Copy it from the paper.", "Signed on"))
    elif signature.signed_on > today:
        found.append(Problem("The date is in the future.", "Copy it from the paper.", "Signed on"))
    elif signature.signed_on < issued_on:
        found.append(
            Problem(
                "The date is before the agreement was issued.",
                "Check that the scan is of this agreement, and the date on it.",
                "Signed on",
            )
        )
    return found


def end_problems(reason: str) -> list[Problem]:
    """An agreement ends with a reason, kept with it."""
    if reason.strip():
        return []
    return [Problem("The reason is missing.", "Write why it ends, in a sentence.", "Reason")]
