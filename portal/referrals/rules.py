"""The life of a referral, and what each step of it must say. Pure rules.

The table MOVES is the whole life: from each status, the statuses that may
follow and which side may set them. A decline is not the end: the school reviews
it and closes the referral, sends the decline back, or refers elsewhere. What is
closed or withdrawn can be opened again for a while, with a note.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.access.words import Words
from portal.errors import Problem
from portal.policy.spans import local_midnight
from portal.vocabulary import (
    REFERRAL_STATUS_LABELS,
    Access,
    CloseReason,
    ConfirmedBy,
    ContactWay,
    NotAccessedReason,
    ReferralEventKind,
    ReferralStatus,
    ReferralTarget,
    Urgency,
    WordList,
)

LONGEST_PROVIDER = 200


class Side(StrEnum):
    """Who acts: the school that referred, or the agency it referred to."""

    SCHOOL = "school"
    AGENCY = "agency"


S = ReferralStatus
SCHOOL = frozenset({Side.SCHOOL})
AGENCY = frozenset({Side.AGENCY})
BOTH = frozenset(Side)

_SCHOOL_MAY_END_IT: Mapping[ReferralStatus, frozenset[Side]] = {
    S.WITHDRAWN: SCHOOL,
    S.CLOSED: SCHOOL,
    S.ENTERED_IN_ERROR: SCHOOL,
}

MOVES: Mapping[ReferralStatus, Mapping[ReferralStatus, frozenset[Side]]] = {
    S.DRAFT: {S.SENT: SCHOOL, S.ENTERED_IN_ERROR: SCHOOL},
    S.SENT: {
        S.RECEIVED: AGENCY,
        S.ACCEPTED: AGENCY,
        S.WAITLISTED: AGENCY,
        S.DECLINED: AGENCY,
        S.IN_SERVICE: BOTH,
        S.ON_HOLD: BOTH,
        **_SCHOOL_MAY_END_IT,
    },
    S.RECEIVED: {
        S.ACCEPTED: AGENCY,
        S.WAITLISTED: AGENCY,
        S.DECLINED: AGENCY,
        S.IN_SERVICE: BOTH,
        S.ON_HOLD: BOTH,
        **_SCHOOL_MAY_END_IT,
    },
    S.ACCEPTED: {
        S.WAITLISTED: AGENCY,
        S.DECLINED: AGENCY,
        S.IN_SERVICE: BOTH,
        S.ON_HOLD: BOTH,
        **_SCHOOL_MAY_END_IT,
    },
    S.WAITLISTED: {
        S.ACCEPTED: AGENCY,
        S.DECLINED: AGENCY,
        S.IN_SERVICE: BOTH,
        S.ON_HOLD: BOTH,
        **_SCHOOL_MAY_END_IT,
    },
    S.ON_HOLD: {
        S.SENT: SCHOOL,
        S.ACCEPTED: AGENCY,
        S.WAITLISTED: AGENCY,
        S.DECLINED: AGENCY,
        S.IN_SERVICE: BOTH,
        **_SCHOOL_MAY_END_IT,
    },
    S.IN_SERVICE: {S.CLOSED: BOTH, S.ON_HOLD: BOTH, S.ENTERED_IN_ERROR: SCHOOL},
    S.DECLINED: {
        S.SENT: SCHOOL,
        S.ACCEPTED: AGENCY,
        S.IN_SERVICE: BOTH,
        **_SCHOOL_MAY_END_IT,
    },
    S.WITHDRAWN: {S.SENT: SCHOOL, S.ENTERED_IN_ERROR: SCHOOL},
    S.CLOSED: {S.SENT: SCHOOL, S.IN_SERVICE: SCHOOL, S.ENTERED_IN_ERROR: SCHOOL},
    S.ENTERED_IN_ERROR: {},
}
"""From each status, those that may follow and who may set them."""

OVER = frozenset({S.WITHDRAWN, S.CLOSED, S.ENTERED_IN_ERROR})
"""Nothing is awaited any more; the first two can be opened again."""

OPEN = frozenset(ReferralStatus) - OVER - {S.DRAFT}
AWAITING_ANSWER = frozenset({S.SENT, S.RECEIVED, S.ON_HOLD})
"""The agency has not said yes, no or later."""

OVERDUE_CAN_BE = frozenset({S.SENT, S.RECEIVED})
"""Only an answer that can be given is ever late."""

SENDINGS = (
    ReferralEventKind.SENT,
    ReferralEventKind.SENT_AGAIN,
    ReferralEventKind.DECLINE_SENT_BACK,
    ReferralEventKind.REOPENED,
)
"""Steps from which on an answer is awaited anew."""

REOPEN_WITHIN = timedelta(days=90)
"""How long after its end a referral can be opened again; later, a new one tells more."""

ENOUGH_ATTEMPTS = 3
"""How often a family is tried before a referral may be closed because nobody was reached."""

LONGEST_WAIT = 104
LONGEST_NOTE = 1000


class Answer(StrEnum):
    """What an agency says to a referral."""

    ACCEPT = "accept"
    WAITLIST = "waitlist"
    DECLINE = "decline"
    APPOINTMENT_KEPT = "appointment_kept"


ANSWER_LABELS = {
    Answer.ACCEPT: "Accept",
    Answer.WAITLIST: "Waiting list",
    Answer.DECLINE: "Decline",
    Answer.APPOINTMENT_KEPT: "First appointment kept",
}

LEADS_TO = {
    Answer.ACCEPT: S.ACCEPTED,
    Answer.WAITLIST: S.WAITLISTED,
    Answer.DECLINE: S.DECLINED,
    Answer.APPOINTMENT_KEPT: S.IN_SERVICE,
}


def answers_to(status: ReferralStatus) -> list[Answer]:
    """What an agency can still say to a referral that stands like this."""
    return [answer for answer, to in LEADS_TO.items() if Side.AGENCY in MOVES[status].get(to, ())]


@dataclass(frozen=True)
class ReferralDraft:
    """A referral as somebody filled it in; None until chosen.

    A community referral names the agency, and the service where the agency lists its services.
    contact_ways: how the family may be reached; none said means any. do_not_contact: nobody but
    the sender is to be reached, so no contact details go along.
    """

    student_id: uuid.UUID | None = None
    target: ReferralTarget | None = None
    need: str | None = None
    agency_id: uuid.UUID | None = None
    service_id: uuid.UUID | None = None
    school_provider: str = ""
    visit_id: uuid.UUID | None = None
    urgency: Urgency = Urgency.ROUTINE
    do_not_contact: bool = False
    contact_ways: tuple[ContactWay, ...] = ()
    contact_note: str = ""


@dataclass(frozen=True)
class Recipient:
    """The provider at the moment of sending: may it receive a referral?"""

    agency_active: bool
    service_active: bool
    blocked: bool


@dataclass(frozen=True)
class OutcomeDraft:
    """Whether a referral resulted in access to service, as the school learned it."""

    access: Access | None = None
    accessed_on: date | None = None
    confirmed_by: ConfirmedBy | None = None
    reason: NotAccessedReason | None = None


@dataclass(frozen=True)
class AttemptDraft:
    """An attempt to reach the family, as somebody filled it in."""

    on: date | None = None
    way: ContactWay | None = None
    reached: bool | None = None


@dataclass(frozen=True)
class AnswerDraft:
    """An agency's answer: a decline has a reason, a kept appointment its date.

    weeks: of the waiting list, as the agency reckons; None when it does not say.
    """

    answer: Answer | None = None
    reason: NotAccessedReason | None = None
    kept_on: date | None = None
    weeks: int | None = None


def problems(draft: ReferralDraft, recipient: Recipient | None, words: Words) -> list[Problem]:
    """All that keeps a referral from being sent. recipient: None while no agency is chosen."""
    found = []
    if draft.student_id is None:
        found.append(Problem("No student is chosen.", "Choose the student you saw.", "Student"))
    if not words.has(WordList.NEED, draft.need):
        found.append(Problem("No need is chosen.", "Choose what the referral is for.", "Need"))
    found += _provider(draft, recipient)
    return found + note_problems(draft.contact_note, "note on how to reach them", needed=False)


def draft_problems(draft: ReferralDraft, words: Words) -> list[Problem]:
    """What a referral lacks to be kept for later; whether anybody can receive it, sending asks."""
    anybody = Recipient(agency_active=True, service_active=True, blocked=False)
    return problems(draft, None if draft.agency_id is None else anybody, words)


def _provider(draft: ReferralDraft, recipient: Recipient | None) -> Iterator[Problem]:
    match draft.target:
        case ReferralTarget.SCHOOL:
            yield from _school_provider(draft.school_provider)
        case ReferralTarget.COMMUNITY if recipient is not None:
            yield from can_receive(recipient)
        case ReferralTarget.COMMUNITY:
            yield Problem("No community provider is chosen.", "Choose the provider.", "Provider")
        case _:
            yield Problem(
                "It is not said where the referral goes.",
                "Choose within the school or a community provider.",
                "Refer to",
            )


def _school_provider(name: str) -> Iterator[Problem]:
    if not name.strip():
        yield Problem(
            "No school-based provider is chosen.", "Choose one, or type who it is.", "Provider"
        )
    elif len(name) > LONGEST_PROVIDER or "\x00" in name:
        yield Problem(
            "The provider's name cannot be kept as typed.",
            f"Type at most {LONGEST_PROVIDER} plain characters.",
            "Provider",
        )


def can_receive(recipient: Recipient) -> Iterator[Problem]:
    """Why a provider cannot receive a referral of this student now."""
    if not recipient.agency_active:
        yield Problem(
            "The provider no longer takes part in the portal.", "Choose another one.", "Provider"
        )
    elif not recipient.service_active:
        yield Problem(
            "The provider does not offer this service now.", "Choose another service.", "Provider"
        )
    if recipient.blocked:
        yield Problem(
            "Sharing this student's records with this provider is stopped.",
            "Choose another provider, or ask the district's records officer.",
            "Provider",
        )


def move_problems(now: ReferralStatus, to: ReferralStatus, side: Side) -> list[Problem]:
    """Why the referral cannot go from this status to that one; staying is no move."""
    if now is to or side in MOVES[now].get(to, frozenset()):
        return []
    label = REFERRAL_STATUS_LABELS[now].lower()
    do_next = "Send a new referral." if side is Side.SCHOOL else "Talk with the school's contact."
    return [Problem(f"This cannot be said of a referral that is {label}.", do_next, "Status")]


def over_problems(now: ReferralStatus) -> list[Problem]:
    """Why nothing more is said of a referral that is at its end."""
    if now not in OVER:
        return []
    label = REFERRAL_STATUS_LABELS[now].lower()
    do_next = "Open it again with a note, or send a new referral."
    return [Problem(f"This referral is {label}.", do_next, "Status")]


def attempt_problems(draft: AttemptDraft, at: datetime, tz: str) -> list[Problem]:
    """What an attempt to reach the family lacks."""
    found = []
    if draft.way not in set(ContactWay):
        found.append(Problem("It is not said how it was tried.", "Choose the way.", "How"))
    if draft.reached is None:
        found.append(Problem("It is not said whether it worked.", "Choose one.", "Reached"))
    if draft.on is None:
        found.append(Problem("No date is given.", "Give the day of the attempt.", "Date"))
    elif draft.on > at.astimezone(ZoneInfo(tz)).date():
        found.append(
            Problem("The date is in the future.", "Record it once it has happened.", "Date")
        )
    return found


def unreached_problems(reason: NotAccessedReason | None, attempts: int) -> list[Problem]:
    """Nobody is "unable to contact" before it was tried often enough. attempts: not reached."""
    if reason is not NotAccessedReason.UNABLE_TO_CONTACT or attempts >= ENOUGH_ATTEMPTS:
        return []
    left = ENOUGH_ATTEMPTS - attempts
    return [
        Problem(
            f"The family was tried {attempts} of {ENOUGH_ATTEMPTS} times.",
            f"Write down {left} more, or choose another reason.",
            "Reason",
        )
    ]


def close_problems(reason: CloseReason | None, access: Access) -> list[Problem]:
    """A service that nobody reached was not completed; what began was not canceled before."""
    if reason not in set(CloseReason):
        return [Problem("No reason is chosen.", "Choose how it ended.", "Reason")]
    if (reason is CloseReason.CANCELED) is not (access is Access.ACCESSED):
        return []
    if access is Access.ACCESSED:
        return [
            Problem(
                "The student reached the service, so it was not canceled before it began.",
                "Choose Completed or Ended early.",
                "Reason",
            )
        ]
    return [
        Problem(
            "It is not known that the student reached the service, so it was not completed.",
            "Record first that the service began, or choose Canceled before it began.",
            "Reason",
        )
    ]


def reopen_problems(now: ReferralStatus, ended_at: datetime, at: datetime) -> list[Problem]:
    """Why what has ended cannot be opened again."""
    if now not in OVER or now is S.ENTERED_IN_ERROR:
        return [Problem("This referral is not closed.", "Look at its status.", "Status")]
    if at < ended_at + REOPEN_WITHIN:
        return []
    return [
        Problem(
            f"It ended more than {REOPEN_WITHIN.days} days ago.", "Send a new referral.", "Status"
        )
    ]


def overdue_before(at: datetime, tz: str, days: int, *, weekdays: bool = False) -> datetime:
    """What has waited since before this instant is overdue: so many days, or weekdays, ago.

    Whole days of the zone: on the last of them it is not overdue yet.
    """
    day = at.astimezone(ZoneInfo(tz)).date()
    left = days
    while left:
        day -= timedelta(days=1)
        left -= not weekdays or day.weekday() < SATURDAY
    return local_midnight(day, tz)


SATURDAY = 5


def outcome_problems(
    draft: OutcomeDraft, sent_at: datetime, at: datetime, tz: str
) -> list[Problem]:
    """What an outcome lacks; unknown needs nothing more."""
    match draft.access:
        case Access.ACCESSED:
            return [*_accessed(draft, sent_at, at, tz)]
        case Access.NOT_ACCESSED if draft.reason not in set(NotAccessedReason):
            return [Problem("No reason is chosen.", "Choose why there was no service.", "Reason")]
        case Access.NOT_ACCESSED | Access.UNKNOWN:
            return []
    return [
        Problem(
            "It is not said whether the student reached the service.",
            "Choose Accessed, Not accessed or Unknown.",
            "Outcome",
        )
    ]


def _accessed(draft: OutcomeDraft, sent_at: datetime, at: datetime, tz: str) -> Iterator[Problem]:
    yield from day_problems(draft.accessed_on, sent_at, at, tz)
    if draft.confirmed_by not in set(ConfirmedBy):
        yield Problem("It is not said who confirmed it.", "Choose who told you.", "Confirmed by")


def day_problems(day: date | None, sent_at: datetime, at: datetime, tz: str) -> Iterator[Problem]:
    """A service begins on a day from that of the referral until today, in the district's zone."""
    zone = ZoneInfo(tz)
    if day is None:
        yield Problem("No date is given.", "Give the day the service began.", "Date")
    elif day > at.astimezone(zone).date():
        yield Problem("The date is in the future.", "Record it once it has happened.", "Date")
    elif day < sent_at.astimezone(zone).date():
        yield Problem(
            "The date is before the referral was sent.",
            "Correct the date, or record the earlier service apart.",
            "Date",
        )


