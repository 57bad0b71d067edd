"""Which of the declared fields somebody may have meant."""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import SequenceMatcher, get_close_matches
from functools import cache

LETTERS = re.compile(r"[^\W\d_]+")


def misspelled(path: str, declared: Collection[str]) -> list[str]:
    """At most three declared paths that are written much like this one, the nearest first."""
    near = get_close_matches(path, sorted(declared), n=3, cutoff=0.6)
    last = path.rpartition(".")[2]
    near += [other for other in sorted(declared) if other.rpartition(".")[2] == last]
    return list(dict.fromkeys(near))[:3]


def named(words: str, declared: Collection[str], least: float) -> str:
    """The declared path whose words these words say, such as `Name of District`; or ""."""
    said = tuple(LETTERS.findall(words.lower()))
    scored = [(_score(said, path), path) for path in sorted(declared)]
    best, path = max(scored, key=lambda pair: pair[0], default=(0.0, ""))
    return path if best >= least else ""


def _score(said: tuple[str, ...], path: str) -> float:
    """From 0 to 1: how much of the path's words is said, and how little else."""
    words = _words(path)
    meant = [word for word in said if word not in SMALL]
    if not words or not meant:
        return 0
    found = [max(_alike(word, other) for other in meant) for word in words]
    back = [max(_alike(other, word) for word in words) for other in meant]
    return (2 * sum(found) / len(found) + sum(back) / len(back)) / 3


@cache
def _alike(one: str, other: str) -> float:
    ratio = SequenceMatcher(None, one, other).ratio()
    return ratio if ratio > 0.75 else 0


@cache
def _words(path: str) -> tuple[str, ...]:
    return tuple(word for word in LETTERS.findall(path.replace("_", " ").lower()))


SMALL = frozenset({"a", "an", "and", "at", "by", "for", "in", "of", "on", "s", "the", "this", "to"})
