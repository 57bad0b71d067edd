"""Whoever may no longer come in is out everywhere at once, and nobody else is."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import select

from portal.access import sign_ins
from portal.store.accounts import Invitation, UserSession
from portal.store.people import User
from tests import factories as make
from tests.people import NOW, Cast

BEFORE, DAY = NOW - timedelta(hours=1), timedelta(days=1)


def store(cast: Cast, user: User, over: bool) -> None:
    """A sign-in and a welcome link of theirs, open or already over."""
    until, ended = NOW + DAY, BEFORE if over else None
    times = {"started_at": BEFORE, "seen_at": BEFORE, "expires_at": until, "ended_at": ended}
    make.stored(cast.session, UserSession(user_id=user.id, token_sha256=uuid.uuid4().hex, **times))
    times = {"made_at": BEFORE, "expires_at": until, "used_at": ended}
    make.stored(cast.session, Invitation(user_id=user.id, token_sha256=uuid.uuid4().hex, **times))


def test_what_they_have_open_ends_and_what_was_over_keeps_its_instant(cast: Cast) -> None:
    for user, over in ((cast.ana, False), (cast.tom, False), (cast.tom, True), (cast.sue, False)):
        store(cast, user, over)

    sign_ins.end(cast.session, [], NOW - DAY)
    sign_ins.end(cast.session, [cast.ana.id, cast.tom.id], NOW)

    expected = [(cast.ana.id, NOW), (cast.sue.id, None), (cast.tom.id, BEFORE), (cast.tom.id, NOW)]
    for kind, ended in ((UserSession, UserSession.ended_at), (Invitation, Invitation.used_at)):
        found = cast.session.execute(select(kind.user_id, ended)).all()
        assert sorted(map(tuple, found), key=str) == sorted(expected, key=str)
