"""What the detail of an issued agreement shows of its PDF."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from portal.agreements import drafting, issuing, queries
from portal.store.agreements import AgreementPaper
from portal.store.papers import Document
from portal.word import convert
from tests.agreements.papers import a_content
from tests.pages.conftest import PortalDb
from tests.people import NOW


def detail() -> None:
    """A page that shows nothing else."""
    import uuid

    import streamlit as st

    from portal import clock
    from portal.access.unit_of_work import unit_of_work
    from portal.agreements import queries
    from portal.ui import agreement_pdf, parts
    from portal.ui.page import who_is_here

    me = who_is_here()
    if me is not None:
        with unit_of_work() as session:
            view = queries.view(session, me, uuid.UUID(st.session_state["paper"]), clock.now())
        parts.status_line()
        if view is not None:
            agreement_pdf.draw(view, me)


@pytest.fixture
def paper(portal_db: PortalDb) -> AgreementPaper:
    """Issued by Dina."""
    dina = portal_db.who(portal_db.cast.dina)
    with portal_db.writing() as session:
        draft = drafting.begin(session, dina, a_content(portal_db.cast), NOW, "k")
        return issuing.issue(session, dina, draft.id, NOW)


@pytest.fixture
def page(portal_db: PortalDb, paper: AgreementPaper) -> AppTest:
    made = AppTest.from_function(detail, default_timeout=20)
    made.user = {"id": str(portal_db.cast.alma.id)}
    made.session_state["paper"] = str(paper.id)
    return made


def test_a_partner_makes_the_pdf_and_then_finds_its_link(portal_db, page, paper, monkeypatch):
    given = []
    monkeypatch.setattr(convert, "program", lambda: "soffice")
    monkeypatch.setattr(convert, "to_pdf", lambda word: given.append(word) or b"%PDF- %%EOF")
    page.run()
    assert "The Word file is the record" in portal_db.shown(page)
    [button] = page.button
    button.click().run()

    assert not page.exception
    assert not page.button
    shown = portal_db.shown(page)
    assert f"Agreement {paper.number} (PDF)" in shown
    assert "The Word file is the record" in shown
    with portal_db.writing() as session:
        assert given == [session.get_one(Document, paper.document_id).content]
        key = session.get_one(AgreementPaper, paper.id).pdf_id
        assert session.get_one(Document, key).content == b"%PDF- %%EOF"
    assert f"/doc/{key}" in shown


def test_a_converter_that_fails_has_its_sentence_and_nothing_is_kept(
    portal_db, page, paper, monkeypatch
):
    def late(_word):
        raise convert.NotReady([convert.LATE])

    monkeypatch.setattr(convert, "program", lambda: "soffice")
    monkeypatch.setattr(convert, "to_pdf", late)
    page.run().button[0].click().run()

    assert "took too long" in portal_db.shown(page)
    with portal_db.writing() as session:
        assert session.get_one(AgreementPaper, paper.id).pdf_id is None


def test_without_a_converter_it_says_how_to_get_one_and_offers_no_button(
    portal_db, page, monkeypatch
):
    monkeypatch.setattr(convert, "program", lambda: None)
    page.run()

    assert not page.button
    assert "libreoffice-writer-nogui" in portal_db.shown(page)


def test_a_draft_shows_nothing_of_it(portal_db):
    dina = portal_db.who(portal_db.cast.dina)
    with portal_db.writing() as session:
        paper = drafting.begin(session, dina, a_content(portal_db.cast), NOW, "k")
        view = queries.view(session, dina, paper.id, NOW)
    page = AppTest.from_function(detail, default_timeout=20)
    page.user = {"id": str(portal_db.cast.dina.id)}
    page.session_state["paper"] = str(view.id)
    page.run()

    assert not page.button
    assert "PDF" not in portal_db.shown(page)
