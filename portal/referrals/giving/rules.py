"""What a partner may log back of a contact, and what keeps it from being saved. Pure rules.

It is what a school needs to support the student: came or not, how the service stands, and the
strategies agreed with the school. A clinician's notes stay with the clinician (psychotherapy
notes: 45 CFR 164.501, 164.508(a)(2)), so there is no field that would hold them.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from portal.errors import Problem
from portal.vocabulary import Attendance, GivenStatus, ReferralStatus

LONGEST = 300
"""Characters of agreed strategies, and of the reason for a correction: a sentence or two."""

CAME = frozenset({Attendance.ATTENDED, Attendance.LATE})

GIVES_SERVICE = frozenset(
    {ReferralStatus.ACCEPTED, ReferralStatus.WAITLISTED, ReferralStatus.IN_SERVICE}
)
"""A contact can be logged; the first that the student comes to is access to service."""


@dataclass(frozen=True)
class GivenDraft:
    """A contact as somebody filled it in; None until chosen. reason: why an older is corrected."""

    given_on: date | None = None
    attendance: Attendance | None = None
    status: GivenStatus | None = None
    strategies: str = ""
    reason: str = ""


def problems(
    draft: GivenDraft, sent_at: datetime, at: datetime, tz: str, *, corrects: uuid.UUID | None
) -> list[Problem]:
    """All that keeps it from being saved. tz: the district's."""
    return [
        *_day(draft.given_on, sent_at, at, tz),
        *_choices(draft),
        *_text(draft.strategies, "What was agreed", "Strategies"),
        *(_reason(draft.reason) if corrects else ()),
    ]


def _day(day: date | None, sent_at: datetime, at: datetime, tz: str) -> Iterator[Problem]:
    zone = ZoneInfo(tz)
    if day is None:
        yield Problem("No date is given.", "Give the day of the contact.", "Date")
    elif day > at.astimezone(zone).date():
        yield Problem("The date is in the future.", "Log it once it has happened.", "Date")
    elif day < sent_at.astimezone(zone).date():
        yield Problem(
            "The date is before the referral was sent.",
            "Correct the date; an earlier contact does not belong to this referral.",
            "Date",
        )


def _choices(draft: GivenDraft) -> Iterator[Problem]:
    if draft.attendance not in set(Attendance):
        yield Problem("It is not said whether the student came.", "Choose one.", "Attendance")
    if draft.status not in set(GivenStatus):
        yield Problem("It is not said how the service stands.", "Choose one.", "Status")


def _text(text: str, what: str, field: str) -> Iterator[Problem]:
    if len(text) > LONGEST or "\x00" in text:
        yield Problem(
            f"{what} cannot be kept as typed: it has {len(text):,} characters.",
            f"Write at most {LONGEST} plain characters, and no notes.",
            field,
        )


def _reason(reason: str) -> Iterator[Problem]:
    if not reason.strip():
        yield Problem("No reason is given.", "Say in a few words what was wrong.", "Reason")
    yield from _text(reason, "The reason", "Reason")
