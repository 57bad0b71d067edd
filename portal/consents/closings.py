"""Consents that were closed, for the journal of closings (access/journal.py).

The journal holds no text that anybody wrote: closed once more, a consent says instead of how
it was told where that is known from. A hold that was lifted meanwhile may stand again after a
restore; that is the safe side, and whoever lifted it lifts it again.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access import journal
from portal.access.journal import Again, Closing, Handler
from portal.consents import queries
from portal.store.consents import Consent, ConsentEvent
from portal.vocabulary import ConsentEventKind

KIND = "consent_event"
HOW = "Closed before a backup was restored; known from the journal of closings."

CLOSES = frozenset(
    {
        ConsentEventKind.ENDED_BY_EVENT,
        ConsentEventKind.HELD,
        ConsentEventKind.KNOWN_FALSE,
        ConsentEventKind.REVOKED,
        ConsentEventKind.SUPERSEDED,
    }
)


def noted(session: Session, event: ConsentEvent) -> None:
    """Have the journal hold this event, when it is one that closes."""
    if event.kind in CLOSES:
        journal.note(session, KIND, _payload(event))


def _payload(event: ConsentEvent) -> Mapping[str, Any]:
    return {
        "id": str(event.id),
        "at": event.at.isoformat(),
        "until": event.until.isoformat() if event.until else None,
        "consent": str(event.consent_id),
        "what": str(event.kind),
        "category": event.category,
    }


def _closings(session: Session) -> Iterator[Mapping[str, Any]]:
    return (_payload(event) for event in queries.closing_events(session, CLOSES))


def _again(session: Session, closing: Closing, at: datetime) -> Again | None:
    consent = session.get(Consent, uuid.UUID(closing["consent"]))
    if consent is None:
        return None
    session.add(
        ConsentEvent(
            id=uuid.UUID(closing["id"]),
            consent_id=consent.id,
            kind=ConsentEventKind(closing["what"]),
            at=datetime.fromisoformat(closing["at"]),
            until=datetime.fromisoformat(closing["until"]) if closing["until"] else None,
            category=closing["category"],
            how=HOW,
            written_at=at,
        )
    )
    session.flush()
    return Again(consent.number, (consent.student_id,))


CLOSED = Handler(KIND, _closings, _again)
