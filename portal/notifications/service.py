"""What somebody wants to be told by mail, and the secret address of their calendar."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import trail
from portal.access.actor import Actor
from portal.notifications import queries
from portal.policy.tasks import Task
from portal.store.support import NotificationSetting

SECRET_BYTES = 32


@dataclass(frozen=True)
class Wishes:
    """digest: the daily mail. urgent: at once, when nobody answers an urgent referral in time.

    feed_made_at: since when there is a calendar; None while there is none.
    """

    digest: bool = True
    urgent: bool = True
    feed_made_at: datetime | None = None


def wishes(session: Session, me: Actor) -> Wishes:
    """What I chose; mail is on until somebody switches it off, a calendar off until made."""
    me.may(Task.SET_NOTICES).or_refuse()
    row = queries.setting_of(session, me.id)
    return Wishes() if row is None else Wishes(row.digest, row.urgent, row.feed_made_at)


def save(session: Session, me: Actor, *, digest: bool, urgent: bool, at: datetime) -> None:
    """Switch the mails on or off, for oneself."""
    me.may(Task.SET_NOTICES).or_refuse()
    row = setting(session, me)
    row.digest, row.urgent = digest, urgent
    detail = {"digest": digest, "urgent": urgent}
    trail.write(session, me, trail.Entry("notices.set", True, at, detail=detail))


def new_feed(session: Session, me: Actor, at: datetime) -> str:
    """A new secret for the address of my calendar; from now on the one before is nobody's.

    It is told once: only its hash is kept.
    """
    me.may(Task.SET_NOTICES).or_refuse()
    secret = secrets.token_urlsafe(SECRET_BYTES)
    row = setting(session, me)
    row.feed_hash, row.feed_made_at = hashed(secret), at
    trail.write(session, me, trail.Entry("calendar.made", True, at))
    return secret


def stop_feed(session: Session, me: Actor, at: datetime) -> None:
    """The address of my calendar is nobody's from now on."""
    me.may(Task.SET_NOTICES).or_refuse()
    row = setting(session, me)
    if row.feed_hash is not None:
        row.feed_hash = row.feed_made_at = None
        trail.write(session, me, trail.Entry("calendar.stopped", True, at))


def setting(session: Session, me: Actor) -> NotificationSetting:
    """The row of my wishes, made when there is none."""
    row = queries.setting_of(session, me.id)
    if row is None:
        row = NotificationSetting(user_id=me.id, digest=True, urgent=True)
        session.add(row)
        session.flush()
    return row


def hashed(secret: str) -> str:
    """What is kept of a secret: of 256 random bits, no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()
