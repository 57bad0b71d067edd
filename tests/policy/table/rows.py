"""What a row of the truth table is, and how to write one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from tests.policy.values import TICK, Change, T

FULL = ("what", "when", "who", "narrative")
SUMMARY = ("what", "when")
BIRTHDAY = datetime.fromisoformat("2026-11-20T05:00:00+00:00")
"""The first instant of 20 November 2026 in Connecticut."""


@dataclass(frozen=True)
class Row:
    """Who asks for what, in which world; the fields that open, or else every reason why not."""

    rule: str
    says: str
    changes: tuple[Change, ...] = ()
    who: str = "rita"
    record: str = "visits"
    purpose: str = "coordinate"
    at: datetime = T
    fields: tuple[str, ...] = ()
    codes: frozenset[str] = frozenset()

    def __str__(self) -> str:
        offset = self.at - T
        when = "" if not offset else f" at {'-' if offset < timedelta(0) else '+'}{abs(offset)}"
        return f"{self.rule}: {self.says}: {self.who} {self.record}{when}"


def opens(
    rule: str, says: str, *changes: Change, fields: tuple[str, ...] = FULL, **asked: Any
) -> list[Row]:
    return [Row(rule, says, changes, fields=fields, **asked)]


def closed(rule: str, says: str, *changes: Change, codes: str, **asked: Any) -> list[Row]:
    return [Row(rule, says, changes, codes=frozenset(codes.split()), **asked)]


def begins(rule: str, says: str, *changes: Change, codes: str, at: datetime = T, **asked: Any):
    """Closed a microsecond before `at`, open at `at` and a microsecond later."""
    [then] = opens(rule, says, *changes, at=at, **asked)
    [before] = closed(rule, says, *changes, codes=codes, at=at - TICK, **asked)
    return [before, then, replace(then, at=at + TICK)]


def ends(rule: str, says: str, *changes: Change, codes: str, at: datetime = T, **asked: Any):
    """Open a microsecond before `at`, closed at `at` and a microsecond later."""
    [before] = opens(rule, says, *changes, at=at - TICK, **asked)
    [then] = closed(rule, says, *changes, codes=codes, at=at, **asked)
    return [before, then, replace(then, at=at + TICK)]


def flat(*families: Iterator[list[Row]]) -> list[Row]:
    return [row for family in families for rows in family for row in rows]
