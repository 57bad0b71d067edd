"""One service call, one transaction: the only place that commits.

Leaving the block without success undoes everything. A refusal's trail line is
saved afterwards in a transaction of its own, so that refusing leaves a trace; when
the refusal was answered within the block, with the rest. The trail's lines are added
last (access/trail.py); what was closed is then in the outside journal before it is
closed here (access/journal.py).
Nothing may be shown before the block has ended: until then the trail line of
what was opened is not durable.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.access import journal, trail
from portal.config import settings
from portal.store.engine import make_engine


@cache
def engine() -> Engine:
    """The engine of this process, by its settings."""
    return make_engine(settings().database_url)


def reading() -> Engine:
    """The engine for a unit of work that writes nothing: it waits for nobody who writes."""
    return engine().execution_options(writes=False)


@contextmanager
def unit_of_work(on: Engine | None = None) -> Iterator[Session]:
    """A session that commits when the block succeeds and undoes everything when it does not."""
    bind = on or engine()
    session = Session(bind, expire_on_commit=False)
    try:
        yield session
        trail.save_refusals(session, session.info.get(trail.WAITING, ()))
        trail.settle(session)
        journal.keep(session)
        session.commit()
    except BaseException:
        session.rollback()
        _save_refusals(bind, session)
        raise
    finally:
        session.close()


def _save_refusals(bind: Engine, failed: Session) -> None:
    waiting = failed.info.pop(trail.WAITING, None)
    if not waiting:
        return
    with Session(bind) as session, session.begin():
        trail.save_refusals(session, waiting)
