"""Keep what was signed: one form, its consents one by one, its ticks, its papers, its evidence.

Whoever calls has made sure that the signer may sign and that nothing is missing
(`rules.problems`). Here it is written, in one order: first what the consent says, then its
papers, and last the instant of the signature, after which no row of it ever changes.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access import data_points, documents, gate, trail
from portal.access.actor import Actor
from portal.access.numbers import LETTERS, new_number
from portal.consents import closings, papers, rules
from portal.consents.drafts import ConsentDraft, DrawnConsent, PaperConsent, TypedConsent
from portal.consents.forms import definition as forms
from portal.consents.forms.telling import Partner, told
from portal.consents.queries import PossibleSigner
from portal.policy.papers import scan_type
from portal.store.consents import (
    Consent,
    ConsentCategory,
    ConsentCosigner,
    ConsentEvent,
    ConsentFormVersion,
    ConsentPerson,
    ConsentPurpose,
    ConsentSigning,
    ConsentStatement,
)
from portal.store.people import Student, User
from portal.store.places import Organization
from portal.vocabulary import (
    SPECIAL,
    ConsentEventKind,
    DocumentKind,
    IdentityCheck,
    Instrument,
    Statement,
)


@dataclass(frozen=True)
class Evidence:
    """How it was made sure who signs, and with what help (34 CFR 99.30(d); ESIGN).

    translation: which state of which translation was shown. address and agent: of the
    browser; empty on paper.
    """

    identity_check: IdentityCheck | None = None
    identity_by: uuid.UUID | None = None
    translation: str = ""
    interpreter: str = ""
    address: str = ""
    agent: str = ""
    request_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Form:
    """The version of the form that was signed, as data."""

    row: ConsentFormVersion
    definition: forms.Definition

    @property
    def name(self) -> str:
        """As a receipt and the trail print it."""
        return f"{self.definition.title.en}, version {self.row.version}"


@dataclass(frozen=True)
class Signed:
    """One signed form: the signature, and a consent for each direction."""

    signing: ConsentSigning
    consents: tuple[Consent, ...]


def sign(
    session: Session,
    keeper: uuid.UUID,
    form: Form,
    student: Student,
    signer: PossibleSigner,
    drafts: Sequence[ConsentDraft],
    evidence: Evidence,
    me: Actor | None,
    at: datetime,
    key: uuid.UUID | None = None,
) -> Signed:
    """Write one form: all drafts are of one student and one partner, one for each direction.

    keeper: the member of staff who asked for it or brings it in. me: who acts; None when
    the family does, with its own name in the trail. key: the id that the signing takes.
    """
    district = session.get_one(Organization, student.district_id)
    partner = session.get_one(Organization, drafts[0].agency_id)
    told = statements_of(form.definition, partner, drafts)
    facts = _Facts(form, student, signer, district, partner, keeper, told, at)
    consents = tuple(_unsigned(session, facts, draft) for draft in drafts)
    session.flush()
    for draft, consent in zip(drafts, consents, strict=True):
        _listed(session, facts, draft, consent)
    session.flush()
    signing = _signing(session, facts, drafts, consents, evidence, key or uuid.uuid4())
    _papers(session, facts, drafts, consents, signing)
    session.add(signing)
    session.flush()
    for draft, consent in zip(drafts, consents, strict=True):
        consent.signing_id = signing.id
        consent.signed_at = rules.signed_at(draft, at, district.tz)
    session.flush()
    _replace(session, facts, drafts, consents)
    _told(session, me, facts, signing, consents)
    return Signed(signing, consents)


@dataclass(frozen=True)
class _Facts:
    """What every step needs to know."""

    form: Form
    student: Student
    signer: PossibleSigner
    district: Organization
    partner: Organization
    keeper: uuid.UUID
    told: tuple[Statement, ...]
    at: datetime


def statements_of(
    form: forms.Definition, partner: Organization, drafts: Sequence[ConsentDraft]
) -> tuple[Statement, ...]:
    """The sentences that whoever signs this is told: those, and no others, count as told."""
    ticked = {draft.instrument: draft.categories for draft in drafts}
    return told(
        form,
        Partner(str(partner.id), partner.name, partner.is_hipaa, partner.is_part2),
        ticked.get(Instrument.FERPA, frozenset()),
        ticked.get(Instrument.HIPAA, frozenset()),
        subject=form.subject is not None,
    )


# What it says


def _unsigned(session: Session, facts: _Facts, draft: ConsentDraft) -> Consent:
    tz = facts.district.tz
    told = rules.as_facts(draft, str(facts.district.id), facts.at, tz)
    discloser, recipient = facts.district, facts.partner
    if draft.instrument is Instrument.HIPAA:
        discloser, recipient = recipient, discloser
    consent = Consent(
        id=uuid.uuid4(),
        number=new_number(session, Consent.number, "C"),
        student_id=facts.student.id,
        discloser_id=discloser.id,
        recipient_id=recipient.id,
        recipient_name=recipient.name,
        instrument=draft.instrument,
        form_kind=facts.form.definition.kind,
        form_version_id=facts.form.row.id,
        records_from=told.records.start,
        records_until=told.records.end,
        starts_at=told.span.start,
        ends_at=told.span.end,
        ends_on_event=draft.ends_on_event.strip(),
        review_at=told.life.review_at,
        signer_kind=facts.signer.kind,
        signer_id=facts.signer.id,
        signer_name=facts.signer.name,
        authority=draft.authority or facts.signer.capacity,
        method=rules.method(draft),
        detail=draft.detail,
        language=draft.language,
        recorded_by=facts.keeper,
        recorded_at=facts.at,
    )
    session.add(consent)
    return consent


def _listed(session: Session, facts: _Facts, draft: ConsentDraft, consent: Consent) -> None:
    """One tick, one purpose, one sentence: a row each."""
    for category in sorted(draft.categories):
        session.add(
            ConsentCategory(
                consent_id=consent.id,
                category=category,
                special=category in draft.special & SPECIAL,
                initials=draft.initials.get(category, "").strip()[:12],
            )
        )
    for purpose in sorted(draft.purposes):
        session.add(ConsentPurpose(consent_id=consent.id, purpose=purpose))
    for statement in facts.told:
        session.add(ConsentStatement(consent_id=consent.id, statement=statement))
    for person in draft.people:
        session.add(ConsentPerson(consent_id=consent.id, user_id=person))
    signed_at = rules.signed_at(draft, facts.at, facts.district.tz)
    for name in draft.cosigners:
        session.add(ConsentCosigner(consent_id=consent.id, name=name, signed_at=signed_at))


# The evidence


def _signing(
    session: Session,
    facts: _Facts,
    drafts: Sequence[ConsentDraft],
    consents: Sequence[Consent],
    evidence: Evidence,
    key: uuid.UUID,
) -> ConsentSigning:
    first = drafts[0]
    signature = first.signature
    agreed = _agreed(facts, drafts, consents, evidence)
    on_screen = not isinstance(signature, PaperConsent)
    for consent in consents:
        consent.identity_check = evidence.identity_check
    return ConsentSigning(
        id=key,
        number=new_number(session, ConsentSigning.number, "F"),
        request_id=evidence.request_id,
        form_version_id=facts.form.row.id,
        student_id=facts.student.id,
        partner_id=facts.partner.id,
        signer_name=facts.signer.name,
        capacity=facts.signer.capacity,
        method=rules.method(first),
        typed_name=signature.name if not isinstance(signature, PaperConsent) else "",
        strokes=[list(map(list, s)) for s in signature.strokes]
        if isinstance(signature, DrawnConsent)
        else [],
        identity_check=evidence.identity_check,
        identity_by=evidence.identity_by,
        signed_at=rules.signed_at(first, facts.at, facts.district.tz) or facts.at,
        language=first.language,
        translation=evidence.translation,
        interpreter=evidence.interpreter,
        address=evidence.address if on_screen else "",
        agent=evidence.agent[:300] if on_screen else "",
        agreed=agreed,
        agreed_sha256=hashlib.sha256(agreed.encode()).hexdigest(),
        code=new_code(),
    )


def new_code() -> str:
    """Twelve letters in threes of four: read aloud or typed, and never guessed."""
    letters = [secrets.choice(LETTERS) for _ in range(12)]
    return "-".join("".join(letters[i : i + 4]) for i in (0, 4, 8))


def _agreed(
    facts: _Facts,
    drafts: Sequence[ConsentDraft],
    consents: Sequence[Consent],
    evidence: Evidence,
) -> str:
    """All that was agreed, in one canonical text: its digest stands on the receipt."""
    told = {
        "form": {"name": facts.form.name, "sha256": facts.form.row.sha256},
        "language": drafts[0].language,
        "translation": evidence.translation,
        "student": str(facts.student.id),
        "district": facts.district.name,
        "partner": facts.partner.name,
        "signer": {"name": facts.signer.name, "capacity": facts.signer.capacity},
        "statements": {
            str(statement): facts.form.definition.statements[statement].en
            for statement in facts.told
        },
        "consents": [
            _scope(draft, consent) for draft, consent in zip(drafts, consents, strict=True)
        ],
        "signature": _signature(drafts[0], facts.at),
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _scope(draft: ConsentDraft, consent: Consent) -> dict[str, Any]:
    return {
        "number": consent.number,
        "instrument": str(draft.instrument),
        "kind": str(draft.kind),
        "case": draft.case,
        "records": sorted(draft.categories),
        "initials": {str(c): text for c, text in sorted(draft.initials.items())},
        "purposes": sorted(draft.purposes),
        "detail": str(draft.detail),
        "records_from": _iso(draft.records_from),
        "records_until": _iso(draft.records_until),
        "starts_on": _iso(draft.starts_on),
        "ends_on": _iso(draft.ends_on),
        "ends_on_event": draft.ends_on_event,
        "people": sorted(str(person) for person in draft.people),
        "cosigners": list(draft.cosigners),
    }


def _iso(day: Any) -> str:
    return day.isoformat() if day else ""


def _signature(draft: ConsentDraft, at: datetime) -> dict[str, Any]:
    match draft.signature:
        case TypedConsent(name=name):
            return {"typed": name, "at": at.isoformat()}
        case DrawnConsent(name=name, strokes=strokes):
            return {"typed": name, "strokes": strokes, "at": at.isoformat()}
        case PaperConsent(signed_on=day, scan=scan):
            return {"signed_on": _iso(day), "scan_sha256": hashlib.sha256(scan).hexdigest()}


# Its papers


def _papers(
    session: Session,
    facts: _Facts,
    drafts: Sequence[ConsentDraft],
    consents: Sequence[Consent],
    signing: ConsentSigning,
) -> None:
    """The receipt in both shapes; the paper of the consent is the scan where there is one."""
    made = papers.receipt(
        papers.Agreed(
            form=facts.form.definition,
            form_name=facts.form.name,
            form_sha256=facts.form.row.sha256,
            drafts=tuple(drafts),
            numbers=tuple(consent.number for consent in consents),
            signing=signing,
            student=facts.student,
            school=gate.school_of(session, facts.student.id, facts.at),
            district=facts.district,
            partner=facts.partner,
            signer=facts.signer,
            at=facts.at,
            people=_names(session, {person for draft in drafts for person in draft.people}),
            identity_by=_name(session, signing.identity_by),
            entered_by=_name(session, facts.keeper),
            named=data_points.shared(session, facts.district.id),
        )
    )
    signing.pdf_id = _keep(session, facts, signing, made.pdf, ".pdf", papers.PDF)
    signing.docx_id = _keep(session, facts, signing, made.docx, ".docx", papers.WORD)
    paper, content = signing.pdf_id, made.pdf
    if isinstance(drafts[0].signature, PaperConsent):
        content = drafts[0].signature.scan
        kind = scan_type(content)
        ending, media_type = (kind.ending, kind.media_type) if kind else ("", "")
        paper = _keep(session, facts, signing, content, ending, media_type)
    for consent in consents:
        consent.document_id = paper
        consent.signed_sha256 = hashlib.sha256(content).hexdigest()


def _names(session: Session, people: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    return {person: _name(session, person) for person in people}


def _name(session: Session, person: uuid.UUID | None) -> str:
    return session.get_one(User, person).name if person else ""


def _keep(
    session: Session,
    facts: _Facts,
    signing: ConsentSigning,
    content: bytes,
    ending: str,
    media_type: str,
) -> uuid.UUID:
    return documents.keep(
        session,
        facts.keeper,
        facts.district.id,
        DocumentKind.CONSENT,
        f"Consent-{signing.number}{ending}",
        media_type,
        content,
        facts.at,
        student_id=facts.student.id,
    ).id


# What it does to others, and to the trail


def _replace(
    session: Session,
    facts: _Facts,
    drafts: Sequence[ConsentDraft],
    consents: Sequence[Consent],
) -> None:
    for draft, consent in zip(drafts, consents, strict=True):
        if draft.replaces_id is None:
            continue
        event = ConsentEvent(
            id=uuid.uuid4(),
            consent_id=draft.replaces_id,
            kind=ConsentEventKind.SUPERSEDED,
            at=max(facts.at, consent.starts_at),
            reference_id=consent.id,
            by_name=facts.signer.name,
            how=f"Replaced by {consent.number}.",
            written_at=facts.at,
        )
        session.add(event)
        closings.noted(session, event)
    session.flush()


def _told(
    session: Session,
    me: Actor | None,
    facts: _Facts,
    signing: ConsentSigning,
    consents: Sequence[Consent],
) -> None:
    for consent in consents:
        entry = trail.Entry(
            "consent.signed",
            True,
            facts.at,
            (facts.student.id,),
            subject=consent.number,
            detail={
                "form": signing.number,
                "agreed_sha256": signing.agreed_sha256,
                "paper_sha256": consent.signed_sha256,
                "method": str(signing.method),
                "identity": str(signing.identity_check or ""),
            },
            by=facts.signer.name,
        )
        trail.write(session, me, entry)
