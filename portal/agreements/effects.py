"""What an agreement will allow and forbid, in words, and what changes beside an earlier one.

The rows come from the same lines that are printed and that the gate reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.agreements.content import Line
from portal.agreements.rules import feeds_the_gate
from portal.vocabulary import (
    LINE_BASIS_LABELS,
    NEVER,
    PURPOSE_LABELS,
    SHAREABLE,
    SPECIAL,
    SUBJECT_ONLY,
    AgreementKind,
    Category,
    Detail,
    Direction,
    LineBasis,
)


class Answer(StrEnum):
    """May a kind of record go this way?"""

    YES = "yes"
    NO = "no"
    NEVER = "never"


@dataclass(frozen=True)
class Effect:
    """One kind of record, one way: the answer, and under which conditions in words.

    since: an older consent does not open it, because this agreement added or widened it.
    """

    answer: Answer
    words: str
    since: bool = False


@dataclass(frozen=True)
class Row:
    """One kind of record in both directions."""

    category: Category
    to_partner: Effect
    to_district: Effect


Ways = Mapping[tuple[Direction, Category], Line]


def by_way(lines: Iterable[Line]) -> dict[tuple[Direction, Category], Line]:
    """The lines by direction and kind of record."""
    return {(line.direction, line.category): line for line in lines}


def effects(
    kind: AgreementKind, lines: Iterable[Line], before: Iterable[Line] | None = None
) -> list[Row]:
    """Everything a district may ask about. before: the lines of the agreement it follows."""
    now = by_way(lines)
    widened = added_by(now, by_way(before)) if before is not None else set()
    return [
        Row(
            category,
            _effect(kind, now, Direction.A_TO_B, category, widened),
            _effect(kind, now, Direction.B_TO_A, category, widened),
        )
        for category in (*SHAREABLE, *sorted(NEVER))
    ]


def added_by(now: Ways, before: Ways) -> set[tuple[Direction, Category]]:
    """What an agreement adds to, or widens beside, the one that it amends or renews."""
    return {way for way, line in now.items() if _is_wider(line, before.get(way))}


def _is_wider(line: Line, before: Line | None) -> bool:
    if before is None:
        return True
    more_purposes = bool(before.purposes) and not (
        line.purposes and set(line.purposes) <= set(before.purposes)
    )
    more_detail = before.detail is Detail.SUMMARY and line.detail is Detail.FULL
    return more_purposes or more_detail or line.basis is not before.basis


def _effect(
    kind: AgreementKind,
    lines: Ways,
    way: Direction,
    category: Category,
    widened: set[tuple[Direction, Category]],
) -> Effect:
    line = lines.get((way, category))
    if category in NEVER:
        return Effect(Answer.NEVER, "Never")
    if line is None:
        return Effect(Answer.NO, "No")
    if not feeds_the_gate(kind, line):
        return Effect(Answer.NO, f"Not in the portal: {LINE_BASIS_LABELS[line.basis]}")
    since = (way, category) in widened and line.basis is LineBasis.CONSENT
    return Effect(Answer.YES, _condition(line, since=since), since)


def _condition(line: Line, *, since: bool) -> str:
    told = [_on_what(line)]
    if line.purposes:
        told.append("to " + " or ".join(PURPOSE_LABELS[p].lower() for p in line.purposes))
    if line.detail is Detail.SUMMARY:
        told.append("only what and when")
    if since:
        told.append("only on a consent signed after this agreement")
    return ", ".join(told)


def _on_what(line: Line) -> str:
    if line.basis is LineBasis.CHILD_WELFARE:
        return "For a named caseworker, without consent (child welfare)"
    if line.category in SUBJECT_ONLY:
        return "With the student's own consent and separate initials"
    if line.category in SPECIAL:
        return "With consent and separate initials"
    return "With consent"
