"""Consents: the form they were given on, how they were signed, what they open, what became of them.

A signed row never changes and is never removed (triggers refuse it): what happens afterwards is
a ConsentEvent. A draft, a request out for signature and an unpublished form may still change.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Base, Code, Key, reference
from portal.vocabulary import (
    ConsentEventKind,
    Detail,
    FamilyLinkKind,
    FormKind,
    IdentityCheck,
    Instrument,
    SignatureMethod,
    SignerKind,
)


class ConsentFormVersion(Base):
    """One version of a district's consent form, as data; printed, shown and enforced alike.

    definition: `consents.forms.definition` as JSON. sha256: of its canonical JSON.
    published_at: from then on the row never changes.
    """

    __tablename__ = "consent_form_version"
    __table_args__ = (UniqueConstraint("district_id", "kind", "version"),)

    id: Mapped[Key]
    district_id: Mapped[uuid.UUID] = reference("organization", index=False)
    kind: Mapped[FormKind] = mapped_column(Code(FormKind))
    version: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    written_at: Mapped[datetime]
    written_by: Mapped[uuid.UUID | None] = reference("portal_user")
    published_at: Mapped[datetime | None]
    published_by: Mapped[uuid.UUID | None] = reference("portal_user")


class ConsentFormRecall(Base):
    """From `at` on nothing opens under this version: it lacks an element now required."""

    __tablename__ = "consent_form_recall"

    version_id: Mapped[uuid.UUID] = reference("consent_form_version", primary_key=True, index=False)
    at: Mapped[datetime]
    element: Mapped[str] = mapped_column(String(40))
    written_by: Mapped[uuid.UUID] = reference("portal_user")
    written_at: Mapped[datetime]


class FamilyLink(Base):
    """A link by which somebody without an account comes in: to sign once, or to keep an eye on it.

    Of the link, of the code told apart and of the pass of whoever proved who they are, only
    SHA-256 digests are kept. tries: wrong proofs so far. ended_at: used, withdrawn or replaced.
    """

    __tablename__ = "family_link"

    id: Mapped[Key]
    kind: Mapped[FamilyLinkKind] = mapped_column(Code(FamilyLinkKind))
    district_id: Mapped[uuid.UUID] = reference("organization", index=False)
    signer_kind: Mapped[SignerKind] = mapped_column(Code(SignerKind))
    signer_id: Mapped[uuid.UUID] = mapped_column(Uuid(), index=True)
    signer_name: Mapped[str]
    language: Mapped[str] = mapped_column(String(20), default="en")
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    code_sha256: Mapped[str] = mapped_column(String(64), default="")
    made_by: Mapped[uuid.UUID] = reference("portal_user", index=False)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    locked_at: Mapped[datetime | None]
    identity_check: Mapped[IdentityCheck | None] = mapped_column(Code(IdentityCheck))
    identity_by: Mapped[uuid.UUID | None] = reference("portal_user", index=False)
    pass_sha256: Mapped[str] = mapped_column(String(64), default="")
    pass_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class ConsentRequest(Base):
    """A family is asked to sign: by a link that works once, on a tablet, or on paper.

    One request may ask for several students and partners (ConsentRequestPart); each is kept
    apart once signed. link_id: null while it is a draft. answers: what was filled in so far,
    so that a session that ran out loses nothing. paper_id: the filled form, to be signed by
    hand. outcome: signed, refused or withdrawn; empty while open.
    """

    __tablename__ = "consent_request"

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    district_id: Mapped[uuid.UUID] = reference("organization")
    form_version_id: Mapped[uuid.UUID] = reference("consent_form_version", index=False)
    link_id: Mapped[uuid.UUID | None] = reference("family_link")
    channel: Mapped[str] = mapped_column(String(20))
    signer_kind: Mapped[SignerKind] = mapped_column(Code(SignerKind))
    signer_id: Mapped[uuid.UUID] = mapped_column(Uuid(), index=True)
    signer_name: Mapped[str]
    language: Mapped[str] = mapped_column(String(20), default="en")
    interpreter: Mapped[str] = mapped_column(default="")
    made_by: Mapped[uuid.UUID] = reference("portal_user", index=False)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    paper_id: Mapped[uuid.UUID | None] = reference("document", index=False)
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(20), default="")
    outcome_reason: Mapped[str] = mapped_column(default="")


class ConsentRequestPart(Base):
    """One student and one partner of a request, with what staff propose to ask.

    proposal: kinds of record each way, purposes, days; see `consents.requests.drafts`.
    renews_id: the consent that this one is to take over from.
    """

    __tablename__ = "consent_request_part"
    __table_args__ = (UniqueConstraint("request_id", "student_id", "partner_id"),)

    id: Mapped[Key]
    request_id: Mapped[uuid.UUID] = reference("consent_request", index=False)
    place: Mapped[int]
    student_id: Mapped[uuid.UUID] = reference("student")
    partner_id: Mapped[uuid.UUID] = reference("organization")
    proposal: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    renews_id: Mapped[uuid.UUID | None] = reference("consent", index=False)


class ConsentSigning(Base):
    """One signature under one form: one student, one partner, both directions.

    The evidence of 34 CFR 99.30(d) and ESIGN: who, checked how, when, on which form and
    translation. agreed: canonical JSON of all that was agreed; agreed_sha256: its digest,
    printed on the receipt. code: with it anybody can ask whether the paper is genuine.
    strokes: a drawn signature as [[x, y, milliseconds] …] per stroke.
    """

    __tablename__ = "consent_signing"

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    request_id: Mapped[uuid.UUID | None] = reference("consent_request")
    form_version_id: Mapped[uuid.UUID] = reference("consent_form_version", index=False)
    student_id: Mapped[uuid.UUID] = reference("student")
    partner_id: Mapped[uuid.UUID] = reference("organization")
    signer_name: Mapped[str]
    capacity: Mapped[str] = mapped_column(default="")
    method: Mapped[SignatureMethod] = mapped_column(Code(SignatureMethod))
    typed_name: Mapped[str] = mapped_column(default="")
    strokes: Mapped[list[Any]] = mapped_column(JSON, default=list)
    identity_check: Mapped[IdentityCheck | None] = mapped_column(Code(IdentityCheck))
    identity_by: Mapped[uuid.UUID | None] = reference("portal_user", index=False)
    signed_at: Mapped[datetime]
    language: Mapped[str] = mapped_column(String(20), default="en")
    translation: Mapped[str] = mapped_column(default="")
    interpreter: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(String(60), default="")
    agent: Mapped[str] = mapped_column(default="")
    agreed: Mapped[str] = mapped_column(default="")
    agreed_sha256: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(40), unique=True)
    pdf_id: Mapped[uuid.UUID | None] = reference("document")
    docx_id: Mapped[uuid.UUID | None] = reference("document")


class Consent(Base):
    """A signed (or drafted) consent for release: one student, one discloser, one recipient.

    signer_id is a guardian's or the student's id, by signer_kind; it is no foreign
    key, because the gate must not trust that whoever wrote the row checked it.
    recipient_name and signer_name are copied at signing. The record window
    (records_from, records_until) is about the events told, the span about access.
    ends_on_event: an event, in words, that ends it; then review_at is when somebody must
    look whether it has happened. signed_sha256: of the paper as it was signed.
    authority: what makes the signer the student's representative (45 CFR 164.508(c)(1)(vi)).
    """

    __tablename__ = "consent"
    __table_args__ = (Index(None, "recipient_id", "student_id"),)

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    student_id: Mapped[uuid.UUID] = reference("student")
    discloser_id: Mapped[uuid.UUID] = reference("organization")
    recipient_id: Mapped[uuid.UUID | None] = reference("organization", index=False)
    recipient_name: Mapped[str] = mapped_column(default="")
    instrument: Mapped[Instrument] = mapped_column(Code(Instrument), default=Instrument.FERPA)
    form_kind: Mapped[FormKind] = mapped_column(Code(FormKind), default=FormKind.STANDARD)
    form_version_id: Mapped[uuid.UUID | None] = reference("consent_form_version")
    signing_id: Mapped[uuid.UUID | None] = reference("consent_signing")
    records_from: Mapped[datetime]
    records_until: Mapped[datetime | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    ends_on_event: Mapped[str] = mapped_column(default="")
    review_at: Mapped[datetime | None]
    signer_kind: Mapped[SignerKind] = mapped_column(Code(SignerKind))
    signer_id: Mapped[uuid.UUID] = mapped_column(Uuid(), index=True)
    signer_name: Mapped[str] = mapped_column(default="")
    authority: Mapped[str] = mapped_column(default="")
    signed_at: Mapped[datetime | None]
    method: Mapped[SignatureMethod | None] = mapped_column(Code(SignatureMethod))
    identity_check: Mapped[IdentityCheck | None] = mapped_column(Code(IdentityCheck))
    detail: Mapped[Detail] = mapped_column(Code(Detail), default=Detail.FULL)
    language: Mapped[str] = mapped_column(String(20), default="en")
    document_id: Mapped[uuid.UUID | None] = reference("document")
    signed_sha256: Mapped[str] = mapped_column(String(64), default="")
    recorded_by: Mapped[uuid.UUID | None] = reference("portal_user")
    recorded_at: Mapped[datetime | None]


class ConsentCategory(Base):
    """A category ticked on a consent; `special` when it also has its own initials."""

    __tablename__ = "consent_category"

    consent_id: Mapped[uuid.UUID] = reference("consent", primary_key=True, index=False)
    category: Mapped[str] = mapped_column(primary_key=True)
    special: Mapped[bool] = mapped_column(default=False)
    initials: Mapped[str] = mapped_column(String(12), default="")


class ConsentPurpose(Base):
    """A purpose that a consent allows."""

    __tablename__ = "consent_purpose"

    consent_id: Mapped[uuid.UUID] = reference("consent", primary_key=True, index=False)
    purpose: Mapped[str] = mapped_column(primary_key=True)


class ConsentStatement(Base):
    """A sentence that stood on the form when it was signed, by its id."""

    __tablename__ = "consent_statement"

    consent_id: Mapped[uuid.UUID] = reference("consent", primary_key=True, index=False)
    statement: Mapped[str] = mapped_column(String(40), primary_key=True)


class ConsentPerson(Base):
    """A person of the recipient whom the consent names; with none, it is the organization."""

    __tablename__ = "consent_person"

    consent_id: Mapped[uuid.UUID] = reference("consent", primary_key=True, index=False)
    user_id: Mapped[uuid.UUID] = mapped_column(
        Uuid(), ForeignKey("portal_user.id"), primary_key=True
    )


class ConsentCosigner(Base):
    """Somebody else whose signature is needed: each member of a family in therapy (CGS 52-146p)."""

    __tablename__ = "consent_cosigner"

    consent_id: Mapped[uuid.UUID] = reference("consent", primary_key=True, index=False)
    name: Mapped[str] = mapped_column(primary_key=True)
    signed_at: Mapped[datetime | None]


class ConsentEvent(Base):
    """What happened to a consent after it was signed. Only ever added.

    at: from when it counts; until: the end of a hold or of a review, where it has one.
    category: the one kind of record taken back; empty means all. lifts_id: the hold that a
    HOLD_LIFTED ends. by_name: who did it, in words (a family member has no account).
    how: how it was told. reference_id: the consent that takes its place.
    """

    __tablename__ = "consent_event"
    __table_args__ = (
        Index(None, "consent_id", "kind"),
        CheckConstraint("(kind = 'hold_lifted') = (lifts_id is not null)", name="a_lift_names_it"),
    )

    id: Mapped[Key]
    consent_id: Mapped[uuid.UUID] = reference("consent", index=False)
    kind: Mapped[ConsentEventKind] = mapped_column(Code(ConsentEventKind))
    at: Mapped[datetime]
    until: Mapped[datetime | None]
    category: Mapped[str] = mapped_column(String(40), default="")
    lifts_id: Mapped[uuid.UUID | None] = reference("consent_event")
    reference_id: Mapped[uuid.UUID | None] = reference("consent", index=False)
    by_id: Mapped[uuid.UUID | None] = reference("portal_user", index=False)
    by_name: Mapped[str] = mapped_column(default="")
    how: Mapped[str] = mapped_column(default="")
    written_at: Mapped[datetime]
