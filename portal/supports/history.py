"""The clean slate: what is older than the previous school year is folded, and opened on purpose."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.access import gate, trail
from portal.access.actor import Actor
from portal.access.school_years import previous_year_began
from portal.policy.spans import local_midnight
from portal.policy.tasks import Task
from portal.supports.days import local_today


def folded_before(session: Session, me: Actor, at: datetime) -> date:
    """The first day that is shown without asking: that of the previous school year."""
    return previous_year_began(session, me.organization_id, local_today(me, at))


def open_history(session: Session, me: Actor, student_id: uuid.UUID, at: datetime) -> None:
    """Note that somebody looks at what is folded. Raises NotFound for whoever may not."""
    gate.open_student(session, me, student_id, Task.SEE_STUDENT, at)
    before = local_midnight(folded_before(session, me, at), me.tz)
    entry = trail.Entry(
        "history.opened", True, at, (student_id,), detail={"before": before.isoformat()}
    )
    trail.write(session, me, entry)
