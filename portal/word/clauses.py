"""A clause of text with tags in it, outside of any Word file: the same language, the same sandbox.

In process and cheap. A text that somebody brought is checked before it is kept:

    problems = check("Within {{ days }} days of {{ notice.on }}.", declared)
    text = render("Within {{ days }} days of {{ notice.on }}.", values)
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from jinja2 import Template
from jinja2.exceptions import SecurityError, UndefinedError
from lxml import etree

from portal.errors import BadFile, NotReady, Problem
from portal.word.alike import misspelled
from portal.word.compiled import jinja, template_of, trimmed
from portal.word.language import Use
from portal.word.package import W
from portal.word.problems import TemplateProblem, Unusable
from portal.word.sandbox import NEW_LINE, CannotPrint, a_budget
from portal.word.structure import Part, read
from portal.word.values import Values, clean, value_problems

LONGEST = 20_000
"""Characters of one clause."""


def fields_of(text: str) -> set[str]:
    """The fields that a clause's tags name; those of a tag that is wrong are left out."""
    return {use.path for use, _ in _read(text)[0]}


def check(text: str, declared: Collection[str] | None) -> list[TemplateProblem]:
    """What stands against a clause's text. declared: the fields it may name; None: any."""
    if len(text) > LONGEST:
        return [TemplateProblem("", None, text[:60], "The clause is too long.", "Divide it.")]
    uses, problems = _read(text)
    unknown = {} if declared is None else {u.path: p for u, p in uses if u.path not in declared}
    for path, place in unknown.items():
        names = misspelled(path, declared or ())
        fix = f"Did you mean {' or '.join(names)}?" if names else "See templates/README.md."
        cause = f"There is no field “{path}”."
        problems.append(TemplateProblem("", None, place.text, cause, fix))
    return problems


def render(text: str, values: Values) -> str:
    """The clause with its fields filled in. values: as those of a template.

    Raises NotReady for a value, BadFile for a text that `check` would have refused.
    """
    printed = clean(values)
    if problems := value_problems(printed):
        raise NotReady(problems)
    template = compiled(clean(text))
    try:
        with a_budget():
            return template.render(printed).replace(NEW_LINE, "\n")
    except CannotPrint as told:
        raise NotReady([Problem(told.cause, told.fix)]) from told
    except (UndefinedError, SecurityError, TypeError, ValueError, AttributeError) as error:
        what = f"A value of the clause “{text[:60]}” is missing or of another kind."
        raise NotReady([Problem(what, "Compare with templates/README.md.")]) from error


@lru_cache(maxsize=1024)
def compiled(source: str) -> Template:
    """A clause ready to be filled; run it within `a_budget`. source: a text that is clean.

    Raises BadFile for a text that `check` would have refused.
    """
    if problems := check(source, None):
        raise BadFile([problem.as_problem() for problem in problems])
    [paragraph] = _part(source)[0].paragraphs
    for tag in reversed(paragraph.tags):
        start, end = trimmed(paragraph, tag)
        source = source[:start] + ("" if tag.mark == "{#" else jinja(tag)) + source[end:]
    try:
        return template_of(source, autoescape=False)
    except Unusable as bad:
        raise BadFile([problem.as_problem() for problem in bad.problems]) from bad


def _read(text: str) -> tuple[list[tuple[Use, TemplateProblem]], list[TemplateProblem]]:
    part, problems = _part(clean(text))
    return part.uses, [
        TemplateProblem("", None, problem.text, problem.cause, problem.fix) for problem in problems
    ]


def _part(text: str) -> tuple[Part, list[TemplateProblem]]:
    """As if it were the one paragraph of a Word file."""
    root: Any = etree.Element(f"{W}body")
    paragraph = etree.SubElement(root, f"{W}p")
    words = etree.SubElement(etree.SubElement(paragraph, f"{W}r"), f"{W}t")
    words.text = text.replace("\n", " ")
    return read("", root)
