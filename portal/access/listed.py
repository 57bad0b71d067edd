"""Values that a row lists in a child table, brought for many rows with one question."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session


def listed(
    session: Session, table: Any, owner: str, value: str, rows: Sequence[Any]
) -> dict[uuid.UUID, frozenset[str]]:
    """The values listed under each row in a child table, as text; empty where none is."""
    key = getattr(table, owner)
    found: dict[uuid.UUID, set[str]] = {row.id: set() for row in rows}
    if not found:
        return {}
    for line in session.scalars(select(table).where(key.in_(list(found)))):
        found[getattr(line, owner)].add(str(getattr(line, value)))
    return {owner_id: frozenset(values) for owner_id, values in found.items()}
