"""What a visit must say before it is saved. Pure rules; nothing here reads the database."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.errors import Problem
from portal.vocabulary import USUAL_SERVICE, VisitPurpose, VisitService

MOST_MINUTES = 600
LONGEST_NOTE = 10_000
DAYS_BACK = 365


@dataclass(frozen=True)
class VisitDraft:
    """A visit as somebody filled it in; what is None was not filled in.

    began: aware instants; without it the visit has just ended. ended: may be
    given in place of minutes. Without a service the purpose implies its usual one.
    """

    student_id: uuid.UUID | None = None
    purpose: VisitPurpose | None = None
    minutes: int | None = None
    services: tuple[VisitService, ...] = ()
    began: datetime | None = None
    ended: datetime | None = None
    note: str = ""

    @property
    def length(self) -> int | None:
        """Whole minutes: as chosen, or else from the two times."""
        if self.minutes is not None or self.began is None or self.ended is None:
            return self.minutes
        return round((self.ended - self.began) / timedelta(minutes=1))

    @property
    def provided(self) -> tuple[VisitService, ...]:
        """The services, each once; the purpose's usual one when none was chosen."""
        if self.services or self.purpose not in USUAL_SERVICE:
            return tuple(dict.fromkeys(self.services))
        return (USUAL_SERVICE[self.purpose],)

    def happened_at(self, at: datetime) -> datetime:
        """When the visit began: as told, or so long ago as it lasted."""
        return self.began or at - timedelta(minutes=self.length or 0)


@dataclass(frozen=True)
class Known:
    """What bears on the date of a student's visit: their birth, their first day in a school."""

    born: date | None
    entered: datetime | None
    tz: str


def problems(draft: VisitDraft, at: datetime, known: Known | None) -> list[Problem]:
    """All that is missing or contradictory. known: None while no student is chosen."""
    found = [*_choices(draft), *_length(draft), *_times(draft, at), *_note(draft)]
    if known is not None and draft.began is not None:
        found += _before_their_time(draft.began, known)
    return found


def _choices(draft: VisitDraft) -> Iterator[Problem]:
    if draft.student_id is None:
        yield Problem("No student is chosen.", "Choose the student you saw.", "Student")
    if draft.purpose not in set(VisitPurpose):
        yield Problem("No purpose is chosen.", "Choose the purpose of the visit.", "Purpose")
    if any(service not in set(VisitService) for service in draft.services):
        yield Problem(
            "A service is not on the list.", "Choose the services from the list.", "Services"
        )


def _length(draft: VisitDraft) -> Iterator[Problem]:
    if draft.ended is not None and draft.began is not None and draft.ended <= draft.began:
        yield Problem("The visit ends before it begins.", "Correct the two times.", "Ended")
    elif draft.length is None:
        yield Problem("No length is given.", "Choose how long the visit took.", "Minutes")
    elif not 1 <= draft.length <= MOST_MINUTES:
        yield Problem(
            f"A visit of {draft.length} minutes cannot be.",
            f"Give 1 to {MOST_MINUTES} minutes, which is ten hours.",
            "Minutes",
        )


def _times(draft: VisitDraft, at: datetime) -> Iterator[Problem]:
    if draft.began is None:
        if draft.ended is not None:
            yield Problem("There is an end but no beginning.", "Say when it began.", "Began")
        return
    if draft.began > at:
        yield Problem("The visit is in the future.", "Log it once it has happened.", "Began")
    elif draft.ended is not None and draft.ended > at:
        yield Problem("The visit has not ended yet.", "Log it once it has ended.", "Ended")
    if draft.began < at - timedelta(days=DAYS_BACK):
        yield Problem(
            "The visit is more than a year ago.",
            "Correct the date; older visits come in with the district's import.",
            "Began",
        )


def _note(draft: VisitDraft) -> Iterator[Problem]:
    if len(draft.note) > LONGEST_NOTE:
        yield Problem(
            f"The note has {len(draft.note):,} characters.",
            f"Shorten it to {LONGEST_NOTE:,}.",
            "Note",
        )
    if "\x00" in draft.note:
        yield Problem(
            "The note has an invisible character that cannot be kept.",
            "Paste it as plain text, or type it.",
            "Note",
        )


def _before_their_time(began: datetime, known: Known) -> Iterator[Problem]:
    if known.born is not None and began.astimezone(ZoneInfo(known.tz)).date() < known.born:
        yield Problem(
            "The visit is before the student was born.", "Correct the date or the student.", "Began"
        )
    elif known.entered is not None and began < known.entered:
        yield Problem(
            "The visit is before the student entered the district.",
            "Correct the date or the student.",
            "Began",
        )
