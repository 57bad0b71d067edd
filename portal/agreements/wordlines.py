"""What a Word document says, line by line: with insertions accepted and deletions taken out.

A line is a paragraph, or a whole row of a table that holds no clause. Each knows in which clause
it stands: a bookmark `clause_<id>` goes around every clause, and Word keeps it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.agreements.opening import FIELD, Parts, W, ancestors, attribute
from portal.agreements.textual import plain
from portal.errors import BadFile, Problem

MARK = "clause_"
MOST_LINES = 4000
MOST_COMMENTS = 500
_BREAKS = {f"{W}tab": " ", f"{W}br": " ", f"{W}cr": " ", f"{W}noBreakHyphen": "-"}
_COUNTING = ("PAGE", "NUMPAGES", "PAGEREF", "SECTIONPAGES")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


@dataclass(frozen=True)
class WordComment:
    """A comment that somebody put into the file. clause: where it stands, "" outside of all.

    quoted: the words it is about. author: as Word has it; nobody vouches for it.
    place: of the paragraph that it stands at, as in WordLine.
    """

    clause: str
    author: str
    text: str
    quoted: str
    place: int = -1


@dataclass(frozen=True)
class WordLine:
    """One line. clause: "" outside of all. style: its name in Word. place: of its paragraph."""

    text: str
    clause: str = ""
    is_heading: bool = False
    is_row: bool = False
    style: str = ""
    place: int = -1


@dataclass(frozen=True)
class Said:
    """All that a document says. marked: the clauses that have their bookmark.

    apart: the lines of headers, footers and notes. hidden: words that Word does not show.
    struck: words struck through by hand.
    """

    lines: tuple[WordLine, ...]
    marked: frozenset[str]
    apart: tuple[str, ...]
    comments: tuple[WordComment, ...]
    hidden: tuple[str, ...] = ()
    struck: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All of it, to search in."""
        return plain(" ".join((*(line.text for line in self.lines), *self.apart)))


def said(parts: Parts) -> Said:
    """Raises BadFile for a document that is too long to be an agreement."""
    body = parts.document.find(f"{W}body")
    reader = _Reader(body if body is not None else parts.document)
    lines = tuple(reader.lines())
    if len(lines) > MOST_LINES:
        what = "The file has too many paragraphs for an agreement."
        raise BadFile([Problem(what, "Send back the file that you received.", FIELD)])
    return Said(
        lines=lines,
        marked=frozenset(reader.marked),
        apart=tuple(_apart(parts.apart)),
        comments=tuple(_comments(parts.comments, reader.anchors)),
        hidden=tuple(reader.kept_out["vanish"]),
        struck=tuple(reader.kept_out["strike"]),
    )


@dataclass
class _Anchor:
    clause: str = ""
    place: int = -1
    words: list[str] = field(default_factory=list)


@dataclass
class _Paragraph:
    """A paragraph while it is read. begun: how much was said when a clause began in it."""

    element: Any
    place: int
    clauses: list[str]
    begun: dict[str, int] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """With single spaces."""
        return " ".join("".join(self.words).replace("\xa0", " ").split())

    @property
    def length(self) -> int:
        """How much it says so far."""
        return len("".join(self.words).strip())

    @property
    def stands_in(self) -> list[str]:
        """Its clauses; one that begins after its last word is that of the next paragraph."""
        late = {clause for clause, length in self.begun.items() if 0 < self.length <= length}
        return [clause for clause in dict.fromkeys(self.clauses) if clause not in late]


