"""What a hand-over, a change of school, a lock and a school year must say. Pure rules."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from portal.errors import Problem
from portal.vocabulary import CloseReason, HandoverPrompt, MoveReason

LONGEST = 4000
LONGEST_REASON = 500
DAYS_AHEAD = 180
DAYS_BACK = 31
LONGEST_YEAR = 366


# Handing over


@dataclass(frozen=True)
class Told:
    """What is told of one student: an answer to each prompt, and what only a few may read."""

    answers: Mapping[HandoverPrompt, str] = field(default_factory=dict)
    restricted: str = ""

    @property
    def said(self) -> dict[str, str]:
        """The prompts that were answered, in their order."""
        return {
            str(prompt): text.strip()
            for prompt in HandoverPrompt
            if (text := self.answers.get(prompt, "")).strip()
        }


@dataclass(frozen=True)
class HandoverDraft:
    """Who hands which students to whom, from which day on; None for today.

    told: what the next one is told, for each student of whom something is.
    """

    from_id: uuid.UUID | None = None
    to_id: uuid.UUID | None = None
    students: tuple[uuid.UUID, ...] = ()
    on: date | None = None
    told: Mapping[uuid.UUID, Told] = field(default_factory=dict)


def handover_problems(draft: HandoverDraft, today: date) -> list[Problem]:
    """All that is missing or contradictory."""
    return [*_who(draft), *_from_when(draft, today), *_what(draft)]


def _who(draft: HandoverDraft) -> Iterator[Problem]:
    if draft.from_id is None:
        yield Problem("It is not said whose students these are.", "Choose a colleague.", "From")
    if not draft.students:
        yield Problem("No student is chosen.", "Choose the students to hand over.", "Students")
    if draft.to_id is None:
        yield Problem("Nobody is chosen.", "Choose who works with them next.", "To")
    elif draft.to_id == draft.from_id:
        yield Problem("These students are theirs already.", "Choose another colleague.", "To")


def _from_when(draft: HandoverDraft, today: date) -> Iterator[Problem]:
    if draft.on is not None and not today <= draft.on <= today + timedelta(days=DAYS_AHEAD):
        yield Problem(
            "A hand-over takes effect today or within half a year.", "Choose another day.", "From"
        )


def _what(draft: HandoverDraft) -> Iterator[Problem]:
    texts = [
        text for told in draft.told.values() for text in (*told.answers.values(), told.restricted)
    ]
    if any(len(text) > LONGEST for text in texts):
        yield Problem(
            "An answer is too long to keep.", f"Shorten it to {LONGEST:,} characters.", "Answers"
        )
    if any("\x00" in text for text in texts):
        yield Problem(
            "An answer has an invisible character that cannot be kept.",
            "Paste it as plain text, or type it.",
            "Answers",
        )


# Changing school


@dataclass(frozen=True)
class MoveDraft:
    """Which student goes to which school, from which day on, and why.

    stays: also at the school of today, so that there are two. keep_caseload: those who work
    with the student go on until somebody hands them over.
    """

    student_id: uuid.UUID | None = None
    school_id: uuid.UUID | None = None
    on: date | None = None
    reason: MoveReason | None = None
    stays: bool = False
    keep_caseload: bool = True


def move_problems(
    draft: MoveDraft, today: date, schools: Collection[uuid.UUID], at_now: Collection[uuid.UUID]
) -> list[Problem]:
    """All that is missing or contradictory. schools: the district's; at_now: the student's."""
    found = []
    if draft.student_id is None:
        found.append(Problem("No student is chosen.", "Choose the student.", "Student"))
    if draft.school_id not in schools:
        found.append(Problem("No school is chosen.", "Choose the new school.", "School"))
    elif draft.school_id in at_now:
        found.append(
            Problem("The student is at this school already.", "Choose another one.", "School")
        )
    if draft.on is None:
        found.append(Problem("The first day is missing.", "Choose the first day there.", "Day"))
    elif not today - timedelta(days=DAYS_BACK) <= draft.on <= today + timedelta(days=DAYS_AHEAD):
        found.append(
            Problem(
                "The day is more than a month ago, or more than half a year ahead.",
                "Choose another day; a change of last year comes in with the roster.",
                "Day",
            )
        )
    if draft.reason is None:
        found.append(Problem("It is not said why.", "Choose a reason.", "Reason"))
    return found


# Locks


@dataclass(frozen=True)
class LockDraft:
    """Who must not open which student, from today until the end of a day; None for no end."""

    user_id: uuid.UUID | None = None
    student_id: uuid.UUID | None = None
    until: date | None = None
    reason: str = ""


@dataclass(frozen=True)
class HideDraft:
    """Which student is left out of lists and searches, until the end of a day, and why."""

    student_id: uuid.UUID | None = None
    until: date | None = None
    reason: str = ""


def lock_problems(draft: LockDraft, today: date) -> list[Problem]:
    """All that is missing or contradictory."""
    found = []
    if draft.user_id is None:
        found.append(Problem("Nobody of the staff is chosen.", "Choose a colleague.", "Staff"))
    return [*found, *_of_a_student(draft, today)]


def hide_problems(draft: HideDraft, today: date) -> list[Problem]:
    """All that is missing or contradictory."""
    return list(_of_a_student(draft, today))


def _of_a_student(draft: LockDraft | HideDraft, today: date) -> Iterator[Problem]:
    if draft.student_id is None:
        yield Problem("No student is chosen.", "Choose the student.", "Student")
    if draft.until is not None and draft.until < today:
        yield Problem("The last day is over already.", "Choose today or later.", "Until")
    if not 1 < len(draft.reason.strip()) <= LONGEST_REASON:
        yield Problem(
            "It is not said why.",
            f"Write the reason in a few words, at most {LONGEST_REASON} letters.",
            "Reason",
        )


# The school year


@dataclass(frozen=True)
class YearDraft:
    """The first and the last school day of a year."""

    first_day: date | None = None
    last_day: date | None = None

    @property
    def name(self) -> str:
        """2026-2027."""
        if self.first_day is None or self.last_day is None:
            return ""
        return f"{self.first_day.year}-{self.last_day.year}"


def year_problems(draft: YearDraft) -> list[Problem]:
    """All that is missing or contradictory."""
    if draft.first_day is None or draft.last_day is None:
        return [Problem("A day is missing.", "Give the first and the last school day.", "Days")]
    length = draft.last_day - draft.first_day
    if not timedelta(days=90) <= length <= timedelta(days=LONGEST_YEAR):
        return [
            Problem(
                "A school year lasts three months to a year.", "Correct one of the days.", "Days"
            )
        ]
    return []


def closing_problems(last_day: date, today: date, *, closed: bool) -> list[Problem]:
    """Why the year cannot be closed now."""
    if closed:
        return [Problem("This year is closed already.", "Look at the year that runs.", "Year")]
    if today < last_day:
        return [
            Problem(
                "The school year still runs.",
                f"Close it on {last_day:%B} {last_day.day} or later; until then, look it through.",
                "Year",
            )
        ]
    return []


Reviewed = Mapping[uuid.UUID, CloseReason | None]
"""What is to become of each open referral: how it ended; None to keep it open."""
