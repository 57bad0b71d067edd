"""The one shelf that the gate reads, and the items that point to it one to one."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Base, Code, Key, reference
from portal.vocabulary import (
    Access,
    ConfirmedBy,
    Need,
    NotAccessedReason,
    ReferralStatus,
    ReferralTarget,
    VisitPurpose,
)


class Record(Base):
    """One item that the gate can open. Every capability's row points to one of these.

    custodian_id: the organization that holds it. event_at: when what it tells happened.
    category is plain text: what the vocabulary does not know, the gate denies.
    """

    __tablename__ = "record"
    __table_args__ = (
        Index(None, "student_id", "custodian_id", "category", "event_at"),
        Index(None, "custodian_id", "event_at"),
    )

    id: Mapped[Key]
    district_id: Mapped[uuid.UUID] = reference("organization", index=False)
    student_id: Mapped[uuid.UUID] = reference("student", index=False)
    custodian_id: Mapped[uuid.UUID] = reference("organization", index=False)
    category: Mapped[str]
    event_at: Mapped[datetime]
    author_id: Mapped[uuid.UUID | None] = reference("portal_user")
    draft: Mapped[bool] = mapped_column(default=False)
    sealed_from: Mapped[datetime | None]
    sealed_until: Mapped[datetime | None]
    written_at: Mapped[datetime | None]


def of_record() -> Mapped[uuid.UUID]:
    """The primary key of a row that is one item on the shelf."""
    return reference("record", primary_key=True, index=False)  # type: ignore[no-any-return]


class Visit(Base):
    """A support visit: when, how long, why, by whom. Its note is an item of its own.

    minutes: whole minutes, 1 to 600.
    """

    __tablename__ = "visit"
    __table_args__ = (CheckConstraint("minutes between 1 and 600", name="minutes_in_a_day"),)

    record_id: Mapped[uuid.UUID] = of_record()
    staff_id: Mapped[uuid.UUID] = reference("portal_user")
    purpose: Mapped[VisitPurpose] = mapped_column(Code(VisitPurpose))
    minutes: Mapped[int]


class VisitServiceLine(Base):
    """A service provided during a visit."""

    __tablename__ = "visit_service"

    visit_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    service: Mapped[str] = mapped_column(String(40), primary_key=True)


class VisitNote(Base):
    """The note of a visit: category visit_notes, so that a visit can be shared without it."""

    __tablename__ = "visit_note"

    record_id: Mapped[uuid.UUID] = of_record()
    visit_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    text: Mapped[str]


class Referral(Base):
    """A referral for one need to one provider, and whether it resulted in access to service.

    number: shown to people outside; reveals nothing. Exactly one of agency_id and
    school_provider is set, by `target`. `access` unknown is not "not accessed".
    hold_reason: why it is on hold, where a rule put it there (`consent_withdrawn`).
    """

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint(
            "(target = 'community') = (agency_id is not null)", name="community_names_agency"
        ),
        CheckConstraint(
            "(access <> 'accessed') or (accessed_on is not null)", name="accessed_has_date"
        ),
    )

    record_id: Mapped[uuid.UUID] = of_record()
    number: Mapped[str] = mapped_column(String(20), unique=True)
    visit_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    target: Mapped[ReferralTarget] = mapped_column(Code(ReferralTarget))
    agency_id: Mapped[uuid.UUID | None] = reference("organization")
    service_id: Mapped[uuid.UUID | None] = reference("agency_service")
    school_provider: Mapped[str] = mapped_column(default="")
    need: Mapped[Need] = mapped_column(Code(Need))
    status: Mapped[ReferralStatus] = mapped_column(Code(ReferralStatus))
    hold_reason: Mapped[str] = mapped_column(String(40), default="")
    sent_by: Mapped[uuid.UUID] = reference("portal_user")
    access: Mapped[Access] = mapped_column(Code(Access), default=Access.UNKNOWN)
    accessed_on: Mapped[date | None]
    confirmed_by: Mapped[ConfirmedBy | None] = mapped_column(Code(ConfirmedBy))
    answered_by: Mapped[uuid.UUID | None] = reference("portal_user")
    answered_at: Mapped[datetime | None]
    not_accessed_reason: Mapped[NotAccessedReason | None] = mapped_column(Code(NotAccessedReason))


class AttendanceYear(Base):
    """Days of one school year; days_scheduled null means no percentage can be shown."""

    __tablename__ = "attendance_year"

    record_id: Mapped[uuid.UUID] = of_record()
    school_id: Mapped[uuid.UUID] = reference("school")
    school_year: Mapped[str] = mapped_column(String(9))
    days_scheduled: Mapped[int | None]
    days_attended: Mapped[int]


class HistoryEntry(Base):
    """An item of school history told in one line: enrollment, discipline, a plan, a contact."""

    __tablename__ = "history_entry"

    record_id: Mapped[uuid.UUID] = of_record()
    headline: Mapped[str]
    narrative: Mapped[str] = mapped_column(default="")
