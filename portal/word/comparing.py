"""Do a template, the fields of its form and the values say the same? All three ways."""

from __future__ import annotations

from collections.abc import Collection

from portal.word.compiled import Compiled
from portal.word.filling import CLAUSE
from portal.word.problems import TemplateProblem, of_file
from portal.word.values import Values, fields_of

COMPARE = "Compare with templates/README.md, and with the shipped template."


def disagreements(
    template: Compiled, values: Values, fields: Collection[str], clauses: Collection[str]
) -> list[TemplateProblem]:
    """Every field that one of them has and another has not, and each clause without its mark."""
    used, declared = template.fields, set(fields)
    return [
        *_each(used - declared, "The template asks for {}, which the form does not have."),
        *_each(declared - used, "The template never prints {}."),
        *_each(set(fields_of(values)) - declared, "The form gives {}, which is no field."),
        *_each(unmarked(template.bookmarks, clauses), "The clause “{}” is missing."),
    ]


def _each(paths: Collection[str], sentence: str) -> list[TemplateProblem]:
    return [of_file(sentence.format(path), COMPARE) for path in sorted(paths)]


def unmarked(marked: Collection[str], clauses: Collection[str]) -> set[str]:
    """The clauses without a bookmark; none where a loop marks them: then the document tells."""
    if any(name.startswith(CLAUSE) and "{{" in name for name in marked):
        return set()
    return {clause for clause in clauses if CLAUSE + clause not in marked}
