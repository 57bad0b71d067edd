"""Where a template's tags are evaluated: they see plain values, and reach nothing else.

Every evaluation has a budget of rounds and of characters, because a loop within a loop needs
few letters and fills any memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, NoReturn

from jinja2 import StrictUndefined, Undefined, filters, tests
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

LOOP_FIELDS = frozenset({"first", "index", "index0", "last", "length", "revindex", "revindex0"})

NEW_LINE = "\ufdd2"
"""Stands for a line break within a value, until the part is put together. A noncharacter."""

MOST_ROUNDS = 100_000
MOST_PRINTED = 8_000_000
"""Characters, of all values in one document."""


class CannotPrint(TemplateRuntimeError):
    """A tag met a value that it cannot print, list or compare; told with what to do."""

    def __init__(self, cause: str, fix: str) -> None:
        super().__init__(cause)
        self.cause, self.fix = cause, fix


@dataclass
class Budget:
    """What one evaluation may still use up."""

    rounds: int = MOST_ROUNDS
    printed: int = MOST_PRINTED

    def take(self, *, rounds: int = 0, printed: int = 0) -> None:
        """Raises CannotPrint when nothing is left."""
        self.rounds -= rounds
        self.printed -= printed
        if self.rounds < 0:
            raise CannotPrint(
                f"The loops of this template run more than {MOST_ROUNDS:,} times.",
                "Take out a loop, or bring fewer values.",
            )
        if self.printed < 0:
            raise CannotPrint(
                "The document would become too long.", "Bring fewer or shorter values."
            )


_BUDGET: ContextVar[Budget | None] = ContextVar("budget", default=None)


def _spend(*, rounds: int = 0, printed: int = 0) -> None:
    if (budget := _BUDGET.get()) is not None:  # None: jinja tries a fixed text beforehand
        budget.take(rounds=rounds, printed=printed)


@contextmanager
def a_budget() -> Iterator[Budget]:
    """One evaluation's budget, for this thread."""
    budget = Budget()
    token = _BUDGET.set(budget)
    try:
        yield budget
    finally:
        _BUDGET.reset(token)


def printable(value: Any) -> Any:
    """What a tag prints: text or a number; a list, a group or nothing is refused."""
    if isinstance(value, Undefined):
        return str(value)  # raises, with the name
    if value is None:
        raise CannotPrint("This field has no value.", "Give it a value, or an empty text.")
    if isinstance(value, Mapping):
        raise CannotPrint("This is a group of fields.", "Name one of its fields after a dot.")
    if not isinstance(value, str | int | float):
        raise CannotPrint("This is a list.", "Repeat it with “for”, or write |join(', ').")
    text = str(value)
    _spend(printed=len(text))
    return text.replace("\n", NEW_LINE)


def listed(value: Any) -> Sequence[Any]:
    """What a loop goes through: a list, and nothing else that happens to have parts."""
    if isinstance(value, Undefined):
        str(value)
    if value is None or isinstance(value, str | int | float | Mapping):
        raise CannotPrint("This is no list, and cannot be repeated.", "Bring a list for it.")
    return _Counted(value)


class _Counted(Sequence[Any]):
    """A list whose items are counted as they are taken."""

    def __init__(self, items: Sequence[Any]) -> None:
        self._items = items

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, index: Any) -> Any:
        return self._items[index]

    def __iter__(self) -> Iterator[Any]:
        for item in self._items:
            _spend(rounds=1)
            yield item


def in_attribute(value: Any) -> Any:
    """Within a mark or a description a line break is a blank."""
    return printable(value).replace(NEW_LINE, " ")


def _text(value: Any) -> str:
    return str(printable(value)).replace(NEW_LINE, "\n")


def _join(value: Any, between: str = "", attribute: str | None = None) -> str:
    items = _map(value, attribute) if attribute else listed(value)
    return between.join(_text(item) for item in items)


def _map(value: Any, attribute: str) -> list[Any]:
    return [_key(item, attribute) for item in listed(value)]


def _key(item: Any, attribute: str) -> Any:
    if isinstance(item, Mapping) and attribute in item:
        return item[attribute]
    raise CannotPrint(f"An item of the list has no “{attribute}”.", "Give it one.")


def _sorted(value: Any) -> list[Any]:
    items = list(listed(value))
    if all(isinstance(item, str) for item in items):
        return sorted(items, key=str.casefold)
    return sorted(items)


def _length(value: Any) -> int:
    if isinstance(value, Undefined):
        str(value)
    if isinstance(value, str | Sequence | Mapping):
        return len(value)
    raise CannotPrint("This has no length.", "Bring a list or a text for it.")


def _default(value: Any, instead: Any = "", also_empty: bool = False) -> Any:
    missing = isinstance(value, Undefined) or value is None or (also_empty and not value)
    return instead if missing else value


def _end(index: int) -> Any:
    def taken(value: Any) -> Any:
        items = list(listed(value))
        if not items:
            raise CannotPrint("This list is empty.", "Ask first, with “if”, whether it is.")
        return items[index]

    return taken


FILTERS = {
    "capitalize": lambda value: filters.do_capitalize(_text(value)),
    "count": _length,
    "d": _default,
    "default": _default,
    "first": _end(0),
    "join": _join,
    "last": _end(-1),
    "length": _length,
    "lower": lambda value: _text(value).lower(),
    "map": _map,
    "reverse": lambda value: list(listed(value))[::-1],
    "sort": _sorted,
    "title": lambda value: filters.do_title(_text(value)),
    "trim": lambda value: _text(value).strip(),
    "unique": lambda value: list(dict.fromkeys(_text(item) for item in listed(value))),
    "upper": lambda value: _text(value).upper(),
}
"""What a tag may do with a field, as `{{ name|upper }}`: pure, and no longer than what it gets."""

TESTS = {
    name: tests.TESTS[name]
    for name in ("defined", "undefined", "none", "true", "false", "odd", "even")
}

ATTRIBUTE = "in_attribute_"
LISTED = "listed_"
"""Filters that the engine itself adds; a template cannot name them."""


class Sandbox(ImmutableSandboxedEnvironment):
    """No attribute, no call, no arithmetic; a missing value is an error.

    autoescape: for markup; a clause's plain text goes without.
    """

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, *, autoescape: bool = True) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=autoescape, finalize=printable)
        self.globals.clear()
        self.filters.clear()
        self.filters.update(FILTERS)
        self.filters.update({ATTRIBUTE: in_attribute, LISTED: listed})
        self.tests.clear()
        self.tests.update(TESTS)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A key, never an attribute: a field called `items` is the field."""
        if isinstance(obj, Undefined):
            return str(obj)  # raises
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if isinstance(obj, LoopContext) and attribute in LOOP_FIELDS:
            return getattr(obj, attribute)
        raise SecurityError(f"nothing has a field “{attribute}” here")

    def getitem(self, obj: Any, argument: Any) -> Any:
        """A key of a group, or the number of an item."""
        if isinstance(argument, str):
            return self.getattr(obj, argument)
        if isinstance(obj, list | _Counted) and isinstance(argument, int):
            if -len(obj) <= argument < len(obj):
                return obj[argument]
            return self.undefined(obj=obj, name=str(argument))
        raise SecurityError("only a list has numbered items")

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Only a loop's own counters."""
        return isinstance(obj, LoopContext) and attr in LOOP_FIELDS

    def is_safe_callable(self, obj: Any) -> bool:
        """Nothing is."""
        return False

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> NoReturn:
        """'a' * 10**9 fills the memory, and no template needs to calculate."""
        raise SecurityError(f"a template does not calculate ({operator})")
