"""The certificate of signing: made with the last signature, or when somebody first asks for it.

A signature is never lost because a paper could not be printed: when the workers of portal.pdf
are busy or gone, the agreement is executed without its certificate, and `certificate` makes it
for whoever opens the agreement next. It is made once.
"""

from __future__ import annotations

import io
import uuid
import zipfile
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.agreements import certificate_paper, desk, queries
from portal.agreements.certificate_paper import Certified, SignedPlace, Step
from portal.agreements.content import from_json
from portal.agreements.printing import shipped
from portal.errors import BadFile, NotReady, Problem
from portal.pdf import papers as pdf
from portal.pdf import render
from portal.store.agreements import AgreementPaper, AgreementSignature
from portal.store.papers import Document
from portal.store.people import User
from portal.store.places import Organization
from portal.vocabulary import DocumentKind

TEXT_PART = "word/document.xml"
FOOTERS = "word/footer"

NOT_SIGNED = Problem(
    "Not all have signed, so there is no certificate of signing.",
    "It is made by itself when the last of all signs.",
)


def certificate(session: Session, me: Actor, paper_id: uuid.UUID, at: datetime) -> uuid.UUID:
    """The document that certifies the signatures of an agreement; made now if there is none yet.

    Raises NotFound, NotReady while somebody has not signed, and NotReady or BadFile of
    `portal.pdf` when it cannot be made now: then ask again later.
    """
    paper = desk.visible(session, me, paper_id, "agreement.certified", at)
    if paper.executed_at is None:
        raise NotReady([NOT_SIGNED])
    session.refresh(paper, with_for_update=True)  # two who ask at once get the same one
    if paper.certificate_id is None:
        return _keep(session, me, paper, at)
    return paper.certificate_id


def at_once(session: Session, me: Actor, paper: AgreementPaper, at: datetime) -> None:
    """The certificate of what was just signed by all, if it can be made; else it comes later."""
    try:
        _keep(session, me, paper, at)
    except (NotReady, BadFile):
        desk.told(session, me, "agreement.certificate_waits", paper, at)


def _keep(session: Session, me: Actor, paper: AgreementPaper, at: datetime) -> uuid.UUID:
    made = render.make(pdf.order(_paper(session, paper, at), language="en", at=at))
    document = desk.keep(
        session,
        me,
        paper,
        DocumentKind.AGREEMENT_CERTIFICATE,
        f"Agreement-{paper.number}-certificate.pdf",
        render.MEDIA_TYPE,
        made,
        at,
        to_partners=True,
    )
    paper.certificate_id = document.id
    desk.told(session, me, "agreement.certified", paper, at, sha256=document.sha256)
    return document.id


def _paper(session: Session, paper: AgreementPaper, at: datetime) -> pdf.Certificate:
    district = session.get_one(Organization, paper.district_id)
    document = session.get_one(Document, paper.document_id)
    if paper.executed_at is None:
        raise AssertionError("only what all have signed is certified")
    certified = Certified(
        number=paper.number,
        content=from_json(paper.content),
        parties=_parties(session, paper, district),
        tz=district.tz,
        written_at=paper.written_at,
        written_by=session.get_one(User, paper.written_by).name,
        executed_at=paper.executed_at,
        file_name=document.file_name,
        size=len(document.content),
        sha256=document.sha256,
        made_from=_made_from(session, paper, document.content),
        places=[_place(session, row) for row in queries.signatures(session, paper.id)],
        steps=[
            Step(said.kind, said.at, said.who, said.organization, said.version, said.text)
            for said in queries.history(session, paper.id)
        ],
    )
    return certificate_paper.paper(certified, at)


def _parties(session: Session, paper: AgreementPaper, district: Organization) -> list[pdf.Side]:
    ids = queries.partner_ids(session, paper.id)
    partners = [session.get_one(Organization, id_) for id_ in ids]
    return [
        pdf.Side(district.name, "District", district.address),
        *(pdf.Side(partner.name, "Partner", partner.address) for partner in partners),
    ]


def _made_from(session: Session, paper: AgreementPaper, word: bytes) -> str:
    """The template; the shipped one only where the document itself bears its fingerprint.

    The portal may be newer than the paper: then the line is left out, and the document tells.
    """
    own = queries.template(session, paper.template_id)
    if own is not None:
        return f"{own.name} ({own.fingerprint})"
    ours = shipped()
    return f"{ours.name} ({ours.fingerprint})" if ours.fingerprint in _text(word) else ""


def _text(word: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(word)) as parts:
        names = [n for n in parts.namelist() if n == TEXT_PART or n.startswith(FOOTERS)]
        return "".join(parts.read(name).decode(errors="replace") for name in names)


def _place(session: Session, row: AgreementSignature) -> SignedPlace:
    if row.signed_at is None:
        raise AssertionError("only what all have signed is certified")
    scan = session.get(Document, row.scan_id) if row.scan_id else None
    return SignedPlace(
        name=row.name,
        title=row.title,
        capacity=row.capacity,
        organization=session.get_one(Organization, row.organization_id).name,
        signed_at=row.signed_at,
        signed_as=row.signed_as,
        sha256=row.sha256,
        scan_sha256=scan.sha256 if scan else "",
        recorded_at=scan.made_at if scan else None,
        recorded_by=session.get_one(User, scan.made_by).name if scan else "",
    )
