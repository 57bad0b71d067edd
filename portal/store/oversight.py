"""Written requests, what is watched and reviewed, exports, holds and periods of keeping."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Base, Code, Key, reference
from portal.vocabulary import (
    ExportKind,
    FlagOutcome,
    InformationForm,
    KeptFrom,
    RequestEventKind,
    RequestKind,
    RequestStatus,
    ReviewDecision,
    ReviewKind,
    ReviewSubject,
    UnnamedView,
    UseFlagKind,
)

# Written requests


class AccessRequest(Base):
    """A written request for information outside one's general access (the policy's level 10).

    number: shown to people outside; reveals nothing. applicant_id: a member of staff; null when
    somebody outside asks, who is then named in applicant_name, _organization and _address.
    information: precisely what is asked; need: the legitimate educational need. statement: of
    external research, its parts by name (purpose, methods, consequences, competence, consent).
    board_vote: where and when the whole Board instructed it. foia: what the Freedom of
    Information Act requires to be released, where it is that. view: a view without names that is
    asked for. numbers: of students whom the applicant does not reach, as they typed them,
    whether there is such a student or not. decided_form, decided_until: what was granted.
    """

    __tablename__ = "access_request"
    __table_args__ = (
        Index(None, "organization_id", "status"),
        CheckConstraint("(kind = 'staff') = (applicant_id is not null)", name="staff_is_named"),
    )

    id: Mapped[Key]
    organization_id: Mapped[uuid.UUID] = reference("organization", index=False)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[RequestKind] = mapped_column(Code(RequestKind))
    status: Mapped[RequestStatus] = mapped_column(Code(RequestStatus))
    applicant_id: Mapped[uuid.UUID | None] = reference("portal_user")
    applicant_name: Mapped[str] = mapped_column(default="")
    applicant_organization: Mapped[str] = mapped_column(default="")
    applicant_address: Mapped[str] = mapped_column(default="")
    information: Mapped[str] = mapped_column(default="")
    need: Mapped[str] = mapped_column(default="")
    form: Mapped[InformationForm] = mapped_column(Code(InformationForm))
    view: Mapped[UnnamedView | None] = mapped_column(Code(UnnamedView))
    numbers: Mapped[list[str]] = mapped_column(JSON, default=list)
    wanted_from: Mapped[date]
    wanted_until: Mapped[date]
    statement: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    agreement_number: Mapped[str] = mapped_column(default="")
    board_vote: Mapped[str] = mapped_column(default="")
    foia: Mapped[str] = mapped_column(default="")
    written_by: Mapped[uuid.UUID] = reference("portal_user")
    written_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_by: Mapped[uuid.UUID | None] = reference("portal_user")
    decided_at: Mapped[datetime | None]
    decided_form: Mapped[InformationForm | None] = mapped_column(Code(InformationForm))
    decided_until: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="")
    letter_id: Mapped[uuid.UUID | None] = reference("document", index=False)
    letter_docx_id: Mapped[uuid.UUID | None] = reference("document", index=False)
    renews_id: Mapped[uuid.UUID | None] = reference("access_request")


class AccessRequestStudent(Base):
    """A student whom a request asks about."""

    __tablename__ = "access_request_student"

    request_id: Mapped[uuid.UUID] = reference("access_request", primary_key=True, index=False)
    student_id: Mapped[uuid.UUID] = reference("student", primary_key=True)


class AccessRequestCategory(Base):
    """A kind of record that a request asks for; granted: what the decision gave of it."""

    __tablename__ = "access_request_category"

    request_id: Mapped[uuid.UUID] = reference("access_request", primary_key=True, index=False)
    category: Mapped[str] = mapped_column(String(40), primary_key=True)
    granted: Mapped[bool | None]


class AccessRequestEvent(Base):
    """What happened to a request: only ever added."""

    __tablename__ = "access_request_event"

    id: Mapped[Key]
    request_id: Mapped[uuid.UUID] = reference("access_request")
    kind: Mapped[RequestEventKind] = mapped_column(Code(RequestEventKind))
    at: Mapped[datetime]
    by_id: Mapped[uuid.UUID | None] = reference("portal_user", index=False)
    by_name: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    document_id: Mapped[uuid.UUID | None] = reference("document", index=False)


class ResearchConsent(Base):
    """Prior notice to, and consent of, the parent or eligible student for research with names.

    Policy, External Requests 2; 34 CFR 99.30. consented_on is null while only notified.
    """

    __tablename__ = "research_consent"

    request_id: Mapped[uuid.UUID] = reference("access_request", primary_key=True, index=False)
    student_id: Mapped[uuid.UUID] = reference("student", primary_key=True)
    notified_on: Mapped[date]
    consented_on: Mapped[date | None]
    signer: Mapped[str] = mapped_column(default="")
    evidence: Mapped[str] = mapped_column(default="")
    written_by: Mapped[uuid.UUID] = reference("portal_user", index=False)
    written_at: Mapped[datetime]


class UnnamedGrant(Base):
    """A view without names that a decided request opens to one user for a term."""

    __tablename__ = "unnamed_grant"

    id: Mapped[Key]
    user_id: Mapped[uuid.UUID] = reference("portal_user")
    view: Mapped[UnnamedView] = mapped_column(Code(UnnamedView))
    request_id: Mapped[uuid.UUID] = reference("access_request")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]


# What is watched


class UseFlag(Base):
    """Unusual use that a person looks at: who, why, on which day, how much of it.

    organization_id: whose worklist it stands on. What a partner's person does stands on the
    district's, as far as it concerns that district's students, and on the partner's own.
    day: in the organization's zone. detail: counts and codes, never a student's name.
    """

    __tablename__ = "use_flag"
    __table_args__ = (
        UniqueConstraint("user_id", "kind", "day", "organization_id"),
        Index(None, "organization_id", "settled_at"),
    )

    id: Mapped[Key]
    organization_id: Mapped[uuid.UUID] = reference("organization", index=False)
    user_id: Mapped[uuid.UUID] = reference("portal_user", index=False)
    kind: Mapped[UseFlagKind] = mapped_column(Code(UseFlagKind))
    day: Mapped[date]
    count: Mapped[int]
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    found_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[uuid.UUID | None] = reference("portal_user")
    outcome: Mapped[FlagOutcome | None] = mapped_column(Code(FlagOutcome))
    note: Mapped[str] = mapped_column(default="")


# What is reviewed


class Review(Base):
    """A periodic review (policy, Proper Use 5 and 6): opened, gone through, signed off.

    period: 2026-Q4. statement: the sentence that was signed, word for word.
    """

    __tablename__ = "review"
    __table_args__ = (UniqueConstraint("organization_id", "kind", "period"),)

    id: Mapped[Key]
    organization_id: Mapped[uuid.UUID] = reference("organization")
    kind: Mapped[ReviewKind] = mapped_column(Code(ReviewKind))
    period: Mapped[str] = mapped_column(String(10))
    opened_at: Mapped[datetime]
    due_on: Mapped[date]
    escalated_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[uuid.UUID | None] = reference("portal_user")
    statement: Mapped[str] = mapped_column(default="")
    document_id: Mapped[uuid.UUID | None] = reference("document", index=False)


class ReviewLine(Base):
    """One line of a review: about whom or what, as it was then, and what was decided.

    subject_id: of the user, the grant, or the item; facts: what stood beside it (level, last
    used, …), codes and days, never a student's name.
    """

    __tablename__ = "review_line"
    __table_args__ = (UniqueConstraint("review_id", "subject", "subject_id"),)

    id: Mapped[Key]
    review_id: Mapped[uuid.UUID] = reference("review")
    subject: Mapped[ReviewSubject] = mapped_column(Code(ReviewSubject))
    subject_id: Mapped[uuid.UUID]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    decision: Mapped[ReviewDecision | None] = mapped_column(Code(ReviewDecision))
    note: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[uuid.UUID | None] = reference("portal_user")


# What leaves, what is kept


class DataExport(Base):
    """A file of many records that left: who took it, what for, how much was in it.

    number: printed on the file's every page, so that a copy found somewhere leads back here.
    asked: from when until when, and in which shape. purpose: its code and the words beside it.
    """

    __tablename__ = "data_export"
    __table_args__ = (Index(None, "organization_id", "made_at"),)

    id: Mapped[Key]
    organization_id: Mapped[uuid.UUID] = reference("organization", index=False)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    user_id: Mapped[uuid.UUID] = reference("portal_user")
    kind: Mapped[ExportKind] = mapped_column(Code(ExportKind))
    purpose: Mapped[str]
    asked: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    rows: Mapped[int]
    students: Mapped[int]
    document_id: Mapped[uuid.UUID | None] = reference("document")
    made_at: Mapped[datetime]


class LegalHold(Base):
    """Nothing of this student (null: of the whole organization) is destroyed while it is open."""

    __tablename__ = "legal_hold"

    id: Mapped[Key]
    organization_id: Mapped[uuid.UUID] = reference("organization")
    student_id: Mapped[uuid.UUID | None] = reference("student")
    matter: Mapped[str]
    reason: Mapped[str]
    placed_by: Mapped[uuid.UUID] = reference("portal_user")
    placed_at: Mapped[datetime]
    lifted_by: Mapped[uuid.UUID | None] = reference("portal_user")
    lifted_at: Mapped[datetime | None]
    lift_reason: Mapped[str] = mapped_column(default="")


class RetentionRule(Base):
    """How long a district keeps one kind of data, where it differs from the shipped schedule.

    what: the code of a line of the schedule. years null: for ever.
    """

    __tablename__ = "retention_rule"
    __table_args__ = (UniqueConstraint("organization_id", "what"),)

    id: Mapped[Key]
    organization_id: Mapped[uuid.UUID] = reference("organization", index=False)
    what: Mapped[str] = mapped_column(String(40))
    years: Mapped[int | None] = mapped_column(Integer)
    kept_from: Mapped[KeptFrom] = mapped_column(Code(KeptFrom))
    authority: Mapped[str]
    set_by: Mapped[uuid.UUID] = reference("portal_user", index=False)
    set_at: Mapped[datetime]


class Destruction(Base):
    """A run of the retention schedule: proposed by one, approved by another, done, certified.

    asked: the lines of the schedule and the day; counts and hashes: of what went, no content.
    """

    __tablename__ = "destruction"

    id: Mapped[Key]
    organization_id: Mapped[uuid.UUID] = reference("organization")
    asked: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    proposed_by: Mapped[uuid.UUID] = reference("portal_user", index=False)
    proposed_at: Mapped[datetime]
    approved_by: Mapped[uuid.UUID | None] = reference("portal_user", index=False)
    approved_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    document_id: Mapped[uuid.UUID | None] = reference("document", index=False)
