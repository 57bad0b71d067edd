"""What a consent's file needs to know: its paper, its people, what became of it, who is who."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.taking import Opened
from portal.consents.addresses import start, verify_url
from portal.consents.fhir.values import (
    TOLD,
    ByEvent,
    Happened,
    Paper,
    Party,
    Person,
    Scope,
    Signer,
    Told,
)
from portal.consents.rules import status
from portal.policy.facts import ConsentFacts
from portal.policy.notices import notices_for
from portal.policy.papers import same_name
from portal.policy.spans import Span
from portal.store.consents import Consent, ConsentEvent, ConsentPerson, ConsentSigning
from portal.store.papers import Document
from portal.store.people import User
from portal.store.places import Organization
from portal.vocabulary import Category, ConsentEventKind, Purpose


def told_of(session: Session, opened: Opened, at: datetime) -> Told:
    """All that the file of this consent says at this instant."""
    consent, discloser = opened.consent, opened.discloser
    signing = session.get(ConsentSigning, consent.signing_id) if consent.signing_id else None
    events = _events(session, consent.id)
    scope = _scope(session, opened)
    return Told(
        id=str(consent.id),
        number=consent.number,
        status=status(opened.told, at),
        instrument=consent.instrument,
        scope=scope,
        student=f"{opened.student.given_name} {opened.student.family_name}",
        born=opened.student.born,
        signer=Signer(consent.signer_kind, consent.signer_name, consent.authority),
        signed_at=consent.signed_at,
        changed_at=_changed_at(consent, events),
        tz=discloser.tz,
        part2=discloser.is_part2 or Category.SUD in scope.categories,
        language=consent.language,
        method=consent.method,
        identity_check=consent.identity_check,
        paper=_paper(session, consent),
        verify_url=verify_url(signing.code) if signing else f"{start()}/verify",
        closed={Category(kind): tuple(why) for kind, why in opened.closed.items()},
        notices=notices_for(
            scope.categories,
            instrument=consent.instrument,
            hipaa=discloser.is_hipaa,
            part2=discloser.is_part2,
        ),
    )


def _scope(session: Session, opened: Opened) -> Scope:
    consent, told = opened.consent, opened.told
    recipient = session.get(Organization, consent.recipient_id) if consent.recipient_id else None
    return Scope(
        discloser=_party(opened.discloser),
        recipient=_party(recipient) if recipient else None,
        categories=frozenset(Category(kind) for kind in told.categories),
        special=frozenset(Category(kind) for kind in told.special),
        purposes=frozenset(Purpose(purpose) for purpose in told.purposes),
        records=told.records,
        span=told.span,
        detail=told.detail,
        people=_people(session, consent.id),
        by_event=ByEvent(consent.ends_on_event, _look_by(told)) if consent.ends_on_event else None,
        withdrawn={Category(kind): at for kind, at in told.life.withdrawn.items()},
        happened=_happened(told),
    )


def _party(row: Organization) -> Party:
    return Party(row.name, str(row.id), row.code or "")


def _people(session: Session, consent_id: uuid.UUID) -> tuple[Person, ...]:
    rows = session.execute(
        select(User.name, User.id)
        .join(ConsentPerson, ConsentPerson.user_id == User.id)
        .where(ConsentPerson.consent_id == consent_id)
        .order_by(User.name, User.id)
    )
    return tuple(Person(name, str(key)) for name, key in rows)


def _look_by(told: ConsentFacts) -> datetime | None:
    """Until when somebody has made sure that the event has not happened."""
    reviewed = [review.end for review in told.life.reviews if review.end is not None]
    return max([*reviewed, *([told.life.review_at] if told.life.review_at else [])], default=None)


def _happened(told: ConsentFacts) -> tuple[Happened, ...]:
    """What bears on whether it opens anything, the first first."""
    life, kind = told.life, ConsentEventKind
    at = {
        kind.REVOKED: told.revoked_at,
        kind.CONFIRMED: life.confirmed_at,
        kind.ENDED_BY_EVENT: life.ended_at,
        kind.KNOWN_FALSE: life.known_false_at,
        kind.SUPERSEDED: life.superseded_at,
    }
    found = [Happened(what, when) for what, when in at.items() if when is not None]
    found += [Happened(kind.HELD, hold.start, hold.end) for hold in life.holds]
    return tuple(sorted(found, key=lambda entry: (entry.at, entry.kind)))


def _events(session: Session, consent_id: uuid.UUID) -> Sequence[ConsentEvent]:
    return session.scalars(
        select(ConsentEvent).where(
            ConsentEvent.consent_id == consent_id,
            ConsentEvent.kind.in_([*TOLD, ConsentEventKind.HOLD_LIFTED, ConsentEventKind.REVIEWED]),
        )
    ).all()


def _changed_at(consent: Consent, events: Sequence[ConsentEvent]) -> datetime:
    instants = [consent.recorded_at, consent.signed_at, *(event.at for event in events)]
    return max((at for at in instants if at is not None), default=consent.starts_at)


def _paper(session: Session, consent: Consent) -> Paper | None:
    document = session.get(Document, consent.document_id) if consent.document_id else None
    if document is None:
        return None
    return Paper(
        title=f"Consent {consent.number}, as signed",
        media_type=document.media_type,
        # FHIR R4 asks for SHA-1 (Attachment.hash); nothing here trusts it: SHA-256 stands beside.
        sha1=hashlib.sha1(document.content, usedforsecurity=False).digest(),
        sha256=document.sha256,
        made_at=document.made_at,
    )


# Who is who


def organizations_called(session: Session, party: Party, at: datetime) -> list[Organization]:
    """Those that a file means: by our identifier, a district's code, or exactly the name."""
    active = session.scalars(
        select(Organization).order_by(Organization.name, Organization.id)
    ).all()
    now = [row for row in active if Span(row.active_from, row.active_until).contains(at)]
    for told, own in ((party.id, lambda r: str(r.id)), (party.code, lambda r: r.code)):
        found = [row for row in now if told and own(row) == told]
        if found:
            return found
    return [row for row in now if party.name and same_name(row.name, party.name)]
