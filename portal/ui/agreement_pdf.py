"""The PDF of an issued agreement: its link, or the button that makes it, or why there is none."""

from __future__ import annotations

import uuid

import streamlit as st

from portal import clock
from portal.access.actor import Actor
from portal.access.unit_of_work import unit_of_work
from portal.agreements import pdf
from portal.agreements.queries import AgreementView
from portal.ui import parts
from portal.ui.page import telling_problems
from portal.word import convert

RECORD = "The Word file is the record: it is what was signed. The PDF is made of it, to read."
NONE_HERE = (
    "A PDF for people without Word is not made here: no converter is installed on this server. "
    "Whoever looks after it can install LibreOffice (on Debian libreoffice-writer-nogui) or set "
    "PORTAL_SOFFICE. Nothing else is missing: the Word file is the record."
)


def draw(view: AgreementView, me: Actor) -> None:
    """What the detail of an issued agreement shows of it."""
    if view.document_id is None:
        return
    if view.pdf_id is not None:
        parts.document(f"Agreement {view.number} (PDF)", view.pdf_id)
        parts.muted(RECORD)
        return
    if convert.program() is None:
        parts.muted(NONE_HERE)
        return
    problems = st.container()
    if st.button("Make a PDF", key=f"agreement-pdf-{view.number}"):
        with problems, telling_problems():
            with st.spinner("Making the PDF …"):
                make(me, view.id)
            parts.flash(f"The PDF of agreement {view.number} is made.")
            st.rerun()
    parts.muted(RECORD)


def make(me: Actor, paper_id: uuid.UUID) -> uuid.UUID:
    """Make the PDF and keep it; no transaction is open while the converter runs."""
    with unit_of_work() as session:
        issued = pdf.issued(session, me, paper_id, clock.now())
    if issued.pdf_id is not None:
        return issued.pdf_id
    made = convert.to_pdf(issued.word)
    with unit_of_work() as session:
        return pdf.keep(session, me, paper_id, issued.sha256, made, clock.now())
