"""Papers: kept as exact bytes with their SHA-256, and opened only by whom the rule allows.

Right:
    with unit_of_work() as session:
        document = documents.open_document(session, me, document_id, now())
    send(document.content)          # after the block: the trail line is durable by then

Wrong: session.get(Document, document_id)      a raw read, decided by nobody, noted nowhere
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access import consents as consent_facts
from portal.access import exported, family, stops, trail
from portal.access import facts as facts_of
from portal.access.actor import Actor
from portal.access.family import Family
from portal.errors import NotFound
from portal.policy.decision import Decision, Reason, refuse
from portal.policy.notices import Notice, notices_for
from portal.policy.papers import (
    may_keep_templates,
    may_open_print,
    may_read_as_family,
    may_read_consent,
    may_read_of_oversight,
    may_read_own,
    may_read_sample,
    may_see_agreement,
)
from portal.policy.rights import kinds_of
from portal.policy.tasks import Task, may_do_for
from portal.policy.written_requests import may_read_letter
from portal.store.agreements import AgreementDocument, AgreementPaper, AgreementPartner
from portal.store.consents import Consent, ConsentRequest, ConsentRequestPart, ConsentSigning
from portal.store.oversight import AccessRequest, AccessRequestEvent
from portal.store.papers import Document
from portal.store.people import Student
from portal.store.places import Organization
from portal.vocabulary import DocumentKind, Instrument, OrganizationKind

NOT_FOUND = NotFound(
    "There is no document here that you may open.",
    "Open it from the page that lists it, or ask your administrator.",
)

LONGEST_NAME = 80

PRINTS = frozenset({DocumentKind.RECORD_PRINT, DocumentKind.FAMILY_SUMMARY})
"""Made of one student's record by staff: for themselves, or to hand to the family."""

OF_OVERSIGHT: dict[str, Task] = {
    DocumentKind.RETENTION_CERTIFICATE: Task.SET_RETENTION,
    DocumentKind.REVIEW_RECORD: Task.REVIEW_ACCESS,
}
"""Records of how the portal is overseen, and the task of whoever may read them."""

SOURCE = "source"
"""In the proposal of a request: the kept file that somebody brought, and that led to it."""


def keep(
    session: Session,
    made_by: uuid.UUID,
    owner_id: uuid.UUID,
    kind: DocumentKind,
    file_name: str,
    media_type: str,
    content: bytes,
    at: datetime,
    student_id: uuid.UUID | None = None,
    document_id: uuid.UUID | None = None,
) -> Document:
    """Keep these exact bytes. The service that calls has authorized itself and writes the trail.

    made_by: the member of staff who brings it in. owner_id: the organization whose paper it is.
    student_id: when it is about one student. document_id: when its id was promised already.
    """
    document = Document(
        id=document_id or uuid.uuid4(),
        owner_id=owner_id,
        student_id=student_id,
        kind=kind,
        file_name=safe_file_name(file_name),
        media_type=media_type,
        sha256=sha256_of(content),
        content=content,
        made_at=at,
        made_by=made_by,
    )
    session.add(document)
    session.flush()
    return document


def sha256_of(content: bytes) -> str:
    """The fingerprint by which exact bytes are known, in hex."""
    return hashlib.sha256(content).hexdigest()


def safe_file_name(name: str) -> str:
    """A name that no header, shell or file system takes for anything else; never empty."""
    ending = re.search(r"\.[A-Za-z0-9]{1,8}$", name)
    stem = name[: ending.start()] if ending else name
    plain = re.sub(r"[^A-Za-z0-9_]+", "-", stem).strip("-_")[:LONGEST_NAME]
    return (plain or "document") + (ending.group() if ending else "")


def open_document(session: Session, me: Actor, document_id: uuid.UUID, at: datetime) -> Document:
    """The document, when this person may read it; the trail line is written.

    Raises NotFound alike for a document that is not theirs and for one that does not exist.
    """
    stops.ask(session, me, at)
    document = session.get(Document, document_id)
    decision = _may_open(session, me, document, at)
    about = (document.student_id,) if document and document.student_id else ()
    subject = str(document_id)
    if document is None or not decision:
        codes = [str(code) for code in decision.codes]
        entry = trail.Entry("document.opened", False, at, about, subject, codes=codes)
        trail.write_refusal(session, me, entry)
        raise NOT_FOUND
    told: dict[str, Any] = {"kind": document.kind, "sha256": document.sha256}
    if notices := going_along(session, me, document):
        told["notices"] = [[notice.id, notice.version] for notice in notices]
    trail.write(session, me, trail.Entry("document.opened", True, at, about, subject, detail=told))
    return document


