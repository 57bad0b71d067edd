"""A template and a form's values become one document, or a list of what stands against it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from portal.errors import NotReady
from portal.word import desk
from portal.word.values import Values, clean, value_problems

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


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
    `lines[].category` or `schools[]`. clauses: ids that the document must have as bookmarks
    `clause_<id>`. The same input gives the same bytes. Raises NotReady for a value that cannot
    be printed or when no worker was free, and BadFile with all problems of the template.
    """
    printed = clean(values)
    if problems := value_problems(printed):
        raise NotReady(problems)
    told = {
        "title": clean(title),
        "author": clean(author),
        "at": at.isoformat(),
        "language": language,
    }
    return desk.render(template, printed, fields, clauses, told)
