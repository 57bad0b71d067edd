"""Where opening stops: a thousand records an hour, by one person (policy.use).

The stop is a line of the trail, and so is its lifting: whichever came last holds. It is asked
before each record and each document is opened.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from portal.access import trail
from portal.access.actor import Actor
from portal.policy.use import OPENING, STOP_AT, STOP_WITHIN, may_go_on
from portal.store.ledger import STOPS, TrailLine

STOPPED, LIFTED = "use.stopped", "use.stop_lifted"
"""Events whose subject is the person's id."""

OF_STOPS = text(STOPS)
"""Word for word what the small index of these lines says: with bound values no engine uses it."""


def ask(session: Session, me: Actor, at: datetime) -> None:
    """Raises Refused when this person has opened too much; the first time, a line tells it."""
    last = last_word(session, me.id)
    stopped = last is not None and last.event == STOPPED
    since = at - STOP_WITHIN if last is None else max(at - STOP_WITHIN, last.at)
    opened = 0 if stopped else _opened(session, me.id, since)
    decision = may_go_on(opened, stopped=stopped)
    if not decision:
        entry = trail.Entry(
            STOPPED, False, at, subject=str(me.id), codes=decision.codes, detail={"opened": opened}
        )
        trail.write_refusal(session, me, entry)
    decision.or_refuse()


def last_word(session: Session, user_id: uuid.UUID) -> TrailLine | None:
    """The last line that stopped this person or let them go on."""
    return session.scalar(words_about(user_id).limit(1))


def words_about(user_id: uuid.UUID) -> Select[TrailLine]:
    """Every stop of this person and its lifting, the last one first."""
    return (
        select(TrailLine)
        .where(OF_STOPS, TrailLine.subject == str(user_id))
        .order_by(TrailLine.at.desc(), TrailLine.id.desc())
    )


def _opened(session: Session, user_id: uuid.UUID, since: datetime) -> int:
    lines = (
        select(TrailLine.id)
        .where(
            TrailLine.user_id == user_id,
            TrailLine.at > since,
            TrailLine.event.in_(sorted(OPENING)),
            TrailLine.allowed,
        )
        .limit(STOP_AT)
        .subquery()
    )
    return session.scalars(select(func.count()).select_from(lines)).one()
