"""Checkpoints: the heads of all chains, kept outside the database.

A chain by itself does not show that its tail was cut, or that all of it was written anew
and hashed anew. What its head was at ten o'clock does, when whoever changes the database
cannot change that too. Each line of `checkpoints.jsonl` is the head of one chain:

    {"at": …, "chain": …, "position": …, "hash": …, "previous": …}

After a backup was restored, the ledger ends before its last checkpoint, and rightly so.
An operator says it once, and why; from then on the lines lost are told as lost:

    {"at": …, "restored": "why", "lost": {chain: first position}, "previous": …}
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from portal.access import outside
from portal.access.outside import Line
from portal.config import settings
from portal.stewardship.ledger import queries

AT_ONCE = 200

Head = tuple[int, str]


def file() -> Path:
    """The file."""
    return settings().outside_folder / "checkpoints.jsonl"


class Keeper:
    """Writes the heads that moved since they were last written, by whomever."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read: Line | None = None
        self._last: dict[str, Head] = {}

    def write(self, session: Session, at: datetime) -> list[str]:
        """Write what moved; returns the chains that do not hold their last checkpoint.

        Costs one question when nothing moved. Raises OSError when it cannot be written.
        """
        self._catch_up()
        now = {chain: (position, digest) for chain, position, digest in queries.heads(session)}
        moved = [name for name, head in now.items() if self._last.get(name) != head]
        differing = self._differing(session, now)
        if moved or self._read is None:
            outside.append(self.path, [_told(at, name, *now[name]) for name in moved])
        return differing

    def _differing(self, session: Session, now: dict[str, Head]) -> list[str]:
        left = {name: head for name, head in self._last.items() if now.get(name) != head}
        if not left:
            return []
        found = queries.at_places(session, ((name, head[0]) for name, head in left.items()))
        held = {name: digest for (name, _position), (_id, digest) in found.items()}
        return [name for name, (_position, digest) in left.items() if held.get(name) != digest]

    def _catch_up(self) -> None:
        for line in outside.read(self.path, self._read):
            self._read = line
            if head := head_of(line):
                self._last[head.chain] = (head.position, head.hash)
            for chain in line.said.get("lost", {}):
                self._last.pop(chain, None)


@dataclass(frozen=True)
class Checkpoint:
    """What one line of the file says of one chain."""

    number: int
    at: str
    chain: str
    position: int
    hash: str


def head_of(line: Line) -> Checkpoint | None:
    """The checkpoint on this line of the file; None when it is a line of another kind."""
    said = line.said
    if not {"at", "chain", "position", "hash"} <= set(said):
        return None
    return Checkpoint(line.number, said["at"], said["chain"], said["position"], said["hash"])


def _told(at: datetime, chain: str, position: int, digest: str) -> dict[str, Any]:
    return {"at": at.isoformat(), "chain": chain, "position": position, "hash": digest}


def differing(session: Session, lines: Iterator[Line]) -> Iterator[tuple[Checkpoint, int | None]]:
    """Checkpoints that the ledger does not bear out, and the id of the line now in that place."""
    heads = (head for line in lines if (head := head_of(line)))
    while some := list(islice(heads, AT_ONCE)):
        found = queries.at_places(session, {(head.chain, head.position) for head in some})
        for head in some:
            key, digest = found.get((head.chain, head.position), (None, ""))
            if digest != head.hash:
                yield head, key


def acknowledge(session: Session, path: Path, why: str, at: datetime) -> dict[str, int]:
    """Write down that a backup was restored, and from where on lines were lost with it.

    Returns the first position lost of each chain concerned. Raises OSError.
    """
    lost: dict[str, int] = {}
    aside = Aside(path)
    for head, _key in differing(session, outside.read(path)):
        if not aside.covers(head):
            lost[head.chain] = min(head.position, lost.get(head.chain, head.position))
    if lost:
        outside.append(path, [{"at": at.isoformat(), "restored": why, "lost": lost}])
    return lost


class Aside:
    """The checkpoints that restored backups have set aside."""

    def __init__(self, path: Path, until: int | None = None) -> None:
        lines = outside.read(path, until=until)
        self._marks = [(line.number, line.said["lost"]) for line in lines if "lost" in line.said]

    def covers(self, head: Checkpoint) -> bool:
        """Was this checkpoint, written before a restore, of a line that was lost by it?"""
        return any(
            head.number < number and head.position >= lost.get(head.chain, head.position + 1)
            for number, lost in self._marks
        )
