"""A part of a Word file as paragraphs of text, with the tags in them.

Word cuts a sentence into runs as it likes, so a tag is looked for in a paragraph's whole text,
and each of its letters is known by the element that holds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from portal.word.language import straightened
from portal.word.package import W
from portal.word.problems import TemplateProblem, around

TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
MARK = re.compile(r"\{\{|\}\}|\{%|%\}|\{#")

NOTE, NOTE_ENDS = "⟦Template check", "⟧"
"""Around a note that `annotate` writes; a file with one left in it is refused."""

NOTES = re.compile(f"{NOTE}[^⟧]*⟧")

STANDS_FOR = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
"""What a run holds besides its letters, and the letter it is read as."""

XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(frozen=True)
class Piece:
    """An element of text: its letters are from start to end of its paragraph's text.

    field: the field of Word in whose result it stands, if any.
    """

    element: Any
    start: int
    end: int
    field: Any = None

    @property
    def is_text(self) -> bool:
        """Can a tag be written into it?"""
        return bool(self.element.tag == f"{W}t")


@dataclass(eq=False)
class Paragraph:
    """number: from 1 in its part. text: its own letters, without those of a text box on it."""

    part: str
    number: int
    element: Any
    text: str
    pieces: tuple[Piece, ...]
    tags: list[Tag] = field(default_factory=list)

    def problem(
        self, cause: str, fix: str, start: int = 0, end: int | None = None
    ) -> TemplateProblem:
        """What is wrong here, with the words from start to end and around them."""
        end = len(self.text) if end is None else end
        return TemplateProblem(self.part, self.number, around(self.text, start, end), cause, fix)

    def within(self, start: int, end: int) -> list[Piece]:
        """The elements that hold a stretch of the text."""
        return [piece for piece in self.pieces if piece.start < end and start < piece.end]


@dataclass(eq=False)
class Tag:
    """A tag as it stands in a paragraph.

    mark: `{{`, `{%` or `{#`. level: `p`, `tr`, `tc` when the whole paragraph, row or cell is
    meant. said: what it says, in plain letters, without level and dashes. trims: does it take
    the blanks before and after it away?
    """

    paragraph: Paragraph
    start: int
    end: int
    mark: str
    level: str
    said: str
    trims: tuple[bool, bool] = (False, False)

    @property
    def word(self) -> str:
        """`for`, `if`, `endif` …: the first word of a `{% … %}`."""
        found = re.match(r"\w+", self.said) if self.mark == "{%" else None
        return found[0] if found else ""

    @property
    def rest(self) -> str:
        """What follows the first word."""
        return self.said[len(self.word) :].strip()

    @property
    def written(self) -> str:
        """As it was typed."""
        return self.paragraph.text[self.start : self.end]

    @property
    def pieces(self) -> list[Piece]:
        """The elements that hold it."""
        return self.paragraph.within(self.start, self.end)

    def problem(self, cause: str, fix: str) -> TemplateProblem:
        """What is wrong with it."""
        return self.paragraph.problem(cause, fix, self.start, self.end)


def paragraphs(part: str, root: Any) -> list[Paragraph]:
    """Every paragraph of a part, those of tables and text boxes included, in document order."""
    reader = _Reader()
    return [
        reader.paragraph(part, number, element)
        for number, element in enumerate(root.iter(f"{W}p"), start=1)
    ]


class _Reader:
    """Remembers which fields of Word are open from one paragraph to the next."""

    def __init__(self) -> None:
        self._open: list[Any] = []

    def paragraph(self, part: str, number: int, element: Any) -> Paragraph:
        text, pieces = "", []
        for found in _own(element):
            word = found.tag[len(W) :]
            if word == "fldChar":
                self._field(found)
                continue
            letters = (found.text or "") if word == "t" else STANDS_FOR[word]
            letters = letters.replace("\n", " ") if word == "t" else letters
            if letters:
                inside = self._open[-1] if self._open else None
                pieces.append(Piece(found, len(text), len(text) + len(letters), inside))
                text += letters
        return Paragraph(part, number, element, text, tuple(pieces))

    def _field(self, element: Any) -> None:
        kind = element.get(f"{W}fldCharType")
        if kind == "begin":
            self._open.append(element)
        elif kind == "end" and self._open:
            self._open.pop()


READ = frozenset({f"{W}t", f"{W}fldChar", *(f"{W}{word}" for word in STANDS_FOR)})


def _own(paragraph: Any) -> Iterator[Any]:
    """A paragraph's own letters and fields, without those of a text box that hangs on it."""
    for child in paragraph:
        if child.tag == f"{W}p":
            continue
        if child.tag in READ:
            yield child
        elif len(child) and child.tag not in (f"{W}pPr", f"{W}rPr"):
            yield from _own(child)


BLOCK = re.compile(r"(tr|tc|p|r)\s+(?=\S)")


def find_tags(paragraph: Paragraph) -> Iterator[TemplateProblem]:
    """Puts the tags of a paragraph into it; yields what is left of one that is not whole."""
    rest, last = [], 0
    text = NOTES.sub(lambda note: " " * len(note[0]), paragraph.text)
    for match in TAG.finditer(text):
        rest.append((last, match.start()))
        last = match.end()
        if match[0].count(match[0][:2]) > 1 and match[0][:2] in match[0][2:-2]:
            yield paragraph.problem(OPENED_TWICE, RETYPE, match.start(), match.end())
        else:
            paragraph.tags.append(_tag(paragraph, match))
    rest.append((last, len(paragraph.text)))
    for start, end in rest:
        for mark in MARK.finditer(text, start, end):
            cause = CLOSED if mark[0] in ("}}", "%}") else OPENED
            yield paragraph.problem(cause.format(mark[0]), RETYPE, mark.start(), mark.end())
            break


def _tag(paragraph: Paragraph, match: re.Match[str]) -> Tag:
    mark, said = match[0][:2], match[0][2:-2]
    trims = (said[:1] == "-", said[-1:] == "-")
    said = said[1:] if said[:1] in ("-", "+") else said
    said = said[:-1] if said[-1:] in ("-", "+") else said
    level, plain = "", straightened(said)
    if said[:1].strip() and (prefix := BLOCK.match(plain)):  # a blank before it makes it a name
        level, plain = prefix[1], plain[prefix.end() :]
    return Tag(paragraph, match.start(), match.end(), mark, level, plain, trims)


RETYPE = "Delete the whole tag and type it anew, in one piece, within one paragraph."
OPENED_TWICE = "A tag begins here within another one."
OPENED = "A tag begins here with {} and does not end in the same paragraph."
CLOSED = "A tag ends here with {} and does not begin in the same paragraph."
