"""A process that proves pieces for another: `workers.py` starts it and reads what it finds.

Told on its standard input where the database is, what instant to see and which spans to
prove; answers each with a Piece, or with the error that ends it.
"""

from __future__ import annotations

import pickle
import sys
from typing import BinaryIO

from sqlalchemy.exc import SQLAlchemyError

from portal.stewardship.ledger import pieces
from portal.stewardship.ledger.shelf import Span
from portal.store.engine import make_engine

Order = tuple[str, str, list[Span]]


def main(told: BinaryIO, answer: BinaryIO) -> None:
    """Answer the order, piece by piece."""
    order: Order = pickle.load(told)  # noqa: S301 -- our own process wrote it
    try:
        _prove(*order, answer)
    except SQLAlchemyError as error:
        pickle.dump(str(error.__cause__ or error), answer)


def _prove(url: str, instant: str, spans: list[Span], answer: BinaryIO) -> None:
    with make_engine(url).execution_options(writes=False).connect() as connection:
        if instant:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            connection.exec_driver_sql(f"SET TRANSACTION SNAPSHOT '{instant}'")
        for span in spans:
            pickle.dump(pieces.prove(connection.connection.driver_connection, span), answer)
            answer.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
