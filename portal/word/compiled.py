"""A template made ready: screened, read, and turned into what can be filled again and again.

The dialect is docxtpl's. Its own translation works on the markup as a string and repairs what
it broke; here the tags are put into the parsed document, so that nothing can break.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jinja2 import Template, nodes
from jinja2.exceptions import TemplateError
from lxml import etree

from portal.word.package import Package, W
from portal.word.problems import TemplateProblem, Unusable, around, of_file
from portal.word.reading import NOTE, XML_SPACE, Paragraph, Tag
from portal.word.sandbox import ATTRIBUTE, LISTED, Sandbox
from portal.word.screen import screen
from portal.word.structure import Part, bookmarks, element_of, read

OPENS, CLOSES = "\ufdd0", "\ufdd1"
"""Around the number of a tag, until it is put back. Noncharacters: no document has them."""

NUMBERED = re.compile(f"(?:<!--)?{OPENS}(\\d+){CLOSES}(?:-->)?")
FILLED = frozenset({"header", "footer", "footnotes", "endnotes"})
STRAY = re.compile(r"""(?:[^<>"']{0,40})\{[{%#][^<>"]{0,60}""")
LEFT_OVER = re.compile(r"\{[{%#]")


@dataclass(eq=False)
class CompiledPart:
    """A part that is filled anew each time. tags: by the line of the source, from 2."""

    name: str
    prefix: str
    template: Template
    tags: list[TemplateProblem]
    literal: list[str]
    whole: bool
    """Does it have tags that take away whole paragraphs, rows or cells?"""

    cells: bool
    """Does it have tags that repeat or take away the cells of a row?"""

    drawings: bool


@dataclass(eq=False)
class Compiled:
    """A template without a fault. uses: each field that a tag names, and where."""

    package: Package
    parts: list[CompiledPart] = field(default_factory=list)
    uses: list[tuple[Any, TemplateProblem]] = field(default_factory=list)
    bookmarks: frozenset[str] = frozenset()
    cache: dict[Any, Any] = field(default_factory=dict)

    @property
    def fields(self) -> set[str]:
        """Every path, like `lines[].category`."""
        return {use.path for use, _ in self.uses}


def assembled(package: Package, parts: list[Part]) -> Compiled:
    """The template of an examined file without problems; its trees are not used again."""
    made = Compiled(package, uses=[pair for part in parts for pair in part.uses])
    made.bookmarks = frozenset(bookmarks(package.trees[package.main]))
    for part in parts:
        if any(True for _ in part.tags) or part.attributes:
            made.parts.append(_compiled(part))
    return made


def examined(content: bytes) -> tuple[Package | None, list[Part], list[TemplateProblem]]:
    """The file, the parts that are filled with their tags, and all that is wrong."""
    screened = screen(content)
    package, problems = screened.package, list(screened.problems)
    if package is None:
        return None, [], problems
    parts = []
    for name in filled_parts(package):
        part, faults = read(name, package.trees[name])
        parts.append(part)
        problems += faults
        problems += _marks_of_ours(part)
    problems += _stray(package, {part.name for part in parts})
    return package, parts, problems


def filled_parts(package: Package) -> list[str]:
    """The text, headers, footers and notes."""
    around_it = [r.target for r in package.relations.get(package.main, ()) if r.name in FILLED]
    named = dict.fromkeys([package.main, *sorted(around_it)])
    return [name for name in named if name in package.trees]


def _marks_of_ours(part: Part) -> Iterator[TemplateProblem]:
    for paragraph in part.paragraphs:
        if re.search("[\ufdd0-\ufddf]", paragraph.text):
            yield paragraph.problem("There are characters here that no text has.", "Retype it.")
        if NOTE in paragraph.text:
            start = paragraph.text.index(NOTE)
            yield paragraph.problem(
                "A note of the template check stands here.", "Delete the note.", start, start + 20
            )


def _stray(package: Package, filled: set[str]) -> Iterator[TemplateProblem]:
    """Tags in parts that are not filled, and would be printed or kept as they stand."""
    for name, root in package.trees.items():
        if name in filled or name.endswith(".rels"):
            continue
        for text in ("".join(root.itertext()), etree.tostring(root, encoding="unicode")):
            if found := STRAY.search(text):
                yield TemplateProblem(name, None, found[0].strip(), NOT_FILLED, TAKE_OUT)
                break


NOT_FILLED = "A tag stands where nothing is filled in (a property, a comment, a chart, a setting)."
TAKE_OUT = "Take it out, or write it into the text, a header or a footer."


def _compiled(part: Part) -> CompiledPart:
    listed: list[tuple[str, TemplateProblem]] = []
    levels = {tag: family.level for family in part.families for tag in family.tags}
    whole = any(family.level for family in part.families)
    for paragraph in part.paragraphs:
        _write_tags(paragraph, levels, listed)
    for held in part.attributes:
        _write_attribute(part.name, held, listed)
    prefix = next((p for p, uri in part.root.nsmap.items() if f"{{{uri}}}" == W), None)
    source = _source(etree.tostring(part.root, encoding="unicode"), listed)
    return CompiledPart(
        part.name,
        f"{prefix}:" if prefix else "",
        template_of(source),
        [place for _, place in _by_line(source, listed)],
        part.literal,
        whole or any(tag.mark == "{#" for tag in part.tags),
        any(family.level == "tc" for family in part.families),
        any(e.tag.endswith("}docPr") for e in part.root.iter("*")),
    )


def _by_line(
    source: str, listed: Sequence[tuple[str, TemplateProblem]]
) -> list[tuple[str, TemplateProblem]]:
    """The tags in the order in which they stand in the source."""
    return [listed[int(number)] for number in re.findall(r"\{#(\d+)#\}", source)]


def _source(xml: str, listed: Sequence[tuple[str, TemplateProblem]]) -> str:
    """The part as a jinja template. Each tag is on a line of its own, so that it is found again."""
    pieces = NUMBERED.split(xml.replace("\r", " ").replace("\n", " "))
    for literal in pieces[0::2]:
        if LEFT_OVER.search(literal):
            raise Unusable([of_file("A tag cannot be read.", "Delete it and type it anew.")])
    for at in range(1, len(pieces), 2):
        number = pieces[at]
        text = listed[int(number)][0]
        pieces[at] = f"{{#{number}#}}{text[:2]}\n{text[2:]}"
    return "".join(pieces)


def template_of(source: str, *, autoescape: bool = True) -> Template:
    """A source whose tags have been checked, as jinja runs it. Raises Unusable."""
    sandbox = Sandbox(autoescape=autoescape)
    try:
        tree = sandbox.parse(source)
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(
                loop.iter, LISTED, [], [], None, None, lineno=loop.lineno, environment=sandbox
            )
        code = sandbox.compile(tree, name=None, filename=None)
    except (TemplateError, SyntaxError, RecursionError, MemoryError) as error:
        raise Unusable([of_file(TOO_MUCH, "Use fewer tags within tags.")]) from error
    return Template.from_code(sandbox, code, {}, None)


TOO_MUCH = "The tags of this template are too many or too deeply nested."


def _write_tags(
    paragraph: Paragraph, levels: Mapping[Tag, str], listed: list[tuple[str, TemplateProblem]]
) -> None:
    """Puts a number in the place of each tag, from the last to the first."""
    for tag in reversed(paragraph.tags):
        level = levels.get(tag) or ("p" if tag.mark == "{#" and tag.level == "p" else "")
        number = f"{OPENS}{len(listed)}{CLOSES}" if tag.mark != "{#" else ""
        if number:
            listed.append((jinja(tag), tag.problem("", "")))
        if level:
            _replace(element_of(tag, level), number)
        else:
            _write(paragraph, tag, number)


def jinja(tag: Tag) -> str:
    """The tag as jinja reads it, in plain letters."""
    if tag.mark == "{{":
        return f"{{{{ {tag.said} }}}}"
    return f"{{% {tag.said} %}}"


def _replace(element: Any, number: str) -> None:
    """The whole element becomes the tag; a bookmark in it is kept, beside it."""
    for mark in list(element.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
        mark.tail = None
        element.addprevious(mark)
    if number:
        element.addprevious(etree.Comment(number))
    element.getparent().remove(element)


def _write(paragraph: Paragraph, tag: Tag, number: str) -> None:
    start, end = trimmed(paragraph, tag)
    for piece in paragraph.within(start, end):
        if not piece.is_text:
            piece.element.getparent().remove(piece.element)
            continue
        text = piece.element.text or ""
        before = text[: max(start - piece.start, 0)]
        after = text[end - piece.start :] if end < piece.end else ""
        here = number if piece.start <= tag.start < piece.end else ""
        piece.element.text = before + here + after
        piece.element.set(XML_SPACE, "preserve")


def trimmed(paragraph: Paragraph, tag: Tag) -> tuple[int, int]:
    """From where to where a tag reaches, with the blanks that a dash in it takes away."""
    start, end = tag.start, tag.end
    while tag.trims[0] and start and paragraph.text[start - 1] in " \u00a0":
        start -= 1
    while tag.trims[1] and end < len(paragraph.text) and paragraph.text[end] in " \u00a0":
        end += 1
    return start, end


def _write_attribute(part: str, held: Any, listed: list[tuple[str, TemplateProblem]]) -> None:
    value = held.element.get(held.key)
    number = held.paragraph.number if held.paragraph else None
    place = TemplateProblem(part, number, around(value, 0, 0), "", "")
    said = iter(held.said)

    def numbered(_match: re.Match[str]) -> str:
        listed.append((f"{{{{ ({next(said)})|{ATTRIBUTE} }}}}", place))
        return f"{OPENS}{len(listed) - 1}{CLOSES}"

    held.element.set(held.key, re.sub(r"\{\{.*?\}\}", numbered, value))
