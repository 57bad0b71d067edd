"""Whoever may no longer come in is out: their sessions and welcome links end together."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.store.accounts import Invitation, UserSession


def end(session: Session, users: Collection[uuid.UUID], at: datetime) -> None:
    """End what these people have open. A reopened account begins with a new sign-in."""
    if not users:
        return
    session.execute(
        update(UserSession)
        .where(UserSession.user_id.in_(users), UserSession.ended_at.is_(None))
        .values(ended_at=at)
    )
    session.execute(
        update(Invitation)
        .where(Invitation.user_id.in_(users), Invitation.used_at.is_(None))
        .values(used_at=at)
    )
