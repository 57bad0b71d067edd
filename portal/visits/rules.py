"""What a visit must say before it is saved. Pure rules; nothing here reads the database."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.access.words import Words
from portal.errors import Problem
from portal.vocabulary import Attendance, VisitMode, WordList

MOST_MINUTES = 600
LONGEST_NOTE = 10_000
LONGEST_ABOUT = 200
DAYS_BACK = 365
SEEN_AFTERWARDS = timedelta(days=90)
"""A summer between two school years, or the calls after somebody has moved away."""
DAYS_AHEAD = 365
MOST_IN_A_GROUP = 30


@dataclass(frozen=True)
class FollowUpDraft:
    """When to come back to the student, and what about; `due_on` None is no follow-up."""

    due_on: date | None = None
    about: str = ""


@dataclass(frozen=True)
class VisitDraft:
    """A visit as somebody filled it in; what is None or empty was not filled in.

    began: aware instants; without it the visit has just ended. ended: may be
    given in place of minutes. purpose, services, missed_reason, disposition, tier, place: codes
    of the district's word lists. restricted: the note's text is for its author and a few.
    """

    student_id: uuid.UUID | None = None
    purpose: str | None = None
    minutes: int | None = None
    services: tuple[str, ...] = ()
    began: datetime | None = None
    ended: datetime | None = None
    note: str = ""
    restricted: bool = False
    mode: str = VisitMode.IN_PERSON
    attendance: Attendance = Attendance.ATTENDED
    missed_reason: str = ""
    disposition: str = ""
    tier: str = ""
    place: str = ""
    follow_up: FollowUpDraft = FollowUpDraft()

    @property
    def came(self) -> bool:
        """Was the student there?"""
        return self.attendance is not Attendance.NO_SHOW

    @property
    def length(self) -> int | None:
        """Whole minutes: as chosen, or else from the two times; none for who did not come."""
        if self.minutes is not None:
            return self.minutes
        if self.began is None or self.ended is None:
            return None if self.came else 0
        return round((self.ended - self.began) / timedelta(minutes=1))

    def provided(self, words: Words) -> tuple[str, ...]:
        """The services, each once; the purpose's usual one when none was chosen."""
        if self.services or not self.came:
            return tuple(dict.fromkeys(self.services))
        usual = words.implied(self.purpose or "")
        return (usual,) if usual else ()

    def happened_at(self, at: datetime) -> datetime:
        """When the visit began: as told, or so long ago as it lasted."""
        return self.began or at - timedelta(minutes=self.length or 0)


@dataclass(frozen=True)
class Seat:
    """One student of a group, and what is told of this student alone."""

    student_id: uuid.UUID
    attendance: Attendance = Attendance.ATTENDED
    note: str = ""


def of_each(draft: VisitDraft, seats: Sequence[Seat]) -> list[VisitDraft]:
    """One visit for each student of a group: what all share, and what is this student's own.

    Nobody's note or absence comes to stand with another student.
    """
    return [_seated(draft, seat) for seat in seats]


def _seated(draft: VisitDraft, seat: Seat) -> VisitDraft:
    own = replace(
        draft,
        student_id=seat.student_id,
        attendance=seat.attendance,
        note=seat.note,
        restricted=draft.restricted and bool(seat.note.strip()),
        services=(),
    )
    if own.came:
        late = draft.missed_reason if seat.attendance is Attendance.LATE else ""
        return replace(own, services=draft.services, missed_reason=late)
    return replace(own, minutes=0, ended=None, disposition="")


def group_problems(seats: Sequence[Seat]) -> list[Problem]:
    """Is this a group at all, and each student in it once?"""
    chosen = [seat.student_id for seat in seats]
    if len(set(chosen)) != len(chosen):
        return [Problem("A student is in the group twice.", "Take one of the two out.", "Group")]
    if len(chosen) < 2:
        return [
            Problem(
                "A group has two students or more.",
                "Add the others, or turn the group off.",
                "Group",
            )
        ]
    if len(chosen) > MOST_IN_A_GROUP:
        return [
            Problem(
                f"The group has {len(chosen)} students.",
                f"Log at most {MOST_IN_A_GROUP} at once.",
                "Group",
            )
        ]
    return []


@dataclass(frozen=True)
class Known:
    """What bears on the date of a student's visit: birth, first and last day in a school.

    left: when the last enrollment ended; None while one goes on, or when no roster says.
    """

    born: date | None
    entered: datetime | None
    tz: str
    left: datetime | None = None


def problems(draft: VisitDraft, at: datetime, known: Known | None, words: Words) -> list[Problem]:
    """All that is missing or contradictory. known: None while no student is chosen."""
    found = [
        *_choices(draft, words),
        *_listed(draft, words),
        *_length(draft),
        *_times(draft, at),
        *_coming(draft),
        *_note(draft),
    ]
    if known is not None:
        found += _outside_school(draft, at, known)
    return found


