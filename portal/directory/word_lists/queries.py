"""The words that a district has edited. They tell nothing about anybody."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.store.support import Term
from portal.vocabulary import WordList


def rows(session: Session, district_id: uuid.UUID, name: WordList) -> dict[str, Term]:
    """The edited words of a list by their code, held until the end of the transaction."""
    found = session.scalars(
        select(Term)
        .where(Term.district_id == district_id, Term.list == name)
        .order_by(Term.position, Term.code)
        .with_for_update()
    )
    return {row.code: row for row in found}
