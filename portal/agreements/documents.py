"""An agreement as a Word file.

    printed = Printed("M-7K3QF2", 3, content, district, partners, …)
    required_for(content, library)             # ids of clauses without which it is not issued
    render(printed, library, at)               # Word; raises NotReady or BadFile

The shipped template prints whatever clauses the agreement has; a district's own may word them
itself (`templates`). Pure: no table, no screen.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import docx
from jinja2.exceptions import TemplateError

from portal.agreements.clauses import wording as words
from portal.agreements.clauses.library import Library
from portal.agreements.content import Content
from portal.agreements.printing import Party, Printed, Template, facts_of, shipped, values
from portal.agreements.templates import (
    FIELDS,
    REQUIRED_FIELDS,
    Asked,
    fields,
    has_articles,
    marked,
    names,
    only,
    prepared,
    read,
    said_in,
    settled,
    template_problems,
    worded,
)
from portal.errors import BadFile, NotReady, Problem
from portal.word.render import render as render_word
from portal.word.values import Values, value_problems

__all__ = [
    "FIELDS",
    "REQUIRED_FIELDS",
    "Asked",
    "Party",
    "Printed",
    "Template",
    "fields",
    "prepared",
    "read",
    "render",
    "required_for",
    "shipped",
    "silent",
    "template_problems",
    "text_fields",
    "values",
    "worded",
    "wording",
]


def required_for(content: Content, library: Library) -> frozenset[str]:
    """Ids of the clauses that the paper must have; of alternatives, the chosen one."""
    chosen = {choice.id for choice in content.clauses}
    return frozenset(
        clause.id
        for clause in library.required(content)
        if not clause.alternatives or clause.id in chosen
    ) | {clause.id for clause in library.missing(content)}


def render(printed: Printed, library: Library, at: datetime) -> bytes:
    """The agreement as a Word file; `at` is written into it as the time of its making.

    Raises NotReady for a value or a wording that cannot be printed, and BadFile for a template
    that asks for what is not there or loses a required clause. A draft that lacks something is
    printed as it is: whether it may be issued, `rules` decides.
    """
    template = prepared((printed.template or shipped()).content)
    asked = read(template)
    tree = _values(replace(printed, numbered=has_articles(asked)), library)
    tree["further"] = _further(tree, asked, printed, library)
    known = fields(library, several=len(printed.partners) > 1)
    filled = settled(
        render_word(
            template,
            only(tree, asked.fields & known),
            asked.fields & known,
            (),
            title=printed.title,
            author=printed.district.name,
            at=at,
        )
    )
    if lost := list(_lost(filled, tree, printed, library)):
        raise BadFile(lost)
    return filled


def _further(
    tree: Values, asked: Asked, printed: Printed, library: Library
) -> list[dict[str, Any]]:
    """The clauses that the template prints only by the loop over what is left."""
    left = {
        standing.clause.id
        for standing in library.standing(printed.content)
        if not names(asked, standing.clause)
    }
    return [clause for each in tree["articles"].values() for clause in each if clause["id"] in left]


def _values(printed: Printed, library: Library) -> dict[str, Any]:
    """Raises NotReady when a field, or a wording of the parties, would be taken for a tag."""
    if problems := value_problems(facts_of(printed, library)):
        raise NotReady(problems)
    try:
        return values(printed, library)
    except TemplateError as error:
        problem = Problem(
            f"A clause cannot be printed: {error}.", "Correct its wording.", "clauses"
        )
        raise NotReady([problem]) from error


def _lost(filled: bytes, tree: Values, printed: Printed, library: Library) -> Iterator[Problem]:
    """Clauses of this agreement that the filled paper does not have.

    It has one when a bookmark with its name holds words, or when its own words stand somewhere.
    """
    body = docx.Document(io.BytesIO(filled)).element.body
    there, said = marked(body), said_in(body)
    texts = {
        clause["id"]: clause["paragraphs"] for each in tree["articles"].values() for clause in each
    }
    there |= {
        id_
        for id_, paragraphs in texts.items()
        if all(" ".join(paragraph["text"].split()) in said for paragraph in paragraphs)
    }
    for standing in library.standing(printed.content):
        clause = standing.clause
        if clause.id in there:
            continue
        law = f" ({clause.citation})" if clause.citation else ""
        yield Problem(
            f"The template does not print the clause “{clause.title}”{law}.",
            f"Print it with {{{{ clause.{clause.id} }}}}, put the bookmark clause_{clause.id} "
            "around your own words for it, or take it out where it may be left out.",
            f"clauses.{clause.id}",
        )


def wording(printed: Printed, library: Library) -> dict[str, tuple[str, ...]]:
    """What the shipped template prints within the bookmark of each clause, as `worded` reads it."""
    articles = values(printed, library)["articles"].values()
    return {
        clause["id"]: tuple(
            " ".join(f"{paragraph['lead']} {paragraph['text']}".split())
            for paragraph in clause["paragraphs"]
        )
        for clauses in articles
        for clause in clauses
    }


def silent(printed: Printed, library: Library) -> list[Problem]:
    """Clauses of this agreement that would print no word: a field of theirs is not filled in."""
    told = wording(printed, library)
    return [
        Problem(
            f"The clause “{standing.clause.title}” would print nothing.",
            "Fill in what it tells, or correct its wording.",
            f"clauses.{standing.clause.id}",
        )
        for standing in library.standing(printed.content)
        if not told[standing.clause.id]
    ]


def text_fields(content: Content, library: Library) -> set[str]:
    """The fields that the clauses of an agreement ask for."""
    used, _faults = words.fields(
        text for standing in library.standing(content) for text in standing.text
    )
    return used
