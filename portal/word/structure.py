"""How the tags of a part belong together: which `endfor` ends which `for`, and what lies between.

A tag that stands alone in its paragraph takes the whole paragraph, so that no empty line is left;
`{%tr … %}` and `{%tc … %}` take a row or a cell. Any other tag works within the text. What is
between the two ends must be whole paragraphs, rows or cells: otherwise a document would lose what
lies on one side of an edge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from portal.word import language
from portal.word.language import NotAllowed, Scope, Use
from portal.word.package import W
from portal.word.problems import TemplateProblem, around
from portal.word.reading import RETYPE, Paragraph, Tag, find_tags, paragraphs

DEEPEST = 10
"""Tags within tags within tags."""

ATTRIBUTES = re.compile(r"(bookmarkStart\.(name|id)|bookmarkEnd\.id|(docPr|cNvPr)\.(descr|title))")
"""Where a field may stand besides the text: a bookmark's name and number, a picture's words."""

HOLDS = frozenset(
    f"{W}{word}"
    for word in ("drawing", "pict", "sectPr", "footnoteReference", "endnoteReference", "fldChar")
) | {f"{W}sym", f"{W}fldSimple"}
THROUGH = frozenset(f"{W}{word}" for word in ("smartTag", "customXml", "bdo", "dir", "ins"))
"""Around letters without making an edge that anybody sees; a tag may reach across."""

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
WORDS = frozenset({"for", "if", "elif", "else", "endfor", "endif"})
LEVELS = {"p": "paragraph", "tr": "row", "tc": "cell"}


@dataclass(eq=False)
class Family:
    """A `for` or an `if` with what belongs to it. level: "" within text, or `p`, `tr`, `tc`."""

    tags: list[Tag]
    level: str = ""


@dataclass(eq=False)
class InAttribute:
    """A text with fields in an attribute, such as the name of a bookmark."""

    element: Any
    key: str
    paragraph: Paragraph | None
    said: list[str] = field(default_factory=list)


@dataclass
class Part:
    """One part that is filled. literal: paragraphs without a tag that nothing can take away."""

    name: str
    root: Any
    paragraphs: list[Paragraph]
    attributes: list[InAttribute]
    families: list[Family] = field(default_factory=list)
    literal: list[str] = field(default_factory=list)
    uses: list[tuple[Use, TemplateProblem]] = field(default_factory=list)

    @property
    def tags(self) -> Iterator[Tag]:
        """All of them, paragraph after paragraph."""
        for paragraph in self.paragraphs:
            yield from paragraph.tags


@dataclass
class _Open:
    tags: list[Tag]
    scope: Scope


def read(name: str, root: Any) -> tuple[Part, list[TemplateProblem]]:
    """A part with its tags in order, and all that is wrong with them."""
    part = Part(name, root, paragraphs(name, root), [])
    problems = [problem for paragraph in part.paragraphs for problem in find_tags(paragraph)]
    part.attributes, faults = _in_attributes(part)
    problems += faults
    problems += [found for tag in part.tags if (found := _torn(tag))]
    problems += _math(part)
    problems += _Walk(part).problems()
    if not problems:
        problems += [found for family in part.families for found in _family(family)]
    return part, problems


def texts(root: Any) -> list[str]:
    """The words of each paragraph, quickly; a text box keeps those that follow it."""
    found: list[list[str]] = []
    for element in root.iter(f"{W}p", f"{W}t"):
        if element.tag == f"{W}p":
            found.append([])
        elif found:
            found[-1].append(element.text or "")
    return ["".join(words) for words in found]


def bookmarks(root: Any) -> set[str]:
    """The names of all bookmarks in a part."""
    return {str(mark.get(f"{W}name")) for mark in root.iter(f"{W}bookmarkStart")}


def _in_attributes(part: Part) -> tuple[list[InAttribute], list[TemplateProblem]]:
    numbers = {paragraph.element: paragraph for paragraph in part.paragraphs}
    found: list[InAttribute] = []
    problems: list[TemplateProblem] = []
    for element in part.root.iter("*"):
        for key, value in element.attrib.items():
            if "{" not in value or not re.search(r"\{[{%#]", value):
                continue
            paragraph = next(
                (numbers[e] for e in (element, *element.iterancestors()) if e in numbers), None
            )
            name = f"{element.tag.rpartition('}')[2]}.{key.rpartition('}')[2]}"
            said = re.findall(r"\{\{(.*?)\}\}", value)
            rest = re.sub(r"\{\{.*?\}\}", "", value)
            if not ATTRIBUTES.fullmatch(name) or re.search(r"\{[{%#]|[}%]\}", rest):
                number = paragraph.number if paragraph else None
                problems.append(
                    TemplateProblem(part.name, number, around(value, 0, 0), NO_TEXT, INTO_TEXT)
                )
                continue
            plain = [language.straightened(text) for text in said]
            found.append(InAttribute(element, key, paragraph, plain))
    return found, problems


def _torn(tag: Tag) -> TemplateProblem | None:
    """A tag that begins on one side of an edge and ends on the other."""
    pieces = tag.pieces
    holders = {
        tuple(above for above in holders_of(piece.element) if above.tag not in THROUGH)
        for piece in pieces
    }
    if len(holders) > 1 or len({piece.field for piece in pieces}) > 1:
        return tag.problem(TORN, RETYPE)
    return None


def holders_of(element: Any) -> list[Any]:
    """What a letter stands in between its run and its paragraph: a link, a content control."""
    found: list[Any] = []
    for above in element.iterancestors():
        if above.tag == f"{W}p":
            return found
        if above.tag != f"{W}r":
            found.append(above)
    return found


def _math(part: Part) -> Iterator[TemplateProblem]:
    for formula in part.root.iter(f"{MATH}oMath"):
        text = "".join(t.text or "" for t in formula.iter(f"{MATH}t"))
        if re.search(r"\{[{%#]", text):
            number = sum(1 for p in part.paragraphs if p.element in set(formula.iterancestors()))
            yield TemplateProblem(part.name, number or None, text[:80], IN_FORMULA, INTO_TEXT)


class _Walk:
    """Through a part's tags in the order in which they are read."""

    def __init__(self, part: Part) -> None:
        self.part, self.texts = part, texts(part.root)
        self.stack: list[_Open] = []

    def problems(self) -> Iterator[TemplateProblem]:
        for item in self._in_order():
            try:
                if isinstance(item, Paragraph):
                    text = self.texts[item.number - 1]
                    if not self.stack and text.strip() and not re.search(r"\{[{%#]", text):
                        self.part.literal.append(text)
                elif isinstance(item, InAttribute):
                    for said in item.said:
                        self._use(language.printed(said, self._scope), _place(self.part, item))
                else:
                    yield from self._tag(item)
            except NotAllowed as told:
                yield self._told(item, told)
        for left in self.stack:
            yield left.tags[0].problem(
                f"This “{left.tags[0].word}” is never ended.",
                f"Write {{% end{left.tags[0].word} %}} where it ends.",
            )

    def _in_order(self) -> Iterator[Paragraph | Tag | InAttribute]:
        order = {element: index for index, element in enumerate(self.part.root.iter("*"))}
        items: list[tuple[tuple[int, int], Any]] = [
            ((order[p.element], -1), p) for p in self.part.paragraphs
        ]
        items += [((order[tag.pieces[0].element], tag.start), tag) for tag in self.part.tags]
        items += [((order[held.element], 0), held) for held in self.part.attributes]
        return (item for _, item in sorted(items, key=lambda pair: pair[0]))

    @property
    def _scope(self) -> Scope:
        return self.stack[-1].scope if self.stack else {}

    def _use(self, uses: list[Use], place: TemplateProblem) -> None:
        self.part.uses += [(use, place) for use in uses]

    def _told(self, item: Any, told: NotAllowed) -> TemplateProblem:
        if isinstance(item, Tag):
            return item.problem(told.cause, told.fix)
        place = _place(self.part, item)
        return TemplateProblem(place.part, place.paragraph, place.text, told.cause, told.fix)

    def _tag(self, tag: Tag) -> Iterator[TemplateProblem]:
        if tag.mark == "{{":
            if tag.level in ("tr", "tc"):
                yield tag.problem("A row or a cell cannot be printed.", "Write {{ field }}.")
            self._use(language.printed(tag.said, self._scope), tag.problem("", ""))
        elif tag.mark == "{%" and tag.word in ("for", "if"):
            yield from self._opens(tag)
        elif tag.mark == "{%" and tag.word in ("elif", "else"):
            yield from self._goes_on(tag)
        elif tag.mark == "{%" and tag.word in ("endfor", "endif"):
            yield from self._ends(tag)
        elif tag.mark == "{%":
            yield _unknown(tag)

    def _opens(self, tag: Tag) -> Iterator[TemplateProblem]:
        scope = self._scope
        self.stack.append(_Open([tag], scope))
        if len(self.stack) > DEEPEST:
            yield tag.problem("Tags are nested too deep here.", "Take one of the levels out.")
        if tag.word == "for":
            uses, self.stack[-1].scope = language.repetition(tag.rest, scope)
        else:
            uses = language.condition(tag.rest, scope)
        self._use(uses, tag.problem("", ""))

    def _goes_on(self, tag: Tag) -> Iterator[TemplateProblem]:
        words = [t.word for t in self.stack[-1].tags] if self.stack else []
        if not words or "else" in words or (tag.word == "elif" and words[0] == "for"):
            yield tag.problem(f"This “{tag.word}” belongs to no “if”.", BALANCE)
            return
        self.stack[-1].tags.append(tag)
        if tag.word == "elif":
            self._use(language.condition(tag.rest, self._scope), tag.problem("", ""))
        elif words[0] == "for":  # nothing was listed, so the loop's name means nothing here
            self.stack[-1].scope = self.stack[-2].scope if len(self.stack) > 1 else {}
        if tag.word == "else" and tag.rest:
            yield tag.problem("Something follows “else”.", "Write elif for another condition.")

    def _ends(self, tag: Tag) -> Iterator[TemplateProblem]:
        word = tag.word.removeprefix("end")
        if word not in [left.tags[0].word for left in self.stack]:
            yield tag.problem(f"This “{tag.word}” ends nothing.", BALANCE)
            return
        while (left := self.stack.pop()).tags[0].word != word:
            yield left.tags[0].problem(
                f"This “{left.tags[0].word}” is not ended before the next “{tag.word}”.", BALANCE
            )
        self.part.families.append(Family([*left.tags, tag]))