def going_along(session: Session, me: Actor, document: Document) -> tuple[Notice, ...]:
    """The notices that go with a paper about a student when it leaves whoever keeps it."""
    if document.student_id is None or document.owner_id == me.organization_id:
        return ()
    keeper = session.get_one(Organization, document.owner_id)
    school = keeper.kind is OrganizationKind.DISTRICT
    return notices_for(
        (),
        instrument=Instrument.FERPA if school else Instrument.HIPAA,
        hipaa=keeper.is_hipaa,
        part2=keeper.is_part2,
    )


def _may_open(session: Session, me: Actor, document: Document | None, at: datetime) -> Decision:
    """What the document belongs to is asked of the papers that name it, not of its own row."""
    if document is None:
        return refuse([Reason.RECORD_UNKNOWN])
    if document.kind == DocumentKind.DISCLOSURES and document.student_id is not None:
        facts = facts_of.load_known(session, me.id, document.student_id)
        return may_do_for(facts, me.role, Task.SEE_OPENINGS, str(document.owner_id), at)
    if document.kind == DocumentKind.AMENDMENT_LETTER and document.student_id is not None:
        facts = facts_of.load_known(session, me.id, document.student_id)
        return may_do_for(facts, me.role, Task.AMEND_RECORDS, str(document.owner_id), at)
    if document.kind in PRINTS and document.student_id is not None:
        facts = facts_of.load_known(session, me.id, document.student_id)
        maker = str(document.made_by) if document.kind == DocumentKind.RECORD_PRINT else None
        return may_open_print(facts, me.role, str(document.owner_id), maker, at)
    if document.kind in OF_AGREEMENTS:
        return _may_open_of_agreement(session, me, document)
    if document.kind == DocumentKind.CONSENT_FORM and document.student_id is None:
        return may_read_sample(str(me.organization_id), me.role, str(document.owner_id))
    if document.kind in OF_REQUESTS:
        return _may_open_of_request(session, me, document)
    if (task := OF_OVERSIGHT.get(document.kind)) is not None:
        return may_read_of_oversight(str(me.organization_id), me.role, str(document.owner_id), task)
    if document.kind == DocumentKind.USE_OF_TIME:
        return may_read_own(str(me.id), str(document.made_by))
    if document.kind == DocumentKind.DATA_EXPORT:
        return exported.may_open(session, me, document, at)
    students = _about(session, document.id) or _of_a_brought_file(session, document)
    decisions = [_may_read(session, me, student, at) for student in students]
    refused = (decision for decision in decisions if not decision)
    return next(refused, decisions[0] if decisions else refuse([Reason.RECORD_UNKNOWN]))


def _may_read(session: Session, me: Actor, student: Student, at: datetime) -> Decision:
    facts = facts_of.load_known(session, me.id, student.id)
    return may_read_consent(facts, me.role, str(student.district_id), at)


def _about(session: Session, document_id: uuid.UUID) -> Sequence[Student]:
    """Whom a consent's scan or receipt, or a filled form, is about; a form may name siblings."""
    signed = select(ConsentSigning.student_id).where(
        or_(ConsentSigning.pdf_id == document_id, ConsentSigning.docx_id == document_id)
    )
    of_consent = select(Consent.student_id).where(Consent.document_id == document_id)
    asked = (
        select(ConsentRequestPart.student_id)
        .join(ConsentRequest, ConsentRequest.id == ConsentRequestPart.request_id)
        .where(ConsentRequest.paper_id == document_id)
    )
    found = or_(Student.id.in_(of_consent), Student.id.in_(signed), Student.id.in_(asked))
    return session.scalars(select(Student).where(found).order_by(Student.id)).all()


