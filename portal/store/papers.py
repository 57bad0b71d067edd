"""Agreements, consents and legal bases: the papers whose rows are the gate."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Base, Code, Key, reference
from portal.vocabulary import Detail, Direction, EndedHow, LegalKind


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
    """What the gate reads of an agreement: a district, one partner, a span, two signatures.

    paper_id: the paper that was issued (`agreements.AgreementPaper`); a paper with several
    partners has a row for each. *_signed_at: from when that side is bound: its own signature,
    or on a paper of several partners the last of all. ended_how: why it stopped early; the
    moment is terminated_at, which lies ahead when notice was given.
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
    paper_id: Mapped[uuid.UUID | None] = reference("agreement_paper")
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
    ended_how: Mapped[EndedHow | None] = mapped_column(Code(EndedHow))
    waive_team: Mapped[bool] = mapped_column(default=False)


class AgreementLine(Base):
    """One line of the schedule of records: printed in the document, read by the gate.

    Written when the agreement is issued and never changed (triggers refuse it).
    purposes: codes with a space between them; empty: any purpose that the consent names.
    basis: the law it rests on; empty: any of those the gate knows. detail: how much of a record
    it lets through at most. added: not in the agreement before this one, so it opens nothing
    under a consent that was signed before both sides had signed this one. since: it was added
    by an earlier one, and opens nothing under a consent that was signed before that instant.
    """

    __tablename__ = "agreement_line"

    agreement_id: Mapped[uuid.UUID] = reference("agreement", primary_key=True, index=False)
    direction: Mapped[Direction] = mapped_column(Code(Direction), primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)
    purposes: Mapped[str] = mapped_column(default="")
    basis: Mapped[str] = mapped_column(String(40), default="")
    detail: Mapped[Detail] = mapped_column(Code(Detail), default=Detail.FULL)
    added: Mapped[bool] = mapped_column(default=False)
    since: Mapped[datetime | None]
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
