"""A clause's wording in the tag language, read for what it asks and printed as paragraphs.

A paragraph may hold `{{ field }}`, `{% for … %}` and `{% if … %}`, as templates do. A new line
begins another paragraph, and `* ` at its beginning makes it an item of a list:

    "{% for school in schools %}\n* {{ school }}{% endfor %}"
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portal.errors import Problem
from portal.word import clauses
from portal.word.sandbox import NEW_LINE, a_budget
from portal.word.values import Values, clean

PARAGRAPH, ITEM = "\ue000", "\ue001"
"""Stand for a new paragraph and a new item while a text is filled in. They are characters for
private use, which `clean` takes out of every value, so that no value can begin a paragraph."""

COMMENT = re.compile(r"\{#|#\}")


@dataclass(frozen=True)
class Paragraph:
    """One paragraph as printed, without its number."""

    text: str
    is_item: bool = False


def fields(texts: Iterable[str]) -> tuple[set[str], list[Problem]]:
    """The fields that these paragraphs ask for, and what is wrong with their tags."""
    used, problems = set[str](), list[Problem]()
    for text in texts:
        used |= clauses.fields_of(text)
        problems += [found.as_problem() for found in clauses.check(text, None)]
        if COMMENT.search(text):
            problems.append(Problem("A tag may not be a comment.", "Take it out."))
    return used, problems


def printed(texts: Iterable[str], values: Values) -> tuple[Paragraph, ...]:
    """The paragraphs filled in; one that comes out empty is left out.

    values: already cleaned. Raises BadFile for a text with problems, and jinja2's TemplateError
    for values that do not fit it.
    """
    return tuple(paragraph for text in texts for paragraph in _filled(text, values))


def _filled(text: str, values: Values) -> Iterator[Paragraph]:
    marked = re.sub(r"^\* ", ITEM, str(clean(text)))
    template = clauses.compiled(marked.replace("\n* ", ITEM).replace("\n", PARAGRAPH))
    with a_budget():
        whole = template.render(values).replace(NEW_LINE, "\n")
    for mark, told in re.findall(f"([{PARAGRAPH}{ITEM}]|^)([^{PARAGRAPH}{ITEM}]*)", whole):
        if told.strip():
            yield Paragraph(told.strip(), mark == ITEM)