class _Reader:
    """Through a part once, in its order."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self.names = _names(root)
        self.open: dict[str, str] = {}
        self.marked: set[str] = set()
        self.anchors: dict[str, _Anchor] = {}
        self.commented: set[str] = set()
        self.kept_out: dict[str, list[str]] = {"vanish": [], "strike": []}
        self.fields: list[str] = []
        self.paragraphs: dict[Any, _Paragraph] = {}

    def lines(self) -> Iterator[WordLine]:
        """Every line with words in it."""
        self._read()
        row, cells, carried = None, list[str](), ""
        for paragraph in self.paragraphs.values():
            if (around := _row_of(paragraph.element)) is not row:
                yield from _row(cells)
                row, cells = around, []
            text = f"{carried} {paragraph.text}".strip()
            carried = text if _runs_on(paragraph.element) else ""
            if carried or not text or _is_gone(paragraph.element):
                continue
            if row is not None and not paragraph.stands_in:
                cells.append(text)
            else:
                yield _line(paragraph, text)
        yield from _row(cells)

    def _read(self) -> None:
        for element in self.root.iter():
            if not isinstance(element.tag, str) or _is_said_twice(element):
                continue
            if element.tag == f"{W}p":
                clauses = list(self.open.values())
                self.paragraphs[element] = _Paragraph(element, len(self.paragraphs), clauses)
                continue
            owner = self.paragraphs.get(next(ancestors(element, "p"), None))
            self._mark(element, owner)
            self._comment(element, owner)
            self._field(element)
            if owner is not None and (words := self._words(element)):
                owner.words.append(words)
                for key in self.commented:
                    self.anchors[key].words.append(words)

    def _mark(self, element: Any, owner: _Paragraph | None) -> None:
        """A clause begins; or ends, and if before the first word, it had ended above."""
        number = attribute(element, "id")
        if element.tag == f"{W}bookmarkStart" and number in self.names:
            clause = self.names[number]
            self.marked.add(clause)
            if owner is not None and clause not in self.open.values():
                owner.clauses.append(clause)
                owner.begun[clause] = owner.length
            self.open[number] = clause
        elif element.tag == f"{W}bookmarkEnd" and number in self.open:
            ended = self.open[number]
            self.open = {key: name for key, name in self.open.items() if name != ended}
            if owner is not None and not owner.length and ended not in owner.begun:
                owner.clauses = [clause for clause in owner.clauses if clause != ended]

    def _comment(self, element: Any, owner: _Paragraph | None) -> None:
        key = attribute(element, "id")
        if element.tag in (f"{W}commentRangeStart", f"{W}commentReference"):
            clauses = owner.clauses if owner is not None else list(self.open.values())
            place = owner.place if owner is not None else -1
            self.anchors.setdefault(key, _Anchor(clauses[0] if clauses else "", place))
        if element.tag == f"{W}commentRangeStart":
            self.commented.add(key)
        elif element.tag == f"{W}commentRangeEnd":
            self.commented.discard(key)

    def _field(self, element: Any) -> None:
        kind = attribute(element, "fldCharType") if element.tag == f"{W}fldChar" else ""
        if kind == "begin":
            self.fields.append("")
        elif kind == "end" and self.fields:
            self.fields.pop()
        elif element.tag == f"{W}instrText" and self.fields:
            self.fields[-1] += element.text or ""

    def _words(self, element: Any) -> str:
        """What this element adds; nothing for what is deleted, moved away, hidden or struck."""
        text = element.text or "" if element.tag == f"{W}t" else _BREAKS.get(element.tag, "")
        if not text or next(ancestors(element, "del", "moveFrom"), None) is not None:
            return ""
        if self._counts(element):
            text = "".join(c for c in text if not c.isdigit())
        run = next(ancestors(element, "r"), None)
        for name, found in self.kept_out.items():
            if run is not None and _is_on(run, name):
                found += [text.strip()] if text.strip() else []
                return ""
        return text

    def _counts(self, element: Any) -> bool:
        """Does it stand in a field that Word counts anew, such as the number of a page?"""
        simple = next(ancestors(element, "fldSimple"), None)
        codes = [*self.fields, attribute(simple, "instr") if simple is not None else ""]
        return any(code.split()[:1] and code.split()[0].upper() in _COUNTING for code in codes)


def _names(root: Any) -> dict[str, str]:
    """The clause of each bookmark, by the bookmark's number.

    LibreOffice writes one that goes over several paragraphs as two beginnings of the same name
    and one end. One that never ends marks nothing.
    """
    ends = {attribute(end, "id") for end in root.iter(f"{W}bookmarkEnd")}
    names = {
        attribute(start, "id"): attribute(start, "name").removeprefix(MARK)
        for start in root.iter(f"{W}bookmarkStart")
        if attribute(start, "name").startswith(MARK)
    }
    ended = {name for number, name in names.items() if number in ends}
    return {number: name for number, name in names.items() if name in ended}


def _line(paragraph: _Paragraph, text: str) -> WordLine:
    """A line that two clauses share is of neither: nobody could tell whose words they are."""
    style = paragraph.element.find(f"{W}pPr/{W}pStyle")
    name = attribute(style, "val") if style is not None else ""
    clauses = paragraph.stands_in
    clause = clauses[0] if len(clauses) == 1 else ""
    heading = "heading" in name.lower() or "title" in name.lower()
    return WordLine(text, clause, heading and not clause, False, name, paragraph.place)


def _is_said_twice(element: Any) -> bool:
    """Does it stand in what only older programs show, beside the same for newer ones?"""
    return next(element.iterancestors(_FALLBACK), None) is not None


def _row_of(element: Any) -> Any:
    return next(ancestors(element, "tr"), None)


def _row(cells: Iterable[str]) -> Iterator[WordLine]:
    if text := " | ".join(cells):
        yield WordLine(text, is_row=True)


def _is_on(run: Any, name: str) -> bool:
    """Is the run hidden, or struck through once or twice?"""
    for tag in (name, "dstrike") if name == "strike" else (name,):
        mark = run.find(f"{W}rPr/{W}{tag}")
        if mark is not None and attribute(mark, "val") not in ("0", "false", "off"):
            return True
    return False


def _runs_on(element: Any) -> bool:
    """Was the end of the paragraph deleted with changes tracked, so that the next one joins it?"""
    return element.find(f"{W}pPr/{W}rPr/{W}del") is not None


def _is_gone(element: Any) -> bool:
    """Does it stand in a row of a table that was deleted with changes tracked?"""
    return any(row.find(f"{W}trPr/{W}del") is not None for row in ancestors(element, "tr"))


def _apart(parts: Mapping[str, Any]) -> Iterator[str]:
    """Lines of headers, footers and notes, each once, without the numbers that Word counts."""
    told: dict[str, str] = {}
    for name in sorted(parts):
        for line in _Reader(parts[name]).lines():
            told.setdefault("".join(c for c in plain(line.text) if not c.isdigit()), line.text)
    return (text for key, text in told.items() if key.strip())


def _comments(root: Any | None, anchors: Mapping[str, _Anchor]) -> Iterator[WordComment]:
    if root is None:
        return
    for element in list(root.iter(f"{W}comment"))[:MOST_COMMENTS]:
        paragraphs = ("".join(t.text or "" for t in p.iter(f"{W}t")) for p in element.iter(f"{W}p"))
        text = "\n".join(line.strip() for line in paragraphs if line.strip())
        anchor = anchors.get(attribute(element, "id"), _Anchor())
        quoted = " ".join("".join(anchor.words).split())
        if text:
            author = attribute(element, "author")
            yield WordComment(anchor.clause, author, text, quoted, anchor.place)
