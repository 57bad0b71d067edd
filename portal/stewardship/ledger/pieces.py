"""A piece of the ledger, proved by itself.

A piece is a span of ids. Within it the lines of one chain that follow one another make a
run; of a run's first line only its neighbor in an earlier piece can tell whether it
follows. So a piece hands on where its runs begin and end, and `proof.py` joins them in
order. It proves as much as reading from the first line to the last.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from portal.stewardship.ledger import shelf
from portal.stewardship.ledger.shelf import Span


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


def prove(driver: Any, span: Span) -> Piece:
    """Prove the lines of this span by themselves. driver: see `shelf.read`."""
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
