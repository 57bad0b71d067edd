"""Where one is signed in, and how to end it there."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.access import trail
from portal.access.actor import Actor
from portal.accounts import browsers, queries, service, unusual
from portal.errors import NotFound
from portal.store.accounts import UserSession
from portal.store.people import User

SHOWN = timedelta(days=90)
GONE = NotFound(
    "That sign-in has ended already.", "The list below says where you are signed in now."
)


@dataclass(frozen=True)
class SignIn:
    """One sign-in of mine. this: the one that asks. open: it has not ended and not run out."""

    id: uuid.UUID
    started_at: datetime
    seen_at: datetime
    browser: str
    place: str
    open: bool
    this: bool


@dataclass(frozen=True)
class Unusual:
    """A sign-in of mine that was not as usual."""

    at: datetime
    browser: str
    place: str
    how: str


@dataclass(frozen=True)
class Account:
    """What one sees of one's own account. factor_since: None without an authenticator."""

    name: str
    username: str
    has_password: bool
    sign_ins: tuple[SignIn, ...]
    factor_since: datetime | None
    codes_left: int
    acknowledged_at: datetime | None
    unusual: Unusual | None


def account(session: Session, me: Actor, held_id: uuid.UUID, at: datetime) -> Account:
    """My account as it stands. held_id: the sign-in that asks."""
    user = session.get_one(User, me.id)
    factor = queries.factor_since(session, me.id)
    given = queries.last_acknowledgment(session, me.id)
    rows = queries.sessions_of(session, me.id, at - SHOWN)
    return Account(
        name=user.name,
        username=user.username,
        has_password=user.password_hash is not None,
        sign_ins=tuple(_told(row, held_id, at) for row in rows),
        factor_since=factor,
        codes_left=len(queries.recovery_codes(session, me.id)),
        acknowledged_at=given.given_at if given else None,
        unusual=_unusual(session, me),
    )


def end(session: Session, me: Actor, sign_in_id: uuid.UUID, at: datetime) -> None:
    """End one sign-in of mine; raises NotFound alike for an ended one and for another person's."""
    row = session.get(UserSession, sign_in_id)
    if row is None or row.user_id != me.id or row.ended_at is not None:
        raise GONE
    row.ended_at = at
    entry = trail.Entry("account.session_ended", True, at, subject=str(row.id))
    trail.write(session, me, entry)


def end_everywhere(session: Session, me: Actor, at: datetime) -> int:
    """End every sign-in of mine, also this one; how many there were."""
    ended = service.end_all_sessions(session, me.id, at)
    told = {"sessions": ended}
    trail.write(session, me, trail.Entry("account.signed_out_everywhere", True, at, detail=told))
    return ended


def _told(row: UserSession, held_id: uuid.UUID, at: datetime) -> SignIn:
    return SignIn(
        id=row.id,
        started_at=row.started_at,
        seen_at=row.seen_at,
        browser=browsers.in_words(row.agent),
        place=unusual.where(row.address),
        open=row.ended_at is None and row.expires_at > at,
        this=row.id == held_id,
    )


def _unusual(session: Session, me: Actor) -> Unusual | None:
    flags = queries.sign_in_flags(session, me.id)
    if not flags:
        return None
    last = flags[0]
    told = last.detail
    return Unusual(
        last.found_at,
        str(told.get("browser", "")),
        unusual.where(str(told.get("address", ""))),
        unusual.SENTENCES[last.kind],
    )
