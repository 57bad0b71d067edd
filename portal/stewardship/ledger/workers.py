"""The pieces of the ledger, shared out to processes: one a core, when there is much to prove.

Processes of our own kind rather than multiprocessing's, which would first load all that
the command line knows.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from itertools import cycle, pairwise
from typing import IO, cast

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.config import ROOT
from portal.errors import NotReady, Problem
from portal.stewardship.ledger import pieces, queries
from portal.stewardship.ledger.pieces import Piece
from portal.stewardship.ledger.shelf import Span

LINES = 10_000
"""So many in a piece, at most."""
ALONE = 300_000
"""A ledger of so many lines is proved before other processes would have helped."""
COMMAND = [sys.executable, "-m", "portal.stewardship.ledger.worker"]


def proved(session: Session, lines: int, workers: int | None = None) -> Iterator[Piece]:
    """Every piece of the ledger, in order of the ids.

    lines: how many there are. workers: processes to use; by default one a core for a large
    ledger, none for another. They do not see what the session has not committed.
    """
    spans = _spans(session, lines)
    workers = workers or (len(os.sched_getaffinity(0)) if lines > ALONE else 1)
    if workers == 1:
        driver = queries.driver(session)
        return (pieces.prove(driver, span) for span in spans)
    return _shared(queries.url(session), queries.instant(session), spans, workers)


def _spans(session: Session, lines: int) -> list[Span]:
    """All ids there are, cut so that no span holds more lines than a piece should."""
    low, high = queries.span(session) or (0, -1)
    if high - low + 1 > 2 * max(lines, LINES):  # wide gaps between the ids
        starts = queries.every_so_many(session, LINES)
    else:
        starts = list(range(low, high + 1, LINES))
    return [(start, after - 1) for start, after in pairwise([*starts, high + 1])]


def _shared(url: str, instant: str, spans: list[Span], workers: int) -> Iterator[Piece]:
    """Each worker takes every so-manieth piece. One that is ahead waits, its pipe being full."""
    with ExitStack() as stack:
        answers = []
        for number in range(workers):
            worker = stack.enter_context(
                subprocess.Popen(COMMAND, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
            )
            stack.callback(worker.kill)  # when one piece is broken, nobody needs the others
            told = cast(IO[bytes], worker.stdin)
            with suppress(BrokenPipeError):  # it ended: its answer will say so
                told.write(pickle.dumps((url, instant, spans[number::workers])))
                told.close()
            answers.append(cast(IO[bytes], worker.stdout))
        for _span, answer in zip(spans, cycle(answers), strict=False):
            yield _answered(answer)


def _answered(answer: IO[bytes]) -> Piece:
    try:
        piece = pickle.load(answer)  # noqa: S301 -- our own process wrote it
    except EOFError:
        raise NotReady([ENDED]) from None
    if isinstance(piece, Piece):
        return piece
    raise DBAPIError("reading the trail", None, Exception(piece))


ENDED = Problem(
    "One of the processes that prove the ledger ended before its time.",
    "Check that the machine has memory left, and run it again.",
)
