"""What putting a student on a caseload must say. Pure rules."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from portal.errors import Problem
from portal.policy.caseloads import KINDS_OF_LEVEL
from portal.vocabulary import Level, RelationKind

DAYS_AHEAD = 365


@dataclass(frozen=True)
class CaseloadDraft:
    """Who gets whom. kind: None for the person's usual one; starts_on: None for now."""

    user_id: uuid.UUID | None = None
    student_id: uuid.UUID | None = None
    kind: RelationKind | None = None
    starts_on: date | None = None


def problems(draft: CaseloadDraft, level: Level | None, today: date) -> list[Problem]:
    """All that is missing or contradictory. level: the staff member's, once one is chosen."""
    return [*_people(draft), *_kind(draft, level), *_day(draft, today)]


def _people(draft: CaseloadDraft) -> Iterator[Problem]:
    if draft.user_id is None:
        yield Problem("Nobody of the staff is chosen.", "Choose whose caseload it is.", "Staff")
    if draft.student_id is None:
        yield Problem("No student is chosen.", "Choose the student to add.", "Student")


def _kind(draft: CaseloadDraft, level: Level | None) -> Iterator[Problem]:
    if level is None or draft.kind is None:
        return
    if draft.kind not in KINDS_OF_LEVEL.get(level, ()):
        yield Problem(
            "This person's level of access does not go with that kind of caseload.",
            "Choose another kind, or somebody else.",
            "Kind",
        )


def _day(draft: CaseloadDraft, today: date) -> Iterator[Problem]:
    if draft.starts_on is None:
        return
    if not today <= draft.starts_on <= today + timedelta(days=DAYS_AHEAD):
        yield Problem("A caseload begins today or within a year.", "Choose another day.", "From")
