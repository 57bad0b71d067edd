"""What every step of planning needs: the file, what is known, the instant, and where to put it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from portal.directory.changes import Changes
from portal.directory.loaders.oneroster.values import Days, Person, Place, Roster
from portal.directory.loaders.report import Report
from portal.directory.roster.queries import Known
from portal.policy.spans import local_midnight
from portal.store.records import HistoryEntry, Record
from portal.vocabulary import Category

Key = uuid.UUID


_midnight = cache(local_midnight)
"""A roster names few days, a great many times."""


@dataclass(frozen=True)
class Options:
    """What an operator may decide when bringing a roster in.

    large_change: more than a tenth may leave at once.
    birth_dates: where a birth date differs from the known one, the file's is taken.
    """

    large_change: bool = False
    birth_dates: bool = False


@dataclass
class Plan:
    """One roster on its way in. The dictionaries tell which row of ours is which of the file's.

    moved: students whose change of school the file does not know of yet. gone: staff who left.
    """

    roster: Roster
    known: Known
    report: Report
    code: str
    tz: str
    at: datetime
    today: date
    options: Options
    changes: Changes = field(default_factory=Changes)
    district_id: Key = field(default_factory=uuid.uuid4)
    schools: dict[str, Key] = field(default_factory=dict)
    students: dict[str, Key] = field(default_factory=dict)
    staff: dict[str, Key] = field(default_factory=dict)
    first_days: dict[Key, datetime] = field(default_factory=dict)
    moved: set[Key] = field(default_factory=set)
    gone: list[Key] = field(default_factory=list)
    leaving: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def midnight(self, day: date) -> datetime:
        """The instant at which the day begins in the district."""
        return _midnight(day, self.tz)

    def start(self, days: Days) -> datetime | None:
        """The instant at which the first day begins."""
        return None if days.first is None else self.midnight(days.first)

    def end(self, days: Days) -> datetime | None:
        """The instant at which the last day has ended."""
        return None if days.last is None else self.midnight(days.last + timedelta(days=1))

    def problem_of(self, person: Person, column: str, what: str, do_next: str) -> None:
        """A problem in the person's row of users.csv."""
        self.report.problem(what, do_next, "users.csv", person.row, column)

    def warn_of(self, person: Person, column: str, what: str, do_next: str) -> None:
        """A remark on the person's row of users.csv."""
        self.report.warn(what, do_next, "users.csv", person.row, column)

    def schools_of(self, person: Person, role: str) -> dict[str, list[Days]]:
        """The schools where the person has the role, by sourcedId, and when."""
        found: dict[str, list[Days]] = defaultdict(list)
        for held in person.memberships:
            school = self.roster.school_of(held.place)
            if held.role == role and school is not None:
                found[school].append(held.days)
        return dict(found)

    def school_named(self, source_id: str) -> Place:
        """The school's row of orgs.csv."""
        return self.roster.places[source_id]

    def shelve(self, student: Key, category: Category, event: datetime, **told: Any) -> None:
        """Put an item on the student's shelf; `told` is its headline and narrative."""
        record = self.changes.add(
            Record,
            district_id=self.district_id,
            student_id=student,
            custodian_id=self.district_id,
            category=category,
            event_at=event,
            draft=False,
            written_at=self.at,
        )
        if told:
            self.changes.new[HistoryEntry].append({"record_id": record, "narrative": "", **told})
