"""Numbers without names, of the policy's lines 5 to 7: the door to them.

Which views are open to somebody is `policy.unnamed`'s to say; the counts themselves are read in
`unnamed_counts` and leave it only as `policy.hiding` tells them. Each reading leaves a line.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import trail
from portal.access.actor import Actor
from portal.policy.spans import Span
from portal.policy.tasks import Task
from portal.policy.unnamed import UnnamedGrantFacts, may_see_numbers
from portal.store.oversight import UnnamedGrant
from portal.vocabulary import UnnamedView


def open_views(session: Session, me: Actor, at: datetime) -> list[UnnamedView]:
    """The views that are open to me now, by my level or by a decided request, in their order."""
    granted = _granted(session, me)
    return [view for view in UnnamedView if may_see_numbers(me.level, granted, view, at)]


def open_table(session: Session, me: Actor, view: UnnamedView, subject: str, at: datetime) -> None:
    """Note that I read this table of the view; refuses, and notes that, where it is not open.

    subject: the table's code and the month, such as `visits 2026-10`; about nobody.
    """
    me.may(Task.SEE_UNNAMED).or_refuse()
    decision = may_see_numbers(me.level, _granted(session, me), view, at)
    told = f"{view} {subject}"
    if not decision:
        codes = [str(code) for code in decision.codes]
        refused = trail.Entry("numbers.refused", False, at, subject=told, codes=codes)
        trail.write_refusal(session, me, refused)
        decision.or_refuse()
    trail.write(session, me, trail.Entry("numbers.read", True, at, subject=told))


def _granted(session: Session, me: Actor) -> list[UnnamedGrantFacts]:
    rows = session.scalars(select(UnnamedGrant).where(UnnamedGrant.user_id == me.id))
    return [UnnamedGrantFacts(row.view, Span(row.starts_at, row.ends_at)) for row in rows]
