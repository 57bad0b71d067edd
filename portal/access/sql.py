"""Small pieces of SQL that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import join
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from portal.store.base import Instant

WHITESPACE = "".join(chr(point) for point in range(0x110000) if chr(point).isspace())
"""What Python's str.strip removes; both engines' trim takes the same list."""

Moment = Any


def within(start: Any, end: Any, at: Moment) -> ColumnElement[bool]:
    """The half-open span [start, end) contains `at`; a null end is open, a null start is never."""
    return and_(start.is_not(None), start <= at, or_(end.is_(None), at < end))


def outside(start: Any, end: Any, at: Moment) -> ColumnElement[bool]:
    """The span does not contain `at`; a null start is no span at all."""
    return or_(start.is_(None), at < start, and_(end.is_not(None), end <= at))


def there_is(
    row: Any, *joined: tuple[Any, ColumnElement[bool]], where: Sequence[Any]
) -> ColumnElement[bool]:
    """A `row` exists, with a row of each `joined` table by its condition, and all of `where`.

    Only these tables are the subquery's own: any other one is that of whichever
    SELECT stands around it, however far out. (By itself the library looks one
    level out, and then quietly brings in the whole table a second time.)
    """
    own = row
    for table, on in joined:
        own = join(own, table, on)
    tables = [row, *(table for table, _on in joined)]
    return exists().select_from(own).where(*where).correlate_except(*tables)


def is_blank(text: Any) -> ColumnElement[bool]:
    """Nothing but white space."""
    return func.trim(text, WHITESPACE) == ""


def lists_word(words: Any, word: str) -> ColumnElement[bool]:
    """`word` is one of the words, which have one space between them.

    By taking it out and looking whether something is gone: LIKE reads capitals as small
    letters on SQLite, and an underscore as any letter.
    """
    padded = literal(" ").concat(words).concat(" ")
    return func.replace(padded, f" {word} ", "") != padded


class three_days_before(GenericFunction[datetime]):  # noqa: N801  (a SQL function's name)
    """An instant 72 hours earlier, to the microsecond. (Later would leave the calendar's end.)"""

    type = Instant()
    inherit_cache = True


@compiles(three_days_before, "sqlite")
def _three_days_sqlite(element: Any, compiler: SQLCompiler, **kw: Any) -> str:
    text = compiler.process(element.clauses, **kw)
    return f"(datetime(substr({text}, 1, 19), '-3 days') || substr({text}, 20))"


@compiles(three_days_before, "postgresql")
def _three_days_postgres(element: Any, compiler: SQLCompiler, **kw: Any) -> str:
    return f"({compiler.process(element.clauses, **kw)} - interval '72 hours')"
