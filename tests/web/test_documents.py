"""/doc/{id}: the only way in which a file leaves."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select

from portal.store.ledger import TrailLine
from portal.store.papers import Agreement, Document
from portal.web import sign_in
from tests.people import NOW
from tests.web.conftest import Site

CONTENT = b"PK\x03\x04 the exact bytes"


def a_document(site: Site, file_name: str = "MOU 1.docx") -> uuid.UUID:
    """The document of the agreement with Riverside."""
    cast = site.db.cast
    with site.db.writing() as session:
        document = Document(
            owner_id=cast.district.id,
            kind="agreement",
            file_name=file_name,
            media_type="text/html",
            sha256="0" * 64,
            content=CONTENT,
            made_at=NOW,
            made_by=cast.dina.id,
        )
        session.add(document)
        session.flush()
        found = session.scalars(select(Agreement).where(Agreement.b_id == cast.riverside.id)).one()
        found.document_id = document.id
        return document.id


def test_who_may_read_it_gets_the_exact_bytes_as_a_file(site: Site) -> None:
    answer = site.signed_in(site.db.cast.dina).get(f"/doc/{a_document(site)}")

    assert answer.status_code == 200
    assert answer.content == CONTENT
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_the_trail_tells_of_it(site: Site) -> None:
    document = a_document(site)
    site.signed_in(site.db.cast.dina).get(f"/doc/{document}")
    site.signed_in(site.db.cast.tom).get(f"/doc/{document}")

    with site.db.writing() as session:
        lines = session.scalars(select(TrailLine).where(TrailLine.event == "document.opened")).all()
        told = [(line.user_name, line.allowed, line.subject) for line in lines]
    assert told == [("Dina Desk", True, str(document)), ("Tom Chalk", False, str(document))]


def test_somebody_elses_document_and_none_at_all_get_the_same_answer(site: Site) -> None:
    browser = site.signed_in(site.db.cast.tom)
    foreign = browser.get(f"/doc/{a_document(site)}")
    missing = browser.get(f"/doc/{uuid.uuid4()}")

    assert foreign.status_code == missing.status_code == 404
    assert foreign.text == missing.text


def test_a_forwarded_link_opens_nothing_without_a_session_or_after_it(site: Site) -> None:
    path = f"/doc/{a_document(site)}"
    assert site.browser().get(path).status_code == 303

    browser = site.signed_in(site.db.cast.dina)
    copied = browser.cookies["portal"]
    browser.post("/logout")
    browser.cookies.set("portal", copied)
    assert browser.get(path).status_code == 303


@pytest.mark.parametrize("name", ['a"b\r\nX: y.docx', "../../etc/passwd", "é漢.docx", "x" * 300])
def test_an_odd_file_name_stays_a_file_name(site: Site, name: str) -> None:
    answer = site.signed_in(site.db.cast.dina).get(f"/doc/{a_document(site, name)}")

    assert "x" not in answer.headers
    told = answer.headers["content-disposition"]
    assert not set(told.removeprefix("attachment; filename*=UTF-8''")) & set('"\r\n;/')


def test_the_sign_in_knows_where_documents_are() -> None:
    assert sign_in.DOCUMENT.fullmatch(f"/doc/{uuid.uuid4()}")
