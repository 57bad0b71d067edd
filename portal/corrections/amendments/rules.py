"""What a request to amend a record must say, and where it stands. Pure rules.

34 CFR 99.20: whoever holds the rights may ask; the school decides within a reasonable time.
99.21, 99.22: refused, they may have a hearing; refused there too, they may put a statement into
the record, which goes wherever the record goes. We take the statement as soon as it is refused.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.errors import Problem
from portal.policy.corrections import reason_problems
from portal.vocabulary import AmendmentDecision

LONGEST_WISH = 2_000
LONGEST_STATEMENT = 5_000
LONGEST_NAME = 200


class Standing(StrEnum):
    """Where a request stands; computed from its dates, never stored."""

    ASKED = "asked"
    AMENDED = "amended"
    REFUSED = "refused"
    HEARING_ASKED = "hearing_asked"
    AMENDED_AFTER_HEARING = "amended_after_hearing"
    REFUSED_AFTER_HEARING = "refused_after_hearing"


STANDING_LABELS = {
    Standing.ASKED: "To decide",
    Standing.AMENDED: "Amended",
    Standing.REFUSED: "Not amended",
    Standing.HEARING_ASKED: "Hearing asked for",
    Standing.AMENDED_AFTER_HEARING: "Amended after a hearing",
    Standing.REFUSED_AFTER_HEARING: "Not amended after a hearing",
}

OPEN = frozenset({Standing.ASKED, Standing.HEARING_ASKED})
"""What waits for us."""

MAY_STATE = frozenset({Standing.REFUSED, Standing.HEARING_ASKED, Standing.REFUSED_AFTER_HEARING})
"""When a statement of disagreement may be put into the record."""


@dataclass(frozen=True)
class Steps:
    """What has been written down of a request."""

    decision: AmendmentDecision | None = None
    hearing_asked_on: date | None = None
    hearing_decision: AmendmentDecision | None = None


def standing(steps: Steps) -> Standing:
    """Where the request stands."""
    if steps.decision is None:
        return Standing.ASKED
    if steps.decision is AmendmentDecision.AMENDED:
        return Standing.AMENDED
    if steps.hearing_asked_on is None:
        return Standing.REFUSED
    if steps.hearing_decision is None:
        return Standing.HEARING_ASKED
    if steps.hearing_decision is AmendmentDecision.AMENDED:
        return Standing.AMENDED_AFTER_HEARING
    return Standing.REFUSED_AFTER_HEARING


@dataclass(frozen=True)
class RequestDraft:
    """A request as somebody writes it down. by_student: the student asked, else the guardian."""

    record_id: uuid.UUID
    asked_by: uuid.UUID | None
    by_student: bool
    asked_on: date | None
    wants: str


@dataclass(frozen=True)
class HearingDraft:
    """What a hearing decided, and why (34 CFR 99.22(f): a summary of the evidence, reasons)."""

    held_on: date | None
    held_by: str
    decision: AmendmentDecision | None
    reason: str


def problems(draft: RequestDraft, today: date) -> list[Problem]:
    """All that is missing or contradictory in a request."""
    found = list(_days(draft.asked_on, today, "Asked on"))
    if draft.asked_by is None and not draft.by_student:
        found.append(Problem("It does not say who asks.", "Choose who asks.", "Who asks"))
    return found + list(text_problems(draft.wants, LONGEST_WISH, "What they want changed"))


def hearing_problems(draft: HearingDraft, asked_on: date, today: date) -> list[Problem]:
    """All that is missing or contradictory in what is written of a hearing."""
    found = list(_days(draft.held_on, today, "Held on"))
    if draft.held_on is not None and draft.held_on < asked_on:
        found.append(
            Problem("The hearing is before it was asked for.", "Correct the day.", "Held on")
        )
    if draft.decision is None:
        found.append(Problem("No decision is chosen.", "Choose what was decided.", "Decision"))
    found += text_problems(draft.held_by, LONGEST_NAME, "Held by")
    return found + reason_problems(draft.reason, needed=True)


def text_problems(text: str, most: int, field: str) -> Iterator[Problem]:
    """A text that is kept for good: there, not too long, printable."""
    told = text.strip()
    if not told:
        yield Problem("Nothing is written here.", "Write it in their words.", field)
    elif len(told) > most:
        yield Problem(f"It has {len(told):,} characters.", f"Shorten it to {most:,}.", field)
    elif "\x00" in told:
        yield Problem("There is an invisible character.", "Type it again.", field)


def _days(day: date | None, today: date, field: str) -> Iterator[Problem]:
    if day is None:
        yield Problem("No day is given.", "Choose the day.", field)
    elif day > today:
        yield Problem("The day is in the future.", "Choose a day up to today.", field)
