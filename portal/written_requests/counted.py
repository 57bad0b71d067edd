"""The tables of counts that an answer without names is made of, each as its page showed it.

Whoever reads a table of Numbers hands it in as a value. Its counts come hidden as `policy.hiding`
and `policy.groups` hide them, and nothing here sums them up or takes them apart again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import groups
from portal.access.actor import Actor
from portal.access.months import in_words
from portal.access.words import words_of
from portal.errors import Problem
from portal.pdf import papers as pdf
from portal.policy.groups import Told
from portal.vocabulary import UnnamedView, WordList

NOT_TOLD = "not told"
MOST_TABLES = 12
"""As many as a year has months; more is no letter any more."""

FIELD = "Tables"
NO_TABLE = Problem(
    "No table is chosen.", "Choose the numbers that were asked for, and their months.", FIELD
)
TOO_MANY = Problem(
    f"These are more than {MOST_TABLES} tables.", "Choose fewer tables, or fewer months.", FIELD
)
TWO_VIEWS = Problem(
    "The tables are of more than one view.",
    "Answer with the tables of one: from two of them side by side a hidden count could be "
    "worked out.",
    FIELD,
)


@dataclass(frozen=True)
class CountedRow:
    """A row by its name and its counts, None where not told. depth: 0 a whole, 1 its part, …"""

    name: str
    depth: int
    counts: tuple[Told, ...]


@dataclass(frozen=True)
class Counted:
    """One table. code, months (2026-10) and chosen (School: North School) say which it is.

    view: whose numbers they are; None for visits by purpose and month, which are managers'.
    below: what it counts, in words. columns: a name for each column, that of the rows first.
    """

    code: str
    view: UnnamedView | None
    months: tuple[str, ...]
    caption: str
    below: str
    columns: tuple[str, ...]
    rows: Sequence[CountedRow]
    chosen: Mapping[str, str] = field(default_factory=dict)

    @property
    def which(self) -> str:
        """For the trail: `visits 2026-10, School: North School`."""
        chosen = [f"{part}: {name}" for part, name in self.chosen.items()]
        return ", ".join((f"{self.code} {' '.join(self.months)}", *chosen))


def problems(tables: Sequence[Counted]) -> list[Problem]:
    """What keeps these tables from being an answer.

    Those of one view were made to be read side by side; two views count the same visits twice.
    """
    if not tables:
        return [NO_TABLE]
    told = [TOO_MANY] if len(tables) > MOST_TABLES else []
    told += [TWO_VIEWS] if len({table.view for table in tables}) > 1 else []
    return told + [_empty(table) for table in tables if not table.rows]


def _empty(table: Counted) -> Problem:
    what = f"Nothing of {table.caption} is large enough to be told."
    return Problem(what, "Choose another month, or take the filter away.", FIELD)


def by_month(session: Session, me: Actor, at: datetime) -> Counted:
    """Support visits of the last whole months, by purpose: nobody's work, and nobody's student."""
    words = words_of(session, me.organization_id).choices(WordList.VISIT_PURPOSE)
    labels = {word.code: word.label for word in words}
    table = groups.visits_by_purpose(session, me, list(labels), at)
    return Counted(
        code="visits-by-month",
        view=None,
        months=tuple(table.columns),
        caption="Support visits by purpose and month",
        below="Visits of the whole district in the last months that are over.",
        columns=("Purpose", *(in_words(month) for month in table.columns), "Together"),
        rows=[CountedRow(labels[row.code], 0, (*row.counts, row.total)) for row in table.rows],
    )


def printed(table: Counted) -> pdf.ReplyTable:
    """The table as the answer has it: what is hidden says so."""
    return pdf.ReplyTable(
        caption=table.caption,
        columns=table.columns,
        rows=[(row.name, *map(count_words, row.counts)) for row in table.rows],
        depths=[str(row.depth) for row in table.rows],
    )


def count_words(count: Told) -> str:
    """1,234, or that it is not told."""
    return NOT_TOLD if count is None else f"{count:,}"


def explained(tables: Sequence[Counted]) -> tuple[str, ...]:
    """What each kind of table counts, once."""
    return tuple(dict.fromkeys(table.below for table in tables))