def _place(part: Part, item: InAttribute) -> TemplateProblem:
    number = item.paragraph.number if item.paragraph else None
    return TemplateProblem(part.name, number, around(item.element.get(item.key), 0, 0), "", "")


def _unknown(tag: Tag) -> TemplateProblem:
    if found := re.match(r"(tr|tc|p|r)(if|for|elif|else|endif|endfor)\b", tag.said):
        return tag.problem(
            f"A blank is missing after “{found[1]}”.", f"Write {{%{found[1]} {found[2]} … %}}."
        )
    if tag.word in ("p", "tr", "tc", "r"):
        return tag.problem(f"A blank stands before “{tag.word}”.", f"Write {{%{tag.word} … %}}.")
    if tag.word in ("vm", "hm", "colspan", "cellbg"):
        cause = f"“{tag.word}” would merge or color cells, which is not done here."
        return tag.problem(cause, "Take the tag out, and format the table in Word.")
    small = tag.said.lower().replace("end ", "end").split(" ")[0]
    if small in WORDS:
        return tag.problem(f"“{tag.word}” is not how it is written.", f"Write {small}.")
    told = f"“{tag.word}”" if tag.word else "This tag"
    return tag.problem(f"{told} is nothing a template can do.", ONLY)


def _family(family: Family) -> Iterator[TemplateProblem]:
    """Settles the level of a family's tags, and says what stands against it."""
    levels = {tag.level for tag in family.tags} - {"r"}
    alone = all(_alone(tag) for tag in family.tags)
    if levels <= {"", "p"} and alone:
        family.level = "p"
    elif levels == {"p"} or levels & {"tr", "tc"}:
        family.level = max(levels)
        yield from _whole(family, levels)
        return
    elif "p" in levels:
        tag = next(t for t in family.tags if t.level == "p")
        yield tag.problem("Only some of the tags that belong together are {%p.", SAME)
        return
    yield from _edges(family)


