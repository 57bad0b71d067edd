"""What may be printed: text, true or false, nothing, pictures, lists and dictionaries of these."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from portal.word.values import clean


def as_json(values: Mapping[str, Any]) -> str:
    """The values for a template, their texts without control and bidirectional characters.

    bytes (a picture) become a list of numbers, of which typst makes bytes again.
    """
    return json.dumps(_plain(values), ensure_ascii=False)


def _plain(value: Any) -> Any:
    match value:
        case None:
            return None
        case bytes():
            return list(value)
        case Mapping():
            return {key: _plain(item) for key, item in value.items()}
        case Sequence() if not isinstance(value, str):
            return [_plain(item) for item in value]
    return clean(value)
