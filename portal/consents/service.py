"""Record a signed consent, and take it back. Nothing signed is ever edited.

What is signed on screen counts from this instant; what was signed on paper from
the day on the paper. Taken back, it opens nothing from that instant on.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access import consents as consent_facts
from portal.access import documents, gate, once, trail
from portal.access import facts as facts_of
from portal.access.actor import Actor
from portal.access.numbers import new_number
from portal.config import settings
from portal.consents import documents as paper
from portal.consents import queries, rules
from portal.consents.drafts import ConsentDraft, PaperConsent, TypedConsent
from portal.consents.queries import PossibleSigner
from portal.errors import NotFound, NotReady
from portal.policy.decision import Reason
from portal.policy.facts import ConsentFacts
from portal.policy.papers import scan_type
from portal.policy.tasks import Task
from portal.store.consents import Consent, ConsentCategory, ConsentEvent, ConsentPurpose
from portal.store.papers import Document
from portal.store.people import Student
from portal.store.places import Organization
from portal.vocabulary import (
    SPECIAL,
    ConsentEventKind,
    DocumentKind,
    IdentityCheck,
    SignatureMethod,
)
from portal.word.render import MEDIA_TYPE
from portal.word.values import clean

NOT_FOUND = NotFound(
    "There is no consent here that you may open.",
    "Open it from the student's list of consents.",
)


def record(session: Session, me: Actor, draft: ConsentDraft, at: datetime, key: str) -> Consent:
    """Keep a signed consent with its paper; from now the gate obeys it.

    It needs no agreement: without one in force the gate opens nothing under it.
    key: the form's; a second click with the same key finds the first one's consent.
    Raises NotFound or Refused when this person may not, NotReady with every problem.
    """
    student = gate.open_student(session, me, draft.student_id, Task.RECORD_CONSENT, at)
    signer = _signer(session, draft, student, at)
    found = rules.problems(draft, _known(session, me, draft, signer, at), at)
    if found or signer is None:
        raise NotReady(found)
    consent_id = uuid.uuid4()
    earlier = once.first_result(session, me, "consent.recorded", key, consent_id, at)
    if earlier is not None:
        return session.get_one(Consent, earlier)
    signed_at = rules.signed_at(draft, at, me.tz)
    facts = rules.as_facts(draft, str(student.district_id), signed_at, me.tz)
    consent = _write(session, me, draft, facts, signer, consent_id, at)
    kept = _keep(session, me, draft, consent, student, signer, at)
    consent.document_id, consent.signed_sha256 = kept.id, kept.sha256
    consent.signed_at = facts.signed_at  # last: what is signed takes no tick any more
    _told(session, me, "consent.recorded", consent, at, sha256=kept.sha256)
    return consent


def preview(
    session: Session, me: Actor, draft: ConsentDraft, at: datetime
) -> list[queries.WouldOpen]:
    """What each tick would open if it were signed now, and why not; nothing is kept.

    Raises NotReady with every problem but those of the signature.
    """
    student = gate.open_student(session, me, draft.student_id, Task.RECORD_CONSENT, at)
    signer = _signer(session, draft, student, at)
    found = rules.unsigned_problems(draft, _known(session, me, draft, signer, at), at)
    if found:
        raise NotReady(found)
    return queries.what_it_would_open(session, me, draft, at)


def revoke(session: Session, me: Actor, consent_id: uuid.UUID, how: str, at: datetime) -> Consent:
    """Take a consent back: from this instant nothing opens under it.

    how: who told whom, and how. Nothing already shared is undone (34 CFR 300.9).
    """
    consent = session.get(Consent, consent_id)
    if consent is None or consent.discloser_id != me.organization_id:
        codes = [Reason.RECORD_UNKNOWN]
        trail.write_refusal(session, me, trail.Entry("consent.revoked", False, at, codes=codes))
        raise NOT_FOUND
    try:
        gate.open_student(session, me, consent.student_id, Task.RECORD_CONSENT, at)
    except NotFound:
        raise NOT_FOUND from None
    [facts] = consent_facts.as_facts(session, [consent])
    if found := rules.revoke_problems(rules.status(facts, at), clean(how)):
        raise NotReady(found)
    session.add(
        ConsentEvent(
            consent_id=consent.id,
            kind=ConsentEventKind.REVOKED,
            at=at,
            by_id=me.id,
            by_name=me.name,
            how=clean(how),
            written_at=at,
        )
    )
    _told(session, me, "consent.revoked", consent, at)
    return consent


def _signer(
    session: Session, draft: ConsentDraft, student: Student, at: datetime
) -> PossibleSigner | None:
    return next(
        (
            signer
            for signer in queries.possible_signers(session, student, at)
            if (signer.kind, signer.id) == (draft.signer_kind, draft.signer_id)
        ),
        None,
    )


def _known(
    session: Session, me: Actor, draft: ConsentDraft, signer: PossibleSigner | None, at: datetime
) -> rules.Known:
    facts = facts_of.load_known(session, me.id, draft.student_id)
    return rules.Known(
        agency_active=queries.is_active_agency(session, draft.agency_id, at),
        signer_name=signer.name if signer else None,
        facts=facts,
        today=queries.local_day(at, me.tz),
        most_megabytes=settings().upload_megabytes,
    )


def _write(
    session: Session,
    me: Actor,
    draft: ConsentDraft,
    facts: ConsentFacts,
    signer: PossibleSigner,
    consent_id: uuid.UUID,
    at: datetime,
) -> Consent:
    typed = isinstance(draft.signature, TypedConsent)
    agency = session.get_one(Organization, draft.agency_id)
    consent = Consent(
        id=consent_id,
        number=new_number(session, Consent.number, "C"),
        student_id=draft.student_id,
        discloser_id=me.organization_id,
        recipient_id=agency.id,
        recipient_name=agency.name,
        records_from=facts.records.start,
        records_until=facts.records.end,
        starts_at=facts.span.start,
        ends_at=facts.span.end,
        signer_kind=draft.signer_kind,
        signer_id=draft.signer_id,
        signer_name=signer.name,
        identity_check=IdentityCheck.IN_PERSON if typed else None,
        method=SignatureMethod.TYPED if typed else SignatureMethod.PAPER,
        detail=draft.detail,
        language=draft.language,
        recorded_by=me.id,
        recorded_at=at,
    )
    session.add(consent)
    session.flush()
    for category in sorted(draft.categories):
        special = category in draft.special & SPECIAL
        session.add(ConsentCategory(consent_id=consent_id, category=category, special=special))
    for purpose in sorted(draft.purposes):
        session.add(ConsentPurpose(consent_id=consent_id, purpose=purpose))
    session.flush()
    return consent


def _keep(
    session: Session,
    me: Actor,
    draft: ConsentDraft,
    consent: Consent,
    student: Student,
    signer: PossibleSigner,
    at: datetime,
) -> Document:
    """The scan as it came, or what was agreed on screen as a document of our own."""
    if isinstance(draft.signature, PaperConsent):
        kind = scan_type(draft.signature.scan)
        ending, media_type = (kind.ending, kind.media_type) if kind else ("", "")
        content = draft.signature.scan
    else:
        ending, media_type = ".docx", MEDIA_TYPE
        agreed = _agreed(session, me, draft, consent, student, signer, at)
        content = paper.render(agreed, at)
    return documents.keep(
        session,
        me,
        me.organization_id,
        DocumentKind.CONSENT,
        f"Consent-{consent.number}{ending}",
        media_type,
        content,
        at,
        student_id=student.id,
    )


def _agreed(
    session: Session,
    me: Actor,
    draft: ConsentDraft,
    consent: Consent,
    student: Student,
    signer: PossibleSigner,
    at: datetime,
) -> paper.Agreed:
    return paper.Agreed(
        number=consent.number,
        draft=draft,
        student=student,
        school=gate.school_of(session, student.id, at),
        district=me.organization_name,
        agency=consent.recipient_name,
        signer=consent.signer_name,
        capacity=signer.capacity,
        recorded_by=me.name,
        tz=me.tz,
    )


def _told(
    session: Session, me: Actor, event: str, consent: Consent, at: datetime, **detail: Any
) -> None:
    session.flush()
    about = (consent.student_id,)
    entry = trail.Entry(event, True, at, about, subject=consent.number, detail=detail)
    trail.write(session, me, entry)
