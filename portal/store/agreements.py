"""Agreements on their way: what was written, sent, said, signed and settled.

A paper (AgreementPaper) is between a district and one partner or several. When it is issued,
each partner gets a row of its own (`papers.Agreement`), which is what the gate reads. Versions,
events and signatures are only ever added to; triggers refuse the rest.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Base, Code, Key, reference
from portal.vocabulary import (
    AgreementEventKind,
    AgreementKind,
    Following,
    SettledHow,
    SigningMethod,
    VersionOrigin,
)


class WordTemplate(Base):
    """A version of a district's own Word template for agreements.

    original_id: the file as it was brought; content_id: with its blanks made into tags.
    mapping: which blank prints which field, by the blank's id. fields: the paths it asks for.
    sha256: of the content. A published row never changes, except that it is retired.
    """

    __tablename__ = "word_template"
    __table_args__ = (UniqueConstraint("district_id", "name", "version"),)

    id: Mapped[Key]
    district_id: Mapped[uuid.UUID] = reference("organization", index=False)
    name: Mapped[str]
    version: Mapped[int]
    original_id: Mapped[uuid.UUID] = reference("document")
    content_id: Mapped[uuid.UUID] = reference("document")
    mapping: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    fields: Mapped[list[str]] = mapped_column(JSON, default=list)
    sha256: Mapped[str] = mapped_column(String(64))
    brought_at: Mapped[datetime]
    brought_by: Mapped[uuid.UUID] = reference("portal_user")
    published_at: Mapped[datetime | None]
    published_by: Mapped[uuid.UUID | None] = reference("portal_user")
    retired_at: Mapped[datetime | None]


class DistrictClause(Base):
    """A version of a clause that a district keeps in its own library; never changed, only retired.

    code: unlike every shipped clause's id. article: under which heading it stands.
    text: its paragraphs, in the language of the templates.
    """

    __tablename__ = "district_clause"
    __table_args__ = (UniqueConstraint("district_id", "code", "version"),)

    id: Mapped[Key]
    district_id: Mapped[uuid.UUID] = reference("organization", index=False)
    code: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    article: Mapped[str] = mapped_column(String(40))
    title: Mapped[str]
    text: Mapped[list[str]] = mapped_column(JSON)
    plain: Mapped[str]
    citation: Mapped[str] = mapped_column(default="")
    written_at: Mapped[datetime]
    written_by: Mapped[uuid.UUID] = reference("portal_user")
    retired_at: Mapped[datetime | None]


class AgreementPaper(Base):
    """One agreement on paper, from its first draft on.

    content: `agreements.content.Content` as JSON; from the issue on it never changes.
    revision: counts savings of the draft, so that nobody overwrites what they have not seen.
    parent_id: the agreement it stands under.
    follows_id, follows_how: the one that it amends or renews.
    template_id: null prints the portal's own template.
    document_id: the issued Word file, which is the record; pdf_id: the same as PDF, where a
    converter is installed; certificate_id: who signed it when.
    executed_at: when the last of all signed.
    """

    __tablename__ = "agreement_paper"
    __table_args__ = (
        CheckConstraint("(follows_id is null) = (follows_how is null)", name="follows_somehow"),
        CheckConstraint("(issued_at is null) = (document_id is null)", name="issued_is_kept"),
    )

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[AgreementKind] = mapped_column(Code(AgreementKind))
    district_id: Mapped[uuid.UUID] = reference("organization")
    parent_id: Mapped[uuid.UUID | None] = reference("agreement_paper")
    follows_id: Mapped[uuid.UUID | None] = reference("agreement_paper")
    follows_how: Mapped[Following | None] = mapped_column(Code(Following))
    template_id: Mapped[uuid.UUID | None] = reference("word_template")
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column(default=1)
    written_at: Mapped[datetime]
    written_by: Mapped[uuid.UUID] = reference("portal_user")
    discarded_at: Mapped[datetime | None]
    discarded_reason: Mapped[str] = mapped_column(default="")
    issued_at: Mapped[datetime | None]
    issued_by: Mapped[uuid.UUID | None] = reference("portal_user")
    document_id: Mapped[uuid.UUID | None] = reference("document")
    pdf_id: Mapped[uuid.UUID | None] = reference("document")
    executed_at: Mapped[datetime | None]
    certificate_id: Mapped[uuid.UUID | None] = reference("document")


class AgreementPartner(Base):
    """A partner of a paper, from the first draft on; its content says the rest."""

    __tablename__ = "agreement_partner"

    paper_id: Mapped[uuid.UUID] = reference("agreement_paper", primary_key=True, index=False)
    organization_id: Mapped[uuid.UUID] = reference("organization", primary_key=True)
    place: Mapped[int]


class AgreementVersion(Base):
    """What a paper said when it left a desk: sent for review, returned, or issued."""

    __tablename__ = "agreement_version"
    __table_args__ = (UniqueConstraint("paper_id", "number"),)

    id: Mapped[Key]
    paper_id: Mapped[uuid.UUID] = reference("agreement_paper", index=False)
    number: Mapped[int]
    origin: Mapped[VersionOrigin] = mapped_column(Code(VersionOrigin))
    organization_id: Mapped[uuid.UUID] = reference("organization")
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    document_id: Mapped[uuid.UUID] = reference("document")
    made_at: Mapped[datetime]
    made_by: Mapped[uuid.UUID] = reference("portal_user")


class AgreementEvent(Base):
    """Something that happened to a paper, with whom, and what they said.

    number: counts the events of a paper, for several happen at one instant.
    clause: the id of the clause that a comment is about, or empty. text: their words.
    """

    __tablename__ = "agreement_event"
    __table_args__ = (UniqueConstraint("paper_id", "number"),)

    id: Mapped[Key]
    paper_id: Mapped[uuid.UUID] = reference("agreement_paper", index=False)
    number: Mapped[int]
    kind: Mapped[AgreementEventKind] = mapped_column(Code(AgreementEventKind))
    at: Mapped[datetime]
    user_id: Mapped[uuid.UUID | None] = reference("portal_user")
    organization_id: Mapped[uuid.UUID | None] = reference("organization")
    version_id: Mapped[uuid.UUID | None] = reference("agreement_version")
    clause: Mapped[str] = mapped_column(String(60), default="")
    text: Mapped[str] = mapped_column(default="")


class AgreementSignature(Base):
    """A place where somebody signs, in order; empty until they do, refuse, or the paper ends.

    capacity: by what right they bind the organization. sha256: of the document they signed.
    """

    __tablename__ = "agreement_signature"
    __table_args__ = (
        CheckConstraint("(signed_at is null) = (method is null)", name="signed_somehow"),
        CheckConstraint("signed_at is null or refused_at is null", name="signed_or_refused"),
    )

    paper_id: Mapped[uuid.UUID] = reference("agreement_paper", primary_key=True, index=False)
    place: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[uuid.UUID] = reference("organization")
    name: Mapped[str]
    title: Mapped[str]
    capacity: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    signed_at: Mapped[datetime | None]
    signed_as: Mapped[str] = mapped_column(default="")
    method: Mapped[SigningMethod | None] = mapped_column(Code(SigningMethod))
    user_id: Mapped[uuid.UUID | None] = reference("portal_user")
    scan_id: Mapped[uuid.UUID | None] = reference("document")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    refused_at: Mapped[datetime | None]
    refused_reason: Mapped[str] = mapped_column(default="")
    reminded_at: Mapped[datetime | None]


class AgreementDocument(Base):
    """A kept document that belongs to a paper. to_partners: its partners may open it, too."""

    __tablename__ = "agreement_document"

    document_id: Mapped[uuid.UUID] = reference("document", primary_key=True, index=False)
    paper_id: Mapped[uuid.UUID] = reference("agreement_paper")
    to_partners: Mapped[bool]


class Settlement(Base):
    """That a partner returned or destroyed what it had received, once its agreement was over.

    Until when it must: `agreements.settling` (CGS 10-234bb(a)(7)). document_id: the certificate
    that the partner signed, where there is a scan of it.
    """

    __tablename__ = "settlement"

    agreement_id: Mapped[uuid.UUID] = reference("agreement", primary_key=True, index=False)
    done_on: Mapped[date]
    how: Mapped[SettledHow] = mapped_column(Code(SettledHow))
    what: Mapped[str]
    signed_by: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[uuid.UUID] = reference("portal_user")
    document_id: Mapped[uuid.UUID | None] = reference("document")


class RenewalRun(Base):
    """A superintendent's pass over the agreements of a year. bundle_id: the zip of its papers."""

    __tablename__ = "renewal_run"

    id: Mapped[Key]
    district_id: Mapped[uuid.UUID] = reference("organization")
    begun_at: Mapped[datetime]
    begun_by: Mapped[uuid.UUID] = reference("portal_user")
    finished_at: Mapped[datetime | None]
    bundle_id: Mapped[uuid.UUID | None] = reference("document")


class RenewalItem(Base):
    """One agreement of a run, and the first and last day of its renewal.

    result_id: the renewal; problems: why there is none, or why it is left as a draft.
    """

    __tablename__ = "renewal_item"

    run_id: Mapped[uuid.UUID] = reference("renewal_run", primary_key=True, index=False)
    paper_id: Mapped[uuid.UUID] = reference("agreement_paper", primary_key=True)
    place: Mapped[int]
    first_day: Mapped[date]
    last_day: Mapped[date]
    done_at: Mapped[datetime | None]
    result_id: Mapped[uuid.UUID | None] = reference("agreement_paper")
    problems: Mapped[list[str]] = mapped_column(JSON, default=list)
