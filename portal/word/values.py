"""What may be printed: text, numbers, true or false, nothing, lists and groups of these."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from portal.errors import Problem

Values = Mapping[str, Any]

JOINERS = "\u200c\u200d"
"""Zero-width, and needed in the names of several languages."""

TAG_MARKS = re.compile(r"\{[{%#_]|[}%#_]\}")

DEEPEST = 8
MOST_VALUES = 100_000
MOST_LETTERS = 8_000_000
MOST_DIGITS = 1000


def clean(value: Any, *, data: bool = False) -> Any:
    """The same value without control, bidirectional or unpaired characters in its texts.

    data: numbers and nothing are taken as well. Raises TypeError for any other kind.
    """
    match value:
        case bool():
            return value
        case str():
            return "".join(map(_cleaned, value)).strip() if _unclean(value) else value.strip()
        case Mapping():
            return {key: clean(item, data=data) for key, item in value.items()}
        case Sequence():
            return [clean(item, data=data) for item in value]
        case None | int() | float() if data:
            return value
    raise TypeError(f"a template takes text, lists and dictionaries, not {type(value).__name__}")


def _unclean(text: str) -> bool:
    return not (text.isascii() and text.isprintable())


def _cleaned(character: str) -> str:
    kind = unicodedata.category(character)
    if character in "\n\u2028\u2029":
        return "\n"
    if kind == "Zs" or character == "\t":
        return " "
    return character if kind[0] != "C" or character in JOINERS else ""


def value_problems(value: Any, path: str = "") -> list[Problem]:
    """Texts that contain the marks of a tag, each under its field."""
    if isinstance(value, str):
        return [_tagged(path)] if TAG_MARKS.search(value) else []
    return [problem for at, item in _items(value, path) for problem in value_problems(item, at)]


def _tagged(path: str) -> Problem:
    return Problem(
        "This text contains double braces, which the document takes for a field.",
        "Leave out the braces.",
        path,
    )


def shape_problems(values: Any) -> list[Problem]:
    """What data from elsewhere may not be: too deep, too much, odd names, numbers without end."""
    problems: list[Problem] = []
    count = letters = 0
    waiting: list[tuple[Any, str, int]] = [(values, "", 0)]
    while waiting and not problems:
        value, path, depth = waiting.pop()
        count, letters = count + 1, letters + (len(value) if isinstance(value, str) else 0)
        if depth > DEEPEST:
            problems.append(Problem("The data are nested too deep.", "Flatten them.", path[:100]))
        elif count > MOST_VALUES or letters > MOST_LETTERS:
            problems.append(Problem("There are too many data.", "Bring less."))
        elif problem := _odd(value, path):
            problems.append(problem)
        else:
            waiting += [(item, at, depth + 1) for at, item in _items(value, path)]
    return problems


def _odd(value: Any, path: str) -> Problem | None:
    match value:
        case None | bool() | str():
            return None
        case int():
            long = abs(value) >= 10**MOST_DIGITS
            return Problem("The number is too long.", "Shorten it.", path) if long else None
        case float():
            endless = not math.isfinite(value)
            return Problem("This is not a number.", "Give a number.", path) if endless else None
        case Mapping():
            odd = [key for key in value if not _plain_name(key)]
            what = f"“{str(odd[0])[:60]}” cannot be the name of a field." if odd else ""
            return Problem(what, "Use letters, digits and _.", path) if odd else None
        case list() | tuple():
            return None
    return Problem("This can not be printed.", "Use text, numbers, lists and groups.", path)


def _plain_name(key: Any) -> bool:
    plain = isinstance(key, str) and key.isidentifier() and len(key) <= 100
    return plain and not key.startswith("_") and unicodedata.normalize("NFKC", key) == key


def fields_of(value: Any, path: str = "") -> Iterator[str]:
    """Every path that these values have; a list is a field, and so is what it lists."""
    if not isinstance(value, Mapping):
        yield path
    for at, item in _items(value, path):
        yield from fields_of(item, at)


def only(values: Values, fields: Collection[str]) -> dict[str, Any]:
    """The values without what these fields do not name."""
    tree: dict[str, Any] = {}
    for path in fields:
        at = tree
        for step in path.replace("[]", ".[]").split("."):
            at = at.setdefault(step, {})
    kept: dict[str, Any] = _only(values, tree)
    return kept


def _only(value: Any, tree: Mapping[str, Any]) -> Any:
    if "[]" in tree and isinstance(value, Sequence) and not isinstance(value, str):
        return [_only(item, tree["[]"]) for item in value]
    if tree and isinstance(value, Mapping):
        return {key: _only(value[key], within) for key, within in tree.items() if key in value}
    return value


def lacks(values: Any, path: str) -> bool:
    """Is there no such field? One below an empty group or in an empty list is not asked for."""
    steps = path.replace("[]", ".[]").split(".")
    return _lacks(values, steps)


def _lacks(value: Any, steps: Sequence[str]) -> bool:
    if not steps:
        return False
    if steps[0] == "[]":
        if isinstance(value, Sequence) and not isinstance(value, str):
            return any(_lacks(item, steps[1:]) for item in value)
        return False  # the loop itself says that this is no list
    if not value and not isinstance(value, Mapping):
        return False
    return (
        not isinstance(value, Mapping)
        or steps[0] not in value
        or _lacks(value[steps[0]], steps[1:])
    )


def _items(value: Any, path: str) -> list[tuple[str, Any]]:
    match value:
        case None | str() | bool() | int() | float():
            return []
        case Mapping():
            return [(f"{path}.{key}" if path else key, item) for key, item in value.items()]
    return [(f"{path}[]", item) for item in value]
