"""What a line of the trail is hashed from, told in Python; and as it is read where it lies.

    hash = sha256(hash of the line before + text of this line)

The text is every column of the line as the shelf holds it, joined by a separator that no
column may contain; an absent id is told apart from an empty one. As many columns are
always joined, so a separator that somebody put into one shows. The text is the same on
both databases. Nothing is parsed to check a line: the stored texts are hashed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

SEPARATOR = "\x1f"
GENESIS = "0" * 64
"""What stands for the hash before a chain's first line."""

NUMBER, TEXT, INSTANT, FLAG, KEY, JSON = "number", "text", "instant", "flag", "key", "json"

COLUMNS: dict[str, str] = {
    "id": NUMBER,
    "position": NUMBER,
    "allowed": FLAG,
    "chain": TEXT,
    "at": INSTANT,
    "event": TEXT,
    "user_id": KEY,
    "user_name": TEXT,
    "organization_id": KEY,
    "organization_name": TEXT,
    "subject": TEXT,
    "purpose": TEXT,
    "opened": JSON,
    "closed": JSON,
    "codes": JSON,
    "basis": JSON,
    "detail": JSON,
    "students": JSON,
}
"""Every column of trail_line but the hash, in the order of the text. The order is for ever.

What SQLite holds as a number comes first: the rest can be joined as it is read.
"""


def link(before: str, text: str) -> str:
    """The hash of a line whose predecessor has the hash `before`: 64 hexadecimal digits."""
    return hashlib.sha256((before + text).encode()).hexdigest()


def plain(text: str) -> str:
    """The text without the two characters that no column of the trail may hold."""
    return text.replace("\0", "").replace(SEPARATOR, "")


def text_of(line: Mapping[str, Any]) -> str:
    """The text of a line about to be written, as the shelf will hold it."""
    return SEPARATOR.join(TOLD[kind](line[name]) for name, kind in COLUMNS.items())


def _instant(value: datetime) -> str:
    utc = value.astimezone(UTC).replace(tzinfo=None)
    return utc.isoformat(sep=" ", timespec="microseconds")


TOLD: dict[str, Callable[[Any], str]] = {
    NUMBER: str,
    TEXT: str,
    INSTANT: _instant,
    FLAG: lambda value: "1" if value else "0",
    KEY: lambda value: "-" if value is None else f"={value.hex}",
    JSON: json.dumps,  # as SQLAlchemy writes the column
}


SQLITE = {KEY: "coalesce('=' || {0}, '-')"}
POSTGRES = {
    INSTANT: "{0} AT TIME ZONE 'UTC'",
    FLAG: "{0}::integer",
    KEY: "coalesce('=' || replace({0}::text, '-', ''), '-')",
}


def stored(dialect: str) -> str:
    """The columns of the text, as the SELECT list of a question to trail_line."""
    told = SQLITE if dialect == "sqlite" else POSTGRES
    return ", ".join(told.get(kind, "{0}").format(name) for name, kind in COLUMNS.items())
