"""Is this file a FHIR R4 Consent at all? What it says is `reading`.

The file is a stranger's: its size and depth are bounded before anything walks through it, every
problem is told at once with its place, and no more than a few dozen of them.
"""

from __future__ import annotations

import json
from typing import Any

from fhir.resources.R4B.consent import Consent
from pydantic import ValidationError

from portal.errors import BadFile, Problem
from portal.word.values import clean

Json = dict[str, Any]

MOST_BYTES = 1_000_000
"""A consent is a few kilobytes; its scan is a file of its own."""

DEEPEST = 24
MOST_PROBLEMS = 40
LONGEST = 80

AS_R4 = "Export the consent as FHIR R4 (4.0.1 or 4.3.0), resource Consent, in JSON, one in a file."
ASK_THE_SENDER = "Ask whoever made the file to correct it; FHIR R4 says what belongs there."


def open_file(content: bytes) -> Json:
    """The resource as JSON values, known to be a well-formed R4 Consent. Raises BadFile."""
    told = _parsed(content)
    if not isinstance(told, dict):
        raise _bad("The file holds no FHIR resource.", AS_R4)
    kind = told.get("resourceType")
    if kind != "Consent":
        raise _bad(f"The file holds no Consent but: {short(kind) or 'nothing named'}.", AS_R4)
    _validate(told)
    return told


def short(text: object) -> str:
    """A stranger's text, fit to be shown: clean, on one line, and not long."""
    told = " ".join(str(clean(str(text))).split()) if text is not None else ""
    return told if len(told) <= LONGEST else f"{told[:LONGEST]}…"


def _parsed(content: bytes) -> Any:
    if len(content) > MOST_BYTES:
        raise _bad("The file is larger than a megabyte.", "Bring the Consent alone. " + AS_R4)
    if not content.strip():
        raise _bad("The file is empty.", AS_R4)
    try:
        text = content.decode("utf-8-sig")
        told = json.loads(text, parse_constant=_no_number, object_pairs_hook=_once)
        json.dumps(told, ensure_ascii=False).encode()  # half a character is no text
    except _Twice as twice:
        raise _bad(f"A name stands twice in one object: {short(twice)}.", ASK_THE_SENDER) from None
    except (ValueError, RecursionError):
        raise _bad("The file is not JSON in UTF-8.", AS_R4) from None
    if _is_deep(told):
        raise _bad(f"The file is nested more than {DEEPEST} levels deep.", ASK_THE_SENDER)
    return told


class _Twice(ValueError):
    """Of two values of one name, a reader takes either: nobody knows which was signed."""


def _once(pairs: list[tuple[str, Any]]) -> Json:
    told = dict(pairs)
    if len(told) < len(pairs):
        names = [name for name, _value in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1))
    return told


def _no_number(name: str) -> None:
    raise ValueError(name)


def _is_deep(told: Any) -> bool:
    """Level by level, so that depth itself costs nothing."""
    level = [told]
    for _depth in range(DEEPEST):
        level = [
            inner
            for value in level
            if isinstance(value, (dict, list))
            for inner in (value.values() if isinstance(value, dict) else value)
        ]
    return any(isinstance(value, (dict, list)) for value in level)


def _validate(told: Json) -> None:
    try:
        Consent.model_validate(told)
    except ValidationError as invalid:
        raise BadFile(_problems(invalid)) from None
    except (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError):
        # what the validator itself stumbles over is no Consent either
        raise _bad("The file is not a valid R4 Consent.", ASK_THE_SENDER) from None


def _problems(invalid: ValidationError) -> list[Problem]:
    found = invalid.errors(include_url=False, include_context=False, include_input=False)
    told = [
        Problem(
            f"{short(error['msg']).removeprefix('Value error, ')}",
            ASK_THE_SENDER,
            field=_path(error["loc"]),
            where=_path(error["loc"]),
        )
        for error in found[:MOST_PROBLEMS]
    ]
    return list(dict.fromkeys(told))


def _path(loc: tuple[int | str, ...]) -> str:
    """`Consent.provision.code[0]`, as FHIR writes a place."""
    path = "Consent"
    for part in loc:
        path += f"[{part}]" if isinstance(part, int) else f".{short(part)}"
    return path


def _bad(what: str, do_next: str) -> BadFile:
    return BadFile([Problem(what, do_next)])
