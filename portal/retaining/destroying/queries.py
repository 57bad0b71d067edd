"""The runs of the schedule: those that wait for a second person, and those that are done."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from portal.store.oversight import Destruction
from portal.store.people import User


@dataclass(frozen=True)
class Run:
    """A run. asked: the lines of the schedule, the day, the counts as proposed."""

    id: uuid.UUID
    asked: dict[str, Any]
    counts: dict[str, int]
    proposed_by: str
    proposer_id: uuid.UUID
    proposed_at: datetime
    approved_by: str
    done_at: datetime | None
    document_id: uuid.UUID | None

    @property
    def waits(self) -> bool:
        """Neither done nor given up."""
        return self.done_at is None and "given_up" not in self.asked


def runs(session: Session, organization_id: uuid.UUID) -> Sequence[Run]:
    """Every run of this organization, the newest first."""
    first, second = aliased(User), aliased(User)
    rows = session.execute(
        select(Destruction, first.name, second.name)
        .join(first, first.id == Destruction.proposed_by)
        .outerjoin(second, second.id == Destruction.approved_by)
        .where(Destruction.organization_id == organization_id)
        .order_by(Destruction.proposed_at.desc(), Destruction.id)
    ).all()
    return [
        Run(
            id=row.id,
            asked=row.asked,
            counts=row.counts,
            proposed_by=proposer,
            proposer_id=row.proposed_by,
            proposed_at=row.proposed_at,
            approved_by=approver or "",
            done_at=row.done_at,
            document_id=row.document_id,
        )
        for row, proposer, approver in rows
    ]
