"""Sign-ins that are not as usual: from a new place or browser, or from two places at once.

The person gets a mail, reads it on their page of sign-ins, and whoever watches over the use of
the portal finds it on their list (UseFlag). It stops nobody: people move, and get new phones.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import trail
from portal.access.actor import Actor
from portal.accounts import browsers, queries
from portal.config import settings
from portal.policy import signing_in
from portal.policy.signing_in import Arrival
from portal.store.accounts import UserSession
from portal.store.oversight import UseFlag
from portal.store.people import User
from portal.vocabulary import UseFlagKind

REMEMBERED = timedelta(days=365)
"""How long a place and browser count as known."""

EVENTS = {
    UseFlagKind.UNUSUAL_SIGN_IN: "account.unusual_sign_in",
    UseFlagKind.SHARED_ACCOUNT: "account.in_two_places",
}
SENTENCES = {
    UseFlagKind.UNUSUAL_SIGN_IN: "from a place or a browser that was new for you",
    UseFlagKind.SHARED_ACCOUNT: "while you were signed in somewhere else",
}


@dataclass(frozen=True)
class Letter:
    """A mail to the person: it names no student."""

    to: str
    subject: str
    text: str


def note(session: Session, me: Actor, started: UserSession, at: datetime) -> list[UseFlagKind]:
    """Look at a sign-in that has just begun, and write down what is unusual of it."""
    before = [
        row for row in queries.sessions_of(session, me.id, at - REMEMBERED) if row.id != started.id
    ]
    arrival = _arrival(started)
    live = [_arrival(row) for row in before if _is_live(row, at)]
    found = []
    if signing_in.is_new(arrival, map(_arrival, before)):
        found.append(UseFlagKind.UNUSUAL_SIGN_IN)
    if signing_in.is_in_two_places(arrival, live):
        found.append(UseFlagKind.SHARED_ACCOUNT)
    for kind in found:
        _flag(session, me, kind, started, at)
    return found


def letter(session: Session, token_sha256: str) -> Letter | None:
    """What to mail to whoever has just signed in; None when it was as usual."""
    row = queries.session_with_token(session, token_sha256)
    if row is None:
        return None
    kinds = queries.flags_of_session(session, row.user_id, str(row.id))
    user = session.get_one(User, row.user_id)
    if not kinds or not user.email:
        return None
    how = " and ".join(SENTENCES[kind] for kind in kinds)
    text = f"""Somebody signed in to the portal with your account {how}:

{browsers.in_words(row.agent)}, from {where(row.address)}.

Was it you? Then there is nothing to do.

Was it not you? Open the portal, change your password and sign out everywhere, and tell your
administrator:

{settings().public_url}/account
"""
    return Letter(user.email, "A sign-in that is new for your account", text)


def where(address: str) -> str:
    """From where somebody signed in, for themselves to read."""
    if signing_in.is_remote(address, settings().home):
        return f"outside ({address or 'address unknown'})"
    return signing_in.AT_HOME


def _arrival(row: UserSession) -> Arrival:
    return Arrival(signing_in.place_of(row.address, settings().home), browsers.in_words(row.agent))


def _is_live(row: UserSession, at: datetime) -> bool:
    idle = signing_in.is_idle(row.seen_at, at, settings().session_minutes)
    return row.ended_at is None and row.expires_at > at and not idle


def _flag(
    session: Session, me: Actor, kind: UseFlagKind, started: UserSession, at: datetime
) -> None:
    """One line a day and kind; further ones of that day are counted on it."""
    arrival = _arrival(started)
    told = {"session": str(started.id), "address": started.address, "browser": arrival.browser}
    day = at.astimezone(ZoneInfo(me.tz)).date()
    queries.hold_user(session, me.id)
    row = queries.flag_of_day(session, me.id, kind, day)
    if row is None:
        row = UseFlag(
            id=uuid.uuid4(),
            organization_id=me.organization_id,
            user_id=me.id,
            kind=kind,
            day=day,
            count=0,
            found_at=at,
        )
        session.add(row)
    row.count, row.detail = row.count + 1, told
    session.flush()
    trail.write(session, me, trail.Entry(EVENTS[kind], True, at, detail=told))
