"""What the portal asks about a template that somebody brought: each question goes to a worker.

checked = desk.check(content, FIELDS, CLAUSES)
if not checked.usable:
    marked = desk.annotated(content, checked.problems)      # the file with a note at each
for blank in desk.blanks(content, FIELDS):                  # ____, [Name of District], {x}
    ...
content = desk.with_fields(content, {blank.id: "district.name"})
paper = desk.fill(content, {"district": {"name": "Harbor Point"}}, at=clock.now())
"""

from __future__ import annotations

import atexit
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.errors import BadFile, NotReady, Problem
from portal.word.blanks import Blank
from portal.word.package import MOST_BYTES, TOO_LARGE
from portal.word.problems import TemplateProblem, of_file
from portal.word.values import Values, clean, shape_problems, value_problems
from portal.workers.frames import MADE
from portal.workers.pool import AGAIN, Pool, Sentences

DATA = "data"
"""Stands for the name of the part in a problem of the values."""


class BadTemplate(BadFile):
    """A template cannot be used; `found` says where and why, for a list or a marked copy."""

    def __init__(self, found: Iterable[TemplateProblem]) -> None:
        self.found = tuple(found)
        super().__init__([problem.as_problem() for problem in self.found])


@dataclass(frozen=True)
class Checked:
    """fields: every path that the template asks for, such as `from_district[].category`."""

    fields: tuple[str, ...]
    problems: tuple[TemplateProblem, ...]

    @property
    def usable(self) -> bool:
        """May it be filled?"""
        return not self.problems


def check(
    content: bytes,
    declared: Collection[str] | None = None,
    clauses: Collection[str] = (),
) -> Checked:
    """What a template asks for, and what stands against it.

    declared: the fields of the form; None judges the template by itself. clauses: ids that must
    be marked with a bookmark `clause_<id>`. Never raises for a template.
    """
    listed = None if declared is None else sorted(declared)
    try:
        told = json.loads(_ask("check", content, declared=listed, clauses=sorted(clauses)))
    except BadTemplate as bad:
        return Checked((), bad.found)
    problems = tuple(TemplateProblem(**problem) for problem in told["problems"])
    return Checked(tuple(told["fields"]), problems)


def fill(content: bytes, data: Values, *, at: datetime, title: str = "", author: str = "") -> bytes:
    """Any template with any plain data: text, numbers, true, false, null, lists, objects.

    Raises NotReady for the data, with the path of each field, and BadTemplate.
    """
    if problems := shape_problems(data) or value_problems(cleaned := clean(data, data=True)):
        raise NotReady(problems)
    told = {"title": clean(title), "author": clean(author), "at": at.isoformat(), "language": None}
    return _ask("fill", content, values=cleaned, told=told)


def render(
    content: bytes,
    values: Values,
    fields: Collection[str],
    clauses: Collection[str],
    told: Mapping[str, Any],
) -> bytes:
    """See `portal.word.render`; the values are clean."""
    return _ask(
        "render",
        content,
        values=values,
        fields=sorted(fields),
        clauses=sorted(clauses),
        told=told,
    )


def sample(content: bytes) -> bytes:
    """The template filled with made-up values. Raises BadTemplate."""
    return _ask("sample", content)


def annotated(content: bytes, problems: Iterable[TemplateProblem]) -> bytes:
    """A copy of the file with each problem written beside its words.

    Raises BadTemplate for a file that is too broken, or too dangerous, to be given back.
    """
    return _ask("annotate", content, problems=[problem.as_dict() for problem in problems])


def blanks(content: bytes, declared: Collection[str] = ()) -> list[Blank]:
    """Blanks in other notations, each with the field it probably means. Raises BadTemplate."""
    told = json.loads(_ask("blanks", content, declared=sorted(declared)))
    return [Blank(**blank) for blank in told]


def with_fields(content: bytes, choices: Mapping[str, str]) -> bytes:
    """The file with a tag in the place of each chosen blank.

    choices: the id of a blank, and a field or `leave`. Raises BadTemplate.
    """
    return _ask("with_fields", content, choices=dict(choices))


def _ask(verb: str, content: bytes, **order: Any) -> bytes:
    """Raises BadTemplate; NotReady when no worker was free."""
    if len(content) > MOST_BYTES:
        raise BadTemplate([TOO_LARGE])
    said = {"verb": verb, "seconds": SECONDS + 1, **order}
    try:
        answer = workers().answer(json.dumps(said).encode() + b"\n" + content)
    except NotReady as late:
        if late.problems[0] is SENTENCES.busy:
            raise
        problem = late.problems[0]
        raise BadTemplate([of_file(problem.what, problem.do_next)]) from late
    if answer[:1] == MADE:
        return answer[1:]
    raise BadTemplate(TemplateProblem(**problem) for problem in json.loads(answer[1:]))


SECONDS = 20.0
"""For one order. A template of 10,000 paragraphs takes one or two; a busy machine needs more."""

SIMPLER = "Make it simpler, or divide it. If it happens again, tell whoever looks after the portal."
SENTENCES = Sentences(
    late=Problem("The template took too long, and was stopped.", SIMPLER),
    died=Problem("The template could not be read: the program that reads it stopped.", SIMPLER),
    busy=Problem(
        "Many documents are being made just now, and this one did not get its turn.", AGAIN
    ),
)

_WORKERS = Pool("portal.word.worker", SENTENCES, seconds=SECONDS, papers=5000)
atexit.register(_WORKERS.close)


def workers() -> Pool:
    """The pool of this process; none of its workers runs before the first template."""
    return _WORKERS
