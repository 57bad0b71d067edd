"""A Word file that came back, taken apart: it may hold tracked changes and comments, no more.

What may not come along (macros, embedded files, what is fetched from elsewhere) `word.screen`
refuses; tracked changes, comments and hidden words are what we read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from portal.errors import BadFile
from portal.word.package import Package, W
from portal.word.screen import COMMENT, HIDDEN, TRACKED_CHANGE, screen

__all__ = ["FIELD", "Parts", "W", "ancestors", "attribute", "opened"]

FIELD = "Word file"
READ = frozenset({TRACKED_CHANGE, COMMENT, HIDDEN, "The file holds comments."})
"""What a template may not hold, and an answer may."""

COMMENTS = f"{W}comments"
APART = tuple(f"{W}{name}" for name in ("hdr", "ftr", "footnotes", "endnotes"))


@dataclass(frozen=True)
class Parts:
    """The parts that hold words, parsed. apart: headers, footers and notes, by name."""

    document: Any
    comments: Any | None
    apart: Mapping[str, Any]


def opened(file: bytes) -> Parts:
    """The parts of a Word file. Raises BadFile."""
    screened = screen(file)
    against = [problem for problem in screened.problems if problem.cause not in READ]
    if against or screened.package is None:
        raise BadFile([replace(problem.as_problem(), field=FIELD) for problem in against])
    return _parts(screened.package)


def _parts(package: Package) -> Parts:
    comments = (tree for tree in package.trees.values() if tree.tag == COMMENTS)
    apart = {name: tree for name, tree in package.trees.items() if tree.tag in APART}
    return Parts(package.trees[package.main], next(comments, None), apart)


def attribute(element: Any, name: str) -> str:
    """One of Word's own attributes, empty when it is not there."""
    return str(element.get(f"{W}{name}") or "")


def ancestors(element: Any, *names: str) -> Iterator[Any]:
    """The elements around this one that have one of these names."""
    return iter(element.iterancestors(*(f"{W}{name}" for name in names)))
