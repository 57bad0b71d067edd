"""A compiled template and values become a document, which is then compared with the template.

Runs in a worker process: `portal.word.render` is what the rest of the portal calls.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from docxtpl import DocxTemplate
from jinja2.exceptions import SecurityError, UndefinedError
from lxml import etree

from portal.word.compiled import LEFT_OVER, Compiled, CompiledPart
from portal.word.leaving import Told, as_bytes, base_of, finish, unhook
from portal.word.package import W, parse
from portal.word.problems import TemplateProblem, Unusable, of_file
from portal.word.sandbox import NEW_LINE, CannotPrint, a_budget
from portal.word.structure import bookmarks, texts
from portal.word.values import Values, lacks

CLAUSE = "clause_"
"""A bookmark with this prefix marks a clause that must survive."""

LONGEST_PART = 40_000_000
"""Characters of one part once it is filled."""


def fill(template: Compiled, values: Values, told: Told, clauses: Collection[str] = ()) -> bytes:
    """The document. values: cleaned. Raises Unusable."""
    if problems := missing(template, values):
        raise Unusable(problems)
    filled: dict[str, bytes] = {}
    trees = dict(template.package.trees)
    with a_budget():
        for part in template.parts:
            filled[part.name], trees[part.name] = _filled(part, values)
    if problems := [*_lost_clauses(trees[template.package.main], clauses)]:
        raise Unusable(problems)
    return finish(_base(template, told.language), filled, told)


def missing(template: Compiled, values: Values) -> list[TemplateProblem]:
    """Each field that a tag needs and the values do not have, at the first tag that needs it."""
    found: dict[str, TemplateProblem] = {}
    for use, place in template.uses:
        if use.path not in found and not use.optional and lacks(values, use.path):
            cause = f"The field “{use.path}” is not supplied."
            found[use.path] = _at(place, cause, "Give it a value; it may be an empty text.")
    return list(found.values())


def _at(place: TemplateProblem, cause: str, fix: str) -> TemplateProblem:
    return TemplateProblem(place.part, place.paragraph, place.text, cause, fix)


def _base(template: Compiled, language: str | None) -> bytes:
    if language not in template.cache:
        names = frozenset(part.name for part in template.parts)
        template.cache[language] = base_of(template.package, names, language)
    base: bytes = template.cache[language]
    return base


def _filled(part: CompiledPart, values: Values) -> tuple[bytes, Any]:
    xml = _printed(part, values)
    prefix = part.prefix
    xml = xml.replace(NEW_LINE, f'</{prefix}t><{prefix}br/><{prefix}t xml:space="preserve">')
    data = xml.encode()
    try:
        root = parse(data, part.name)
    except Unusable as bad:
        raise Unusable([of_file(TORN, RETYPE, part.name)]) from bad
    if problems := [*_losses(part, xml, root)]:
        raise Unusable(problems)
    changed = unhook(root)
    changed = (part.whole and _mended(root)) or changed
    if part.cells:
        root, changed = _fitted(root), True
    changed = (part.drawings and _renumbered(root)) or changed
    return (as_bytes(root) if changed else data), root


def _printed(part: CompiledPart, values: Values) -> str:
    chunks, length = [], 0
    try:
        for chunk in part.template.generate(values):
            length += len(chunk)
            if length > LONGEST_PART:
                raise CannotPrint("The document would become too long.", "Bring fewer values.")
            chunks.append(chunk)
    except CannotPrint as told:
        raise Unusable([_at(_place(part, told), told.cause, told.fix)]) from told
    except UndefinedError as error:
        cause = "A field of this tag is not supplied."
        raise Unusable([_at(_place(part, error), cause, SUPPLY)]) from error
    except (SecurityError, TypeError, ValueError, AttributeError, LookupError) as error:
        raise Unusable([_at(_place(part, error), MIXED, COMPARE)]) from error
    except (MemoryError, RecursionError) as error:
        cause = "The document would become too long."
        raise Unusable([_at(_place(part, error), cause, "Bring fewer values.")]) from error
    return "".join(chunks)


def _place(part: CompiledPart, error: BaseException) -> TemplateProblem:
    """The tag at which the evaluation stopped: each has a line of its own in the source."""
    line, step = 0, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == "<template>":
            line = step.tb_lineno
        step = step.tb_next
    if 2 <= line < len(part.tags) + 2:
        return part.tags[line - 2]
    return TemplateProblem(part.name, None, "", "", "")


def _losses(part: CompiledPart, xml: str, root: Any) -> Iterator[TemplateProblem]:
    """Tags left over, and the first paragraph that was swallowed."""
    printed = texts(root)
    left = next((text for text in [xml, *printed] if LEFT_OVER.search(text)), None)
    if left is not None:
        around = re.sub(r"<[^>]*>", "", left[max(0, LEFT_OVER.search(left).start() - 40) :])[:80]  # type: ignore[union-attr]
        yield TemplateProblem(part.name, None, around, LEFT, "Take the braces out of the values.")
    following = iter(printed)
    swallowed = next((text for text in part.literal if text not in following), None)
    if swallowed is not None:
        cause = f"The paragraph “{swallowed[:80]}” got lost."
        yield TemplateProblem(part.name, None, "", cause, RETYPE)


def _lost_clauses(root: Any, clauses: Collection[str]) -> Iterable[TemplateProblem]:
    marked = bookmarks(root)
    for clause in sorted(clauses):
        if CLAUSE + clause not in marked:
            yield of_file(f"The clause “{clause}” got lost.", KEEP)


NEEDS_A_PARAGRAPH = ("tc", "hdr", "ftr", "txbxContent", "footnote", "endnote", "comment")


def _mended(root: Any) -> bool:
    """Word opens no cell without a paragraph at its end, and no table without a row."""
    changed = False
    for empty, of in (("tr", "tc"), ("tbl", "tr")):
        for element in list(root.iter(f"{W}{empty}")):
            if element.find(f".//{W}{of}") is None:
                element.getparent().remove(element)
                changed = True
    for holder in root.iter(*(f"{W}{word}" for word in NEEDS_A_PARAGRAPH)):
        children = [c for c in holder if not str(c.tag).endswith(("bookmarkStart", "bookmarkEnd"))]
        ends = not children or children[-1].tag in (f"{W}tbl", f"{W}tcPr")
        if ends:
            etree.SubElement(holder, f"{W}p")
            changed = True
    return changed


def _fitted(root: Any) -> Any:
    """A table whose rows got more or fewer cells has as many columns again; docxtpl knows how."""
    try:
        return DocxTemplate(None).fix_tables(etree.tostring(root))
    except (LookupError, AttributeError, TypeError, ValueError, ArithmeticError):
        return root  # it has no widths to begin with, so that Word finds them by itself


def _renumbered(root: Any) -> bool:
    """A drawing in a loop comes with one number again and again, which Word dislikes."""
    drawings = [e for e in root.iter("*") if e.tag.endswith("}docPr")]
    numbers = [e.get("id") for e in drawings]
    if len(set(numbers)) == len(numbers):
        return False
    for number, element in enumerate(drawings, start=1):
        element.set("id", str(number))
    return True


LEFT = "A tag is left over in the document, because a value and the text beside it make one."
TORN = "The document would be damaged at a tag."
RETYPE = "Look for a tag that begins in one place and ends in another, and type it anew."
SUPPLY = "Give each field of it a value; it may be an empty text."
MIXED = "The values do not fit this tag: different kinds are compared, or a part is missing."
COMPARE = "Bring a number where the tag compares with a number, a text where it compares a text."
KEEP = "Put it outside of every condition, with its bookmark."
