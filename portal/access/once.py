"""A form counts once, however often its button is clicked.

Each rendered form carries a random key. The first sending claims the key for the
row it is about to write, in the same transaction; a later one learns which row that was.
Two clicks at the same instant meet at the primary key: the second waits for the first.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.store.ledger import IdempotencyKey


def first_result(
    session: Session, me: Actor, event: str, key: str, result_id: uuid.UUID, at: datetime
) -> uuid.UUID | None:
    """None when this form is claimed now, for `result_id`; otherwise what its first sending made.

    Claim after authorizing and before writing. When the transaction fails the
    claim goes with it, and the form may be sent again.
    """
    claimed = _own_key(me, event, key)
    earlier = session.get(IdempotencyKey, claimed)
    if earlier is not None:
        return earlier.result_id
    try:
        with session.begin_nested():
            session.add(
                IdempotencyKey(key=claimed, user_id=me.id, event=event, result_id=result_id, at=at)
            )
    except IntegrityError:
        return session.get_one(IdempotencyKey, claimed).result_id
    return None


def forget(session: Session, me: Actor, event: str, key: str) -> None:
    """What the form was to do did not come about outside: it may be sent again."""
    row = session.get(IdempotencyKey, _own_key(me, event, key))
    if row is not None:
        session.delete(row)
        session.flush()


def _own_key(me: Actor, event: str, key: str) -> str:
    """Nobody finds another person's result by sending their key."""
    return hashlib.sha256(f"{me.id}|{event}|{key}".encode()).hexdigest()
