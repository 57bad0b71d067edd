"""Blanks that are no tags yet: `____`, `[Name of District]`, `{date}`, «merge fields», controls.

Each is found with the words around it and the field it probably means. What is a line to sign on
or a box to tick is told apart, because it stays as it is.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from portal.word import language
from portal.word.alike import named
from portal.word.compiled import filled_parts
from portal.word.leaving import as_bytes
from portal.word.package import Package, W
from portal.word.problems import Unusable, around, of_file
from portal.word.reading import TAG, XML_SPACE, Paragraph, paragraphs
from portal.word.screen import screen

LEAVE = "leave"
NEAR = 0.7
"""Of 1: a field at least so alike to the words before a blank is proposed."""

PATTERNS = (
    ("line", re.compile(r"_{3,}(?:[ \u00a0]_{3,})*|\.{6,}|…{2,}")),
    ("tick", re.compile(r"\[[ \u00a0\t]*\]|[☐□]")),
    ("bracket", re.compile(r"\[[^\[\]]{1,120}\]")),
    ("brace", re.compile(r"\{[^{}]{1,400}\}")),
    ("merge", re.compile(r"«[^»]{1,120}»")),
)
TO_SIGN = re.compile(
    r"\b(by|signature|signed|sign here|date|date signed|initials?|witness|seal|x)\s*[:\-–]?\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Blank:
    """One blank.

    kind: line, sign, tick, bracket, brace, merge, control or highlight (a weak hint). blank: what
    stands there now. text: that with the words around. guess: a declared field, `leave`, or "".
    """

    id: str
    part: str
    paragraph: int
    kind: str
    blank: str
    text: str
    guess: str

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


def find(content: bytes, declared: Collection[str]) -> list[Blank]:
    """Every blank, in the order of the file. Raises Unusable."""
    package = _opened(content)
    return [
        blank
        for part in filled_parts(package)
        for paragraph in paragraphs(part, package.trees[part])
        for blank in _in_paragraph(paragraph, declared)
    ]


def with_fields(content: bytes, choices: Mapping[str, str]) -> bytes:
    """The file with a tag in the place of each chosen blank. Raises Unusable."""
    package = _opened(content)
    waiting = {key: field for key, field in choices.items() if field != LEAVE}
    for field in waiting.values():
        _good_field(field)
    changed = set()
    for part in filled_parts(package):
        for paragraph in paragraphs(part, package.trees[part]):
            for found in reversed(list(_spots(paragraph))):
                if (key := found.id(paragraph)) in waiting:
                    found.fill(paragraph, _tag(waiting.pop(key)))
                    changed.add(part)
    if waiting:
        raise Unusable([of_file("A blank is no longer where it was.", "Look for the blanks anew.")])
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in package.parts.items():
            archive.writestr(name, as_bytes(package.trees[name]) if name in changed else data)
    return saved.getvalue()


def _opened(content: bytes) -> Package:
    screened = screen(content)
    if screened.package is None:
        raise Unusable(screened.problems)
    return screened.package


def _good_field(field: str) -> None:
    try:
        language.printed(field.removesuffix("[]"), {})
    except language.NotAllowed as told:
        raise Unusable([of_file(f"“{field}”: {told.cause}", told.fix)]) from told


def _tag(field: str) -> str:
    if field.endswith("[]"):
        return f"{{{{ {field.removesuffix('[]')}|join(', ') }}}}"
    return f"{{{{ {field} }}}}"


@dataclass
class _Spot:
    """A stretch of a paragraph's text, or a content control."""

    kind: str
    start: int
    end: int
    label: str = ""
    control: Any = None

    def id(self, paragraph: Paragraph) -> str:
        return f"{paragraph.part}#{paragraph.number}:{self.start}-{self.end}"

    def fill(self, paragraph: Paragraph, tag: str) -> None:
        pieces = paragraph.within(self.start, self.end)
        if self.control is not None:
            _unhold(self.control)
        written = False
        for piece in pieces:
            if not piece.is_text:
                piece.element.getparent().remove(piece.element)
                continue
            text = piece.element.text or ""
            before = text[: max(self.start - piece.start, 0)]
            after = text[self.end - piece.start :] if self.end < piece.end else ""
            piece.element.text = before + ("" if written else tag) + after
            piece.element.set(XML_SPACE, "preserve")
            written = True
        if self.kind == "merge" and pieces:
            _unfield(pieces[0].element, pieces[0].field)


def _spots(paragraph: Paragraph) -> Iterator[_Spot]:
    """From the first to the last, none within another."""
    taken = [(match.start(), match.end()) for match in TAG.finditer(paragraph.text)]
    found: list[_Spot] = []
    candidates = [*_controls(paragraph), *_merge_fields(paragraph)]
    for kind, pattern in PATTERNS:
        candidates += [
            _Spot(kind, m.start(), m.end(), m[0]) for m in pattern.finditer(paragraph.text)
        ]
    candidates += _highlighted(paragraph)
    for spot in candidates:
        if all(spot.end <= start or end <= spot.start for start, end in taken):
            taken.append((spot.start, spot.end))
            found.append(spot)
    yield from sorted(found, key=lambda spot: spot.start)


