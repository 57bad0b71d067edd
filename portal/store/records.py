"""The one shelf that the gate reads, and the items that point to it one to one."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Base, Code, Key, reference
from portal.vocabulary import (
    Access,
    Attendance,
    CloseReason,
    ConfirmedBy,
    ContactWay,
    Level,
    NotAccessedReason,
    ReferralEventKind,
    ReferralStatus,
    ReferralTarget,
    Urgency,
    VisitFormat,
    VisitMode,
)


class Audience(Base):
    """Who may see a record at most, where its kind alone would open it to more people.

    It only narrows. inside_only: never leaves the organization. told_from: a consent signed
    before does not open it, because the family had not been told of it. with_family: may stand
    in what is handed to the family. Without a row in `audience_level` any level may see it.
    """

    __tablename__ = "audience"

    id: Mapped[Key]
    organization_id: Mapped[uuid.UUID] = reference("organization")
    inside_only: Mapped[bool] = mapped_column(default=False)
    told_from: Mapped[datetime | None]
    with_family: Mapped[bool] = mapped_column(default=True)


class AudienceLevel(Base):
    """A level that an audience is limited to."""

    __tablename__ = "audience_level"

    audience_id: Mapped[uuid.UUID] = reference("audience", primary_key=True, index=False)
    level: Mapped[Level] = mapped_column(Code(Level), primary_key=True)


class Record(Base):
    """One item that the gate can open. Every capability's row points to one of these.

    custodian_id: the organization that holds it. event_at: when what it tells happened;
    written_at: when it was written down; approved_at: when a second person approved it.
    category is plain text: what the vocabulary does not know, the gate denies.
    restricted: its text is for its author, a few and told_to_id, whom it was written for, as in
    a hand-over; that it is there is shown. Only ever set.
    version: counts its changes, so that two people do not overwrite each other.
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
    restricted: Mapped[bool] = mapped_column(default=False)
    told_to_id: Mapped[uuid.UUID | None] = reference("portal_user")
    audience_id: Mapped[uuid.UUID | None] = reference("audience")
    version: Mapped[int] = mapped_column(default=1)
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[uuid.UUID | None] = reference("portal_user")


def of_record() -> Mapped[uuid.UUID]:
    """The primary key of a row that is one item on the shelf."""
    return reference("record", primary_key=True, index=False)  # type: ignore[no-any-return]


class Visit(Base):
    """A support visit: when, how long, why, by whom. Its note is an item of its own.

    minutes: whole minutes, 1 to 600; 0 only where the student did not come.
    purpose, missed_reason, disposition, place, tier: codes of the district's word lists; empty
    when not said. group_id: the same for each visit of one group session; it names nobody.
    credential: the staff member's title on that day, as Medicaid asks for it.
    """

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint(
            "minutes between 1 and 600 or (minutes = 0 and attendance = 'no_show')",
            name="minutes_in_a_day",
        ),
    )

    record_id: Mapped[uuid.UUID] = of_record()
    staff_id: Mapped[uuid.UUID] = reference("portal_user")
    purpose: Mapped[str] = mapped_column(String(40))
    minutes: Mapped[int]
    mode: Mapped[VisitMode] = mapped_column(Code(VisitMode), default=VisitMode.IN_PERSON)
    format: Mapped[VisitFormat] = mapped_column(Code(VisitFormat), default=VisitFormat.ONE_TO_ONE)
    group_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    attendance: Mapped[Attendance] = mapped_column(Code(Attendance), default=Attendance.ATTENDED)
    missed_reason: Mapped[str] = mapped_column(String(40), default="")
    disposition: Mapped[str] = mapped_column(String(40), default="")
    tier: Mapped[str] = mapped_column(String(40), default="")
    place: Mapped[str] = mapped_column(String(40), default="")
    credential: Mapped[str] = mapped_column(default="")


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
    need: a code of the district's word list. named: what was sent names the student, on the
    papers that `snapshot` tells; snapshot: what was sent, as it was then, never changed.
    contact_ways: how the family may be reached, codes with one space between; do_not_contact
    silences every notice to them. waitlist_weeks: as the provider told it.
    outcome_at, outcome_by: when and by whom access was last told.
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
    need: Mapped[str] = mapped_column(String(40))
    urgency: Mapped[Urgency] = mapped_column(Code(Urgency), default=Urgency.ROUTINE)
    status: Mapped[ReferralStatus] = mapped_column(Code(ReferralStatus))
    hold_reason: Mapped[str] = mapped_column(String(40), default="")
    sent_by: Mapped[uuid.UUID] = reference("portal_user")
    access: Mapped[Access] = mapped_column(Code(Access), default=Access.UNKNOWN)
    accessed_on: Mapped[date | None]
    confirmed_by: Mapped[ConfirmedBy | None] = mapped_column(Code(ConfirmedBy))
    answered_by: Mapped[uuid.UUID | None] = reference("portal_user")
    answered_at: Mapped[datetime | None]
    not_accessed_reason: Mapped[NotAccessedReason | None] = mapped_column(Code(NotAccessedReason))
    named: Mapped[bool] = mapped_column(default=False)
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    do_not_contact: Mapped[bool] = mapped_column(default=False)
    contact_ways: Mapped[str] = mapped_column(default="")
    contact_note: Mapped[str] = mapped_column(default="")
    received_at: Mapped[datetime | None]
    waitlist_weeks: Mapped[int | None]
    decline_reviewed_at: Mapped[datetime | None]
    outcome_at: Mapped[datetime | None]
    outcome_by: Mapped[uuid.UUID | None] = reference("portal_user")
    close_reason: Mapped[CloseReason | None] = mapped_column(Code(CloseReason))


class ReferralEvent(Base):
    """One thing that happened to a referral. Only ever added.

    by_id: who did it; null where it came by a link, which `by_link` says.
    """

    __tablename__ = "referral_event"

    id: Mapped[Key]
    referral_id: Mapped[uuid.UUID] = mapped_column(index=True)
    kind: Mapped[ReferralEventKind] = mapped_column(Code(ReferralEventKind))
    at: Mapped[datetime]
    by_id: Mapped[uuid.UUID | None] = reference("portal_user")
    by_link: Mapped[bool] = mapped_column(default=False)
    from_status: Mapped[ReferralStatus | None] = mapped_column(Code(ReferralStatus))
    to_status: Mapped[ReferralStatus | None] = mapped_column(Code(ReferralStatus))
    reason: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(default="")


class ContactAttempt(Base):
    """An attempt to reach a family about a referral; three before it is closed unreached."""

    __tablename__ = "contact_attempt"

    id: Mapped[Key]
    referral_id: Mapped[uuid.UUID] = mapped_column(index=True)
    on: Mapped[date] = mapped_column("tried_on")
    way: Mapped[ContactWay] = mapped_column(Code(ContactWay))
    reached: Mapped[bool]
    by_id: Mapped[uuid.UUID] = reference("portal_user")
    organization_id: Mapped[uuid.UUID] = reference("organization")
    written_at: Mapped[datetime]


class ReferralLink(Base):
    """A link in a mail by which an agency answers one referral once, without an account.

    token_hash: SHA-256 of the token in the link. tries: how often a wrong answer was sent by it.
    """

    __tablename__ = "referral_link"

    id: Mapped[Key]
    referral_id: Mapped[uuid.UUID] = mapped_column(index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sent_to: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[uuid.UUID | None] = reference("portal_user")
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(String(40), default="")
    revoked_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)


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
