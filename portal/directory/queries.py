"""What more than one part of the directory asks."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.store.ledger import ImportRun


def last_run(session: Session, kind: str) -> ImportRun | None:
    """The latest set of this kind that was brought in."""
    runs = select(ImportRun).where(ImportRun.kind == kind)
    return session.scalars(runs.order_by(ImportRun.at.desc(), ImportRun.id).limit(1)).first()
