"""Made-up keys for the names of a scenario, and what every shelf of it needs."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

EVER = datetime(1, 1, 1, tzinfo=UTC)
HOUSE = ("house", "")
"""The district that students and buildings belong to: in a scenario they belong to none."""


CLERK = ("clerk", "")
"""Who has checked the papers: nobody who could ask."""


class Keys:
    """A made-up key for each (kind, name) of a scenario, and the way back."""

    def __init__(self) -> None:
        self._keys: dict[tuple[str, str], uuid.UUID] = {}
        self._names: dict[uuid.UUID, str] = {}
        self._next = itertools.count(1)

    def of(self, kind: str, name: str) -> uuid.UUID:
        """The key for this name, made at first asking."""
        if (kind, name) not in self._keys:
            key = uuid.UUID(int=next(self._next))
            self._keys[kind, name] = key
            self._names[key] = name
        return self._keys[kind, name]

    def name(self, key: uuid.UUID) -> str:
        """The scenario's name for a key."""
        return self._names[key]


Rows = Iterable[dict[str, Any]]
Told = tuple[datetime, datetime | None] | datetime | date | None


def span_of(told: tuple[datetime | None, datetime | None], start: str, end: str) -> dict[str, Any]:
    return {start: told[0], end: told[1]}
