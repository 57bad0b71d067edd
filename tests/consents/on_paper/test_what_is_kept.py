"""What a signature leaves on the shelves: the receipt in both shapes, and the scan of a paper."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from portal.consents import service
from portal.store.consents import ConsentFormVersion, ConsentSigning
from portal.store.papers import Document
from portal.vocabulary import Category, Instrument
from tests.consents.on_paper.reading import of_pdf, of_word, says
from tests.consents.papers import BY_HAND, SCAN, a_draft
from tests.people import NOW, Cast


def recorded(cast: Cast, **changes):
    """Both directions, recorded by Ana."""
    out = a_draft(cast, **changes)
    back = replace(
        out, instrument=Instrument.HIPAA, categories=frozenset({Category.SERVICE_STATUS})
    )
    return service.record(cast.session, cast.who(cast.ana), [out, back], NOW, "k1")


def test_the_receipt_is_kept_in_both_shapes_with_the_numbers_of_its_consents(cast: Cast) -> None:
    consents = recorded(cast)
    signing = cast.session.get_one(ConsentSigning, consents[0].signing_id)
    pdf = cast.session.get_one(Document, signing.pdf_id)
    docx = cast.session.get_one(Document, signing.docx_id)

    assert len(consents) == 2
    for told in (of_pdf(pdf.content), of_word(docx.content)):
        assert all(says(told, consent.number) for consent in consents)
        assert says(told, signing.number)
        assert says(told, signing.code)
        assert says(told, signing.agreed_sha256)
        assert says(told, "by a member of the school's staff (Ana Counts)")
    assert {consent.document_id for consent in consents} == {pdf.id}


def test_the_receipt_bears_the_fingerprint_of_the_form_as_it_is_kept(cast: Cast) -> None:
    consents = recorded(cast)
    signing = cast.session.get_one(ConsentSigning, consents[0].signing_id)
    form = cast.session.get_one(ConsentFormVersion, signing.form_version_id)
    pdf = cast.session.get_one(Document, signing.pdf_id)

    assert says(of_pdf(pdf.content), form.sha256)
    assert says(of_pdf(pdf.content), "records@sampletown.example")


def test_the_scan_is_the_paper_of_what_was_signed_by_hand_and_a_receipt_lies_beside_it(
    cast: Cast,
) -> None:
    consents = recorded(cast, signature=BY_HAND)
    signing = cast.session.get_one(ConsentSigning, consents[0].signing_id)
    paper = cast.session.get_one(Document, consents[0].document_id)
    receipt = cast.session.get_one(Document, signing.pdf_id)

    assert paper.content == SCAN
    assert consents[0].signed_sha256 == hashlib.sha256(SCAN).hexdigest()
    assert says(of_pdf(receipt.content), "Signed by hand on November 18, 2026.")
