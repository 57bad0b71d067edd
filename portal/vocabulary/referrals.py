"""What a referral says, and what becomes of it."""

from __future__ import annotations

from enum import StrEnum

from portal.languages.marks import N_


class ReferralTarget(StrEnum):
    """Where a referral goes."""

    SCHOOL = "school"
    COMMUNITY = "community"


SCHOOL_PROVIDERS = (
    N_("School counselor"),
    N_("School nurse"),
    N_("School psychologist"),
    N_("School social worker"),
    N_("School-based health center"),
    N_("Attendance team"),
    N_("Special education team"),
)
"""Whom within the school a referral usually goes to; another may be typed."""


class Need(StrEnum):
    """What a referral asks for; one need, and so one service, per referral."""

    ANXIETY_OR_WORRY = "anxiety_or_worry"
    LOW_MOOD = "low_mood"
    GRIEF_OR_LOSS = "grief_or_loss"
    BEHAVIOR = "behavior"
    SUBSTANCE_USE = "substance_use"
    FAMILY_SUPPORT = "family_support"
    BASIC_NEEDS = "basic_needs"
    MENTORING = "mentoring"
    HEALTH_CARE = "health_care"
    EVALUATION = "evaluation"
    OTHER = "other"


NEED_LABELS = {
    Need.ANXIETY_OR_WORRY: N_("Anxiety or worry"),
    Need.LOW_MOOD: N_("Low mood"),
    Need.GRIEF_OR_LOSS: N_("Grief or loss"),
    Need.BEHAVIOR: N_("Behavior"),
    Need.SUBSTANCE_USE: N_("Substance use"),
    Need.FAMILY_SUPPORT: N_("Family support"),
    Need.BASIC_NEEDS: N_("Basic needs"),
    Need.MENTORING: N_("Mentoring"),
    Need.HEALTH_CARE: N_("Health care"),
    Need.EVALUATION: N_("Evaluation"),
    Need.OTHER: N_("Other"),
}


class ReferralStatus(StrEnum):
    """The life of a referral."""

    DRAFT = "draft"
    SENT = "sent"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    WAITLISTED = "waitlisted"
    IN_SERVICE = "in_service"
    ON_HOLD = "on_hold"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    ENTERED_IN_ERROR = "entered_in_error"


REFERRAL_STATUS_LABELS = {
    ReferralStatus.DRAFT: "Draft",
    ReferralStatus.SENT: "Sent",
    ReferralStatus.RECEIVED: "Received",
    ReferralStatus.ACCEPTED: "Accepted",
    ReferralStatus.WAITLISTED: "On a waiting list",
    ReferralStatus.IN_SERVICE: "In service",
    ReferralStatus.ON_HOLD: "On hold",
    ReferralStatus.DECLINED: "Declined",
    ReferralStatus.WITHDRAWN: "Withdrawn",
    ReferralStatus.CLOSED: "Closed",
    ReferralStatus.ENTERED_IN_ERROR: "Entered in error",
}


class Access(StrEnum):
    """Did the referral result in access to service? Unknown is never folded into no."""

    ACCESSED = "accessed"
    NOT_ACCESSED = "not_accessed"
    UNKNOWN = "unknown"


ACCESS_LABELS = {
    Access.ACCESSED: "Accessed",
    Access.NOT_ACCESSED: "Not accessed",
    Access.UNKNOWN: "Unknown",
}


class NotAccessedReason(StrEnum):
    """Why a referral did not lead to service."""

    UNABLE_TO_CONTACT = "unable_to_contact"
    FAMILY_DECLINED = "family_declined"
    STUDENT_DECLINED = "student_declined"
    NOT_ELIGIBLE = "not_eligible"
    NO_CAPACITY = "no_capacity"
    INSURANCE_OR_COST = "insurance_or_cost"
    TRANSPORTATION = "transportation"
    LANGUAGE = "language"
    MOVED = "moved"
    MET_ELSEWHERE = "met_elsewhere"
    DUPLICATE = "duplicate"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    AGREEMENT_LAPSED = "agreement_lapsed"
    OTHER = "other"


NOT_ACCESSED_LABELS = {
    NotAccessedReason.UNABLE_TO_CONTACT: N_("Unable to contact family"),
    NotAccessedReason.FAMILY_DECLINED: N_("Family declined"),
    NotAccessedReason.STUDENT_DECLINED: N_("Student declined"),
    NotAccessedReason.NOT_ELIGIBLE: N_("Not eligible"),
    NotAccessedReason.NO_CAPACITY: N_("No capacity"),
    NotAccessedReason.INSURANCE_OR_COST: N_("Insurance or cost"),
    NotAccessedReason.TRANSPORTATION: N_("Transportation"),
    NotAccessedReason.LANGUAGE: N_("Language"),
    NotAccessedReason.MOVED: N_("Moved or transferred"),
    NotAccessedReason.MET_ELSEWHERE: N_("Need met elsewhere"),
    NotAccessedReason.DUPLICATE: N_("Duplicate or mistake"),
    NotAccessedReason.CONSENT_WITHDRAWN: N_("Consent withdrawn"),
    NotAccessedReason.AGREEMENT_LAPSED: N_("Agreement lapsed"),
    NotAccessedReason.OTHER: N_("Other"),
}