def _whole(family: Family, levels: set[str]) -> Iterator[TemplateProblem]:
    """Of `{%p`, `{%tr` and `{%tc`: does each stand alone, and all in one text or table?"""
    if len(levels) > 1:
        yield family.tags[0].problem("Tags that belong together have different letters.", SAME)
        return
    word, elements = LEVELS[family.level], [element_of(tag, family.level) for tag in family.tags]
    for tag, element in zip(family.tags, elements, strict=True):
        if element is None:
            yield tag.problem(f"This tag is for a {word}, and stands in none.", "Write {% … %}.")
            return
        if elements.count(element) > 1:
            cause = f"Two tags that each take a whole {word} stand in the same {word}."
            yield tag.problem(cause, f"Give each a {word} of its own.")
            return
        if not _alone(tag, element):
            cause = f"Other words stand in the {word} of this tag, and would be lost."
            yield tag.problem(cause, f"Give the tag a {word} of its own, or write {{% … %}}.")
    yield from _edges(family)


def _edges(family: Family) -> Iterator[TemplateProblem]:
    first, *others = family.tags
    home, rest = _home(first, family.level), [_home(tag, family.level) for tag in others]
    for tag, place in zip(others, rest, strict=True):
        if place != home:
            row = element_of(tag, "tr") is not None
            cause = f"What “{first.word}” begins ends on the other side of an edge."
            yield tag.problem(cause, ROWS if row else SIDES)
            return


