"""A paper from the product's own call, against typst alone on the same template and values.

Each paper has a number and a student of its own: typst remembers what it has set before.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import replace

import typst

from portal.pdf import papers, render
from portal.pdf.pool import TEMPLATES, Pool
from portal.pdf.values import as_json
from portal.pdf.worker import fonts
from tests.pdf import samples

BATCH = 20


def receipts() -> Callable[[], render.Order]:
    """Orders of one consent receipt, each with a number of its own."""
    numbers = itertools.count(1)
    receipt = samples.consent()

    def another() -> render.Order:
        number = next(numbers)
        student = replace(receipt.student, name=f"Sample Student {number}")
        paper = replace(receipt, number=f"C-{number:06d}", student=student)
        return papers.order(paper, language="en", at=samples.AT)

    return another


def by_the_portal(pool: Pool, another: Callable[[], render.Order]) -> None:
    """One receipt, by a worker."""
    assert render.make(another(), pool)


def many_by_the_portal(pool: Pool, another: Callable[[], render.Order]) -> None:
    """A batch of receipts, by all workers."""
    made = list(render.render_many((another() for _ in range(BATCH)), pool))
    assert all(isinstance(paper, bytes) for paper in made)


def by_typst_alone(another: Callable[[], render.Order]) -> None:
    """One receipt, in this process."""
    order = another()
    meta = {"title": order.title, "author": order.author, "language": "en", "region": ""}
    typst.compile(
        str(TEMPLATES / f"{order.template}.typ"),
        root=str(TEMPLATES),
        font_paths=fonts(str(TEMPLATES)),
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"values": as_json(order.values), "meta": json.dumps(meta)},
        timestamp=int(order.at.timestamp()),
    )


def many_by_typst_alone(another: Callable[[], render.Order]) -> None:
    """As many, one after another."""
    for _ in range(BATCH):
        by_typst_alone(another)
