"""Agreements, consents and legal bases: the papers whose rows are the gate."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Base, Code, Key, reference
from portal.vocabulary import Direction, LegalKind


class Document(Base):
    """The exact bytes of a paper, kept with their SHA-256 and never changed.

    student_id is set when the paper is about one student.
    """

    __tablename__ = "document"

    id: Mapped[Key]
    owner_id: Mapped[uuid.UUID] = reference("organization")
    student_id: Mapped[uuid.UUID | None] = reference("student")
    kind: Mapped[str] = mapped_column(String(40))
    file_name: Mapped[str]
    media_type: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    made_by: Mapped[uuid.UUID] = reference("portal_user")


class Agreement(Base):
    """A memorandum of understanding between two organizations.

    `terms` holds the fields printed in the document; the schedule is in AgreementLine.
    document_id: the issued paper. a_scan_id, b_scan_id: that paper as a side signed it by
    hand; null when the side typed its name.
    waive_team: any user of the receiving organization may open what a consent opens.
    """

    __tablename__ = "agreement"
    __table_args__ = (
        CheckConstraint("(a_signed_at is null) = (a_signer = '')", name="a_signed_has_signer"),
        CheckConstraint("(b_signed_at is null) = (b_signer = '')", name="b_signed_has_signer"),
        CheckConstraint(
            "(terminated_at is null) = (terminated_reason = '')", name="terminated_has_reason"
        ),
        Index(None, "a_id", "b_id"),
    )

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    a_id: Mapped[uuid.UUID] = reference("organization", index=False)
    b_id: Mapped[uuid.UUID] = reference("organization")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    a_signed_at: Mapped[datetime | None]
    a_signer: Mapped[str] = mapped_column(default="")
    b_signed_at: Mapped[datetime | None]
    b_signer: Mapped[str] = mapped_column(default="")
    terminated_at: Mapped[datetime | None]
    terminated_reason: Mapped[str] = mapped_column(default="")
    waive_team: Mapped[bool] = mapped_column(default=False)
    terms: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    document_id: Mapped[uuid.UUID | None] = reference("document")
    a_scan_id: Mapped[uuid.UUID | None] = reference("document")
    b_scan_id: Mapped[uuid.UUID | None] = reference("document")
    written_by: Mapped[uuid.UUID | None] = reference("portal_user")
    written_at: Mapped[datetime | None]


class AgreementLine(Base):
    """One line of the schedule of records: printed in the document, read by the gate."""

    __tablename__ = "agreement_line"

    agreement_id: Mapped[uuid.UUID] = reference("agreement", primary_key=True, index=False)
    direction: Mapped[Direction] = mapped_column(Code(Direction), primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)
    frequency: Mapped[str] = mapped_column(default="")
    method: Mapped[str] = mapped_column(default="")
    retention: Mapped[str] = mapped_column(default="")


class LegalBasis(Base):
    """A basis of disclosure without consent: court order, child welfare, emergency."""

    __tablename__ = "legal_basis"
    __table_args__ = (Index(None, "recipient_id", "student_id"),)

    id: Mapped[Key]
    kind: Mapped[LegalKind] = mapped_column(Code(LegalKind))
    student_id: Mapped[uuid.UUID] = reference("student")
    custodian_id: Mapped[uuid.UUID] = reference("organization")
    recipient_id: Mapped[uuid.UUID] = reference("organization", index=False)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")


class LegalBasisCategory(Base):
    """A category that a legal basis covers."""

    __tablename__ = "legal_basis_category"

    legal_basis_id: Mapped[uuid.UUID] = reference("legal_basis", primary_key=True, index=False)
    category: Mapped[str] = mapped_column(primary_key=True)


class LegalBasisUser(Base):
    """A user whom a legal basis names."""

    __tablename__ = "legal_basis_user"

    legal_basis_id: Mapped[uuid.UUID] = mapped_column(
        Uuid(), ForeignKey("legal_basis.id"), primary_key=True
    )
    user_id: Mapped[uuid.UUID] = mapped_column(
        Uuid(), ForeignKey("portal_user.id"), primary_key=True
    )


class BoardVote(Base):
    """The board's vote on an agreement, where the district needs one."""

    __tablename__ = "board_vote"

    agreement_id: Mapped[uuid.UUID] = reference("agreement", primary_key=True, index=False)
    voted_on: Mapped[date]
