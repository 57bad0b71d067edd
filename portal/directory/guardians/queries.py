"""Whose guardianships there are."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.store.people import Guardianship


def guardianships(
    session: Session, student_id: uuid.UUID, guardian_id: uuid.UUID
) -> Sequence[Guardianship]:
    """Every span of rights of this adult for this student, the earliest first."""
    return session.scalars(
        select(Guardianship)
        .where(Guardianship.student_id == student_id, Guardianship.guardian_id == guardian_id)
        .order_by(Guardianship.rights_from, Guardianship.id)
    ).all()
