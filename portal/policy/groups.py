"""Counts of a group that no single person can be read out of.

Managers see how a building's or a district's support is used, and nobody's work: the district's
policy says that such data "shall not be the sole or primary portion of any personnel
evaluation". A group of fewer than six students, or of fewer than three of the staff, is not
told, nor is a total that it belongs to: next to a total, one missing number is no secret.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FEWEST_STUDENTS = 6
"""The committee's rule for counts of students: fewer than 6 are not told."""

FEWEST_STAFF = 3
"""Of two, each knows the other's share."""

Told = int | None
"""A count; None where it is not told."""


@dataclass(frozen=True)
class Group:
    """How many visits, of how many different students, by how many different members of staff."""

    visits: int
    students: int
    staff: int


NOBODY = Group(0, 0, 0)


@dataclass(frozen=True)
class GroupRow:
    """A row of the table: its code, a count for each column, and their sum."""

    code: str
    counts: tuple[Told, ...]
    total: Told


@dataclass(frozen=True)
class GroupTable:
    """Counts by row and column; `totals` of the columns, and `total` of all."""

    columns: tuple[str, ...]
    rows: tuple[GroupRow, ...]
    totals: tuple[Told, ...]
    total: Told

    @property
    def tells_something(self) -> bool:
        """Is there any count that is told?"""
        return any(count is not None for row in self.rows for count in row.counts)


def told(group: Group) -> Told:
    """How many visits; None when the group is too small to be told."""
    large = group.students >= FEWEST_STUDENTS and group.staff >= FEWEST_STAFF
    return group.visits if large else None


def group_table(
    groups: Mapping[tuple[str, str], Group], rows: Sequence[str], columns: Sequence[str]
) -> GroupTable:
    """The table of these groups by (row, column); in this order, and nothing that is not in it.

    A group of which nothing is known is of nobody, and not told either: that there was no one
    is as telling as one.
    """
    told_rows = tuple(
        GroupRow(row, counts, _sum(counts))
        for row in rows
        for counts in [tuple(told(groups.get((row, column), NOBODY)) for column in columns)]
    )
    by_column = zip(*(row.counts for row in told_rows), strict=True)
    totals = tuple(_sum(counts) for counts in by_column)
    return GroupTable(tuple(columns), told_rows, totals, _sum(totals))


def _sum(counts: Sequence[Told]) -> Told:
    """Only of counts that are all told."""
    known = [count for count in counts if count is not None]
    return sum(known) if known and len(known) == len(counts) else None
