"""The PDF of an issued agreement: of the issued bytes, once, kept beside the Word file."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select

from portal.access.documents import open_document
from portal.agreements import pdf
from portal.errors import NotFound, NotReady
from portal.store.ledger import TrailLine
from portal.store.papers import Document
from portal.word import convert
from tests.agreements.papers import drafted, issued
from tests.pdf.reading import Pdf
from tests.people import NOW

MADE = b"%PDF-1.7 made %%EOF"


def test_it_is_made_of_the_issued_bytes_and_says_so_in_the_trail(cast):
    paper, alma = issued(cast), cast.who(cast.alma)
    word = cast.session.get_one(Document, paper.document_id)
    found = pdf.issued(cast.session, alma, paper.id, NOW)
    assert (found.word, found.sha256, found.pdf_id) == (word.content, word.sha256, None)

    key = pdf.keep(cast.session, alma, paper.id, found.sha256, MADE, NOW)
    document = open_document(cast.session, cast.who(cast.dina), key, NOW)
    assert (paper.pdf_id, document.content) == (key, MADE)
    assert document.file_name == f"Agreement-{paper.number}.pdf"
    line = cast.session.scalars(
        select(TrailLine).where(TrailLine.event == "agreement.pdf_made")
    ).one()
    assert line.detail == {"of": word.sha256, "sha256": document.sha256}


def test_the_first_one_stays(cast):
    paper, dina = issued(cast), cast.who(cast.dina)
    sha256 = pdf.issued(cast.session, dina, paper.id, NOW).sha256
    first = pdf.keep(cast.session, dina, paper.id, sha256, MADE, NOW)

    assert pdf.keep(cast.session, dina, paper.id, sha256, b"%PDF-another %%EOF", NOW) == first
    assert pdf.issued(cast.session, dina, paper.id, NOW).pdf_id == first


def test_what_was_made_of_other_bytes_is_not_kept(cast):
    paper = issued(cast)

    with pytest.raises(NotReady, match="not made of the issued document"):
        pdf.keep(cast.session, cast.who(cast.dina), paper.id, "0" * 64, MADE, NOW)


def test_a_draft_has_none(cast):
    paper, dina = drafted(cast), cast.who(cast.dina)

    for attempt in (
        lambda: pdf.issued(cast.session, dina, paper.id, NOW),
        lambda: pdf.keep(cast.session, dina, paper.id, "0" * 64, MADE, NOW),
    ):
        with pytest.raises(NotReady, match="not issued"):
            attempt()


@pytest.mark.parametrize("who", ["hugo", "ana", "rita"])
def test_nobody_else_makes_one(cast, who):
    paper, me = issued(cast), cast.who(getattr(cast, who))

    for asked in (paper.id, uuid.uuid4()):
        with pytest.raises(NotFound):
            pdf.issued(cast.session, me, asked, NOW)
        with pytest.raises(NotFound):
            pdf.keep(cast.session, me, asked, "0" * 64, MADE, NOW)


def test_the_real_converter_prints_what_the_word_file_says(cast):
    paper = issued(cast)
    made = Pdf(convert.to_pdf(pdf.issued(cast.session, cast.who(cast.dina), paper.id, NOW).word))

    for told in (paper.number, "Harbor Point Public Schools", "Riverside Clinic", "Alma River"):
        assert told in made.text
    assert made.catalog["/Lang"] == "en-US"
