"""What each user was from when to when, written down by itself whenever a user changes.

Listens to every flush of a `User`, so that no service can forget it. A standing is closed and
a new one begun when role, level or building change; it ends with the account and begins again
when the account is opened again. Where it is not sure, a standing is rather too long than too
short: an account that is ended as of yesterday could be used until now.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, event, insert, inspect, select, update
from sqlalchemy.orm import Mapper

from portal import clock
from portal.store.base import Base
from portal.store.people import User, UserStanding

STANDINGS = Base.metadata.tables[UserStanding.__tablename__]
WHAT = ("role", "level", "school_id")
"""What a standing tells beside its span."""

SPAN = ("active_from", "active_until")


@event.listens_for(User, "after_insert")
def _begin(_mapper: Mapper[User], connection: Connection, user: User) -> None:
    _add(connection, user, user.active_from)


@event.listens_for(User, "after_update")
def _follow(_mapper: Mapper[User], connection: Connection, user: User) -> None:
    changed = inspect(user).attrs
    if not any(changed[name].history.has_changes() for name in (*WHAT, *SPAN)):
        return
    now, until = clock.now(), user.active_until
    last = connection.execute(
        select(STANDINGS)
        .where(STANDINGS.c.user_id == user.id)
        .order_by(STANDINGS.c.starts_at.desc(), STANDINGS.c.id)
        .limit(1)
    ).one_or_none()
    is_over = last is None or (last.ends_at is not None and last.ends_at <= now)
    will_be = until is None or until > now
    if is_over or last is None:
        if will_be:
            _add(connection, user, user.active_from if last is None else now)
    elif all(getattr(last, name) == getattr(user, name) for name in WHAT):
        _change(connection, last.id, ends_at=until if will_be else now)
    elif last.starts_at >= now:
        told = {name: getattr(user, name) for name in WHAT}
        _change(connection, last.id, **told, starts_at=user.active_from, ends_at=until)
    else:
        _change(connection, last.id, ends_at=now)
        if will_be:
            _add(connection, user, now)


def _add(connection: Connection, user: User, starts_at: datetime) -> None:
    told: dict[str, Any] = {name: getattr(user, name) for name in WHAT}
    span = {"starts_at": starts_at, "ends_at": user.active_until}
    connection.execute(insert(STANDINGS).values(user_id=user.id, **told, **span))


def _change(connection: Connection, standing_id: uuid.UUID, **values: Any) -> None:
    connection.execute(update(STANDINGS).where(STANDINGS.c.id == standing_id).values(**values))
