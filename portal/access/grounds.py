"""Which papers opened the names and records that a list shows, for its line in the trail.

Asked after the list itself, and only about what it shows, so it decides nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, select
from sqlalchemy.orm import Session

from portal.access import visible
from portal.access.actor import Actor


def of_students(
    session: Session, me: Actor, purpose: str, students: Collection[uuid.UUID], at: datetime
) -> list[str]:
    """Ids of the papers on which these students' names are open to this person, sorted."""
    behind = visible.papers_behind(me, purpose, at)
    return _ids(session, behind, behind.c.student, students)


def of_records(
    session: Session, me: Actor, purpose: str, records: Collection[uuid.UUID], at: datetime
) -> list[str]:
    """Ids of the papers on which these records of others are open to this person, sorted."""
    behind = visible.papers_behind(me, purpose, at)
    return _ids(session, behind, behind.c.record, records)


def _ids(
    session: Session, behind: Subquery, about: ColumnElement[Any], wanted: Collection[uuid.UUID]
) -> list[str]:
    if not wanted:
        return []
    asked = select(behind.c.paper, behind.c.agreement).where(about.in_(wanted)).distinct()
    found = {str(paper) for row in session.execute(asked) for paper in row if paper is not None}
    return sorted(found)