class ConfirmedBy(StrEnum):
    """Who said whether service was reached."""

    PROVIDER = "provider"
    FAMILY = "family"
    STUDENT = "student"
    SCHOOL_STAFF = "school_staff"


CONFIRMED_BY_LABELS = {
    ConfirmedBy.PROVIDER: "The provider",
    ConfirmedBy.FAMILY: "The family",
    ConfirmedBy.STUDENT: "The student",
    ConfirmedBy.SCHOOL_STAFF: "School staff",
}


class Urgency(StrEnum):
    """How soon a referral needs an answer; neither is a crisis line."""

    ROUTINE = "routine"
    URGENT = "urgent"


URGENCY_LABELS = {Urgency.ROUTINE: "Routine", Urgency.URGENT: "Urgent, within two school days"}


class ContactWay(StrEnum):
    """How a family may be reached, and how it was tried."""

    PHONE = "phone"
    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"
    IN_PERSON = "in_person"
    THROUGH_SCHOOL = "through_school"


CONTACT_WAY_LABELS = {
    ContactWay.PHONE: "Phone",
    ContactWay.TEXT: "Text message",
    ContactWay.EMAIL: "E-mail",
    ContactWay.LETTER: "Letter",
    ContactWay.IN_PERSON: "In person",
    ContactWay.THROUGH_SCHOOL: "Only through the school",
}


class CloseReason(StrEnum):
    """How a referral came to its end."""

    COMPLETED = "completed"
    ENDED_EARLY = "ended_early"
    CANCELED = "canceled"


CLOSE_REASON_LABELS = {
    CloseReason.COMPLETED: "Completed",
    CloseReason.ENDED_EARLY: "Ended early",
    CloseReason.CANCELED: "Canceled before it began",
}


class ReferralEventKind(StrEnum):
    """What happened to a referral; only ever added."""

    DRAFTED = "drafted"
    SENT = "sent"
    RECEIVED = "received"
    ANSWERED = "answered"
    DECLINE_SENT_BACK = "decline_sent_back"
    DECLINE_REVIEWED = "decline_reviewed"
    HELD = "held"
    SENT_AGAIN = "sent_again"
    OUTCOME = "outcome"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    REOPENED = "reopened"
    ENTERED_IN_ERROR = "entered_in_error"
    REMINDED = "reminded"
    RENEWAL_ASKED = "renewal_asked"


REFERRAL_EVENT_LABELS = {
    ReferralEventKind.DRAFTED: "Drafted",
    ReferralEventKind.SENT: "Sent",
    ReferralEventKind.RECEIVED: "Received",
    ReferralEventKind.ANSWERED: "Answered",
    ReferralEventKind.DECLINE_SENT_BACK: "Decline sent back",
    ReferralEventKind.DECLINE_REVIEWED: "Decline reviewed",
    ReferralEventKind.HELD: "Put on hold",
    ReferralEventKind.SENT_AGAIN: "Sent again",
    ReferralEventKind.OUTCOME: "Outcome recorded",
    ReferralEventKind.WITHDRAWN: "Withdrawn",
    ReferralEventKind.CLOSED: "Closed",
    ReferralEventKind.REOPENED: "Opened again",
    ReferralEventKind.ENTERED_IN_ERROR: "Entered in error",
    ReferralEventKind.REMINDED: "Reminder sent",
    ReferralEventKind.RENEWAL_ASKED: "The agency asked to renew the consent",
}


class Capacity(StrEnum):
    """Whether a service has room (Gravity SDOHCC capacity status)."""

    HAS_ROOM = "has_room"
    WAITING_LIST = "waiting_list"
    NO_ROOM = "no_room"


CAPACITY_LABELS = {
    Capacity.HAS_ROOM: "Has room",
    Capacity.WAITING_LIST: "Has a waiting list",
    Capacity.NO_ROOM: "Has no room now",
}


class AnswerKind(StrEnum):
    """What the answer to a district's own data point is."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    SCALE = "scale"


ANSWER_KIND_LABELS = {
    AnswerKind.TEXT: "Text",
    AnswerKind.NUMBER: "Number",
    AnswerKind.DATE: "Date",
    AnswerKind.CHOICE: "Choice from a list",
    AnswerKind.SCALE: "Scale",
}
