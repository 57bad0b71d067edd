"""The life of a referral, and what each step of it must say. Pure rules.

The table MOVES is the whole life: from each status, the statuses that may
follow and which side may set them. A decline is not the end: the school reviews
it and closes the referral, or sends a new one.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.errors import Problem
from portal.vocabulary import (
    REFERRAL_STATUS_LABELS,
    Access,
    ConfirmedBy,
    Need,
    NotAccessedReason,
    ReferralStatus,
    ReferralTarget,
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
    S.SENT: {
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
    S.DECLINED: {S.ACCEPTED: AGENCY, S.IN_SERVICE: BOTH, **_SCHOOL_MAY_END_IT},
    S.WITHDRAWN: {},
    S.CLOSED: {},
    S.ENTERED_IN_ERROR: {},
}

FINAL = frozenset(status for status, next_ones in MOVES.items() if not next_ones)
OPEN = frozenset(ReferralStatus) - FINAL
AWAITING_ANSWER = frozenset({S.SENT, S.ON_HOLD})
"""The agency has not said yes, no or later."""


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
    """

    student_id: uuid.UUID | None = None
    target: ReferralTarget | None = None
    need: Need | None = None
    agency_id: uuid.UUID | None = None
    service_id: uuid.UUID | None = None
    school_provider: str = ""
    visit_id: uuid.UUID | None = None


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
class AnswerDraft:
    """An agency's answer: a decline has a reason, a kept appointment its date."""

    answer: Answer | None = None
    reason: NotAccessedReason | None = None
    kept_on: date | None = None


def problems(draft: ReferralDraft, recipient: Recipient | None) -> list[Problem]:
    """All that keeps a referral from being sent. recipient: None while no agency is chosen."""
    found = []
    if draft.student_id is None:
        found.append(Problem("No student is chosen.", "Choose the student you saw.", "Student"))
    if draft.need not in set(Need):
        found.append(Problem("No need is chosen.", "Choose what the referral is for.", "Need"))
    return [*found, *_provider(draft, recipient)]


def _provider(draft: ReferralDraft, recipient: Recipient | None) -> Iterator[Problem]:
    match draft.target:
        case ReferralTarget.SCHOOL:
            yield from _school_provider(draft.school_provider)
        case ReferralTarget.COMMUNITY if recipient is None:
            yield Problem("No community provider is chosen.", "Choose the provider.", "Provider")
        case ReferralTarget.COMMUNITY:
            yield from _can_receive(recipient)
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


def _can_receive(recipient: Recipient | None) -> Iterator[Problem]:
    if recipient is None:
        yield Problem("No community provider is chosen.", "Choose the provider.", "Provider")
        return
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
        case Answer.APPOINTMENT_KEPT:
            return [*day_problems(draft.kept_on, sent_at, at, tz)]
    return []
