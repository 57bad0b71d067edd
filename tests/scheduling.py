"""Which worker gets which tests: those that share a database or a portal go to one.

A fixture of a file is then made once, and not once for each worker. pytest-xdist's own groups
would say the same, but are not heard by this release of pytest.
"""

from __future__ import annotations

import re

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

ENGINE = re.compile(r"\[(?:.*-)?(sqlite|postgres)\b")
ONE_BY_ONE = "end_to_end/test_screens.py"
"""The longest file: two workers are done sooner, although each opens a portal for it."""
FIRST = "end_to_end"
"""Whatever takes minutes by itself begins first, so that no worker waits for it at the end."""
KILLERS = "portal/killers"
"""Where a mutation run remembers the tests that noticed a mutant, the latest first."""


class ByFile(LoadScopeScheduling):
    """The tests of one file and one engine are one piece of work, in the order of collection."""

    def _split_scope(self, nodeid: str) -> str:
        file, _colons, name = nodeid.partition("::")
        if file.endswith(ONE_BY_ONE):
            return nodeid
        engine = ENGINE.search(name)
        return f"{file} {engine[1]}" if engine else file


def in_order(items: list[pytest.Item]) -> None:
    """Browser stories first; the rest as it was."""
    items.sort(key=lambda item: item.path.parent.name != FIRST)


def likeliest_first(items: list[pytest.Item], cache: pytest.Cache | None) -> None:
    """For a mutation run: what noticed a mutant lately, the quick tests, those that draw worlds.

    The mutants of one function are tried one after the other, and what noticed the last will
    often notice the next.
    """
    killers = cache.get(KILLERS, []) if cache else []
    place = {name: number for number, name in enumerate(killers)}
    items.sort(key=lambda item: hasattr(getattr(item, "obj", None), "hypothesis"))
    items.sort(key=lambda item: place.get(item.nodeid, len(place)))


def remember(killer: pytest.Item | pytest.Collector, cache: pytest.Cache | None) -> None:
    if cache:
        older = [name for name in cache.get(KILLERS, []) if name != killer.nodeid]
        cache.set(KILLERS, [killer.nodeid, *older])
