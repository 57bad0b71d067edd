"""The data catalog: every table and column that the portal holds, and what there is to say of it.

The guidance of the State Department of Education calls it a data acquisition plan: what is held,
why, by which mandate, how often, where it comes from, who sees it, how long it is kept. What a
table is for stands in the files beside this one; who sees it is computed from the rules, and
`missing` names whatever the tables have and the files have not.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from portal.policy.keeping import BY_CODE, Line
from portal.policy.levels import LEVELS
from portal.policy.tasks import ROLE_TASKS, Task
from portal.store.tables import metadata
from portal.vocabulary import LEVEL_LABELS, ROLE_LABELS, SHAREABLE, Category

FOLDER = Path(__file__).parent
GROUPS = ("students", "support", "papers", "accounts", "oversight", "places")
NO_MANDATE = "No mandate: kept for the work itself"
NOBODY = "Nobody: no page shows it"
PARTNERS = "Partners whom both a family's consent and an agreement name, for this kind of record"


@dataclass(frozen=True)
class Element:
    """A column: its name, and what it tells."""

    name: str
    what: str


@dataclass(frozen=True)
class Entry:
    """A table. seen_by: whoever may see something of it, each in words. kept: how long."""

    table: str
    group: str
    what: str
    why: str
    mandate: str
    how_often: str
    source: str
    seen_by: tuple[str, ...]
    kept: Line
    elements: tuple[Element, ...]

    def says(self, typed: str) -> bool:
        """Does the entry or one of its columns hold these words? Capitals do not matter."""
        words = typed.casefold().split()
        told = [self.what, self.why, self.mandate, self.source, self.table]
        told += [text for each in self.elements for text in (each.name, each.what)]
        whole = " ".join(told).casefold()
        return all(word in whole for word in words)


def entries(kept: Mapping[str, Line] | None = None) -> tuple[Entry, ...]:
    """Every table in the order of the groups. kept: the district's own schedule, by code."""
    periods = kept or BY_CODE
    return tuple(
        _entry(title, name, told, periods)
        for title, tables in _groups()
        for name, told in tables.items()
        if name in metadata.tables
    )


def groups() -> tuple[str, ...]:
    """The headings."""
    return tuple(title for title, _tables in _groups())


def missing() -> list[str]:
    """What the tables have and the catalog has not, and what it names that is not there."""
    told = {name: entry for _title, tables in _groups() for name, entry in tables.items()}
    found = [f"{name}: no entry" for name in metadata.tables if name not in told]
    found += [f"{name}: no such table" for name in told if name not in metadata.tables]
    for name, entry in told.items():
        if name in metadata.tables:
            found += _missing_in(name, entry)
    return sorted(found)


def _missing_in(name: str, entry: Mapping[str, Any]) -> Iterator[str]:
    columns = {column.name for column in metadata.tables[name].columns}
    own = entry.get("columns", {})
    for column in columns - own.keys() - _common().keys():
        yield f"{name}.{column}: nothing is told of it"
    for column in own.keys() - columns:
        yield f"{name}.{column}: no such column"
    if entry["kept"] not in BY_CODE:
        yield f"{name}: no such period of keeping, {entry['kept']}"
    if entry["mandate"] and entry["mandate"] not in mandates():
        yield f"{name}: no such mandate, {entry['mandate']}"
    yield from (f"{name}: no {part} is told" for part in SAID if not entry.get(part))


SAID = ("what", "why", "how_often", "source")


def _entry(group: str, name: str, told: Mapping[str, Any], kept: Mapping[str, Line]) -> Entry:
    own, common = told.get("columns", {}), _common()
    return Entry(
        table=name,
        group=group,
        what=told["what"],
        why=told["why"],
        mandate=mandates()[told["mandate"]] if told["mandate"] else NO_MANDATE,
        how_often=told["how_often"],
        source=told["source"],
        seen_by=seen_by(told),
        kept=kept[told["kept"]],
        elements=tuple(
            Element(column.name, own.get(column.name) or common[column.name])
            for column in metadata.tables[name].columns
            if column.name in own or column.name in common
        ),
    )


def seen_by(told: Mapping[str, Any]) -> tuple[str, ...]:
    """Who may see something of it: by the kinds of record it holds, or by the tasks it serves."""
    found = [*_by_level(told.get("records", ())), *_by_task(told.get("tasks", ()))]
    if told.get("own"):
        found.append("Its owner")
    return tuple(found) or (NOBODY,)


def _by_level(records: Sequence[str]) -> Iterator[str]:
    kinds = {Category(each) for each in records}
    for level, scope in LEVELS.items():
        if kinds & scope.categories:
            yield f"{LEVEL_LABELS[level]}: {scope.students}"
    if kinds & {*SHAREABLE, Category.IDENTITY}:
        yield PARTNERS


def _by_task(tasks: Sequence[str]) -> Iterator[str]:
    wanted = {Task(each) for each in tasks}
    for role, having in ROLE_TASKS.items():
        if wanted & having:
            yield ROLE_LABELS[role]


@cache
def _groups() -> tuple[tuple[str, Mapping[str, Any]], ...]:
    found = []
    for name in GROUPS:
        told = _read(name)
        found.append((told.pop("title"), told))
    return tuple(found)


@cache
def _common() -> Mapping[str, str]:
    return _read("common")


@cache
def mandates() -> Mapping[str, str]:
    """The laws and lines of the policy, by the word that an entry names them by."""
    return _read("mandates")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
