"""A Word file as somebody reads it on a screen: headings, paragraphs, items and tables, in order.

Only its text, with the numbers that Word would count: no picture, no header and footer, no look.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import docx
from docx.oxml.ns import qn

TITLE, PARAGRAPH = 1, 0
DEEPEST = 4
"""Levels of headings: the title has 1, a heading of Word's first level 2."""


@dataclass(frozen=True)
class Text:
    """A paragraph. level: 0 for none of the headings. number: such as `3.1`, or nothing.

    marks: names of bookmarks that begin here.
    """

    text: str
    level: int = PARAGRAPH
    number: str = ""
    is_item: bool = False
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grid:
    """A table, row by row."""

    rows: tuple[tuple[str, ...], ...]
    marks: tuple[str, ...] = ()


Block = Text | Grid


def outline(content: bytes) -> list[Block]:
    """Every block of the body that says something. content: a Word file that we made."""
    document = docx.Document(io.BytesIO(content))
    styles = {style.element.get(qn("w:styleId")): style.element for style in document.styles}
    return list(_Reader(styles, _Numbers(_levels(document), {})).blocks(document.element.body))


@dataclass
class _Reader:
    styles: Mapping[str, Any]
    numbers: _Numbers
    waiting: list[str] = field(default_factory=list)

    def blocks(self, body: Any) -> Iterator[Block]:
        """The blocks in order; a bookmark between two of them belongs to the later one."""
        for element in body.iterchildren():
            self.waiting += [str(m.get(qn("w:name"))) for m in element.iter(qn("w:bookmarkStart"))]
            block = self._block(element)
            if block is not None:
                self.waiting = []
                yield block

    def _block(self, element: Any) -> Block | None:
        marks = tuple(self.waiting)
        if element.tag == qn("w:p"):
            return self._paragraph(element, marks)
        if element.tag == qn("w:tbl"):
            rows = tuple(_row(row) for row in element.iter(qn("w:tr")))
            return Grid(rows, marks) if any(any(row) for row in rows) else None
        return None

    def _paragraph(self, element: Any, marks: tuple[str, ...]) -> Text | None:
        text = _text(element)
        if not text:
            return None
        style = self.styles.get(_value(element, "w:pPr/w:pStyle"))
        name = _value(style, "w:name") if style is not None else ""
        place = _place(element) or (_place(style) if style is not None else None)
        number, depth = self.numbers.next(*place) if place else ("", 0)
        is_item = depth > 1 or number == BULLET
        return Text(text, _level(name), number, is_item, marks)


# Numbers


BULLET = "•"
Level = tuple[str, str, int]
"""How a level of a list counts: its format, its text such as `%1.%2`, and where it starts."""


def _levels(document: Any) -> dict[str, list[Level]]:
    """The levels of each list, by the list's id."""
    parts = [rel.target_part for rel in document.part.rels.values() if "numbering" in rel.reltype]
    if not parts:
        return {}
    root = parts[0].element
    kinds = {
        kind.get(qn("w:abstractNumId")): [
            (
                _value(level, "w:numFmt"),
                _value(level, "w:lvlText"),
                int(_value(level, "w:start") or 1),
            )
            for level in kind.iterchildren(qn("w:lvl"))
        ]
        for kind in root.iterchildren(qn("w:abstractNum"))
    }
    return {
        one.get(qn("w:numId")): kinds.get(_value(one, "w:abstractNumId"), [])
        for one in root.iterchildren(qn("w:num"))
    }


@dataclass
class _Numbers:
    """Counts as Word does: a level begins anew under each number of the level above."""

    levels: Mapping[str, list[Level]]
    counts: dict[str, list[int]]

    def next(self, list_id: str, depth: int) -> tuple[str, int]:
        """The number of the next paragraph of this list at this depth, from 0, and the depth."""
        levels = self.levels.get(list_id, [])
        if depth >= len(levels):
            return "", depth
        form, text, _start = levels[depth]
        if form == "bullet":
            return BULLET, depth
        counts = self.counts.setdefault(list_id, [])
        counts += [levels[n][2] - 1 for n in range(len(counts), depth + 1)]
        del counts[depth + 1 :]
        counts[depth] += 1

        def told(found: re.Match[str]) -> str:
            level = int(found[1]) - 1
            return _counted(counts[level], levels[level][0]) if level < len(counts) else ""

        return re.sub(r"%(\d)", told, text), depth


def _counted(count: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter if form == "lowerLetter" else letter.upper()
    return str(count)


def _place(element: Any) -> tuple[str, int] | None:
    """The list of a paragraph or of a style, and the depth in it."""
    list_id = _value(element, "w:pPr/w:numPr/w:numId")
    return (list_id, int(_value(element, "w:pPr/w:numPr/w:ilvl") or 0)) if list_id else None


# Texts


def _value(element: Any, path: str) -> str:
    found = element.find("/".join(qn(step) for step in path.split("/")))
    return str(found.get(qn("w:val"), "")) if found is not None else ""


def _level(style: str) -> int:
    if style.casefold() == "title":
        return TITLE
    kind, _, number = style.casefold().partition(" ")
    return min(int(number) + 1, DEEPEST) if kind == "heading" and number.isdigit() else PARAGRAPH


def _row(row: Any) -> tuple[str, ...]:
    return tuple(
        "\n".join(text for part in cell.iter(qn("w:p")) if (text := _text(part)))
        for cell in row.iterchildren(qn("w:tc"))
    )


_SPACES = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}


def _text(paragraph: Any) -> str:
    said = (
        element.text or "" if element.tag == qn("w:t") else _SPACES.get(element.tag, "")
        for run in paragraph.iter(qn("w:r"))
        for element in run.iterchildren()
    )
    return "".join(said).strip()
