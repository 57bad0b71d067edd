"""The levels of access as a page shows them: the policy's words, and what the portal does."""

from __future__ import annotations

from collections.abc import Mapping

from portal.access.actor import Actor
from portal.policy.levels import LEVELS, SCOPE_KIND_LABELS, Row, rows
from portal.ui import parts
from portal.ui.parts import Cell
from portal.vocabulary import LEVEL_LABELS, Level

POLICY = "Data-Based Information Management System, General Access to Database (October 19, 2015)"


def mine(me: Actor) -> None:
    """Which line is one's own."""
    scope = LEVELS[me.level]
    where = f"line {scope.line.number} of the policy" if scope.line else "no line of the policy"
    parts.notice(
        f"Your level is {LEVEL_LABELS[me.level]}, {where}: {scope.students}. "
        f"Records: {scope.records.lower()}."
    )


def show(counts: Mapping[Level, int] | None) -> None:
    """The ten lines; counts: how many people have each level, for whoever looks after them."""
    people = ["People"] if counts is not None else []
    parts.table(
        "Levels of access",
        ["Line", "Who", "By", "Students", "Records", "Form", *people],
        [_line(row, counts) for row in rows()],
        "",
    )
    if counts is not None:
        others = sum(counts.get(level, 0) for level, scope in LEVELS.items() if not scope.line)
        parts.muted(
            f"In no line of the policy: {others} of the district's staff, who see nobody by name."
        )
    parts.heading("In the policy's words", POLICY)
    for row in rows():
        parts.say(f"{row.line.number}. {row.line.sentence}")


def _line(row: Row, counts: Mapping[Level, int] | None) -> list[Cell]:
    told: list[Cell] = [
        str(row.line.number),
        row.line.who,
        SCOPE_KIND_LABELS[row.kind],
        row.students,
        row.records,
        row.form,
    ]
    if counts is not None:
        told.append(str(counts.get(row.level, 0)) if row.level else "By request")
    return told
