"""What is wrong with a file, all of it at once, and what was accepted with a remark.

No name, SASID or birth date of a person goes into a line: file and row say where to look.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Line:
    """One remark. row: as a spreadsheet numbers it, the header being 1; None for the whole file."""

    what: str
    do_next: str
    file: str = ""
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        places = [
            self.file,
            f"row {self.row}" if self.row else "",
            f"column {self.column}" if self.column else "",
        ]
        where = ", ".join(place for place in places if place)
        return f"{where}: {self.what} {self.do_next}" if where else f"{self.what} {self.do_next}"


@dataclass
class Report:
    """Everything that is to be said about one file or set of files."""

    problems: list[Line] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    _warnings: dict[Line, list[Line]] = field(default_factory=dict)

    @property
    def accepted(self) -> bool:
        """May it be brought in?"""
        return not self.problems

    @property
    def warnings(self) -> list[Line]:
        """Remarks on what is accepted; the same remark on many rows is told once."""
        return [_told_once(lines) for lines in self._warnings.values()]

    def problem(
        self, what: str, do_next: str, file: str = "", row: int | None = None, column: str = ""
    ) -> None:
        """Something that must be put right before the file can come in."""
        self.problems.append(Line(what, do_next, file, row, column))

    def warn(
        self, what: str, do_next: str, file: str = "", row: int | None = None, column: str = ""
    ) -> None:
        """Something worth knowing about a file that comes in all the same."""
        line = Line(what, do_next, file, row, column)
        self._warnings.setdefault(replace(line, row=None), []).append(line)

    def as_json(self) -> dict[str, Any]:
        """The report as `--json` prints it."""
        return {
            "accepted": self.accepted,
            "counts": self.counts,
            "problems": [asdict(line) for line in self.problems],
            "warnings": [asdict(line) for line in self.warnings],
        }

    def as_text(self, most: int = 200) -> Iterator[str]:
        """The report line by line, for a person at a terminal."""
        for line in self.problems[:most]:
            yield f"Problem  {line}"
        if len(self.problems) > most:
            yield f"… and {len(self.problems) - most} more problems; --json lists them all."
        for line in self.warnings:
            yield f"Note     {line}"


def _told_once(lines: list[Line]) -> Line:
    if len(lines) == 1:
        return lines[0]
    return replace(lines[0], what=f"{lines[0].what} ({len(lines)} rows, this is the first.)")
