"""The issued Word file as a PDF, for people without Word. The Word file is the record.

Made of the issued bytes themselves, once, by `portal.word.convert`, and kept. Converting takes
seconds, so it is not done within a transaction:

    with unit_of_work() as session:
        issued = pdf.issued(session, me, paper_id, at)
    made = issued.pdf_id or convert.to_pdf(issued.word)
    with unit_of_work() as session:
        pdf.keep(session, me, paper_id, issued.sha256, made, at)
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.agreements import desk
from portal.errors import NotReady, Problem
from portal.store.papers import Document
from portal.vocabulary import DocumentKind

MEDIA_TYPE = "application/pdf"

NOT_ISSUED = Problem(
    "This agreement is not issued, so there is no document yet.",
    "Open its preview, or issue it first.",
)
NOT_THE_RECORD = Problem(
    "This PDF was not made of the issued document.", "Open the agreement again, then make it anew."
)


@dataclass(frozen=True)
class Issued:
    """The issued Word file. pdf_id: its PDF, when there is one already."""

    word: bytes = field(repr=False)
    sha256: str
    pdf_id: uuid.UUID | None


def issued(session: Session, me: Actor, paper_id: uuid.UUID, at: datetime) -> Issued:
    """The bytes to be converted, for whoever may see the agreement.

    Raises NotFound, and NotReady before it is issued. Nothing leaves by this, so the trail line
    is that of `keep`.
    """
    paper = desk.visible(session, me, paper_id, "agreement.pdf_made", at)
    if paper.document_id is None:
        raise NotReady([NOT_ISSUED])
    document = session.get_one(Document, paper.document_id)
    return Issued(document.content, document.sha256, paper.pdf_id)


def keep(
    session: Session, me: Actor, paper_id: uuid.UUID, sha256: str, made: bytes, at: datetime
) -> uuid.UUID:
    """Keep the PDF beside the Word file of this SHA-256; the first one stays."""
    paper = desk.visible(session, me, paper_id, "agreement.pdf_made", at)
    session.refresh(paper, with_for_update=True)
    if paper.document_id is None:
        raise NotReady([NOT_ISSUED])
    if session.get_one(Document, paper.document_id).sha256 != sha256:
        raise NotReady([NOT_THE_RECORD])
    if paper.pdf_id is not None:
        return paper.pdf_id
    document = desk.keep(
        session,
        me,
        paper,
        DocumentKind.AGREEMENT,
        f"Agreement-{paper.number}.pdf",
        MEDIA_TYPE,
        made,
        at,
        to_partners=True,
    )
    paper.pdf_id = document.id
    desk.told(session, me, "agreement.pdf_made", paper, at, of=sha256, sha256=document.sha256)
    return document.id
