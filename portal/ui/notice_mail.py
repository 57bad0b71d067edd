"""Send one person the mail of the day, or one about an urgent referral, once it is written down."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from portal import mail
from portal.access import actor
from portal.access.actor import Actor
from portal.access.unit_of_work import unit_of_work
from portal.notifications import digest
from portal.notifications.digest import Letter
from portal.ui import whats_due


class Sent(StrEnum):
    """What became of one person's mail."""

    SENT = "sent"
    NOTHING_DUE = "nothing due"
    NOT_TAKEN = "not taken"


def daily(user_id: uuid.UUID, at: datetime) -> Sent:
    """The mail of the day."""
    return _send(user_id, at, _daily, digest.not_sent)


def urgent(user_id: uuid.UUID, at: datetime) -> Sent:
    """A mail because urgent referrals of theirs were not answered in time."""
    return _send(user_id, at, _urgent, digest.urgent_not_sent)


def _daily(session: Session, me: Actor, at: datetime) -> Letter | None:
    return digest.write(session, me, whats_due.lines(session, me, at), at)


def _urgent(session: Session, me: Actor, at: datetime) -> Letter | None:
    return digest.write_urgent(session, me, whats_due.urgent(session, me, at), at)


def _send(
    user_id: uuid.UUID,
    at: datetime,
    write: Callable[[Session, Actor, datetime], Letter | None],
    take_back: Callable[[Session, Actor, Letter, datetime], None],
) -> Sent:
    with unit_of_work() as session:
        me = actor.load(session, user_id, at)
        letter = write(session, me, at) if me else None
    if me is None or letter is None:
        return Sent.NOTHING_DUE
    if not mail.sent(letter.to, letter.subject, letter.text):
        with unit_of_work() as session:
            take_back(session, me, letter, at)
        return Sent.NOT_TAKEN
    return Sent.SENT
