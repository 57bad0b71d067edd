"""How the proof reads the trail: many lines at a time, as the shelf holds them.

It knows the two databases' fastest way out: plain rows of SQLite's driver, COPY of
PostgreSQL. Nothing is decided here; what a column should hold is store/chain.py's matter.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from typing import Any, NamedTuple

import psycopg
from sqlalchemy.exc import DBAPIError

from portal.store.chain import SEPARATOR, stored

AT_ONCE = 500
FIRST_ID, LAST_ID = -(1 << 63), (1 << 63) - 1
COPY_OUT = 3
"""What libpq answers when a COPY begins."""

Span = tuple[int, int]
"""From this id to that, both included."""
Told = tuple[bytes, bytes, str]
"""A line: the text it is hashed from, the hash it has, and its chain."""
Student = Any
"""The id of a line and of a student noted for it, as the database tells them."""


class Some(NamedTuple):
    """Lines that lie together, the students they were written with, and those noted for them."""

    lines: list[Told]
    written: list[Student]
    noted: list[Student]


def read(driver: Any, span: Span) -> Iterator[Some]:
    """All lines of the span in order of their ids, some at a time. driver: the connection.

    Raises SQLAlchemy's DBAPIError, as if it had been asked.
    """
    reader = _sqlite if isinstance(driver, sqlite3.Connection) else _postgres
    try:
        yield from reader(driver, span)
    except (sqlite3.Error, psycopg.Error) as error:
        raise DBAPIError("reading the trail", None, error) from error


def _asked(dialect: str) -> str:
    return f"SELECT {stored(dialect)}, hash FROM trail_line WHERE id BETWEEN "  # noqa: S608


NOTED = "SELECT line_id, student_id FROM trail_student WHERE line_id BETWEEN ? AND ? ORDER BY 1, 2"
NOTED_TOGETHER = (
    "SELECT coalesce(string_agg(line_id || ':' || replace(student_id::text, '-', ''), ',' "
    "ORDER BY line_id, student_id), '') FROM trail_student WHERE line_id BETWEEN {} AND {}"
)
"""In one row: each by itself would cost as much as a line."""


# SQLite


def _sqlite(driver: sqlite3.Connection, span: Span) -> Iterator[Some]:
    low, high = span
    while low <= high:
        try:
            some, last = _sqlite_some(driver, low, high)
        except sqlite3.OperationalError:  # bytes that are no text, where a text should be
            some, last = _sqlite_bytes(driver, low, high)
        yield some
        low = last + 1


def _sqlite_bytes(driver: sqlite3.Connection, low: int, high: int) -> tuple[Some, int]:
    usual = driver.text_factory
    driver.text_factory = lambda told: told.decode("utf-8", "surrogateescape")
    try:
        return _sqlite_some(driver, low, high)
    finally:
        driver.text_factory = usual


def _sqlite_some(driver: sqlite3.Connection, low: int, high: int) -> tuple[Some, int]:
    asked = f"{_asked('sqlite')} ? AND ? ORDER BY id LIMIT {AT_ONCE}"
    rows = driver.execute(asked, (low, high)).fetchall()
    last = rows[-1][0] if len(rows) == AT_ONCE else high
    noted = driver.execute(NOTED, (low, last)).fetchall()
    written = [(row[0], row[17]) for row in rows if row[17] != "[]"]
    return Some(_joined(rows), _each_student(written), noted), last


def _joined(rows: list[Any]) -> list[Told]:
    join = SEPARATOR.join
    try:
        return [
            (
                f"{row[0]}\x1f{row[1]}\x1f{row[2]}\x1f{join(row[3:18])}".encode(),
                row[18].encode(),
                row[3],
            )
            for row in rows
        ]
    except (TypeError, AttributeError, UnicodeEncodeError):
        return [_joined_with_care(row) for row in rows]


def _joined_with_care(row: Any) -> Told:
    """The same of a line that holds something other than text; what no line was hashed from."""
    texts = [value if isinstance(value, str) else f"\0{value!r}" for value in row[3:19]]
    told = [value.encode("utf-8", "surrogateescape") for value in texts]
    numbers = [f"{value}".encode() for value in row[:3]]
    return SEPARATOR.encode().join(numbers + told[:15]), told[15], texts[0]


def _each_student(written: list[tuple[Any, Any]]) -> list[Student]:
    return [
        (key, student)
        for key, students in written
        for student in (
            (students[2:-2],) if len(students) == 36 else str(students)[2:-2].split('", "')
        )
    ]


# PostgreSQL


def _postgres(driver: Any, span: Span) -> Iterator[Some]:
    asked = _asked("postgresql") + f"{span[0]} AND {span[1]} ORDER BY id"
    written: list[bytes] = []
    for rows in _copied(driver, asked):
        split = [(row, row[:BEGINNING].split(b"\x1f", 5)) for row in rows]
        lines = [
            (
                # it leaves out the zeros at the end of an instant
                row[:-65] if len(parts[4]) == 26 else _with_all_digits(row)[:-65],
                row[-64:],
                parts[3].decode(),
            )
            for row, parts in split
        ]
        for row, parts in split:
            if row[-67:-65] == b"[]":
                continue
            if row[-102:-99] == b'\x1f["':  # one student
                written.append(parts[0] + b":" + row[-99:-67])
            else:
                written += _each_of_many(parts[0], row[row.rindex(b"\x1f", 0, -65) + 3 : -67])
        yield Some(lines, [], [])
    (noted,) = (row for rows in _copied(driver, NOTED_TOGETHER.format(*span)) for row in rows)
    yield Some([], [b",".join(written)], [noted])


def _each_of_many(key: bytes, students: bytes) -> list[bytes]:
    return [key + b":" + student for student in students.split(b'", "')]


BEGINNING = 200
"""The columns before the event end within so many bytes."""


def _copied(driver: Any, asked: str) -> Iterator[list[bytes]]:
    """Rows as COPY tells them, without the driver's detours: these are most of the work."""
    connection = driver.pgconn
    copy = f"COPY ({asked}) TO STDOUT (DELIMITER '{SEPARATOR}', ENCODING 'UTF8')"
    begun = connection.exec_(copy.encode())
    if begun.status != COPY_OUT:
        raise psycopg.OperationalError(begun.error_message.decode(errors="replace"))
    take, rows = connection.get_copy_data, []
    while (row := take(0))[0] > 0:
        told = bytes(row[1])[:-1]
        rows.append(_unescaped(told) if b"\\" in told else told)
        if len(rows) == AT_ONCE:
            yield rows
            rows = []
    yield rows
    while (result := connection.get_result()) is not None:
        if error := result.error_message:
            raise psycopg.OperationalError(error.decode(errors="replace"))


ESCAPED = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}


def _unescaped(told: bytes) -> bytes:
    return re.sub(rb"\\(.)", lambda found: ESCAPED.get(found[1], found[1]), told, flags=re.DOTALL)


def _with_all_digits(row: bytes) -> bytes:
    *before, at, after = row.split(b"\x1f", 5)
    at = at if b"." in at else at + b"."
    return b"\x1f".join([*before, at.ljust(26, b"0"), after])
