"""Agreements that stopped early, for the journal of closings (access/journal.py).

The journal holds no text that anybody wrote: ended once more, an agreement says instead of its
reason where that it ended is known from.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access import journal
from portal.access.journal import Again, Closing, Handler
from portal.agreements import queries
from portal.store.papers import Agreement
from portal.vocabulary import EndedHow

KIND = "agreement_terminated"
REASON = "Terminated before a backup was restored; known from the journal of closings."


def noted(session: Session, agreement: Agreement) -> None:
    """Have the journal hold that this agreement stops early, and when."""
    journal.note(session, KIND, _payload(agreement))


def _payload(agreement: Agreement) -> Mapping[str, Any]:
    if agreement.terminated_at is None:
        raise AssertionError("an agreement that goes on is no closing")
    how = agreement.ended_how or EndedHow.TERMINATED
    at = agreement.terminated_at.isoformat()
    return {"id": str(agreement.id), "at": at, "how": str(how)}


def _closings(session: Session) -> Iterator[Mapping[str, Any]]:
    return (_payload(agreement) for agreement in queries.terminated(session))


def _again(session: Session, closing: Closing, _at: datetime) -> Again | None:
    agreement = session.get(Agreement, uuid.UUID(closing["id"]))
    if agreement is None:
        return None
    agreement.terminated_at = datetime.fromisoformat(closing["at"])
    agreement.ended_how = EndedHow(closing.get("how", EndedHow.TERMINATED))
    agreement.terminated_reason = REASON
    return Again(agreement.number)


TERMINATED = Handler(KIND, _closings, _again)
