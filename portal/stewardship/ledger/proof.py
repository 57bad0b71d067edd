"""The proof: is the ledger whole, and if not, which line is the first that is not?

In this order: every chain by itself, every chain against every checkpoint, the students
noted against those that were hashed, every kept document against its SHA-256. The first
thing found is told and the rest is not looked at. The proof reads what there was when it
began; the portal may go on writing. It needs the same memory for a thousand lines and for
a hundred million.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.orm import Session

from portal.access import outside
from portal.errors import NotReady, Problem
from portal.stewardship.ledger import checkpoints, queries, workers
from portal.stewardship.ledger.pieces import Course, Piece
from portal.stewardship.ledger.queries import Extent
from portal.store.chain import GENESIS, SEPARATOR

Step = Callable[[int], object]
"""Told how many lines or documents have been proved since it was last told."""


@dataclass(frozen=True)
class Broken:
    """The first thing that is not as it was written.

    chain: an organization's id in hexadecimal, empty for lines of nobody; None when it is
    not about a chain. id: of the line (or document) that stands there now, if one does.
    """

    what: str
    chain: str | None = None
    position: int | None = None
    id: str | None = None


@dataclass(frozen=True)
class Proof:
    """What was proved; whole when nothing is broken. set_aside: checkpoints of lost lines."""

    chains: int = 0
    lines: int = 0
    checkpoints: int = 0
    set_aside: int = 0
    documents: int = 0
    broken: Broken | None = None


class _Found(Exception):
    """Carries what is broken to where it is told."""

    def __init__(self, broken: Broken) -> None:
        super().__init__(broken.what)
        self.broken = broken


def prove(
    session: Session,
    path: Path,
    until: int,
    step: Step = lambda _count: None,
    processes: int | None = None,
) -> Proof:
    """Prove the ledger against itself and the checkpoints in `path`.

    until: the size of that file before this session began, so that no checkpoint is newer
    than what the session sees. processes: see `workers.proved`. Raises NotReady when there
    are lines and no checkpoint, and
    OSError when the file cannot be read.
    """
    extents = queries.extents(session)
    lines = sum(extent.position for extent in extents)
    proof = Proof(len(extents), lines)
    try:
        students = _prove_chains(session, extents, workers.proved(session, lines, processes), step)
        held, aside = _prove_checkpoints(session, path, until)
        proof = replace(proof, checkpoints=held, set_aside=aside)
        _prove_students(session, as_written=students)
        proof = replace(proof, documents=_prove_documents(session, step))
    except _Found as found:
        return replace(proof, broken=found.broken)
    if lines and not held:
        raise NotReady([NO_CHECKPOINT])
    return proof


NO_CHECKPOINT = Problem(
    "Nothing in the outside folder says where the ledger ended, so a cut tail would not show.",
    "Check PORTAL_OUTSIDE_FOLDER. If the ledger is new, run `portal audit checkpoint` once.",
)


# Each chain by itself


def _prove_chains(
    session: Session, extents: list[Extent], proved: Iterator[Piece], step: Step
) -> bool:
    """Join the pieces; are all students within them noted as they were written?"""
    courses: dict[str, Course] = defaultdict(lambda: Course(GENESIS.encode()))
    students = True
    for piece in proved:
        for chain, runs in piece.runs.items():
            course = courses[chain]
            for run in runs:
                course.take(run)
            if course.lost:
                raise _Found(_misfit(session, chain, course.count + 1))
        students &= piece.students
        step(piece.lines)
    for extent in extents:
        _prove_end(session, extent, courses.pop(extent.chain, Course(b"")))
    _prove_headless(session, set(courses))
    return students


def _prove_end(session: Session, extent: Extent, course: Course) -> None:
    """The lines that there are end where the head of the chain says, or later by now."""
    chain, count = extent.chain, course.count
    if count < extent.position and course.waiting:
        raise _Found(_misfit(session, chain, count + 1))
    if count < extent.position:
        what = "This line is missing: the head of its chain comes after it."
        raise _Found(Broken(what, chain, count + 1))
    if extent.position and _hash_at(session, extent) != extent.hash:
        what = "The head of the chain does not have the hash of its last line."
        raise _Found(_at(session, chain, extent.position, what))
    if extent.last > extent.position:
        what = "This line was put in from outside: the head of its chain comes before it."
        raise _Found(_at(session, chain, extent.position + 1, what))
    if course.waiting:
        key, position, *_rest = course.waiting[0].text.decode().split(SEPARATOR)
        what = "This line was put in from outside: it follows from none."
        raise _Found(Broken(what, chain, int(position), key))


def _hash_at(session: Session, extent: Extent) -> str:
    place = (extent.chain, extent.position)
    return queries.at_places(session, [place])[place][1]


def _prove_headless(session: Session, chains: set[str]) -> None:
    """A chain that began a moment ago has a head by now."""
    for chain in sorted(chains - {name for name, *_ in queries.heads(session)}):
        what = "This line was put in from outside: its chain has no head."
        raise _Found(_at(session, chain, 1, what))


def _misfit(session: Session, chain: str, number: int) -> Broken:
    """What is wrong with the so-many-th line that there is."""
    key, position = queries.nth_line(session, chain, number) or (None, number)
    if position > number:
        return Broken("This line is missing: the chain goes on after it.", chain, number)
    what = (
        "This line is not as it was written, or not where: "
        "its hash does not follow from it and the line before."
    )
    return Broken(what, chain, number, str(key))


def _at(session: Session, chain: str, number: int, what: str) -> Broken:
    key, position = queries.nth_line(session, chain, number) or (None, number)
    return Broken(what, chain, position, str(key) if key else None)


# Against what is kept outside


def _prove_checkpoints(session: Session, path: Path, until: int) -> tuple[int, int]:
    """How many there are, and how many of them restored backups have set aside."""
    held = aside = 0
    for line in outside.read(path, until=until):
        if not line.follows:
            what = f"Line {line.number} of {path.name} does not follow from the line before it."
            raise _Found(Broken(what))
        held += checkpoints.head_of(line) is not None
    restored = checkpoints.Aside(path, until)
    for head, key in checkpoints.differing(session, outside.read(path, until=until)):
        if not restored.covers(head):
            raise _Found(_not_borne_out(head, key))
        aside += 1
    return held, aside


def _not_borne_out(head: checkpoints.Checkpoint, key: int | None) -> Broken:
    if key is None:
        what = (
            f"This line is missing: the chain was cut after {head.at}, when the outside folder "
            "took it down. If a backup was restored, see `portal audit checkpoint --restored`."
        )
        return Broken(what, head.chain, head.position)
    what = (
        "The chain was written anew up to this line or beyond: "
        f"its hash is not the one that the outside folder took down on {head.at}."
    )
    return Broken(what, head.chain, head.position, str(key))


# Whom the lines are about, and the documents


def _prove_students(session: Session, *, as_written: bool) -> None:
    if as_written and not queries.student_beyond(session, queries.span(session)):
        return
    if found := queries.line_with_other_students(session):
        key, chain, position = found
        what = "The students noted for this line are not those it was written with."
        raise _Found(Broken(what, chain, position, str(key)))
    line_id = queries.students_of_no_line(session)
    if line_id is not None:
        raise _Found(Broken("A student is noted for a line that is not there.", id=str(line_id)))
    raise _Found(Broken("The students noted for some line are not as they were written."))


def _prove_documents(session: Session, step: Step) -> int:
    count = 0
    for key, sha256, content in queries.documents(session):
        if hashlib.sha256(content).hexdigest() != sha256:
            raise _Found(Broken("This document is not the one that was kept.", id=str(key)))
        count += 1
        step(1)
    return count