def _home(tag: Tag, level: str) -> tuple[Any, ...]:
    """Two tags with the same one can belong together without tearing anything apart."""
    piece = tag.pieces[0]
    element = element_of(tag, level or "p")
    if level:
        return (element.getparent(), piece.field)
    holders = holders_of(piece.element)
    inside = [tag.paragraph.element, *holders] if holders else []
    return (element.getparent(), piece.field, *inside)


def element_of(tag: Tag, level: str) -> Any:
    """The paragraph, row or cell in which a tag stands; None when there is none."""
    if level == "p":
        return tag.paragraph.element
    return next(tag.paragraph.element.iterancestors(f"{W}{level}"), None)


def _alone(tag: Tag, element: Any = None) -> bool:
    """Is nothing else in its paragraph, row or cell that would go with it?"""
    element = tag.paragraph.element if element is None else element
    words = "".join("".join(e.text or "" for e in p.iter(f"{W}t")) for p in element.iter(f"{W}p"))
    return words.strip() == tag.written.strip() and not any(True for _ in element.iter(*HOLDS))


NO_TEXT = "A tag stands where it cannot be filled: in the settings of a drawing, link or control."
IN_FORMULA = "A tag stands in a formula."
INTO_TEXT = "Write it into the text instead."
TORN = (
    "A tag begins on one side of an edge (of a link, a content control, a field) and ends beyond."
)
BALANCE = "Each {% if … %} needs one {% endif %}, each {% for … %} one {% endfor %}."
ONLY = "A template prints {{ field }}, repeats with for, and chooses with if. Take this tag out."
SAME = "Write all of them alike: {%p if … %}, {%p else %}, {%p endif %}."
ROWS = "To repeat a row write {%tr for … %} and {%tr endfor %}, each in a row of its own."
SIDES = "Put both tags into the same text or the same cell, not one of them into a link."
