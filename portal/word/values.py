"""What may be printed: text, true or false, lists and dictionaries of these; and nothing else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from portal.errors import Problem

Values = Mapping[str, Any]

JOINERS = "\u200c\u200d"
"""Zero-width, and needed in the names of several languages."""

TAG_MARKS = re.compile(r"\{[{%#_]|[}%#_]\}")


def clean(value: Any) -> Any:
    """The same value without control, bidirectional or unpaired characters in its texts."""
    match value:
        case bool():
            return value
        case str():
            return "".join(_cleaned(c) for c in value).strip()
        case Mapping():
            return {key: clean(item) for key, item in value.items()}
        case Sequence():
            return [clean(item) for item in value]
    raise TypeError(f"a template takes text, lists and dictionaries, not {type(value).__name__}")


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


def fields_of(value: Any, path: str = "") -> Iterator[str]:
    """Every path that these values have; a list is a field, and so is what it lists."""
    if not isinstance(value, Mapping):
        yield path
    for at, item in _items(value, path):
        yield from fields_of(item, at)


def _items(value: Any, path: str) -> list[tuple[str, Any]]:
    match value:
        case str() | bool():
            return []
        case Mapping():
            return [(f"{path}.{key}" if path else key, item) for key, item in value.items()]
    return [(f"{path}[]", item) for item in value]
