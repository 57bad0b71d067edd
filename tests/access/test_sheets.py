"""A file for a spreadsheet: its bytes, and nothing in it that a spreadsheet would reckon."""

from __future__ import annotations

from portal.access import sheets

ROWS = [("=1+1", "a, b"), ('"two"\nlines', "ñ"), ("\t1", " -1"), ("X=1", "")]
TOLD = (
    b'\xef\xbb\xbfOne,Two\r\n\'=1+1,"a, b"\r\n"""two""\nlines",\xc3\xb1\r\n\'\t1,\' -1\r\nX=1,\r\n'
)


def test_a_file_tells_its_encoding_its_columns_and_its_rows_without_a_formula() -> None:
    assert sheets.written(["One", "Two"], ROWS) == TOLD


def test_a_mark_stands_before_everything_and_the_first_of_it_after_everything() -> None:
    told = sheets.written(["One"], [["x"]], mark=["=Ana", "for school use"])

    assert told.decode("utf-8-sig").split("\r\n") == [
        *("'=Ana", "for school use", "One", "x", "'=Ana", "")
    ]
