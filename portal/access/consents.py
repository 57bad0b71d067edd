"""Bring consents as the rules see them: the paper, its ticks, and what became of it since."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access.listed import listed
from portal.policy.facts import ConsentFacts, LifeFacts, PaperFacts
from portal.policy.spans import Span
from portal.store.consents import (
    Consent,
    ConsentCategory,
    ConsentCosigner,
    ConsentEvent,
    ConsentFormRecall,
    ConsentPerson,
    ConsentPurpose,
    ConsentStatement,
)
from portal.store.papers import Document
from portal.vocabulary import ConsentEventKind

Kind = ConsentEventKind
Key = uuid.UUID


def about(session: Session, ours: Key, student_id: Key) -> tuple[ConsentFacts, ...]:
    """The consents of a student to one organization, and those that name no recipient."""
    rows = session.scalars(
        select(Consent).where(
            Consent.student_id == student_id,
            or_(Consent.recipient_id == ours, Consent.recipient_id.is_(None)),
        )
    ).all()
    return as_facts(session, rows)


@dataclass(frozen=True)
class _Beside:
    """What other tables say of some consents, by the consent's key."""

    ticks: dict[Key, list[ConsentCategory]]
    purposes: dict[Key, frozenset[str]]
    statements: dict[Key, frozenset[str]]
    named: dict[Key, frozenset[str]]
    cosigners: dict[Key, tuple[datetime | None, ...]]
    events: dict[Key, list[ConsentEvent]]
    recalled: dict[Key, datetime]
    hashes: dict[Key, str]


def as_facts(session: Session, rows: Sequence[Consent]) -> tuple[ConsentFacts, ...]:
    """These consents, in their order; one question for each table, however many they are."""
    if not rows:
        return ()
    ids = [row.id for row in rows]
    beside = _Beside(
        ticks=_ticks(session, ids),
        purposes=listed(session, ConsentPurpose, "consent_id", "purpose", rows),
        statements=listed(session, ConsentStatement, "consent_id", "statement", rows),
        named=listed(session, ConsentPerson, "consent_id", "user_id", rows),
        cosigners=_cosigners(session, ids),
        events=_events(session, ids),
        recalled=_recalled(session, rows),
        hashes=_hashes(session, rows),
    )
    return tuple(_consent(row, beside) for row in rows)


def _ticks(session: Session, ids: Iterable[Key]) -> dict[Key, list[ConsentCategory]]:
    found: dict[Key, list[ConsentCategory]] = defaultdict(list)
    for tick in session.scalars(select(ConsentCategory).where(ConsentCategory.consent_id.in_(ids))):
        found[tick.consent_id].append(tick)
    return found


def _cosigners(session: Session, ids: Iterable[Key]) -> dict[Key, tuple[datetime | None, ...]]:
    found: dict[Key, list[datetime | None]] = defaultdict(list)
    rows = session.scalars(
        select(ConsentCosigner)
        .where(ConsentCosigner.consent_id.in_(ids))
        .order_by(ConsentCosigner.name)
    )
    for row in rows:
        found[row.consent_id].append(row.signed_at)
    return {key: tuple(signed) for key, signed in found.items()}


def _events(session: Session, ids: Iterable[Key]) -> dict[Key, list[ConsentEvent]]:
    found: dict[Key, list[ConsentEvent]] = defaultdict(list)
    rows = session.scalars(
        select(ConsentEvent)
        .where(ConsentEvent.consent_id.in_(ids))
        .order_by(ConsentEvent.at, ConsentEvent.id)
    )
    for row in rows:
        found[row.consent_id].append(row)
    return found


def _recalled(session: Session, rows: Sequence[Consent]) -> dict[Key, datetime]:
    versions = {row.form_version_id for row in rows if row.form_version_id}
    if not versions:
        return {}
    found = session.execute(
        select(ConsentFormRecall.version_id, ConsentFormRecall.at).where(
            ConsentFormRecall.version_id.in_(versions)
        )
    )
    return dict(found.all())


def _hashes(session: Session, rows: Sequence[Consent]) -> dict[Key, str]:
    kept = {row.document_id for row in rows if row.document_id}
    if not kept:
        return {}
    found = session.execute(select(Document.id, Document.sha256).where(Document.id.in_(kept)))
    return dict(found.all())


def _consent(row: Consent, beside: _Beside) -> ConsentFacts:
    ticks, events = beside.ticks.get(row.id, []), beside.events.get(row.id, [])
    revoked = [event for event in events if event.kind is Kind.REVOKED and not event.category]
    return ConsentFacts(
        id=str(row.id),
        student=str(row.student_id),
        discloser=str(row.discloser_id),
        recipient=str(row.recipient_id) if row.recipient_id else "",
        categories=frozenset(tick.category for tick in ticks),
        special=frozenset(tick.category for tick in ticks if tick.special),
        purposes=beside.purposes[row.id],
        records=Span(row.records_from, row.records_until),
        span=Span(row.starts_at, row.ends_at),
        signer_kind=row.signer_kind,
        signer=str(row.signer_id),
        signed_at=row.signed_at,
        revoked_at=_first(revoked),
        detail=row.detail,
        named=beside.named[row.id],
        paper=_paper(row, beside),
        life=_life(row, events),
    )


def _paper(row: Consent, beside: _Beside) -> PaperFacts:
    kept = beside.hashes.get(row.document_id) if row.document_id else None
    recalled = beside.recalled.get(row.form_version_id) if row.form_version_id else None
    return PaperFacts(
        method=row.method,
        identity_checked=row.identity_check is not None,
        authority=row.authority,
        form=row.form_kind,
        statements=beside.statements[row.id],
        cosigners=beside.cosigners.get(row.id, ()),
        recalled_at=recalled,
        text_matches=not row.signed_sha256 or row.signed_sha256 == kept,
    )


def _life(row: Consent, events: Sequence[ConsentEvent]) -> LifeFacts:
    of: dict[Kind, list[ConsentEvent]] = defaultdict(list)
    for event in events:
        of[event.kind].append(event)
    lifted = {event.lifts_id: event.at for event in reversed(of[Kind.HOLD_LIFTED])}
    return LifeFacts(
        withdrawn=_withdrawn(of[Kind.REVOKED]),
        holds=tuple(_hold(event, lifted.get(event.id)) for event in of[Kind.HELD]),
        confirmed_at=_first(of[Kind.CONFIRMED]),
        ended_at=_first(of[Kind.ENDED_BY_EVENT]),
        known_false_at=_first(of[Kind.KNOWN_FALSE]),
        superseded_at=_first(of[Kind.SUPERSEDED]),
        review_at=row.review_at,
        reviews=tuple(Span(event.at, event.until) for event in of[Kind.REVIEWED]),
    )


def _first(events: Sequence[ConsentEvent]) -> datetime | None:
    return events[0].at if events else None


def _withdrawn(revoked: Iterable[ConsentEvent]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for event in revoked:
        if event.category:
            found.setdefault(event.category, event.at)
    return found


def _hold(event: ConsentEvent, lifted: datetime | None) -> Span:
    ends = [end for end in (event.until, lifted) if end is not None]
    return Span(event.at, min(ends, default=None))
