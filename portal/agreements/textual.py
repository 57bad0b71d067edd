"""Two texts side by side: which paragraph became which, and which words came and went. Pure.

Quotation marks, dashes and spaces that Word or a phone exchanges by itself are no change.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

ALIKE = 0.5
"""Two paragraphs are one and the same, changed, when at least half of their words are common."""

MOST_WORDS = 4000
"""A longer paragraph is shown whole, old and new: comparing it word by word takes too long."""

_EXCHANGED = (
    dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u2032\u00b4`\u02bc"), "'")
    | dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"), '"')
    | dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")
    | dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"), None)
    | {ord("\u2026"): "..."}
)


def plain(text: str) -> str:
    """The text by which two are compared: straight marks, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_EXCHANGED).split())


class Mark(StrEnum):
    """What became of some words."""

    SAME = "same"
    OUT = "out"
    IN = "in"


@dataclass(frozen=True)
class Piece:
    """Words in a row that share a fate, with the space after them."""

    mark: Mark
    text: str


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """How one paragraph became the other, word by word; unchanged words as the new one has them."""
    before, after = words(old), words(new)
    if max(len(before), len(after)) > MOST_WORDS:
        return _whole(old, new)
    found: list[Piece] = []
    for tag, i, j, k, m in _opcodes([plain(w) for w in before], [plain(w) for w in after]):
        if tag == "equal":
            found.append(Piece(Mark.SAME, "".join(after[k:m])))
            continue
        if i < j:
            found.append(Piece(Mark.OUT, "".join(before[i:j])))
        if k < m:
            found.append(Piece(Mark.IN, "".join(after[k:m])))
    return tuple(found)


def _whole(old: str, new: str) -> tuple[Piece, ...]:
    both = ((Mark.OUT, old), (Mark.IN, new))
    return tuple(Piece(mark, text) for mark, text in both if text)


def words(text: str) -> list[str]:
    """Each word with the space that follows it."""
    return re.findall(r"\S+\s*", text)


def is_rewritten(old: Sequence[str], new: Sequence[str]) -> bool:
    """Did more than half of the words change, so that old and new are better read whole?"""
    return likeness(" ".join(old), " ".join(new)) < ALIKE


def likeness(old: str, new: str) -> float:
    """How much two texts have in common in the same order, from 0 to 1."""
    before, after = plain(old).split(), plain(new).split()
    if not before and not after:
        return 1.0
    if max(len(before), len(after)) > MOST_WORDS:
        return _common(Counter(before), Counter(after))
    same = sum(j - i for tag, i, j, _, _ in _opcodes(before, after) if tag == "equal")
    return 2 * same / (len(before) + len(after))


def _common(before: Counter[str], after: Counter[str]) -> float:
    """The same, whatever the order."""
    total = before.total() + after.total()
    return 2 * (before & after).total() / total if total else 1.0


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


Pair = tuple[int | None, int | None]
"""Places of a paragraph in the old and in the new text; None: it is not there."""


def paired(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Which paragraph of the new text each of the old became, in the order of both."""
    before, after = [plain(text) for text in old], [plain(text) for text in new]
    found: list[Pair] = []
    for tag, i, j, k, m in _opcodes(before, after):
        if tag == "equal":
            found += zip(range(i, j), range(k, m), strict=True)
        else:
            found += _matched(before[i:j], after[k:m], i, k)
    return found


def _matched(before: Sequence[str], after: Sequence[str], i: int, k: int) -> Iterator[Pair]:
    """Pairs of changed paragraphs, each with the next one that is alike; the rest came or went."""
    olds, news = ([Counter(text.split()) for text in texts] for texts in (before, after))
    nearest = 0
    for place, told in enumerate(olds):
        best = _best(told, news, nearest)
        if best is None:
            yield i + place, None
            continue
        yield from ((None, k + n) for n in range(nearest, best))
        yield i + place, k + best
        nearest = best + 1
    yield from ((None, k + n) for n in range(nearest, len(news)))


def _best(told: Counter[str], news: Sequence[Counter[str]], start: int) -> int | None:
    """The most alike of the following; None when none is alike enough."""
    rated = [(_common(told, news[n]), -n) for n in range(start, len(news))]
    best, place = max(rated, default=(0.0, 0))
    return -place if best >= ALIKE else None
