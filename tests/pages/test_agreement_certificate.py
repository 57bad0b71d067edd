"""The certificate of signing on the detail of an agreement: there, made now, or made later."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from portal.errors import NotReady, Problem
from portal.pdf import render
from portal.store.agreements import AgreementPaper
from tests.agreements.papers import issued, signed_by_both
from tests.pages.conftest import PortalDb


def detail() -> None:
    """A page that shows nothing else."""
    import uuid

    import streamlit as st

    from portal import clock
    from portal.access.unit_of_work import unit_of_work
    from portal.agreements import queries
    from portal.ui import agreement_certificate
    from portal.ui.page import who_is_here

    me = who_is_here()
    if me is not None:
        with unit_of_work() as session:
            view = queries.view(session, me, uuid.UUID(st.session_state["paper"]), clock.now())
        if view is not None:
            agreement_certificate.draw(view, me)


def busy(*_order, **_options):
    raise NotReady([Problem("Many papers are being made just now.", "Try again in a minute.")])


@pytest.fixture
def show(portal_db: PortalDb):
    """The detail of a paper, as Riverside's administrator sees it."""

    def shown(paper: AgreementPaper) -> str:
        page = AppTest.from_function(detail, default_timeout=20)
        page.user = {"id": str(portal_db.cast.alma.id)}
        page.session_state["paper"] = str(paper.id)
        page.run()
        assert not page.exception
        return portal_db.shown(page)

    return shown


def made(portal_db: PortalDb, *, sign: bool = True) -> AgreementPaper:
    with portal_db.writing() as session:
        cast = replace(portal_db.cast, session=session)
        paper = issued(cast)
        return signed_by_both(cast, paper) if sign else paper


def kept(portal_db: PortalDb, paper: AgreementPaper) -> object:
    with portal_db.writing() as session:
        return session.get_one(AgreementPaper, paper.id).certificate_id


def test_the_link_is_there_once_all_have_signed(portal_db, show):
    paper = made(portal_db)

    assert f"/doc/{paper.certificate_id}" in show(paper)


def test_what_was_not_made_with_the_last_signature_is_made_when_it_is_looked_for(
    portal_db, show, monkeypatch
):
    with monkeypatch.context() as patched:
        patched.setattr(render, "make", busy)
        paper = made(portal_db)
        told = show(paper)
    assert "not made yet. Many papers are being made just now." in told
    assert "/doc/" not in told

    told, key = show(paper), kept(portal_db, paper)
    assert key is not None
    assert f"/doc/{key}" in told
    assert f"/doc/{key}" in show(paper)


def test_before_all_have_signed_nothing_is_shown(portal_db, show):
    assert "ertificate" not in show(made(portal_db, sign=False))
