"""A part of a unit of work that may fail by itself, without taking the rest with it.

    with attempt(session):
        issuing.issue(session, me, paper.id, at)     # when it raises, nothing of it stays

What it wrote is undone, the trail lines and the closings it was about to write among it; the
lines of refusals stay, for they tell what was refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from portal.access import journal, trail

KEPT_FOR_LATER = (trail.UNSETTLED, journal.WAITING)


@contextmanager
def attempt(session: Session) -> Iterator[None]:
    """All or nothing of the block; the error passes on."""
    before = {name: list(session.info.get(name, ())) for name in KEPT_FOR_LATER}
    try:
        with session.begin_nested():
            yield
    except BaseException:
        session.info.update(before)
        raise
