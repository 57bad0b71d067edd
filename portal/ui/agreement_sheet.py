"""The document beside the form: the Word file that would be issued, read back and shown as text."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import streamlit as st

from portal import clock
from portal.access.unit_of_work import reading, unit_of_work
from portal.agreements import looking
from portal.agreements.clauses.articles import Article
from portal.agreements.clauses.library import Library
from portal.agreements.looking import Room
from portal.agreements.rules import Step
from portal.errors import PortalError
from portal.ui import agreement_clauses, parts
from portal.ui.agreement_draft import Desk
from portal.ui.focus import scroll_to
from portal.ui.page import who_is_here
from portal.ui.parts import esc
from portal.word.outline import Block, Grid, Text, outline

ARTICLES = {
    Step.PARTIES: Article.PARTIES,
    Step.SERVICES: Article.SERVICES,
    Step.RECORDS: Article.SCHEDULE_DISTRICT,
    Step.CLAUSES: Article.PARTIES,
    Step.PEOPLE: Article.SIGNATURES,
    Step.TERMS: Article.TERM,
}
"""Where a step's fields are printed."""

MARK = "clause_"
PAUSE = 0.2
"""Seconds."""
TOP = 3
"""The level of the document's title among the headings of the page."""

WIDEST = 4
"""Columns of a table that can be read beside the form."""


def draw(desk: Desk, room: Room) -> None:
    """The document as it is saved, at the article of the open step."""
    parts.subheading("The document", "As it would be issued now; what you change shows at once.")
    shown = st.toggle("Show the document", desk.shows_document, key="agreement-shows-document")
    desk.shows_document = shown
    if not shown:
        return
    try:
        blocks = _read(desk)
    except PortalError as error:
        parts.problem_summary(error)
        return
    body = "".join(_parts(blocks, room.library))
    st.html(
        f'<div class="p-sheet" role="region" tabindex="0" aria-label="The document">{body}</div>'
    )
    article = agreement_clauses.article_of(desk, room) or ARTICLES.get(desk.at.step)
    if article is not None:
        scroll_to(f".p-at-{article}", within=".p-sheet", form=f"{desk.moves}-{article}")


def _read(desk: Desk) -> Sequence[Block]:
    """Read once for each revision; it is about no student, so the session may keep it."""
    if desk.words is None or desk.words[0] != desk.revision:
        me = who_is_here()
        if me is None:
            st.rerun()
        revision = desk.revision
        _wait_for_a_pause()
        with unit_of_work(reading()) as session:
            made = looking.preview(session, me, desk.paper_id, clock.now())
        desk.words = (revision, outline(made))
    return desk.words[1]


def _wait_for_a_pause() -> None:
    """A field that is left is often followed by the next: the page then runs anew, and this run
    ends here instead of making a document that nobody waits for.
    """
    time.sleep(PAUSE)
    st.empty()


def _parts(blocks: Sequence[Block], library: Library) -> Iterator[str]:
    """Every block as HTML; the heading of an article carries its name."""
    names = _names(blocks, library)
    deepest = TOP
    for place, block in enumerate(blocks):
        marked = " ".join(sorted(names.get(place, ())))
        if isinstance(block, Grid):
            yield (
                _wide(block.rows, marked)
                if len(block.rows[0]) > WIDEST
                else _grid(block.rows, marked)
            )
        elif block.level:
            deepest = min(block.level + TOP - 1, deepest + 1)
            yield f"<h{deepest}{_class(marked)}>{_said(block)}</h{deepest}>"
        else:
            item = "p-item" if block.is_item else ""
            yield f"<p{_class(f'{marked} {item}')}>{_said(block)}</p>"


def _names(blocks: Sequence[Block], library: Library) -> dict[int, set[str]]:
    """By the place of a block, the articles that begin there."""
    met: set[Article] = set()
    found: dict[int, set[str]] = {}
    for place, block in enumerate(blocks):
        for mark in block.marks:
            clause = library.current.get(mark.removeprefix(MARK))
            if clause is None or clause.article in met:
                continue
            met.add(clause.article)
            above = blocks[place - 1] if place else block
            under = isinstance(above, Text) and above.level > 0
            found.setdefault(place - 1 if under else place, set()).add(f"p-at-{clause.article}")
    return found


def _class(names: str) -> str:
    return f' class="{names.strip()}"' if names.strip() else ""


def _said(block: Text) -> str:
    return esc(f"{block.number} {block.text}".strip())


def _grid(rows: Sequence[Sequence[str]], names: str) -> str:
    head, *others = rows
    top = "".join(f'<th scope="col">{esc(cell)}</th>' for cell in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{esc(cell)}</td>" for cell in row) + "</tr>" for row in others
    )
    return f"<table{_class(names)}><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _wide(rows: Sequence[Sequence[str]], names: str) -> str:
    """A table too wide for the sheet: each row with the names of its columns."""
    head, *others = rows
    items = "".join(
        f"<dt>{esc(row[0])}</dt><dd>"
        + "; ".join(
            f"{esc(name)}: {esc(cell)}" for name, cell in zip(head[1:], row[1:], strict=False)
        )
        + "</dd>"
        for row in others
    )
    return f"<dl{_class(f'{names} p-wide')}>{items}</dl>"
