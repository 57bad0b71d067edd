"""Reading numbers without names: which views are open, a table of a month, what a filter leaves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import unnamed, unnamed_personnel
from portal.access.actor import Actor
from portal.access.months import Month, months_before
from portal.access.unnamed_counts import EVERYWHERE, Asked
from portal.policy.groups import Told
from portal.policy.hiding import Shown
from portal.unnamed.tables import Sheet
from portal.vocabulary import ROLE_LABELS, UnnamedView

MONTHS = 12
ALL = "All"


@dataclass(frozen=True)
class Line:
    """A row: what it is of, from the whole to the part; students and amounts, None where hidden.

    depth: 0 for a whole, 1 for its parts, …
    """

    path: tuple[str, ...]
    depth: int
    counts: tuple[Told, ...]

    @property
    def of(self) -> tuple[str, ...]:
        """The path without what it leaves open."""
        return self.path[: self.depth + 1]


def months(me: Actor, at: datetime) -> list[Month]:
    """The months there are tables of, the latest first."""
    return months_before(at, me.tz, MONTHS)[::-1]


def lines(session: Session, me: Actor, sheet: Sheet, month: Month, at: datetime) -> list[Line]:
    """The whole table, in its order. Below a count that is not told nothing is listed."""
    unnamed.open_table(session, me, sheet.view, f"{sheet.code} {month.name}", at)
    trees = sheet.read(session, Asked(me.organization_id, month, at))
    wanted = [tree for tree in trees if tree.students is not None or not sheet.free]
    return [line for tree in wanted for line in _lines(tree, (), len(sheet.parts))]


def _lines(shown: Shown, above: tuple[str, ...], width: int) -> Iterator[Line]:
    path = (*above, shown.code)
    padded = (path + (ALL,) * width)[:width]
    yield Line(padded, len(above), (shown.students, *shown.amounts))
    if shown.students is not None:
        for part in shown.parts:
            yield from _lines(part, path, width)


def choices(sheet: Sheet, table: Iterable[Line], part: str) -> list[str]:
    """What there is to choose of this part (School, Grade), in the table's order."""
    if part not in sheet.parts:
        return []
    place = sheet.parts.index(part)
    return [name for name in dict.fromkeys(line.path[place] for line in table) if name != ALL]


def narrowed(sheet: Sheet, table: Iterable[Line], chosen: dict[str, str | None]) -> list[Line]:
    """The rows of the chosen school or grade, and of no other; no row is made anew."""
    wanted = {sheet.parts.index(part): name for part, name in chosen.items() if name}
    return [line for line in table if all(line.path[at] == name for at, name in wanted.items())]


@dataclass(frozen=True)
class Row:
    """A line as a page shows it: its name below the line that it is a part of.

    depth: how many of the lines that it is a part of are shown above it.
    """

    name: str
    depth: int
    counts: tuple[Told, ...]


def set_in(shown: Sequence[Line]) -> list[Row]:
    """Each line by what its name adds to the lines above it; a part without its whole by both."""
    there = {line.of for line in shown}
    found = []
    for line in shown:
        above = [at for at in range(1, len(line.of)) if line.of[:at] in there]
        added = line.of[above[-1] :] if above else line.of
        found.append(Row(" · ".join(added), len(above), line.counts))
    return found


def staff(
    session: Session, me: Actor, month: Month, at: datetime
) -> list[tuple[str, str, str, int]]:
    """Building, role, title and how many of the staff, as the month ended; personnel's own."""
    unnamed.open_table(session, me, UnnamedView.PERSONNEL, f"staff {month.name}", at)
    found = unnamed_personnel.staff(session, Asked(me.organization_id, month, at))
    return [(building, ROLE_LABELS[role], title, many) for building, role, title, many in found]


def bars(table: Sequence[Line]) -> list[tuple[str, int]]:
    """Name and students of the rows of the highest rank of which two are told, for a chart."""
    told = [line for line in table if line.counts[0] is not None]
    ranks = [[line for line in told if line.depth == depth] for depth in range(len(told))]
    rank = next((lines for lines in ranks if len(lines) > 1), [])
    return [(_name(line), line.counts[0] or 0) for line in rank]


def _name(line: Line) -> str:
    return " · ".join(name for name in line.of if name != EVERYWHERE)