def answer_problems(draft: AnswerDraft, sent_at: datetime, at: datetime, tz: str) -> list[Problem]:
    """What an agency's answer lacks."""
    match draft.answer:
        case None:
            return [Problem("No answer is chosen.", "Choose your answer.", "Answer")]
        case Answer.DECLINE if draft.reason not in set(NotAccessedReason):
            return [Problem("No reason is chosen.", "Choose why you decline.", "Reason")]
        case Answer.WAITLIST if draft.weeks is not None and not 1 <= draft.weeks <= LONGEST_WAIT:
            return [
                Problem(
                    f"A wait of {draft.weeks} weeks cannot be kept.",
                    f"Give 1 to {LONGEST_WAIT} weeks, or leave it empty.",
                    "Weeks",
                )
            ]
        case Answer.APPOINTMENT_KEPT:
            return [*day_problems(draft.kept_on, sent_at, at, tz)]
    return []


def note_problems(note: str, what: str = "note", *, needed: bool = True) -> list[Problem]:
    """A note that goes with a step: there, and short enough to be read."""
    if needed and not note.strip():
        return [Problem(f"There is no {what}.", "Say in a sentence why.", "Note")]
    if len(note) > LONGEST_NOTE or "\x00" in note:
        return [
            Problem(
                f"The {what} cannot be kept as typed.",
                f"Write at most {LONGEST_NOTE} plain characters.",
                "Note",
            )
        ]
    return []
