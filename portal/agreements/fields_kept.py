"""A changed wording, printed, put back into the language of the library: fields stay fields.

The partner edits the printed text, where a field says `30`. If the words around it change and the
number does not, the clause still prints whatever the agreement says later. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from jinja2.exceptions import TemplateError

from portal.agreements import textual
from portal.agreements.clauses import wording
from portal.agreements.compare import ITEM
from portal.agreements.textual import plain
from portal.errors import BadFile
from portal.word.values import Values

OPEN, NAMED, CLOSE = "\ue010", "\ue011", "\ue012"
"""Around each value while a wording is filled in, to see where it comes to stand: its name first.
Characters for private use, which no value has (`word.values.clean`)."""

VALUE = re.compile(f"{OPEN}([^{NAMED}]*){NAMED}([^{CLOSE}]*){CLOSE}")


def with_fields(source: Sequence[str], new: Sequence[str], facts: Values) -> tuple[str, ...]:
    """The new paragraphs with the fields of those parts of `source` that were left alone.

    source: in the language of the library; new: as printed. It prints what `new` says.
    """
    groups = [_group(text, facts) for text in source]
    printed = [text for group in groups for text in group.printed]
    origin = {k: i for i, k in textual.paired(printed, new) if i is not None and k is not None}
    return tuple(_paragraphs(groups, printed, new, origin, facts))


@dataclass(frozen=True)
class _Group:
    """A paragraph of the source, and what it prints: also with its values marked."""

    source: str
    printed: tuple[str, ...]
    marked: tuple[str, ...]


def _group(source: str, facts: Values) -> _Group:
    printed, marked = _filled(source, facts), _filled(source, _named(facts))
    return _Group(source, printed, marked if len(marked) == len(printed) else printed)


def _filled(source: str, facts: Values) -> tuple[str, ...]:
    try:
        told = wording.printed([source], facts)
    except (BadFile, TemplateError):
        return (source,)
    return tuple(f"{ITEM if p.is_item else ''}{p.text}" for p in told)


def _named(value: Any, path: str = "") -> Any:
    """The values with their names; what stands in a list has none outside of its loop."""
    if isinstance(value, Mapping):
        return {key: _named(item, f"{path}.{key}" if path else key) for key, item in value.items()}
    return f"{OPEN}{path}{NAMED}{value}{CLOSE}" if isinstance(value, str) and value else value


def _paragraphs(
    groups: Sequence[_Group],
    printed: Sequence[str],
    new: Sequence[str],
    origin: Mapping[int, int],
    facts: Values,
) -> Iterator[str]:
    firsts, of = _places(groups)
    k = 0
    while k < len(new):
        place = origin.get(k)
        group = groups[of[place]] if place is not None else None
        begins = place is not None and place == firsts[of[place]]
        if group is not None and begins and _is_whole(group, new, k):
            yield group.source
            k += len(group.printed)
            continue
        if group is None or place is None:
            yield new[k]
        else:
            yield _refielded(group.marked[place - firsts[of[place]]], new[k], facts)
        k += 1


def _places(groups: Sequence[_Group]) -> tuple[list[int], list[int]]:
    """Where each group begins among the printed paragraphs, and the group of each of these."""
    firsts, of = list[int](), list[int]()
    for n, group in enumerate(groups):
        firsts.append(len(of))
        of += [n] * len(group.printed)
    return firsts, of


def _is_whole(group: _Group, new: Sequence[str], k: int) -> bool:
    """Does the new text say all that the paragraph of the source prints, from here on?"""
    there = new[k : k + len(group.printed)]
    return [plain(text) for text in there] == [plain(text) for text in group.printed]


def _refielded(marked: str, new: str, facts: Values) -> str:
    """The new paragraph with each field whose words are unchanged; else as it is."""
    told = new
    for start, end, name in reversed(list(_kept(marked, new))):
        told = f"{told[:start]}{{{{ {name} }}}}{told[end:]}"
    return told if list(map(plain, _filled(told, facts))) == [plain(new)] else new


def _kept(marked: str, new: str) -> Iterator[tuple[int, int, str]]:
    """Where in the new text a field's value stands unchanged, and the field's name."""
    printed = VALUE.sub(r"\2", marked)
    before, after = _spans(printed), _spans(new)
    blocks = SequenceMatcher(
        None, [text for _at, text in before], [text for _at, text in after], autojunk=False
    ).get_matching_blocks()
    where = {block.a + n: block.b + n for block in blocks for n in range(block.size)}
    for start, end, name in _fields(marked):
        covered = [n for n, (at, text) in enumerate(before) if at < end and start < at + len(text)]
        there = [where.get(n) for n in covered]
        first = there[0] if there else None
        if first is None or there != list(range(first, first + len(there))):
            continue
        shift = after[first][0] - before[covered[0]][0]
        if new[start + shift : end + shift] == printed[start:end]:
            yield start + shift, end + shift, name


def _spans(text: str) -> list[tuple[int, str]]:
    return [(match.start(), match[0]) for match in re.finditer(r"\S+", text)]


def _fields(marked: str) -> Iterator[tuple[int, int, str]]:
    """Where each value stands once its marks are gone, and its name."""
    gone = 0
    for match in VALUE.finditer(marked):
        start = match.start() - gone
        yield start, start + len(match[2]), match[1]
        gone += len(match[0]) - len(match[2])
