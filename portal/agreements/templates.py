"""What a template of an agreement may ask for, must print, and how it marks its clauses.

A clause is printed in one of four ways: by the loop over its article, within a bookmark whose
name begins with `each_clause`; by `{{ clause.<id> }}`; in the template's own words, within a
bookmark `clause_<id>`; or by the loop over `further`, which has whatever is left. Word takes only
plain names for bookmarks, so `prepared` puts the name of each clause into the looped one after
the file has been read.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree

from portal.agreements.clauses.articles import Article
from portal.agreements.clauses.fields import ONE_PARTNER, TEXT_FIELDS
from portal.agreements.clauses.library import SHIPPED, Library
from portal.agreements.clauses.types import Clause
from portal.errors import Problem
from portal.vocabulary import AgreementKind
from portal.word import desk
from portal.word.problems import bad_file
from portal.word.values import Values

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CLAUSE, EACH = "clause_", "each_clause"
"""How the names of bookmarks begin: of one clause, and of whichever the loop is at."""

FURTHER = "further[]"
"""The clauses of an agreement that a district's template does not print in another way."""

_CLAUSE = ["id", "mark", "where", "title", "changed", "own", "paragraphs"]
_PARAGRAPH = ["lead", "text", "is_first", "is_item"]
_REST = """
articles changed changed[].where changed[].title changed[].what changed[].reviewed_by
laws laws[].where laws[].title laws[].citation laws[].required_by
schedules schedules[].label schedules[].giver schedules[].receiver
schedules[].lines schedules[].where
signatures signatures[].organization signatures[].name signatures[].title
signatures[].capacity signatures[].vote
"""


def fields(library: Library, *, several: bool = False) -> frozenset[str]:
    """Every path that a template may use. several: for an agreement with several partners."""
    told = {*TEXT_FIELDS, *_REST.split()} - {"articles"}
    if several:
        told = {field for field in told if not field.startswith(ONE_PARTNER)}
    for article in Article:
        each = f"articles.{article}"
        told |= {each, *(f"{each}[].{name}" for name in _CLAUSE)}
        told |= {f"{each}[].paragraphs[].{name}" for name in _PARAGRAPH}
    told |= {"further", *(f"{FURTHER}.{name}" for name in _CLAUSE)}
    told |= {f"{FURTHER}.paragraphs[].{name}" for name in _PARAGRAPH}
    return frozenset(told | {f"clause.{id_}" for id_ in library.current})


FIELDS = fields(SHIPPED)
"""With the shipped clauses."""

_SCHEDULE = ("category", "purposes", "basis", "frequency", "method", "retention")

REQUIRED_FIELDS: dict[str, str] = {
    "document.number": "the number by which it is found and signed",
    "district.name": "the parties to the agreement",
    "partners[].name": "the parties to the agreement",
    "starts_on": "the day from which it is in force",
    "ends_on": "the day through which it is in force",
    **{
        f"partners[].{way}[].{name}": "the schedules, which the portal enforces"
        for way in ("from_district", "from_partner")
        for name in _SCHEDULE
    },
    "signatures[].organization": "a place to sign for every signer",
    "signatures[].name": "a place to sign for every signer",
}
"""What every template prints, and why. `partner_names` names the parties too; and in a template
for one partner `partner.…` stands for `partners[].…`."""


@dataclass(frozen=True)
class Asked:
    """What a template uses: its fields, and the clauses it words within bookmarks of its own."""

    fields: frozenset[str]
    clauses: frozenset[str]


@lru_cache(maxsize=16)
def read(template: bytes) -> Asked:
    """Raises BadFile for tags that are more than fields, lists and conditions.

    template: `prepared`, or as it came.
    """
    checked = desk.check(template)
    if not checked.usable:
        raise bad_file(checked.problems)
    return Asked(frozenset(checked.fields), frozenset(marked_in(template)))


def marked_in(docx: bytes) -> set[str]:
    """Ids of the clauses that a Word file marks with a bookmark around some words."""
    with zipfile.ZipFile(io.BytesIO(docx)) as parts:
        root = etree.fromstring(
            parts.read("word/document.xml"), etree.XMLParser(resolve_entities=False)
        )
    return marked(root)


def worded(body: Any) -> dict[str, tuple[str, ...]]:
    """What stands within the bookmarks of clauses, paragraph by paragraph, numbers aside.

    body: of a Word document. A bookmark may begin and end between paragraphs, as we write it, or
    within them, where Word puts it when it saves; LibreOffice begins one that spans paragraphs a
    second time in the last of them, and ends only that.
    """
    open_, found = dict[str, str](), dict[str, list[str]]()
    for node in body.iter():
        if node.tag == f"{W}bookmarkStart" and node.get(f"{W}name", "").startswith(CLAUSE):
            id_ = node.get(f"{W}name").removeprefix(CLAUSE)
            if id_ not in open_.values():
                found[id_] = []
            open_ = {number: other for number, other in open_.items() if other != id_}
            open_[node.get(f"{W}id")] = id_
        elif node.tag == f"{W}bookmarkEnd":
            open_.pop(node.get(f"{W}id"), None)
        elif node.tag == f"{W}p":
            for id_ in open_.values():
                found[id_].append("")
        elif text := _text_of(node):
            for id_ in open_.values():
                found[id_][-1:] = ["".join(found[id_][-1:]) + text]
    told = {id_: [" ".join(line.split()) for line in lines] for id_, lines in found.items()}
    return {id_: tuple(line for line in lines if line) for id_, lines in told.items()}


def _text_of(node: Any) -> str:
    if node.tag == f"{W}t":
        return node.text or ""
    return " " if node.tag in {f"{W}br", f"{W}tab", f"{W}cr"} else ""


