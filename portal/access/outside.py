"""The outside folder: files that are only ever added to, kept apart from the database.

Lines of JSON. Each holds the SHA-256 of the line before it, so that a line cannot be
changed or taken out without breaking the next. What is added is on the disk when
`append` returns. Who may write to this folder is for the operator to say: not whoever
looks after the database.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

FIRST = "0" * 64
LONGEST_LINE = 1 << 20


@dataclass(frozen=True)
class Line:
    """One line of a file: its number from 1, what it says, and whether it follows the last.

    said is empty when the line cannot be read: it was cut short when the disk was full.
    end: where the next one begins, in bytes.
    """

    number: int
    said: dict[str, Any]
    follows: bool
    end: int
    sha256: str


def append(file: Path, lines: Iterable[dict[str, Any]]) -> None:
    """Add these lines, durably; makes the folder when it is new. Raises OSError."""
    new = not file.exists()
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)  # another process of the portal may be at it
        last = _last_line(stream)
        if last and not last.endswith(b"\n"):
            stream.write(b"\n")
        before = _sha256(last) if last else FIRST
        for said in lines:
            told = json.dumps(said | {"previous": before}).encode() + b"\n"
            stream.write(told)
            before = _sha256(told)
        stream.flush()
        os.fsync(stream.fileno())
    if new:
        _sync_folder(file.parent)


def read(file: Path, after: Line | None = None, until: int | None = None) -> Iterator[Line]:
    """Its lines, one by one; none when there is no file. Raises OSError.

    after: a line read earlier, to go on from. until: the size to which to read, in bytes.
    """
    if not file.exists():
        return
    number, end, before = (after.number, after.end, after.sha256) if after else (0, 0, FIRST)
    with file.open("rb") as stream:
        stream.seek(end)
        for told in stream:
            said, end = _said(told), end + len(told)
            if until is not None and end > until:
                return
            follows = not said or said.get("previous") == before
            number, before = number + 1, _sha256(told)
            yield Line(number, said, follows, end, before)


def size(file: Path) -> int:
    """How many bytes it has; 0 when there is no file. Raises OSError."""
    return file.stat().st_size if file.exists() else 0


def _said(told: bytes) -> dict[str, Any]:
    try:
        said = json.loads(told)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _last_line(stream: BinaryIO) -> bytes:
    size = os.fstat(stream.fileno()).st_size
    stream.seek(max(0, size - LONGEST_LINE))
    *_, last = [b"", *stream.read().splitlines(keepends=True)]
    return last


def _sha256(told: bytes) -> str:
    return hashlib.sha256(told.rstrip(b"\n")).hexdigest()


def _sync_folder(folder: Path) -> None:
    """A new file's name must be on the disk too."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
