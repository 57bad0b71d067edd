"""What a district calls unusual, and its working hours: set by itself, with safe defaults."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from portal.access import trail
from portal.access.actor import Actor
from portal.errors import NotReady, Problem
from portal.policy.tasks import Task
from portal.policy.use import Limits
from portal.store.support import DistrictSetting
from portal.vocabulary import LEVEL_LABELS, Level

NAME = "use"
MOST = 10_000
MOST_HOLIDAYS = 80
COUNTS = {
    "least": "Never call fewer students unusual than",
    "times_usual": "Times what is usual",
    "off_hours": "Openings outside working hours",
    "not_own": "Students asked for who are not theirs",
    "district_wide": "Students opened by whoever leads the district",
    "exported": "Rows taken out",
    "refused": "Refusals",
}
"""The numbers beside those of the levels, as a form names them."""


def limits_of(session: Session, district_id: uuid.UUID) -> Limits:
    """What this district set, or what is shipped. It tells nothing about anybody."""
    row = session.get(DistrictSetting, (district_id, NAME))
    if row is None:
        return Limits()
    told = row.value
    return Limits(
        opens={Level(level): count for level, count in told["opens"].items()},
        from_=time.fromisoformat(told["from"]),
        until=time.fromisoformat(told["until"]),
        holidays=tuple(date.fromisoformat(day) for day in told["holidays"]),
        **{name: told[name] for name in COUNTS},
    )


def keep(session: Session, me: Actor, draft: Limits, at: datetime) -> None:
    """Set them for my district. Raises Refused, and NotReady with all that is wrong."""
    me.may(Task.WATCH_USE).or_refuse()
    found = [*problems(draft)]
    if found:
        raise NotReady(found)
    told: dict[str, Any] = {
        "opens": {str(level): count for level, count in draft.opens.items()},
        "from": draft.from_.isoformat(),
        "until": draft.until.isoformat(),
        "holidays": sorted(day.isoformat() for day in draft.holidays),
        **{name: count for name, count in asdict(draft).items() if name in COUNTS},
    }
    row = session.get(DistrictSetting, (me.organization_id, NAME))
    if row is None:
        row = DistrictSetting(district_id=me.organization_id, name=NAME)
        session.add(row)
    row.value, row.set_at, row.set_by = told, at, me.id
    session.flush()
    trail.write(session, me, trail.Entry("use.settings_kept", True, at, detail=told))


def problems(draft: Limits) -> Iterator[Problem]:
    """All that keeps these limits from standing: none may be so high that it never tells."""
    counts = {LEVEL_LABELS[level]: count for level, count in draft.opens.items()}
    counts |= {label: getattr(draft, name) for name, label in COUNTS.items()}
    for label, count in counts.items():
        if not 1 <= count <= MOST:
            yield Problem(f"{count} cannot be a limit.", f"Give 1 to {MOST:,}.", label)
    if draft.from_ >= draft.until:
        yield Problem("The working day ends before it begins.", "Correct the hours.", "Hours")
    if len(draft.holidays) > MOST_HOLIDAYS:
        yield Problem("These are too many holidays.", f"Give {MOST_HOLIDAYS} at most.", "Holidays")
