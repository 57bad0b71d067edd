"""The accounting of disclosures as plain values; see docs/decisions/accounting.md.

A row is one line of the trail, as it is kept. Only a report tells alike rows as one, by first
and last date and how often (45 CFR 164.528(b)(3)).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.policy.accounting import Law, Party
from portal.vocabulary import Category, SignerKind


@dataclass(frozen=True)
class Ground:
    """A paper that a line rested on. kind: consent, agreement or the code of a legal basis.

    law: as cited, empty for an agreement. until: when it ends, as known now; None: no end.
    """

    kind: str
    number: str
    law: str
    until: datetime | None


Notice = tuple[str, str]
"""Id and version of a notice that went along."""


@dataclass(frozen=True)
class Row:
    """One request or disclosure. line, hash: which line of the trail it is, for an auditor.

    items, withheld: how many records were told and how many not; None: not written down.
    reasons: codes of a refusal. by_consent: given by written consent alone, so 34 CFR
    99.32(d)(3) does not ask for the row. own: only what the
    reader's own organization holds.
    """

    line: int
    hash: str
    at: datetime
    event: str
    allowed: bool
    party: Party
    person_id: uuid.UUID | None
    person: str
    organization: str
    address: str
    kinds: tuple[Category, ...]
    items: int | None
    withheld: int | None
    content_sha256: str
    purpose: str
    grounds: tuple[Ground, ...]
    until: datetime | None
    reasons: tuple[str, ...]
    notices: tuple[Notice, ...]
    method: str
    file_sha256: str
    by_consent: bool
    own: bool

    @property
    def likeness(self) -> tuple[object, ...]:
        """What alike rows agree in: all but the time, the line and what was in it that day."""
        who = (self.person_id, self.person, self.organization, self.address, self.party)
        what = (self.event, self.allowed, self.kinds, self.purpose, self.method, self.file_sha256)
        return *who, *what, self.grounds, self.reasons, self.notices, self.by_consent


@dataclass(frozen=True)
class Repeated:
    """Rows that are alike: the first, the last and how many. items: the fewest and the most."""

    row: Row
    first: datetime
    last: datetime
    times: int
    items: tuple[int, int] | None
    withheld: tuple[int, int] | None


def repeated(rows: Iterable[Row]) -> list[Repeated]:
    """Alike rows as one, the newest first."""
    alike: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        alike.setdefault(row.likeness, []).append(row)
    found = [_one(group) for group in alike.values()]
    return sorted(found, key=lambda one: (one.last, one.row.line), reverse=True)


def _one(group: Sequence[Row]) -> Repeated:
    first, last = min(row.at for row in group), max(row.at for row in group)
    newest = max(group, key=lambda row: (row.at, row.line))
    return Repeated(
        newest,
        first,
        last,
        len(group),
        _between([row.items for row in group]),
        _between([row.withheld for row in group]),
    )


def _between(counts: Sequence[int | None]) -> tuple[int, int] | None:
    known = [count for count in counts if count is not None]
    return (min(known), max(known)) if known else None


@dataclass(frozen=True)
class Holder:
    """Somebody for whom a list may be made: who may see of the student now."""

    kind: SignerKind
    id: uuid.UUID
    name: str
    language: str


@dataclass(frozen=True)
class Accounting:
    """The rows that one law asks for about one student, oldest first.

    applies: False when the law asks for no list about this student at all. made_for: by name;
    made_by: a member of staff, or the family member who asked.
    """

    student_id: uuid.UUID
    student: str
    law: Law
    applies: bool
    rows: tuple[Row, ...]
    district: str
    tz: str
    made_for: str
    made_by: str
    made_at: datetime

    @property
    def given(self) -> list[Repeated]:
        """What was shown or sent."""
        return repeated(row for row in self.rows if row.allowed)

    @property
    def refused(self) -> list[Repeated]:
        """What was asked for and not shown."""
        return repeated(row for row in self.rows if not row.allowed)
