"""What whoever reads and signs an agreement sees of it: facts, papers, effects, signatures."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

import streamlit as st

from portal.agreements.content import Line
from portal.agreements.queries import AgreementView
from portal.ui import agreement_places, agreement_views, parts, when
from portal.ui.days import Days
from portal.ui.parts import Cell


def facts(view: AgreementView, days: Days) -> None:
    """Where it stands, who has it now, for how long, and what it stands on."""
    told: list[tuple[str, Sequence[Cell]]] = [
        ("Status", [agreement_views.tag(view)]),
        ("Who has it now", [view.desk or "Nobody"]),
        ("From and to", [agreement_views.span(view, days)]),
        ("District", [view.district]),
        ("Partner" if len(view.partners) == 1 else "Partners", [view.partner]),
    ]
    parts.strip(told)
    if view.ended_because:
        parts.notice(f"Why it ended: {view.ended_because}", "plain")


def documents(view: AgreementView) -> None:
    """Links to what was kept: the paper, its PDF, the certificate, the scans."""
    for text, key in _documents(view):
        if key is not None:
            parts.document(text, key)


def _documents(view: AgreementView) -> Iterable[tuple[str, uuid.UUID | None]]:
    yield f"Agreement {view.number} (Word)", view.document_id
    yield f"Agreement {view.number} (PDF)", view.pdf_id
    yield f"Certificate of signatures of {view.number}", view.certificate_id
    for place in view.places:
        yield f"As {place.name} signed it by hand (scan)", place.scan_id


def document_rows(lines: Iterable[tuple[str, uuid.UUID, str]], empty: str) -> None:
    """Kept documents under each other: the link's text, the document, a line below it."""
    items = "".join(
        f'<li><div><a href="/doc/{key}">{parts.esc(text)}</a>'
        f'<span class="p-muted">{parts.esc(below)}</span></div></li>'
        for text, key, below in lines
    )
    if items:
        st.html(f'<ul class="p-rows">{items}</ul>')
    else:
        parts.rows([], empty)


def effects_table(view: AgreementView, before: Iterable[Line] | None = None) -> None:
    """What it allows and forbids, both ways, for each partner."""
    for partner in view.partners:
        terms = view.content.partner(partner.id)
        lines = terms.lines if terms else ()
        agreement_views.allows(view.content, view.district, partner.name, lines, before)


def places(view: AgreementView, days: Days) -> None:
    """Who signs, in order: for whom, by what right, and when they did."""
    agreement_places.table(view, days)
    if view.content.board_vote_on:
        day = when.day(view.content.board_vote_on, days.today)
        parts.muted(f"The board of education voted on {day}.")