def open_as_family(session: Session, who: Family, document_id: uuid.UUID, at: datetime) -> Document:
    """A paper of a consent, for somebody of the family who may know all that is on it.

    Raises NotFound alike for a document that is not theirs and for one that does not exist.
    """
    consents = _consents_on(session, document_id)
    student = next((s for s in who.students if consents and s.id == consents[0].student_id), None)
    decision = refuse([Reason.RECORD_UNKNOWN])
    if student is not None:
        decision = _may_read_as_family(session, who, consents, student, at)
    about, subject = ((student.id,) if student else ()), str(document_id)
    if not decision:
        codes = [str(code) for code in decision.codes]
        entry = trail.Entry("document.opened", False, at, about, subject, codes=codes, by=who.name)
        trail.write_refusal(session, None, entry)
        raise NOT_FOUND
    document = session.get_one(Document, document_id)
    told = {"kind": document.kind, "sha256": document.sha256}
    entry = trail.Entry("document.opened", True, at, about, subject, detail=told, by=who.name)
    trail.write(session, None, entry)
    return document


def _may_read_as_family(
    session: Session, who: Family, consents: Sequence[Consent], student: Student, at: datetime
) -> Decision:
    first = consents[0]
    return may_read_as_family(
        (who.link.signer_kind, str(who.link.signer_id)),
        (first.signer_kind, str(first.signer_id)),
        sorted({c for told in consent_facts.as_facts(session, consents) for c in kinds_of(told)}),
        family.may_see_of(session, who, student, at),
    )


def _consents_on(session: Session, document_id: uuid.UUID) -> Sequence[Consent]:
    """The consents that this document is a paper of: a receipt in either shape, or the scan."""
    signings = select(ConsentSigning.id).where(
        or_(ConsentSigning.pdf_id == document_id, ConsentSigning.docx_id == document_id)
    )
    return session.scalars(
        select(Consent)
        .where(
            or_(Consent.document_id == document_id, Consent.signing_id.in_(signings)),
            Consent.signed_at.is_not(None),
        )
        .order_by(Consent.number)
    ).all()


def _of_a_brought_file(session: Session, document: Document) -> Sequence[Student]:
    """The student of the request that this file led to."""
    parts = session.scalars(
        select(ConsentRequestPart).where(ConsentRequestPart.student_id == document.student_id)
    )
    led = any(part.proposal.get(SOURCE) == str(document.id) for part in parts)
    return [session.get_one(Student, document.student_id)] if led else []


OF_REQUESTS = frozenset({DocumentKind.ACCESS_LETTER, DocumentKind.BOARD_ANSWER})


def _may_open_of_request(session: Session, me: Actor, document: Document) -> Decision:
    """A letter, an answer or an agreement is asked of the written request that names it."""
    named = select(AccessRequestEvent.request_id).where(
        AccessRequestEvent.document_id == document.id
    )
    row = session.scalar(
        select(AccessRequest).where(
            or_(
                AccessRequest.letter_id == document.id,
                AccessRequest.letter_docx_id == document.id,
                AccessRequest.id.in_(named),
            )
        )
    )
    if row is None:
        return refuse([Reason.RECORD_UNKNOWN])
    return may_read_letter(
        str(me.id),
        me.role,
        str(me.organization_id),
        str(row.organization_id),
        str(row.applicant_id or ""),
    )


OF_AGREEMENTS = frozenset(
    {
        DocumentKind.AGREEMENT,
        DocumentKind.SIGNED_AGREEMENT,
        DocumentKind.AGREEMENT_VERSION,
        DocumentKind.AGREEMENT_CERTIFICATE,
        DocumentKind.AGREEMENT_BUNDLE,
        DocumentKind.DESTRUCTION_CERTIFICATE,
        DocumentKind.WORD_TEMPLATE,
    }
)


def _may_open_of_agreement(session: Session, me: Actor, document: Document) -> Decision:
    """What belongs to a paper is asked of the paper; the rest is a district's own tool."""
    belongs = session.get(AgreementDocument, document.id)
    if belongs is None:
        return may_keep_templates(str(me.organization_id), me.role, str(document.owner_id))
    paper = session.get_one(AgreementPaper, belongs.paper_id)
    partners = session.scalars(
        select(AgreementPartner.organization_id).where(AgreementPartner.paper_id == paper.id)
    )
    return may_see_agreement(
        str(me.organization_id),
        me.role,
        str(paper.district_id),
        [str(partner) for partner in partners],
        shown=belongs.to_partners,
    )