def marked(body: Any) -> set[str]:
    """Ids of the clauses that bookmarks mark, those without any word aside."""
    return {id_ for id_, words in worded(body).items() if words}


def said_in(body: Any) -> str:
    """All words of a document's body, with one space between any two."""
    texts = (" " if node.tag == f"{W}p" else _text_of(node) for node in body.iter())
    return " ".join("".join(texts).split())


@lru_cache(maxsize=16)
def prepared(template: bytes) -> bytes:
    """The template in which a looped bookmark takes the name and the number of its clause."""
    return _rewritten(template, _name_each)


def settled(filled: bytes) -> bytes:
    """The filled paper, its bookmarks within paragraphs, where every word processor keeps them."""
    return _rewritten(filled, _move_inside)


def _rewritten(docx: bytes, change: Callable[[Any], None]) -> bytes:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(docx)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "word/document.xml":
                root = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
                change(root)
                content = etree.tostring(
                    root, xml_declaration=True, encoding="UTF-8", standalone=True
                )
            new.writestr(part, content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _name_each(root: Any) -> None:
    numbers = set()
    for start in root.iter(f"{W}bookmarkStart"):
        if start.get(f"{W}name", "").startswith(EACH):
            numbers.add(start.get(f"{W}id"))
            start.set(f"{W}name", f"{CLAUSE}{{{{ clause.id }}}}")
            start.set(f"{W}id", "{{ clause.mark }}")
    for end in root.iter(f"{W}bookmarkEnd"):
        if end.get(f"{W}id") in numbers:
            end.set(f"{W}id", "{{ clause.mark }}")


def _move_inside(root: Any) -> None:
    """As Word itself writes them: a start into the paragraph after it, an end before it."""
    for edge in list(root.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
        if edge.getparent().tag == f"{W}p":
            continue
        begins = edge.tag == f"{W}bookmarkStart"
        beside = edge.getnext() if begins else edge.getprevious()
        while beside is not None and beside.tag == edge.tag:
            beside = beside.getnext() if begins else beside.getprevious()
        if beside is None or beside.tag != f"{W}p":
            continue
        if begins:
            beside.insert(1 if beside.find(f"{W}pPr") is not None else 0, edge)
        else:
            beside.append(edge)


def only(values: Values, used: Iterable[str]) -> dict[str, Any]:
    """The values that these fields ask for; a list of which only the length matters keeps it."""
    wanted = {path for field in used for path in _along(field)}
    kept: dict[str, Any] = _only(values, wanted, "")
    return kept


def _along(field: str) -> Iterator[str]:
    """`a`, `a[]` and `a[].b` for `a[].b`."""
    yield field
    yield from (field[: mark.start()] for mark in re.finditer(r"\[\]|\.", field))


def _only(value: Any, wanted: Collection[str], path: str) -> Any:
    match value:
        case Mapping():
            inner = {key: f"{path}.{key}" if path else key for key in value}
            return {key: _only(value[key], wanted, at) for key, at in inner.items() if at in wanted}
        case list():
            each = f"{path}[]"
            return [_only(item, wanted, each) if each in wanted else {} for item in value]
    return value


# Judging a template


def template_problems(
    asked: Asked, library: Library, kind: AgreementKind, *, several: bool = False
) -> list[Problem]:
    """Everything that a template of this kind must have and has not, each with its fix.

    several: is it to serve agreements with several partners? Clauses that only some agreements
    need are asked for when one is printed (`documents.render`).
    """
    known = fields(library, several=several)
    return [
        *(_unknown(field, several) for field in sorted(asked.fields - known)),
        *_unprinted(asked.fields),
        *(
            _unsaid(clause)
            for clause in library.of(kind)
            if clause.is_required_in(kind) and not clause.when.words and not clause.alternatives
            if not says(asked, clause)
        ),
    ]


def says(asked: Asked, clause: Clause) -> bool:
    """Does a template print this clause, by the loop, by its field or in words of its own?"""
    return f"{FURTHER}.paragraphs[].text" in asked.fields or names(asked, clause)


def names(asked: Asked, clause: Clause) -> bool:
    """Does it print this clause otherwise than by the loop over what is left?"""
    looped = f"articles.{clause.article}[].paragraphs[].text"
    return bool(clause.id in asked.clauses or asked.fields & {looped, f"clause.{clause.id}"})


def has_articles(asked: Asked) -> bool:
    """Has it the articles of the standard template, so that a reference can give a number?"""
    return any(field.startswith("articles.") for field in asked.fields)


def _unknown(field: str, several: bool) -> Problem:
    if several and field.startswith(ONE_PARTNER):
        return Problem(
            f"The template asks for {field}, which only an agreement with one partner has.",
            "Write {% for partner in partners %} … {% endfor %} around it.",
            field,
        )
    return Problem(
        f"The template asks for {field}, which is no field.",
        "See the list of fields in templates/README.md.",
        field,
    )


def _unprinted(used: Collection[str]) -> Iterator[Problem]:
    for path, why in REQUIRED_FIELDS.items():
        if path in used or path.replace("partners[].", ONE_PARTNER) in used:
            continue
        if path == "partners[].name" and "partner_names" in used:
            continue
        yield Problem(
            f"The template never prints {path}: {why}.",
            "Print it as the shipped template does.",
            path,
        )


def _unsaid(clause: Clause) -> Problem:
    law = f" {clause.required_by} ({clause.citation}) asks for it." if clause.citation else ""
    return Problem(
        f"The template does not print the clause “{clause.title}”.{law}",
        f"Print it with {{{{ clause.{clause.id} }}}}, by the loop over articles.{clause.article}, "
        f"or put the bookmark clause_{clause.id} around your own words for it.",
        f"clause.{clause.id}",
    )
