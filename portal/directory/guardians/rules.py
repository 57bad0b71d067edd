"""What adding a guardian and recording a court order must say, and what an order does.

Either parent holds the educational rights unless an order, a statute or a
binding document takes them away (34 CFR 99.4; CGS 10-15b). An order that limits
only seeing records leaves the right to consent where it was.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from portal.errors import Problem
from portal.policy.spans import Span
from portal.vocabulary import CourtRight, Relationship

LONGEST = 200
WITHOUT_RIGHTS = frozenset({Relationship.RELATIVE})
"""Related, and no holder of educational rights but with evidence of acting as the parent."""

NEEDS_EVIDENCE = frozenset({Relationship.SURROGATE, Relationship.STATE_AGENCY})
"""Appointed, or given custody, by a paper (34 CFR 300.519; 34 CFR 99.3, "parent")."""

ENDS_CONSENT = frozenset({CourtRight.CONSENT, CourtRight.BOTH})


@dataclass(frozen=True)
class GuardianDraft:
    """An adult to add. rights_from: the first day of the rights; None for today.

    rights_until: their last day, where one is known. evidence: the paper, or the facts, that
    show the right of somebody who is not a parent.
    """

    student_id: uuid.UUID
    name: str = ""
    relationship: Relationship | None = None
    email: str = ""
    phone: str = ""
    language: str = ""
    rights_from: date | None = None
    rights_until: date | None = None
    evidence: str = ""

    @property
    def holds_rights(self) -> bool:
        """A relative holds them only where something shows that they act as the parent."""
        return self.relationship not in WITHOUT_RIGHTS or bool(self.evidence.strip())


@dataclass(frozen=True)
class EndDraft:
    """A right that ends: a change of custody, a surrogate's term. last_day: its last day."""

    student_id: uuid.UUID
    guardian_id: uuid.UUID | None = None
    last_day: date | None = None
    reason: str = ""


@dataclass(frozen=True)
class CollegeDraft:
    """When a student attends a postsecondary institution; from then on the rights are theirs.

    last_day: None while it goes on. evidence: what shows it.
    """

    student_id: uuid.UUID
    first_day: date | None = None
    last_day: date | None = None
    evidence: str = ""


@dataclass(frozen=True)
class OrderDraft:
    """A court order as somebody read it. first_day and last_day: days on which it holds.

    document_reference: where the paper is kept; the portal does not keep it.
    """

    student_id: uuid.UUID
    guardian_id: uuid.UUID | None = None
    limits: CourtRight | None = None
    first_day: date | None = None
    last_day: date | None = None
    document_reference: str = ""


def guardian_problems(draft: GuardianDraft, today: date) -> list[Problem]:
    """All that is missing or contradictory."""
    return [*_guardian(draft, today)]


def _guardian(draft: GuardianDraft, today: date) -> Iterator[Problem]:
    if not 1 < len(draft.name.strip()) <= LONGEST:
        yield Problem("The name is missing.", "Write first and last name.", "Name")
    if draft.relationship not in set(Relationship):
        yield Problem("It is not said how they are related.", "Choose from the list.", "Relation")
    if draft.rights_from is not None and draft.rights_from > today:
        yield Problem("The rights begin in the future.", "Choose today or before.", "Since")
    elif draft.rights_until is not None and draft.rights_until < (draft.rights_from or today):
        yield Problem("The rights end before they begin.", "Correct one of the days.", "Until")
    if draft.relationship in NEEDS_EVIDENCE and not draft.evidence.strip():
        yield Problem(
            "It is not said what shows this right.",
            "Name the letter of appointment, or the order that gives custody, and its date.",
            "Evidence",
        )
    if len(draft.evidence) > LONGEST:
        yield Problem("This is too long to keep.", f"Use at most {LONGEST} letters.", "Evidence")


def end_problems(draft: EndDraft, holds_rights: bool) -> list[Problem]:
    """All that is missing. holds_rights: has this adult any for this student?"""
    found = []
    if not holds_rights:
        found.append(
            Problem("This adult holds no right for this student.", "Choose one who does.", "Whose")
        )
    if draft.last_day is None:
        found.append(Problem("The last day is missing.", "Say when it ended.", "Last day"))
    if not 1 < len(draft.reason.strip()) <= LONGEST:
        found.append(
            Problem(
                "It is not said why the right ends.",
                "Write what happened and which paper shows it: a custody order, an adoption.",
                "Why",
            )
        )
    return found


def college_problems(draft: CollegeDraft) -> list[Problem]:
    """All that is missing or contradictory."""
    found = []
    if draft.first_day is None:
        found.append(Problem("The first day is missing.", "Say when classes began.", "From"))
    elif draft.last_day is not None and draft.last_day < draft.first_day:
        found.append(Problem("It ends before it begins.", "Correct one of the days.", "Until"))
    if not 1 < len(draft.evidence.strip()) <= LONGEST:
        found.append(
            Problem(
                "It is not said what shows that the student attends.",
                "Name the letter of enrollment, or who at the institution said so.",
                "Evidence",
            )
        )
    return found


def order_problems(draft: OrderDraft, holds_rights: bool) -> list[Problem]:
    """All that is missing or contradictory. holds_rights: has this adult any for this student?"""
    return [*_order(draft, holds_rights)]


def _order(draft: OrderDraft, holds_rights: bool) -> Iterator[Problem]:
    if not holds_rights:
        yield Problem(
            "This adult is not listed for this student.", "Choose one of the family.", "Guardian"
        )
    if draft.limits not in set(CourtRight):
        yield Problem("It is not said what the order limits.", "Choose from the list.", "Limits")
    if draft.first_day is None:
        yield Problem("The first day is missing.", "Copy it from the order.", "From")
    elif draft.last_day is not None and draft.last_day < draft.first_day:
        yield Problem("The order ends before it begins.", "Correct one of the days.", "Until")
    if not 1 < len(draft.document_reference.strip()) <= LONGEST:
        yield Problem(
            "It is not said where the order is kept.",
            "Write the court, the docket number or the file's place.",
            "Document",
        )


def without(held: Iterable[Span], order: Span) -> list[Span]:
    """The spans of rights that an order leaves: what lies before it, and after its end."""
    left: list[Span] = []
    for span in held:
        if not _meet(span, order):
            left.append(span)
            continue
        if span.start < order.start:
            left.append(Span(span.start, order.start))
        if order.end is not None and (span.end is None or order.end < span.end):
            left.append(Span(max(span.start, order.end), span.end))
    return left


def _meet(one: Span, other: Span) -> bool:
    return _begins_before_end(one.start, other.end) and _begins_before_end(other.start, one.end)


def _begins_before_end(start: datetime, end: datetime | None) -> bool:
    return end is None or start < end
