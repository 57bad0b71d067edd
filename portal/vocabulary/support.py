"""Strengths, services, amendments, changes of school and hand-overs."""

from __future__ import annotations

from enum import StrEnum


class AskedWhere(StrEnum):
    """Where a data point is asked: with each visit, or once of a student."""

    VISIT = "visit"
    STUDENT = "student"


ASKED_WHERE_LABELS = {
    AskedWhere.VISIT: "With a visit",
    AskedWhere.STUDENT: "On the student's page",
}


class StrengthSource(StrEnum):
    """Whose words a strength is told in, in the order in which they are shown."""

    STUDENT = "student"
    FAMILY = "family"
    STAFF = "staff"


STRENGTH_SOURCE_LABELS = {
    StrengthSource.STUDENT: "In the student's words",
    StrengthSource.FAMILY: "In the family's words",
    StrengthSource.STAFF: "In the staff's words",
}


class ServiceEnd(StrEnum):
    """Why a service in place ended."""

    GOAL_REACHED = "goal_reached"
    YEAR_ENDED = "year_ended"
    STUDENT_LEFT = "student_left"
    FAMILY_ENDED = "family_ended"
    CHANGED = "changed"
    OTHER = "other"


SERVICE_END_LABELS = {
    ServiceEnd.GOAL_REACHED: "The goal was reached",
    ServiceEnd.YEAR_ENDED: "The school year ended",
    ServiceEnd.STUDENT_LEFT: "The student left the school",
    ServiceEnd.FAMILY_ENDED: "The family or the student ended it",
    ServiceEnd.CHANGED: "Another service took its place",
    ServiceEnd.OTHER: "Other",
}


class GivenStatus(StrEnum):
    """How a service stands that a partner gives."""

    STARTED = "started"
    CONTINUING = "continuing"
    PAUSED = "paused"
    ENDED = "ended"


GIVEN_STATUS_LABELS = {
    GivenStatus.STARTED: "Started",
    GivenStatus.CONTINUING: "Continuing",
    GivenStatus.PAUSED: "Paused",
    GivenStatus.ENDED: "Ended",
}


class AmendmentDecision(StrEnum):
    """What became of a request to amend a record (34 CFR 99.20 to 99.22)."""

    AMENDED = "amended"
    REFUSED = "refused"


AMENDMENT_DECISION_LABELS = {
    AmendmentDecision.AMENDED: "Amended as asked",
    AmendmentDecision.REFUSED: "Not amended",
}


class MoveReason(StrEnum):
    """Why a student changes school within the district."""

    MOVED = "moved"
    NEXT_GRADE = "next_grade"
    PLACEMENT = "placement"
    FAMILY_CHOICE = "family_choice"
    OTHER = "other"


MOVE_REASON_LABELS = {
    MoveReason.MOVED: "The family moved",
    MoveReason.NEXT_GRADE: "The next grade is there",
    MoveReason.PLACEMENT: "A program or placement is there",
    MoveReason.FAMILY_CHOICE: "The family chose it",
    MoveReason.OTHER: "Other",
}


class HandoverPrompt(StrEnum):
    """What one member of the staff tells the next about a student, in this order."""

    STRENGTHS = "strengths"
    CONNECTING = "connecting"
    COMMUNITY = "community"
    PEERS = "peers"
    FAMILY = "family"
    FIRST = "first"


HANDOVER_LABELS = {
    HandoverPrompt.STRENGTHS: "Strengths, and what goes well",
    HandoverPrompt.CONNECTING: "How to connect with this student",
    HandoverPrompt.COMMUNITY: "Who in the community helps",
    HandoverPrompt.PEERS: "Friends and peers",
    HandoverPrompt.FAMILY: "Working with the family",
    HandoverPrompt.FIRST: "What to do first",
}
