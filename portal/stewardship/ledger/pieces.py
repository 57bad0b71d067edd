"""The chains proved in pieces, on all cores: each piece by itself, then joined in order.

A piece is a span of ids. Within it the lines of one chain that follow one another make a
run; of a run's first line only its neighbor in an earlier piece can tell whether it
follows. So a piece hands on where its runs begin and end, and `proof.py` joins them. It
proves as much as reading from the first line to the last.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session

from portal.errors import NotReady, Problem
from portal.stewardship.ledger import queries, shelf
from portal.stewardship.ledger.shelf import Span

LINES = 10_000
"""So many in a piece, at most."""
ALONE = 100_000
"""A ledger of so many lines is proved before other processes would have started."""


@dataclass
class Run:
    """Lines of one chain that follow one another: the first as told, the last one's hash."""

    text: bytes
    hash: bytes
    end: bytes
    count: int = 1


class Course:
    """How far a chain has been proved, run by run.

    On PostgreSQL the ids of two writers may lie the other way round than their places in
    the chain. So a run that does not follow yet waits a while for the one it follows.
    """

    MOST = 1000

    def __init__(self, end: bytes, count: int = 0) -> None:
        self.end = end
        self.count = count
        self.waiting: list[Run] = []

    @property
    def lost(self) -> bool:
        """Has so much waited in vain that nothing will follow any more?"""
        return len(self.waiting) > self.MOST

    def take(self, run: Run) -> None:
        """Add the run if it follows, and those that waited for it; otherwise let it wait."""
        if not self._follows(run):
            self.waiting.append(run)
        elif self.waiting:
            self._go_on()

    def _follows(self, run: Run) -> bool:
        if hashlib.sha256(self.end + run.text).hexdigest().encode() != run.hash:
            return False
        self.end = run.end
        self.count += run.count
        return True

    def _go_on(self) -> None:
        while taken := [run for run in self.waiting if self._follows(run)]:
            self.waiting = [run for run in self.waiting if run not in taken]


@dataclass
class Piece:
    """What a piece holds: the runs of each chain, and whether the students are as written."""

    lines: int
    runs: dict[str, list[Run]]
    students: bool


def proved(session: Session, lines: int, workers: int | None = None) -> Iterator[Piece]:
    """Every piece of the ledger, in order of the ids.

    lines: how many there are. workers: processes to use; by default one a core for a large
    ledger, none for another. They do not see what the session has not committed.
    """
    spans = _spans(session, lines)
    workers = workers or (len(os.sched_getaffinity(0)) if lines > ALONE else 1)
    if workers == 1:
        driver = queries.driver(session)
        yield from (_piece(driver, span) for span in spans)
        return
    began = (queries.url(session), queries.instant(session))
    spawn = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(workers, spawn, _begin, began) as pool:
            yield from pool.map(_piece_of_worker, spans)
    except BrokenProcessPool:
        raise NotReady([ENDED]) from None


ENDED = Problem(
    "One of the processes that prove the ledger ended before its time.",
    "Check that the machine has memory left, and run it again.",
)


def _spans(session: Session, lines: int) -> list[Span]:
    """All ids there are, cut so that no span holds more lines than a piece should."""
    low, high = queries.span(session) or (0, -1)
    if high - low + 1 > 2 * max(lines, LINES):  # wide gaps between the ids
        starts = queries.every_so_many(session, LINES)
    else:
        starts = list(range(low, high + 1, LINES))
    return [(start, after - 1) for start, after in pairwise([*starts, high + 1])]


_worker: list[Any] = []
"""This process's connection, when it is one of the workers."""


def _begin(url: str, instant: str) -> None:
    _worker.append(queries.begin_at(url, instant))


def _piece_of_worker(span: Span) -> Piece:
    return _piece(_worker[0].connection.driver_connection, span)


def _piece(driver: Any, span: Span) -> Piece:
    piece = Piece(0, {}, students=True)
    courses: dict[str, tuple[Run, Course]] = {}
    for some in shelf.read(driver, span):
        _go_through(some.lines, courses)
        piece.lines += len(some.lines)
        piece.students &= some.written == some.noted
    piece.runs = {chain: [first, *course.waiting] for chain, (first, course) in courses.items()}
    for first, course in courses.values():
        first.end, first.count = course.end, course.count
    return piece


def _go_through(lines: list[shelf.Told], courses: dict[str, tuple[Run, Course]]) -> None:
    sha256 = hashlib.sha256
    for text, stored, chain in lines:
        known = courses.get(chain)
        if known is None:
            courses[chain] = (Run(text, stored, stored), Course(stored, 1))
            continue
        course = known[1]
        if not course.waiting and sha256(course.end + text).hexdigest().encode() == stored:
            course.end = stored
            course.count += 1
        elif not course.lost:
            course.take(Run(text, stored, stored))
