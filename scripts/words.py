"""Collect what families read, and bring every catalog up to it; what is translated stays.

    .venv/bin/python scripts/words.py

Writes portal/languages/catalogs/portal.pot and each catalogs/<language>/portal.po. To add a
language, make its folder with an empty portal.po, run this, and translate what it lists.
A text that changed loses its translation: a guess is no translation of a consent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGS = ROOT / "portal" / "languages" / "catalogs"
TEMPLATE = "portal.pot"
FILE = "portal.po"

MARKS = {"N_": None, "_": None, "gettext": None, "ngettext": (1, 2)}
SOURCES = {"python": "portal/**/*.py", "jinja2": "portal/web/templates/family/*.html"}
"""By the name of Babel's extractor."""

OPTIONS = dict.fromkeys(("newstyle_gettext", "trimmed", "trim_blocks", "lstrip_blocks"), "true")
"""How the pages' templates are read; a broken one is told, not passed over."""

OURS = ("Last-Translator", "X-Version")
"""Headers that Babel would drop, or fill in with somebody who is nobody."""

DROPPED = (
    '"POT-Creation-Date:',
    '"PO-Revision-Date:',
    '"Generated-By:',
    '"Report-Msgid-Bugs-To:',
    '"Language-Team:',
    '"Last-Translator:',
)
"""Headers that would change without a change of words, or that say nothing."""


def collected(root: Path = ROOT) -> Catalog:
    """Every marked text, in the order of the files."""
    found = Catalog(project="portal", header_comment="# What families read.", fuzzy=False)
    for method, pattern in SOURCES.items():
        for file in sorted(root.glob(pattern)):
            for _line, ids, *_rest in extract_from_file(
                method, file, keywords=MARKS, options={**OPTIONS, "silent": "false"}
            ):
                found.add(ids)
    return found


def written(catalog: Catalog, kept: str = "") -> str:
    """The catalog as a file's text, with those headers of the old text that are ours."""
    out = BytesIO()
    write_po(out, catalog, width=100, no_location=True, ignore_obsolete=True)
    lines = out.getvalue().decode().splitlines()
    lines = [line for line in lines if not line.startswith(DROPPED)]
    place = next(n for n, line in enumerate(lines) if line.startswith('"MIME-Version'))
    lines[place:place] = list(_ours(kept)) if catalog.locale else []
    return "\n".join(lines).strip() + "\n"


def _ours(text: str) -> Iterator[str]:
    """Our headers as they were; in a new file, empty ones for the translator to fill in."""
    for header in OURS:
        found = re.findall(rf'^"{header}: .*"$', text, re.MULTILINE)
        yield from found or [f'"{header}: \\n"']


def updated(text: str, language: str, template: Catalog) -> str:
    """A language's file with exactly the texts of the template."""
    catalog = read_po(BytesIO(text.encode()), locale=language)
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    return written(catalog, text)


def write(root: Path = ROOT, catalogs: Path = CATALOGS) -> None:
    """Write the template and every language."""
    template = collected(root)
    (catalogs / TEMPLATE).write_text(written(template), encoding="utf-8")
    for file in sorted(catalogs.glob(f"*/{FILE}")):
        text = updated(file.read_text(encoding="utf-8"), file.parent.name, template)
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
