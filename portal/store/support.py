"""The Student Support Page beside visits and referrals: services, needs, strengths, answers.

What tells of a student is an item on the one shelf (`Record`); drafts, the timer and a count
without names are not.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Base, Code, Key, reference
from portal.store.records import of_record
from portal.vocabulary import (
    AmendmentDecision,
    AnswerKind,
    AskedWhere,
    Attendance,
    Capacity,
    Category,
    GivenStatus,
    ServiceEnd,
    StrengthSource,
    WordList,
)

# What is on the shelf


class StudentService(Base):
    """A service in place: since when, until when probably, from whom (category service_status).

    service and tier: codes of the district's word lists. Exactly one of agency_id and provider
    says from whom. data_owner: who answers for its data. referral_id: what led to it.
    """

    __tablename__ = "student_service"

    record_id: Mapped[uuid.UUID] = of_record()
    service: Mapped[str] = mapped_column(String(40))
    agency_id: Mapped[uuid.UUID | None] = reference("organization")
    provider: Mapped[str] = mapped_column(default="")
    tier: Mapped[str] = mapped_column(String(40), default="")
    intensity: Mapped[str] = mapped_column(default="")
    data_owner: Mapped[str] = mapped_column(default="")
    started_on: Mapped[date]
    estimated_end: Mapped[date | None]
    ended_on: Mapped[date | None]
    end_reason: Mapped[ServiceEnd | None] = mapped_column(Code(ServiceEnd))
    referral_id: Mapped[uuid.UUID | None] = mapped_column(index=True)


class StudentNeed(Base):
    """A need of a student, since when, who is to meet it and whether it is met (service_status).

    need and tier: codes of the word lists. met_by: the item of the service that meets it.
    """

    __tablename__ = "student_need"

    record_id: Mapped[uuid.UUID] = of_record()
    need: Mapped[str] = mapped_column(String(40))
    tier: Mapped[str] = mapped_column(String(40), default="")
    since_on: Mapped[date]
    awaited_from: Mapped[str] = mapped_column(default="")
    referral_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    met_on: Mapped[date | None]
    met_by: Mapped[uuid.UUID | None]


class Strength(Base):
    """What a student is good at or leans on, and in whose words (category visit_notes)."""

    __tablename__ = "strength"

    record_id: Mapped[uuid.UUID] = of_record()
    source: Mapped[StrengthSource] = mapped_column(Code(StrengthSource))
    text: Mapped[str]


class Handover(Base):
    """What one member of the staff tells the next, by fixed prompts (category visit_notes).

    answers: prompt to text. The restricted box is an item of its own with the same pair_id.
    """

    __tablename__ = "handover"

    record_id: Mapped[uuid.UUID] = of_record()
    pair_id: Mapped[uuid.UUID] = mapped_column(index=True)
    from_id: Mapped[uuid.UUID] = reference("portal_user")
    to_id: Mapped[uuid.UUID | None] = reference("portal_user")
    answers: Mapped[dict[str, str]] = mapped_column(JSON)


class ServiceGiven(Base):
    """A contact that a partner logs back (category service_status, the partner's own record).

    Never notes: attended or not, how the service stands, strategies agreed with the school.
    corrects: the item it takes the place of, with the reason.
    """

    __tablename__ = "service_given"

    record_id: Mapped[uuid.UUID] = of_record()
    referral_id: Mapped[uuid.UUID] = mapped_column(index=True)
    given_on: Mapped[date]
    attendance: Mapped[Attendance] = mapped_column(Code(Attendance))
    status: Mapped[GivenStatus] = mapped_column(Code(GivenStatus))
    strategies: Mapped[str] = mapped_column(default="")
    corrects: Mapped[uuid.UUID | None] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(default="")


class DataPoint(Base):
    """A question of a district's own (the Student Data Collection Template).

    category: the kind of record its answers are. current: the number of the version asked now.
    """

    __tablename__ = "data_point"
    __table_args__ = (UniqueConstraint("district_id", "code"),)

    id: Mapped[Key]
    district_id: Mapped[uuid.UUID] = reference("organization")
    code: Mapped[str] = mapped_column(String(60))
    asked: Mapped[AskedWhere] = mapped_column(Code(AskedWhere))
    category: Mapped[Category] = mapped_column(Code(Category))
    audience_id: Mapped[uuid.UUID] = reference("audience")
    position: Mapped[int]
    current: Mapped[int] = mapped_column(default=1)
    retired_at: Mapped[datetime | None]


class DataPointVersion(Base):
    """How a data point was asked from some day on. Never changed: an answer keeps its question.

    labels, choices: by language, then by code for choices; low and high: of a scale or number.
    """

    __tablename__ = "data_point_version"
    __table_args__ = (UniqueConstraint("data_point_id", "number"),)

    id: Mapped[Key]
    data_point_id: Mapped[uuid.UUID] = reference("data_point", index=False)
    number: Mapped[int]
    kind: Mapped[AnswerKind] = mapped_column(Code(AnswerKind))
    labels: Mapped[dict[str, str]] = mapped_column(JSON)
    help: Mapped[str] = mapped_column(default="")
    choices: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    low: Mapped[int | None]
    high: Mapped[int | None]
    required: Mapped[bool] = mapped_column(default=False)
    written_at: Mapped[datetime]
    written_by: Mapped[uuid.UUID] = reference("portal_user")


class DataAnswer(Base):
    """An answer to a data point, with the version of the question that was asked."""

    __tablename__ = "data_answer"

    record_id: Mapped[uuid.UUID] = of_record()
    data_point_id: Mapped[uuid.UUID] = reference("data_point")
    version_id: Mapped[uuid.UUID] = reference("data_point_version")
    visit_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    value: Mapped[str]


# Beside the shelf


class FollowUp(Base):
    """What a member of the staff wants to come back to with a student, on a day."""

    __tablename__ = "follow_up"
    __table_args__ = (Index(None, "staff_id", "due_on"),)

    id: Mapped[Key]
    staff_id: Mapped[uuid.UUID] = reference("portal_user", index=False)
    student_id: Mapped[uuid.UUID] = reference("student")
    visit_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    due_on: Mapped[date]
    about: Mapped[str] = mapped_column(default="")
    written_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]


class Tally(Base):
    """Screenings counted without names: screened, positive, brief intervention, referred.

    No student is in it, and none can be found from it. removed_at: counted by mistake.
    """

    __tablename__ = "tally"
    __table_args__ = (
        CheckConstraint(
            "screened between 1 and 9999 and positive between 0 and screened "
            "and intervened between 0 and positive and referred between 0 and positive",
            name="counts_fit",
        ),
    )

    id: Mapped[Key]
    district_id: Mapped[uuid.UUID] = reference("organization")
    school_id: Mapped[uuid.UUID | None] = reference("school")
    staff_id: Mapped[uuid.UUID] = reference("portal_user")
    on: Mapped[date] = mapped_column("counted_on")
    tool: Mapped[str] = mapped_column(String(40))
    grade: Mapped[str] = mapped_column(String(20), default="")
    screened: Mapped[int]
    positive: Mapped[int] = mapped_column(default=0)
    intervened: Mapped[int] = mapped_column(default=0)
    referred: Mapped[int] = mapped_column(default=0)
    written_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class FormDraft(Base):
    """What somebody has typed into a form and not saved yet; theirs alone, gone once saved."""

    __tablename__ = "form_draft"
    __table_args__ = (UniqueConstraint("user_id", "form"),)

    id: Mapped[Key]
    user_id: Mapped[uuid.UUID] = reference("portal_user", index=False)
    form: Mapped[str] = mapped_column(String(60))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_at: Mapped[datetime]


class VisitTimer(Base):
    """A timer of one person: running since, or the minutes that it measured."""

    __tablename__ = "visit_timer"

    user_id: Mapped[uuid.UUID] = reference("portal_user", primary_key=True, index=False)
    started_at: Mapped[datetime | None]
    minutes: Mapped[int | None]


class Correction(Base):
    """A change to a record after its ten minutes: what it was, what it is, why. Only ever added.

    field: which part; `removed` when the whole record was taken away, `restored` when it came
    back, `approved` when a second person approved it.
    """

    __tablename__ = "correction"

    id: Mapped[Key]
    record_id: Mapped[uuid.UUID] = reference("record")
    field: Mapped[str] = mapped_column(String(40))
    old: Mapped[str] = mapped_column(default="")
    new: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    by_id: Mapped[uuid.UUID] = reference("portal_user")


class AmendmentRequest(Base):
    """A request to amend a record, its decision, hearing and statement (34 CFR 99.20 to 99.22).

    asked_by: the guardian; null when the student asked. hearing_by: who held the hearing. The
    statement travels with the record as long as it is kept (99.21(c)). letter_id,
    hearing_letter_id: what the family was sent after the decision, and after the hearing.
    """

    __tablename__ = "amendment_request"

    id: Mapped[Key]
    record_id: Mapped[uuid.UUID] = reference("record")
    student_id: Mapped[uuid.UUID] = reference("student")
    asked_by: Mapped[uuid.UUID | None] = reference("guardian")
    asked_on: Mapped[date]
    wants: Mapped[str]
    written_by: Mapped[uuid.UUID] = reference("portal_user")
    written_at: Mapped[datetime]
    decision: Mapped[AmendmentDecision | None] = mapped_column(Code(AmendmentDecision))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[uuid.UUID | None] = reference("portal_user")
    reason: Mapped[str] = mapped_column(default="")
    hearing_asked_on: Mapped[date | None]
    hearing_held_on: Mapped[date | None]
    hearing_decision: Mapped[AmendmentDecision | None] = mapped_column(Code(AmendmentDecision))
    hearing_by: Mapped[str] = mapped_column(default="")
    hearing_reason: Mapped[str] = mapped_column(default="")
    statement: Mapped[str] = mapped_column(default="")
    statement_on: Mapped[date | None]
    letter_id: Mapped[uuid.UUID | None] = reference("document", index=False)
    hearing_letter_id: Mapped[uuid.UUID | None] = reference("document", index=False)


# What a district sets


class Term(Base):
    """A word of a drop-down as a district wants it; never deleted, only retired.

    A shipped code without a row stands as shipped. own: the district's own code. implies: the
    service that a purpose implies. asca, social_work, sbch: the crosswalk.
    """

    __tablename__ = "term"
    __table_args__ = (UniqueConstraint("district_id", "list", "code"),)

    id: Mapped[Key]
    district_id: Mapped[uuid.UUID] = reference("organization", index=False)
    list: Mapped[WordList] = mapped_column(Code(WordList))
    code: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    labels: Mapped[dict[str, str]] = mapped_column(JSON)
    definition: Mapped[str] = mapped_column(default="")
    implies: Mapped[str] = mapped_column(String(40), default="")
    asca: Mapped[str] = mapped_column(String(60), default="")
    social_work: Mapped[str] = mapped_column(String(60), default="")
    sbch: Mapped[str] = mapped_column(String(60), default="")
    own: Mapped[bool] = mapped_column(default=False)
    retired_at: Mapped[datetime | None]


class DistrictSetting(Base):
    """What a district sets by itself: numbers of the safety page, days until overdue."""

    __tablename__ = "district_setting"

    district_id: Mapped[uuid.UUID] = reference("organization", primary_key=True, index=False)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    set_at: Mapped[datetime]
    set_by: Mapped[uuid.UUID | None] = reference("portal_user")


class SchoolYear(Base):
    """A school year of a district: its first and last school day; closed_at: services ended."""

    __tablename__ = "school_year"
    __table_args__ = (UniqueConstraint("district_id", "name"),)

    id: Mapped[Key]
    district_id: Mapped[uuid.UUID] = reference("organization", index=False)
    name: Mapped[str] = mapped_column(String(9))
    first_day: Mapped[date]
    last_day: Mapped[date]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[uuid.UUID | None] = reference("portal_user")


class ServiceCapacity(Base):
    """Whether an agency, or one service of it, has room, as it told it on that day."""

    __tablename__ = "service_capacity"
    __table_args__ = (UniqueConstraint("organization_id", "service_id"),)

    id: Mapped[Key]
    organization_id: Mapped[uuid.UUID] = reference("organization", index=False)
    service_id: Mapped[uuid.UUID | None] = reference("agency_service")
    capacity: Mapped[Capacity] = mapped_column(Code(Capacity))
    weeks: Mapped[int | None]
    told_at: Mapped[datetime]
    told_by: Mapped[uuid.UUID] = reference("portal_user")


class NotificationSetting(Base):
    """What mail somebody wants, and the secret address of their calendar.

    feed_hash: SHA-256 of the secret in the address; null while the calendar is off.
    """

    __tablename__ = "notification_setting"

    user_id: Mapped[uuid.UUID] = mapped_column(
        Uuid(), ForeignKey("portal_user.id"), primary_key=True
    )
    digest: Mapped[bool] = mapped_column(default=True)
    urgent: Mapped[bool] = mapped_column(default=True)
    last_digest_on: Mapped[date | None]
    feed_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    feed_made_at: Mapped[datetime | None]
