"""What a line of the trail is hashed from, told twice: in Python when written, in SQL when checked.

    hash = sha256(hash of the line before + text of this line)

The text is every column of the line as the shelf holds it, joined by a separator that
no column may contain, and then its own length; an absent id is told apart from an empty
one. It is the same on both databases. Nothing is parsed to check a line: the stored texts
are hashed.
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
    "chain": TEXT,
    "position": NUMBER,
    "id": NUMBER,
    "at": INSTANT,
    "event": TEXT,
    "allowed": FLAG,
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
"""Every column of trail_line but the hash, in the order of the text. The order is for ever."""


def link(before: str, text: str) -> str:
    """The hash of a line whose predecessor has the hash `before`: 64 hexadecimal digits."""
    return hashlib.sha256((before + text).encode()).hexdigest()


def plain(text: str) -> str:
    """The text without the two characters that no column of the trail may hold."""
    return text.replace("\0", "").replace(SEPARATOR, "")


def text_of(line: Mapping[str, Any]) -> str:
    """The text of a line about to be written, as the shelf will hold it."""
    joined = SEPARATOR.join(TOLD[kind](line[name]) for name, kind in COLUMNS.items())
    return f"{joined}{SEPARATOR}{len(joined.encode())}"


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


def sql_text(dialect: str) -> str:
    """The same text of a stored line, as an expression of UTF-8 bytes over trail_line."""
    return _sqlite_text() if dialect == "sqlite" else _postgres_text()


SQLITE = {KEY: "coalesce('=' || {0}, '-')"}
POSTGRES = {
    INSTANT: "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
    FLAG: "{0}::integer",
    KEY: "coalesce('=' || replace({0}::text, '-', ''), '-')",
}


def _sqlite_text() -> str:
    """One call of printf, for each of many `||` would copy what is there so far.

    But printf stops at a NUL, and takes bytes for a text. So the length is counted from
    the columns themselves, and bytes where a text should be count one more.
    """
    parts = [SQLITE.get(kind, "{0}").format(name) for name, kind in COLUMNS.items()]
    octets = " + ".join(f"length(CAST({part} AS BLOB))" for part in parts)
    bytes_for_text = " + ".join(
        f"(typeof({name}) = 'blob')" for name, kind in COLUMNS.items() if kind not in (NUMBER, FLAG)
    )
    length = f"{octets} + {bytes_for_text} + {len(parts) - 1}"
    told = SEPARATOR.join(["%s"] * (len(parts) + 1))
    return f"CAST(printf('{told}', {', '.join(parts)}, {length}) AS BLOB)"


def _postgres_text() -> str:
    parts = [POSTGRES.get(kind, "{0}").format(name) for name, kind in COLUMNS.items()]
    separator = f"chr({ord(SEPARATOR)})"
    return (
        f"(SELECT convert_to(joined || {separator} || octet_length(joined), 'UTF8') "  # noqa: S608
        f"FROM (SELECT concat_ws({separator}, {', '.join(parts)}) AS joined OFFSET 0) AS told)"
    )
