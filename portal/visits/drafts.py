"""What somebody has typed into the form of a visit and not saved: kept so that nothing is lost.

It is its writer's alone: no other person can read it, and it goes when the visit is saved or
the draft discarded, at the latest after two weeks. It is no record yet, so nothing is noted in
the trail until it is saved.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.policy.tasks import Task
from portal.store.support import FormDraft
from portal.visits import queries
from portal.visits.queries import Unsaved

FORM = "visit:"
KEPT = timedelta(days=14)
LONGEST = 60_000
"""Characters of one text that are kept; a longer one cannot be saved as a note either."""

Content = dict[str, Any]


def keep(session: Session, me: Actor, key: str, content: Content, at: datetime) -> None:
    """Keep what this form says now. key: the form's; content: field to value, as JSON."""
    me.may(Task.LOG_VISIT).or_refuse()
    content = {name: _short(value) for name, value in content.items()}
    row = queries.draft_of(session, me, FORM + key)
    if row is None:
        for old in queries.drafts_before(session, me, FORM, at - KEPT):
            session.delete(old)
        row = FormDraft(user_id=me.id, form=FORM + key)
        session.add(row)
    row.content, row.saved_at = content, at


def newest(session: Session, me: Actor, at: datetime) -> Unsaved | None:
    """The visit that I last worked on without saving it, for the offer to go on."""
    row = queries.newest_draft(session, me, FORM)
    if row is None or row.saved_at < at - KEPT:
        return None
    return Unsaved(row.form.removeprefix(FORM), row.saved_at)


def read(session: Session, me: Actor, key: str) -> Content | None:
    """What this form said when it was last kept; None when it has been saved or discarded."""
    row = queries.draft_of(session, me, FORM + key)
    return None if row is None else dict(row.content)


def forget(session: Session, me: Actor, key: str) -> None:
    """The form has been saved or discarded."""
    row = queries.draft_of(session, me, FORM + key)
    if row is not None:
        session.delete(row)


def _short(value: Any) -> Any:
    return value[:LONGEST].replace("\x00", "") if isinstance(value, str) else value