def _controls(paragraph: Paragraph) -> Iterator[_Spot]:
    """Content controls that show their placeholder, or have a name of their own."""
    held: dict[Any, list[Any]] = {}
    for piece in paragraph.pieces:
        control = next(piece.element.iterancestors(f"{W}sdt"), None)
        if control is not None:
            held.setdefault(control, []).append(piece)
    for control, pieces in held.items():
        looks = control.find(f"{W}sdtPr")
        if looks is None or len(list(control.iter(f"{W}p"))) > 1:
            continue
        names = [looks.find(f"{W}{word}") for word in ("alias", "tag")]
        label = " ".join(name.get(f"{W}val", "") for name in names if name is not None)
        if looks.find("{*}checkbox") is not None:
            yield _Spot("tick", pieces[0].start, pieces[-1].end)
        elif label or looks.find(f"{W}showingPlcHdr") is not None:
            yield _Spot("control", pieces[0].start, pieces[-1].end, label, control)


def _merge_fields(paragraph: Paragraph) -> Iterator[_Spot]:
    held: dict[Any, list[Any]] = {}
    for piece in paragraph.pieces:
        simple = next(piece.element.iterancestors(f"{W}fldSimple"), None)
        code = piece.field if simple is None else simple
        if code is not None:
            held.setdefault(code, []).append(piece)
    for code, pieces in held.items():
        said = re.match(r"\s*MERGEFIELD\s+\"?([\w .-]+)", _instruction(code), re.IGNORECASE)
        if said:
            yield _Spot("merge", pieces[0].start, pieces[-1].end, said[1].strip())


def _instruction(code: Any) -> str:
    if code.tag == f"{W}fldSimple":
        return str(code.get(f"{W}instr", ""))
    text = ""
    run = code.getparent()
    while (run := run.getnext()) is not None:
        for element in run:
            if element.tag == f"{W}instrText":
                text += element.text or ""
            elif element.tag == f"{W}fldChar":
                return text
    return text


def _highlighted(paragraph: Paragraph) -> Iterator[_Spot]:
    start = end = None
    for piece in paragraph.pieces:
        if piece.element.getparent().find(f"{W}rPr/{W}highlight") is not None:
            start = piece.start if start is None else start
            end = piece.end
        elif start is not None and end is not None:
            yield _Spot("highlight", start, end, paragraph.text[start:end])
            start = end = None
    if start is not None and end is not None:
        yield _Spot("highlight", start, end, paragraph.text[start:end])


def _in_paragraph(paragraph: Paragraph, declared: Collection[str]) -> Iterator[Blank]:
    before = 0
    for spot in _spots(paragraph):
        label = paragraph.text[before : spot.start].strip() or _cell_before(paragraph)
        before = spot.end
        kind = "sign" if spot.kind == "line" and TO_SIGN.search(label) else spot.kind
        yield Blank(
            spot.id(paragraph),
            paragraph.part,
            paragraph.number,
            kind,
            paragraph.text[spot.start : spot.end],
            around(paragraph.text, spot.start, spot.end),
            LEAVE if kind in ("sign", "tick") else _guess(spot.label, label, declared),
        )


def _cell_before(paragraph: Paragraph) -> str:
    """In a table the label stands in the cell to the left."""
    cell = next(paragraph.element.iterancestors(f"{W}tc"), None)
    left = None if cell is None else cell.getprevious()
    return "" if left is None else "".join(t.text or "" for t in left.iter(f"{W}t"))


def _guess(own: str, label: str, declared: Collection[str]) -> str:
    """The field that the words in a blank, or those before it, are most alike to; or ""."""
    before = " ".join(label.split()[-5:])
    return named(own, declared, NEAR) or named(before, declared, NEAR)


def _unhold(control: Any) -> None:
    """A control that holds a value shows no placeholder, and is not bound to other data."""
    for gone in list(control.iter("{*}dataBinding", f"{W}showingPlcHdr")):
        gone.getparent().remove(gone)
    for style in list(control.iter(f"{W}rStyle")):
        if style.get(f"{W}val") == "PlaceholderText":
            style.getparent().remove(style)


def _unfield(text: Any, code: Any) -> None:
    """What a mail merge printed is text from now on."""
    simple = next(text.iterancestors(f"{W}fldSimple"), None)
    if simple is not None:
        for child in list(simple):
            simple.addprevious(child)
        simple.getparent().remove(simple)
        return
    run = code.getparent() if code is not None else None
    while run is not None:
        following, ended = run.getnext(), False
        for element in list(run):
            ended = ended or element.get(f"{W}fldCharType") == "end"
            if element.tag in (f"{W}fldChar", f"{W}instrText"):
                run.remove(element)
        run = None if ended else following
