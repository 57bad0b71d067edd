"""Rows as a spreadsheet opens them (CSV, UTF-8); nothing in them is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

MEDIA_TYPE = "text/csv"
FORMULA = tuple("=+-@\t\r\n")


def written(
    columns: Sequence[str], rows: Iterable[Sequence[str]], mark: Sequence[str] = ()
) -> bytes:
    """The file's bytes, with a head and a mark by which a spreadsheet knows the encoding.

    mark: what stands in rows of its own before everything, and the first of it after everything.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([safe(text)] for text in mark)
    writer.writerow(columns)
    writer.writerows([safe(text) for text in row] for row in rows)
    writer.writerows([safe(text)] for text in mark[:1])
    return out.getvalue().encode("utf-8-sig")


def safe(text: str) -> str:
    """The text, so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
