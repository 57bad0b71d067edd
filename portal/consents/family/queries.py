"""What is shared by a family's consents, with whom, why and until when; and their papers."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access import consents as consent_facts
from portal.access import facts as facts_of
from portal.access import family as door
from portal.access import trail
from portal.access.family import Family
from portal.consents import rules
from portal.consents.queries import cases as cases_of
from portal.consents.queries import local_day
from portal.policy.decision import Decision
from portal.policy.facts import ConsentFacts, Facts
from portal.policy.family import may_know_of
from portal.policy.rights import kinds_of
from portal.policy.spans import last_day
from portal.store.consents import Consent, ConsentRequest, ConsentSigning
from portal.store.people import Student
from portal.store.places import Organization
from portal.vocabulary import Category, ConsentStatus, FormKind, Purpose


@dataclass(frozen=True)
class SharedKind:
    """A kind of record on a consent; taken_back: since when by itself, or None."""

    category: Category
    taken_back: date | None


@dataclass(frozen=True)
class FamilyConsent:
    """A consent as its family reads it. Days are local and included; None: no end.

    gives: the school gives to the partner, and not the other way round. not_obeyed: its
    dates are right, but nothing opens, because who holds the right has changed.
    """

    id: uuid.UUID
    number: str
    status: ConsentStatus
    gives: bool
    partner_id: uuid.UUID | None
    partner: str
    kinds: tuple[SharedKind, ...]
    purposes: tuple[Purpose, ...]
    starts_on: date
    ends_on: date | None
    ends_on_event: str
    signer: str
    signed_on: date | None
    over_on: date | None
    not_obeyed: bool
    signing_id: uuid.UUID | None
    papers: tuple[tuple[uuid.UUID, str], ...]
    form: FormKind = FormKind.STANDARD
    case: str = ""

    @property
    def over(self) -> bool:
        """Has it come to its end, in whichever way?"""
        return self.status in rules.OVER

    @property
    def open_kinds(self) -> tuple[SharedKind, ...]:
        """What can still be taken back."""
        return () if self.over else tuple(k for k in self.kinds if k.taken_back is None)

    @property
    def single(self) -> bool:
        """Is it a form about one thing, which ticks no kind of record?"""
        return self.form is not FormKind.STANDARD


@dataclass(frozen=True)
class OfStudent:
    """All consents about one student, the newest first. sees_record: may read who saw it."""

    student: Student
    consents: tuple[FamilyConsent, ...]
    sees_record: bool


def shared(session: Session, who: Family, at: datetime) -> list[OfStudent]:
    """What is shared about each student, as far as this person may know; the trail tells it."""
    found = [_of_student(session, who, student, at) for student in who.students]
    about = tuple(student.id for student in who.students)
    trail.write(session, None, trail.Entry("family.saw_consents", True, at, about, by=who.name))
    return found


def _of_student(session: Session, who: Family, student: Student, at: datetime) -> OfStudent:
    sees = door.may_see_of(session, who, student, at)
    rows = signed_rows(session, who.link.district_id, student.id)
    told = consent_facts.as_facts(session, rows)
    facts = facts_of.load_known(session, who.link.made_by, student.id)
    papers = _papers(session, rows)
    names, cases = _names(session, rows), cases_of(session, rows)
    views = [
        replace(
            _view(row, consent, facts, kinds, names, papers.get(row.id, ()), who, at),
            case=cases.get(row.signing_id, ""),
        )
        for row, consent in zip(rows, told, strict=True)
        if (kinds := known_kinds(who, consent, sees))
    ]
    views.sort(key=lambda view: not view.gives)
    views.sort(key=lambda view: view.signed_on or view.starts_on, reverse=True)
    return OfStudent(student, tuple(views), bool(sees))


def signed_rows(
    session: Session, district_id: uuid.UUID, student_id: uuid.UUID
) -> Sequence[Consent]:
    """Every signed consent about a student to which this district is a party, newest first."""
    ours = or_(Consent.discloser_id == district_id, Consent.recipient_id == district_id)
    return session.scalars(
        select(Consent)
        .where(Consent.student_id == student_id, ours, Consent.signed_at.is_not(None))
        .order_by(Consent.signed_at.desc(), Consent.number)
    ).all()


def known_kinds(who: Family, consent: ConsentFacts, sees: Decision) -> tuple[Category, ...]:
    """The kinds of record on a consent of which this person may be told."""
    reader = (who.link.signer_kind, str(who.link.signer_id))
    signer = (consent.signer_kind, consent.signer)
    return tuple(
        kind
        for kind in Category
        if kind in kinds_of(consent) and may_know_of(reader, signer, kind, sees)
    )


def _names(session: Session, rows: Sequence[Consent]) -> dict[uuid.UUID, str]:
    ids = {row.discloser_id for row in rows}
    found = session.execute(
        select(Organization.id, Organization.name).where(Organization.id.in_(ids))
    )
    return dict(found.all())


def _papers(
    session: Session, rows: Sequence[Consent]
) -> dict[uuid.UUID, tuple[tuple[uuid.UUID, str], ...]]:
    """The receipt in both shapes; where there is none, the paper that was signed."""
    signings = {row.signing_id for row in rows if row.signing_id}
    found = {
        row.id: row
        for row in session.scalars(select(ConsentSigning).where(ConsentSigning.id.in_(signings)))
    }
    return {row.id: _papers_of(row, found) for row in rows}


def _papers_of(
    row: Consent, signings: Mapping[uuid.UUID, ConsentSigning]
) -> tuple[tuple[uuid.UUID, str], ...]:
    signing = signings.get(row.signing_id) if row.signing_id else None
    if signing is None:
        return ((row.document_id, "paper"),) if row.document_id else ()
    both = ((signing.pdf_id, "pdf"), (signing.docx_id, "docx"))
    return tuple((key, shape) for key, shape in both if key is not None)


def _view(
    row: Consent,
    consent: ConsentFacts,
    facts: Facts,
    kinds: Sequence[Category],
    names: Mapping[uuid.UUID, str],
    papers: tuple[tuple[uuid.UUID, str], ...],
    who: Family,
    at: datetime,
) -> FamilyConsent:
    gives = row.discloser_id == who.link.district_id
    status = rules.status(consent, at)
    over = _over_at(consent, status)
    return FamilyConsent(
        id=row.id,
        number=row.number,
        status=status,
        gives=gives,
        partner_id=row.recipient_id if gives else row.discloser_id,
        partner=row.recipient_name if gives else names[row.discloser_id],
        kinds=tuple(
            SharedKind(kind, _withdrawn(consent, kind, who.tz))
            for kind in kinds
            if kind in consent.categories
        ),
        purposes=tuple(p for p in Purpose if p in consent.purposes),
        starts_on=local_day(row.starts_at, who.tz),
        ends_on=last_day(row.ends_at, who.tz) if row.ends_at else None,
        ends_on_event=row.ends_on_event,
        signer=row.signer_name,
        signed_on=local_day(row.signed_at, who.tz) if row.signed_at else None,
        over_on=local_day(over, who.tz) if over else None,
        not_obeyed=status not in rules.OVER and bool(rules.rights_problem(consent, facts, at)),
        signing_id=row.signing_id,
        papers=papers,
        form=consent.paper.form,
    )


def _withdrawn(consent: ConsentFacts, kind: Category, tz: str) -> date | None:
    at = consent.life.withdrawn.get(kind)
    return local_day(at, tz) if at else None


def _over_at(consent: ConsentFacts, status: ConsentStatus) -> datetime | None:
    """When it was taken back or replaced; its last day says it otherwise."""
    if status is ConsentStatus.TAKEN_BACK:
        return consent.revoked_at
    return consent.life.superseded_at if status is ConsentStatus.SUPERSEDED else None


# What was signed together


def signed_just_now(session: Session, who: Family) -> list[ConsentSigning]:
    """The forms that this very person signed when their link was made."""
    rows = session.scalars(
        select(ConsentSigning)
        .join(ConsentRequest, ConsentRequest.id == ConsentSigning.request_id)
        .where(
            ConsentSigning.signed_at == who.link.made_at,
            ConsentRequest.signer_kind == who.link.signer_kind,
            ConsentRequest.signer_id == who.link.signer_id,
        )
        .order_by(ConsentSigning.number)
    )
    return list(rows)


def mine(session: Session, ids: Sequence[uuid.UUID]) -> list[Consent]:
    """These consents, by number."""
    rows = session.scalars(select(Consent).where(Consent.id.in_(ids)).order_by(Consent.number))
    return list(rows)