def follow_up_problems(draft: FollowUpDraft, today: date) -> list[Problem]:
    """What is wrong with a follow-up. today: the local day."""
    found = []
    if draft.due_on is None and draft.about.strip():
        found.append(
            Problem("The follow-up has no day.", "Choose the day of the follow-up.", "Follow-up")
        )
    elif draft.due_on is not None and draft.due_on < today:
        found.append(Problem("The follow-up is in the past.", "Choose a day to come.", "Follow-up"))
    elif draft.due_on is not None and draft.due_on > today + timedelta(days=DAYS_AHEAD):
        found.append(
            Problem(
                "The follow-up is more than a year ahead.", "Choose an earlier day.", "Follow-up"
            )
        )
    if len(draft.about) > LONGEST_ABOUT:
        found.append(
            Problem(
                f"What the follow-up is about has {len(draft.about):,} characters.",
                f"Shorten it to {LONGEST_ABOUT}.",
                "Follow-up",
            )
        )
    return found + list(_invisible(draft.about, "follow-up", "Follow-up"))


def _choices(draft: VisitDraft, words: Words) -> Iterator[Problem]:
    if draft.student_id is None:
        yield Problem("No student is chosen.", "Choose the student you saw.", "Student")
    if not words.has(WordList.VISIT_PURPOSE, draft.purpose):
        yield Problem("No purpose is chosen.", "Choose the purpose of the visit.", "Purpose")
    if not all(words.has(WordList.VISIT_SERVICE, service) for service in draft.services):
        yield Problem(
            "A service is not on the list.", "Choose the services from the list.", "Services"
        )


def _listed(draft: VisitDraft, words: Words) -> Iterator[Problem]:
    told = (
        (WordList.VISIT_MODE, draft.mode, "How it took place", "Mode"),
        (WordList.MISSED_REASON, draft.missed_reason, "The reason", "Reason"),
        (WordList.DISPOSITION, draft.disposition, "Where the student went", "Disposition"),
        (WordList.TIER, draft.tier, "The tier", "Tier"),
        (WordList.VISIT_PLACE, draft.place, "The place", "Place"),
    )
    for name, code, what, field in told:
        if code and not words.has(name, code):
            yield Problem(f"{what} is not on the list.", "Choose it from the list.", field)


def _length(draft: VisitDraft) -> Iterator[Problem]:
    fewest = 1 if draft.came else 0
    if draft.ended is not None and draft.began is not None and draft.ended <= draft.began:
        yield Problem("The visit ends before it begins.", "Correct the two times.", "Ended")
    elif draft.length is None:
        yield Problem("No length is given.", "Choose how long the visit took.", "Minutes")
    elif not fewest <= draft.length <= MOST_MINUTES:
        yield Problem(
            f"A visit of {draft.length} minutes cannot be.",
            f"Give {fewest} to {MOST_MINUTES} minutes, which is ten hours.",
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


def _coming(draft: VisitDraft) -> Iterator[Problem]:
    """What nobody wrote down is never an absence, and an absence has no service."""
    if draft.missed_reason and draft.attendance is Attendance.ATTENDED:
        yield Problem(
            "A reason is given for not coming, but the student came.",
            "Say that the student came late or did not come, or take the reason away.",
            "Reason",
        )
    if not draft.came and draft.services:
        yield Problem(
            "Services are chosen, but the student did not come.",
            "Take the services away, or say that the student came.",
            "Services",
        )
    if not draft.came and draft.disposition:
        yield Problem(
            "It says where the student went, but the student did not come.",
            "Take it away, or say that the student came.",
            "Disposition",
        )


def _note(draft: VisitDraft) -> Iterator[Problem]:
    if len(draft.note) > LONGEST_NOTE:
        yield Problem(
            f"The note has {len(draft.note):,} characters.",
            f"Shorten it to {LONGEST_NOTE:,}.",
            "Note",
        )
    yield from _invisible(draft.note, "note", "Note")
    if draft.restricted and not draft.note.strip():
        yield Problem(
            "The note is to be restricted, but there is none.",
            "Write the note, or take the tick away.",
            "Note",
        )


def _invisible(text: str, what: str, field: str) -> Iterator[Problem]:
    if "\x00" in text:
        yield Problem(
            f"The {what} has an invisible character that cannot be kept.",
            "Paste it as plain text, or type it.",
            field,
        )


def _outside_school(draft: VisitDraft, at: datetime, known: Known) -> Iterator[Problem]:
    began = draft.happened_at(at)
    if known.left is not None and began >= known.left + SEEN_AFTERWARDS:
        last = known.left.astimezone(ZoneInfo(known.tz))
        yield Problem(
            f"The student left the district's schools on {last:%B} {last.day}, {last.year}.",
            "Correct the date or the student; if the student is back, the roster must say so.",
            "Student" if draft.began is None else "Began",
        )
    if draft.began is None:
        return
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
