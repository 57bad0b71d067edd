"""Numbers printed on papers: random, so that they tell nothing to whoever reads them."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"
"""Nothing that is mistaken for another when read aloud, and no vowel to make a word."""


def new_number(session: Session, column: InstrumentedAttribute[Any], prefix: str) -> str:
    """A number such as M-7K3QF2 that no row has in `column` yet."""
    while True:
        number = f"{prefix}-" + "".join(secrets.choice(LETTERS) for _ in range(6))
        if not session.scalar(select(exists().where(column == number))):
            return number
