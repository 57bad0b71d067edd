"""The table of the documents is what the code writes: every path of it, and no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from portal.consents.fhir import codes, export
from portal.vocabulary import Category, ConsentStatus, Purpose
from tests.consents.fhir import samples

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "fhir.md"
TEXT = PAGE.read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", TEXT, re.MULTILINE)
ADDRESSES = {
    value for name, value in vars(codes).items() if name.isupper() and isinstance(value, str)
}


def told_paths() -> set[str]:
    return {
        path
        for _ours, paths, _system in ROWS
        for path in re.findall(r"`(Consent[\w.\[\]]*)`", paths)
    }


def leaves(value: Any, path: str) -> Iterator[str]:
    """Each path that holds a value; lists and the parts of a coding are not told apart."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, path)
    else:
        yield path


def test_every_path_that_is_written_is_explained_and_no_other():
    written = set(leaves(export.resource(samples.everything()), "Consent"))
    told = told_paths()

    unexplained = {p for p in written if not any(p == t or p.startswith(f"{t}.") for t in told)}
    unwritten = {t for t in told if not any(p == t or p.startswith(f"{t}.") for p in written)}
    assert unexplained == set()
    assert unwritten == set()


def test_every_code_system_and_extension_is_named():
    named = {
        address for address in ADDRESSES if address.startswith((codes.HL7 + "/", codes.OURS + "/"))
    }

    assert [address for address in sorted(named) if address not in TEXT] == []


def test_every_status_purpose_and_label_stands_in_its_table():
    rows = {re.sub("`", "", ours): told for ours, told, _system in ROWS}

    for status in ConsentStatus:
        assert f"`{codes.STATUS[status]}`" in rows[str(status)]
    for purpose in Purpose:
        assert f"`{codes.purpose(purpose)['code']}`" in rows[str(purpose)]
    for category in Category:
        given = [coding["code"] for coding in codes.kind(category)["coding"]]
        assert all(f"`{code}`" in rows[str(category)] for code in given), category
