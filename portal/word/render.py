"""A template and a form's values become one document, or a list of what stands against it."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from jinja2.exceptions import TemplateError

from portal.errors import BadFile, NotReady, Problem
from portal.word.sandbox import Sandbox, StrictTemplate
from portal.word.tags import placeholders, stray_tags
from portal.word.values import Values, clean, fields_of, value_problems

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

CLAUSE = "clause_"
"""A bookmark with this prefix marks a clause that must survive."""

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def render(
    template: bytes,
    values: Values,
    fields: Collection[str],
    clauses: Collection[str],
    *,
    title: str,
    author: str,
    at: datetime,
    language: str = "en-US",
) -> bytes:
    """The filled document; `at` is written into it as the time of its making.

    language: of its text, for a reading voice and the spelling, such as `es`.

    fields: every path that template and values must both have, like `district.name`,
    `lines[].category` or `schools[]`. clauses: ids that the template marks with a
    bookmark `clause_<id>`. Raises NotReady for a value that cannot be printed, and
    BadFile with all problems of the template.
    """
    printed = clean(values)
    if problems := value_problems(printed):
        raise NotReady(problems)
    document = StrictTemplate(io.BytesIO(template))
    document.init_docx()
    if faults := _disagreements(document, template, printed, fields, clauses):
        raise BadFile(faults)
    literal = _literal_paragraphs(document.docx.element.body)
    filled = _filled(document, printed, title, author, at, language)
    if faults := _losses(document, filled, literal, clauses):
        raise BadFile(faults)
    return filled


def _disagreements(
    document: StrictTemplate,
    template: bytes,
    values: Values,
    fields: Collection[str],
    clauses: Collection[str],
) -> list[Problem]:
    used = placeholders(document)
    return [
        *_each(used - set(fields), "The template asks for {}, which the form does not have."),
        *_each(set(fields) - used, "The template never prints {}."),
        *_each(set(fields_of(values)) - set(fields), "The form gives {}, which is no field."),
        *_each(_unmarked(document, clauses), "The clause “{}” is missing."),
        *stray_tags(template, everywhere=False),
    ]


def _each(paths: Collection[str], sentence: str) -> list[Problem]:
    do_next = "Compare with templates/README.md, and with the shipped template."
    return [Problem(sentence.format(path), do_next, path) for path in sorted(paths)]


def _unmarked(document: StrictTemplate, clauses: Collection[str]) -> set[str]:
    starts = document.docx.element.body.iter(f"{W}bookmarkStart")
    marked = {mark.get(f"{W}name") for mark in starts}
    return {clause for clause in clauses if CLAUSE + clause not in marked}


def _filled(
    document: StrictTemplate, values: Values, title: str, author: str, at: datetime, language: str
) -> bytes:
    try:
        document.render(values, Sandbox(), autoescape=True)
    except TemplateError as error:
        raise BadFile([Problem(f"{error}.", "Compare with templates/README.md.")]) from error
    properties = document.docx.core_properties
    properties.title, properties.author, properties.last_modified_by = title, author, author
    properties.created = properties.modified = at
    properties.language = language
    for spoken in document.docx.styles.element.iter(f"{W}lang"):
        spoken.set(f"{W}val", language)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def _literal_paragraphs(body: Any) -> list[str]:
    """The texts, in order, of paragraphs without a tag and outside every loop and condition."""
    depth, texts = 0, []
    for paragraph in body.iter(f"{W}p"):
        text = _text_of(paragraph)
        if not depth and text.strip() and "{" not in text:
            texts.append(text)
        depth += len(re.findall(r"\{%\w*\s+(?:for|if)\b", text))
        depth -= len(re.findall(r"\{%\w*\s+end(?:for|if)\b", text))
    return texts


def _text_of(paragraph: Any) -> str:
    return "".join(node.text or "" for node in paragraph.iter(f"{W}t"))


def _losses(
    document: StrictTemplate, filled: bytes, literal: Sequence[str], clauses: Collection[str]
) -> list[Problem]:
    """Tags left over, clauses lost, and the first paragraph that was swallowed."""
    printed = iter([_text_of(p) for p in document.docx.element.body.iter(f"{W}p")])
    swallowed = next((text for text in literal if text not in printed), None)
    lost = [] if swallowed is None else [_swallowed(swallowed)]
    return [
        *stray_tags(filled, everywhere=True),
        *_each(_unmarked(document, clauses), "The clause “{}” got lost."),
        *lost,
    ]


def _swallowed(text: str) -> Problem:
    return Problem(
        f"The paragraph “{text[:80]}” got lost.",
        "Look for a tag that begins in one paragraph and ends in another.",
    )
