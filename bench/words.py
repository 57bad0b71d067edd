"""An agreement from the product's own call, against docxtpl alone with the same values."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Callable
from dataclasses import replace

from docxtpl import DocxTemplate

from portal.agreements.clauses.library import SHIPPED
from portal.agreements.documents import Template, prepared, render, shipped, values
from portal.agreements.sample import AT, a_sample
from portal.vocabulary import AgreementKind

BATCH = 200
CONTENT = prepared(shipped().content)
PRINTED = a_sample(AgreementKind.MOU, SHIPPED, None)
VALUES = values(PRINTED, SHIPPED)


def by_the_portal(content: bytes = CONTENT) -> None:
    """One agreement with its clauses and all checks, the filling by a worker."""
    assert render(replace(PRINTED, template=Template("Standard", content)), SHIPPED, AT)


def never_seen() -> Callable[[], None]:
    """One agreement each time from a template that no worker has read before."""
    numbers = itertools.count(1)

    def by_the_portal_anew() -> None:
        saved, mark = io.BytesIO(), b"<!-- %d --></w:document>" % next(numbers)
        with zipfile.ZipFile(io.BytesIO(CONTENT)) as old, zipfile.ZipFile(saved, "w") as new:
            for part in old.namelist():
                new.writestr(part, old.read(part).replace(b"</w:document>", mark))
        by_the_portal(saved.getvalue())

    return by_the_portal_anew


def many_by_the_portal() -> None:
    """A batch of agreements, one after another."""
    for _ in range(BATCH):
        by_the_portal()


def by_docxtpl_alone() -> None:
    """One agreement, in this process, without a check."""
    template = DocxTemplate(io.BytesIO(CONTENT))
    template.render(VALUES, autoescape=True)
    template.save(io.BytesIO())


def many_by_docxtpl_alone() -> None:
    """As many, one after another."""
    for _ in range(BATCH):
        by_docxtpl_alone()
