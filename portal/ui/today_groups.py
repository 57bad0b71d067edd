"""Visits in groups, for managers: no name, no single member of the staff, no ranking."""

from __future__ import annotations

from datetime import datetime

from portal.access.actor import Actor
from portal.policy.groups import FEWEST_STAFF, FEWEST_STUDENTS, Told
from portal.ui import parts
from portal.ui.today_data import Groups
from portal.vocabulary import Role

HIDDEN = (
    f"* is fewer than {FEWEST_STUDENTS} students or fewer than {FEWEST_STAFF} staff, none among "
    "them, or a total beside such a number. Months count once they are over."
)


def groups(found: Groups, me: Actor) -> None:
    """The table by purpose and month, and what its stars mean."""
    where = "your building" if me.role is Role.PRINCIPAL else "the district"
    parts.heading(f"Visits in {where}")
    table = found.table
    if not table.tells_something:
        parts.muted(
            "No group is large enough to be told yet. Counts appear here once at least "
            f"{FEWEST_STUDENTS} students were seen by at least {FEWEST_STAFF} of the staff for "
            "one purpose in one month."
        )
        return
    lines = [
        [found.labels[row.code], *map(_told, row.counts), _told(row.total)] for row in table.rows
    ]
    lines.append(["All purposes", *map(_told, table.totals), _told(table.total)])
    months = [_month(name) for name in table.columns]
    parts.table(f"Visits in {where} by purpose", ["Purpose", *months, "Together"], lines, "")
    parts.muted(HIDDEN)
    parts.proper_use()


def _told(count: Told) -> str:
    return "*" if count is None else f"{count:,}"


def _month(name: str) -> str:
    return f"{datetime.strptime(name, '%Y-%m'):%B}"  # noqa: DTZ007  (the name of a month)
