"""Which papers something rests on, and when what they opened will close."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session

from portal.access import consents as consent_facts
from portal.access import facts as facts_of
from portal.access.actor import Actor
from portal.access.gate import OpenedRecord
from portal.policy.endings import last_end
from portal.policy.spans import Span
from portal.stewardship import words
from portal.store.consents import Consent
from portal.store.papers import Agreement, LegalBasis
from portal.store.people import Student
from portal.store.places import Organization
from portal.vocabulary import Category, Purpose


@dataclass(frozen=True)
class PaperLine:
    """A paper as either party may read it.

    kind: consent, agreement, or the code of a legal basis. by: who signed, as on the
    paper. ends_at: the first instant no longer covered; None when it has no end. kinds and
    purposes: the scope of a consent, as a recipient must be told it (42 CFR 2.32).
    """

    id: str
    kind: str
    number: str
    signed_at: datetime | None
    by: str
    ends_at: datetime | None
    other_party: str
    kinds: tuple[Category, ...] = ()
    purposes: tuple[Purpose, ...] = ()


def papers(
    session: Session, me: Actor, ids: Collection[str], about: uuid.UUID | None = None
) -> list[PaperLine]:
    """Those of these papers that the reader's own organization is a party to, by number.

    about: leave out what is about another student than this one (a list of names rests on
    the papers of all of them).
    """
    keys = [uuid.UUID(paper) for paper in ids]
    found = [
        *_consents(session, me.organization_id, keys, about),
        *_agreements(session, me.organization_id, keys),
        *_legal(session, me.organization_id, keys, about),
    ]
    return sorted(found, key=lambda paper: (paper.kind != "consent", paper.number, paper.id))


def grounds_of(session: Session, me: Actor, record: OpenedRecord) -> list[PaperLine]:
    """The papers on which this opening rests."""
    return papers(session, me, {paper for entry in record.open for paper in entry.decision.papers})


def _of(student_id: Any, about: uuid.UUID | None) -> ColumnElement[bool]:
    return true() if about is None else student_id == about


def _consents(
    session: Session, ours: uuid.UUID, keys: list[uuid.UUID], about: uuid.UUID | None
) -> Iterable[PaperLine]:
    rows = session.execute(
        select(Consent, Organization.name)
        .join(Organization, _other(Consent.discloser_id, Consent.recipient_id, ours))
        .where(Consent.id.in_(keys), _of(Consent.student_id, about))
    ).all()
    told = consent_facts.as_facts(session, [row for row, _other in rows])
    for (row, other), facts in zip(rows, told, strict=True):
        going_on = facts.categories - facts.life.withdrawn.keys()
        yield PaperLine(
            str(row.id),
            "consent",
            row.number,
            row.signed_at,
            row.signer_name or words.SIGNERS[row.signer_kind],
            row.ends_at,
            other,
            tuple(kind for kind in Category if kind in going_on),
            tuple(purpose for purpose in Purpose if purpose in facts.purposes),
        )


def _agreements(session: Session, ours: uuid.UUID, keys: list[uuid.UUID]) -> Iterable[PaperLine]:
    rows = session.execute(
        select(Agreement, Organization.name)
        .join(Organization, _other(Agreement.a_id, Agreement.b_id, ours))
        .where(Agreement.id.in_(keys))
    )
    for row, other in rows:
        signed = [at for at in (row.a_signed_at, row.b_signed_at) if at is not None]
        yield PaperLine(
            str(row.id),
            "agreement",
            row.number,
            max(signed, default=None),
            " and ".join(signer for signer in (row.a_signer, row.b_signer) if signer),
            row.ends_at,
            other,
        )


def _legal(
    session: Session, ours: uuid.UUID, keys: list[uuid.UUID], about: uuid.UUID | None
) -> Iterable[PaperLine]:
    rows = session.execute(
        select(LegalBasis, Organization.name)
        .join(Organization, _other(LegalBasis.custodian_id, LegalBasis.recipient_id, ours))
        .where(LegalBasis.id.in_(keys), _of(LegalBasis.student_id, about))
    )
    for row, other in rows:
        label = words.LEGAL_BASES[row.kind]
        yield PaperLine(str(row.id), str(row.kind), label, row.starts_at, "", row.ends_at, other)


def _other(one: Any, other: Any, ours: uuid.UUID) -> ColumnElement[bool]:
    """Joins the party that is not `ours`, and so drops a paper to which we are no party."""
    return or_(
        and_(one == ours, Organization.id == other), and_(other == ours, Organization.id == one)
    )


def endings(
    session: Session, me: Actor, purpose: str, students: Collection[uuid.UUID], at: datetime
) -> dict[uuid.UUID, datetime | None]:
    """When each of these students, whom the gate has listed, closes; None: no end is set."""
    ours = me.organization_id
    agreements = facts_of.agreements_of(session, ours)
    consents = session.scalars(
        select(Consent).where(Consent.recipient_id == ours, Consent.student_id.in_(students))
    ).all()
    by_student = defaultdict(list)
    for consent in consent_facts.as_facts(session, consents):
        by_student[consent.student].append(consent)
    legal = _legal_spans(session, ours, students)
    grown = session.execute(select(Student.id, Student.majority_at).where(Student.id.in_(students)))
    return {
        key: last_end(by_student[str(key)], agreements, legal[key], majority, purpose, at)
        for key, majority in grown
    }


def _legal_spans(
    session: Session, ours: uuid.UUID, students: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[Span]]:
    found = defaultdict(list)
    rows = session.scalars(
        select(LegalBasis).where(
            LegalBasis.recipient_id == ours, LegalBasis.student_id.in_(students)
        )
    )
    for row in rows:
        ends = [end for end in (row.ends_at, row.ended_at) if end is not None]
        found[row.student_id].append(Span(row.starts_at, min(ends, default=None)))
    return found
