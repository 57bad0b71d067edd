"""One CSV file as rows of text, read strictly with the csv module.

Text stays text: leading zeros, `Null`, `NA` and `=cmd` are kept as written.
Columns that must never be kept (passwords, Social Security numbers) are left
out here, so nothing behind this module has ever seen them.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portal.directory.loaders.report import Report

LONGEST_CELL = 10_000
SAVE_AS_UTF8 = 'Save the file as "CSV UTF-8", with commas, and bring the whole set again.'
FORBIDDEN = re.compile(r"password|passwd|(?<![a-z])ssn(?![a-z])|social_?security", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
EXCEL_TEXT = re.compile(r'="(.*)"\Z', re.DOTALL)

csv.field_size_limit(1 << 30)  # a cell that is too long is told with its row, not by a csv.Error


@dataclass(frozen=True)
class Row:
    """A row by lower-case column names. number: as a spreadsheet counts, the header being 1."""

    number: int
    cells: dict[str, str]

    def get(self, *columns: str) -> str:
        """The first of these columns that says something; empty when none does."""
        for column in columns:
            if found := self.cells.get(column.lower(), ""):
                return found
        return ""


@dataclass(frozen=True)
class Table:
    """A file's header, in lower case, and its rows. whole: no row had to be left out."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    whole: bool


def read(file: str, content: bytes, report: Report, *, line_breaks: bool = False) -> Table | None:
    """The rows of a file; None when it cannot be read at all, which the report then tells.

    line_breaks: whether a cell may hold one. Where it may not, one tells of an open quotation mark.
    """
    text = _decoded(file, content, report)
    if text is None:
        return None
    records = _records(file, text, report)
    header = next(records, None)
    columns = _header(file, header[1], report) if header else None
    if columns is None:
        if not content.strip():
            report.problem("The file is empty.", "Export it again, with its header row.", file)
        return None
    before = len(report.problems)
    rows = tuple(_rows(file, columns, records, report, line_breaks=line_breaks))
    kept = tuple(name.lower() for name in columns if _is_kept(name))
    return Table(file, kept, rows, whole=len(report.problems) == before)


def _is_kept(column: str) -> bool:
    return bool(column) and not FORBIDDEN.search(column)


def _decoded(file: str, content: bytes, report: Report) -> str | None:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or content[:200].count(0) > 20:
        report.problem("The file is written in UTF-16.", SAVE_AS_UTF8, file)
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        column = _column_at(content, error.start)
        report.problem(
            "The file is not written in UTF-8; perhaps in Windows-1252.",
            SAVE_AS_UTF8,
            file,
            row,
            column,
        )
        return None


def _column_at(content: bytes, position: int) -> str:
    """The header of the column that holds this byte, as far as a line can tell."""
    header = next(csv.reader(io.StringIO(content.decode("cp1252", "replace"))), [])
    start = content.rfind(b"\n", 0, position) + 1
    before = content[start:position].decode("cp1252", "replace")
    index = len(next(csv.reader(io.StringIO(before)), [""])) - 1
    return header[index].strip() if 0 <= index < len(header) else ""


def _records(file: str, text: str, report: Report) -> Iterator[tuple[int, list[str]]]:
    """Numbered records; a file whose quotation marks do not match ends with a problem."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    while True:
        number += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            report.problem(
                "A quotation mark is opened and not closed, or stands in the middle of a cell.",
                "Put the whole cell in quotation marks and double those inside it.",
                file,
                number,
            )
            return
        yield number, record


def _header(file: str, record: Sequence[str], report: Report) -> list[str] | None:
    columns = [name.strip() for name in record]
    other = next((mark for mark in ";\t|" if mark in record[0]), "") if len(record) == 1 else ""
    if other:
        name = {"\t": "tabs", ";": "semicolons", "|": "upright bars"}[other]
        report.problem(f"The cells are separated by {name}.", SAVE_AS_UTF8, file, 1)
        return None
    if not any(columns):
        report.problem("The first row has no column names.", "Export it with a header.", file, 1)
        return None
    times = Counter(name.lower() for name in columns if name)
    repeated = [name for name in times if times[name] > 1]
    for name in repeated:
        report.problem("The column is there twice.", "Keep the one that is right.", file, 1, name)
    return None if repeated else columns


def _rows(
    file: str,
    columns: list[str],
    records: Iterator[tuple[int, list[str]]],
    report: Report,
    *,
    line_breaks: bool,
) -> Iterator[Row]:
    kept = [(i, c.lower()) for i, c in enumerate(columns) if _is_kept(c)]
    nameless = [i for i, c in enumerate(columns) if not c]
    for number, record in records:
        if not any(record) or not _fits(file, columns, number, record, report):
            continue
        if any(record[i].strip() for i in nameless):
            report.problem(
                "There is text in a column without a name: the row has probably slipped.",
                "Put a cell that holds commas in quotation marks, or name the column.",
                file,
                number,
            )
            continue
        cells = {column: _cell(record[i]) for i, column in kept}
        together = "".join(cells.values())
        if len(together) > LONGEST_CELL or not together.isprintable():
            for i, column in kept:
                place = (file, number, columns[i])
                _check(cells[column], place, report, line_breaks=line_breaks)
        yield Row(number, cells)


def _fits(file: str, columns: list[str], number: int, record: list[str], report: Report) -> bool:
    surplus = record[len(columns) :]
    if len(record) == len(columns):
        return True
    if surplus and not any(cell.strip() for cell in surplus):
        report.warn(
            f"The row has more cells than the header ({len(columns)}); those in excess are empty.",
            "Nothing was lost. Ask for a clean export when you can.",
            file,
            number,
        )
        return True
    report.problem(
        f"The row has {len(record)} cells and the header {len(columns)}.",
        "Put a cell that holds commas in quotation marks, or add the missing commas.",
        file,
        number,
    )
    return False


def _cell(text: str) -> str:
    """Trimmed, and without the wrapper ="…" that keeps a spreadsheet from eating zeros."""
    text = text.strip()
    if text.startswith('="') and (wrapped := EXCEL_TEXT.match(text)):
        return wrapped.group(1).strip()
    return text


def _check(cell: str, place: tuple[str, int, str], report: Report, *, line_breaks: bool) -> None:
    if len(cell) > LONGEST_CELL:
        report.problem(
            f"The cell is {len(cell):,} characters long.", "Shorten it, or leave it empty.", *place
        )
    if CONTROL.search(cell):
        report.problem("The cell holds an invisible control character.", "Type it anew.", *place)
    if not line_breaks and ("\n" in cell or "\r" in cell):
        report.problem(
            "The cell goes over several lines: a quotation mark is probably not closed.",
            "Close it, or take the line break out.",
            *place,
        )
