"""A family's own papers: opened by whoever may know all that is on them."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access import documents, family, trail
from portal.access.trail import Entry
from portal.errors import NotFound
from portal.store.consents import ConsentSigning
from portal.store.ledger import TrailLine
from portal.vocabulary import (
    Category,
    DocumentKind,
    FamilyLinkKind,
    SignatureMethod,
    SignerKind,
)
from tests import factories as make
from tests.people import NOW, Cast

PAPER = b"%PDF-1.7 the signed paper"


def kept(cast: Cast, student, content: bytes = PAPER, **changes) -> uuid.UUID:
    """The scan of a consent about this student, which Maria signed unless told otherwise."""
    document = documents.keep(
        cast.session,
        cast.ana.id,
        cast.district.id,
        DocumentKind.CONSENT,
        "x.pdf",
        "application/pdf",
        content,
        NOW,
        student_id=student.id,
    )
    make.consent(
        cast.session, student, cast.riverside, cast.maria, document_id=document.id, **changes
    )
    return document.id


def a_family(cast: Cast, kind: SignerKind = SignerKind.GUARDIAN) -> family.Family:
    """Maria, or Luis himself, who has proved who they are."""
    signer = cast.maria if kind is SignerKind.GUARDIAN else cast.luis
    link, token, _code = family.new_link(
        cast.session,
        cast.who(cast.ana),
        FamilyLinkKind.KEEP,
        (kind, signer.id, "Somebody"),
        "en",
        NOW + timedelta(days=1),
        NOW,
    )
    opened = family.prove(cast.session, link, family.Proof(cast.luis.born), "", NOW)
    assert opened is not None
    return family.holder(cast.session, token, opened, NOW)


def test_a_mother_opens_the_scan_of_her_consent(cast):
    paper = kept(cast, cast.luis)
    opened = documents.open_as_family(cast.session, a_family(cast), paper, NOW)

    assert opened.content == PAPER
    line = cast.session.scalars(select(TrailLine).order_by(TrailLine.id.desc())).first()
    assert (line.event, line.allowed, line.user_name) == ("document.opened", True, "Somebody")
    assert (line.at, line.user_id, line.subject) == (NOW, None, str(paper))
    assert line.students == [cast.luis.id.hex]
    assert line.detail == {"kind": "consent", "sha256": opened.sha256}


def test_a_refusal_is_written_down_by_name_and_with_the_student_as_far_as_it_is_theirs(cast):
    who, nothing, theirs = a_family(cast), uuid.uuid4(), of_the_student_alone(cast)
    for paper in (nothing, theirs):
        with pytest.raises(NotFound):
            documents.open_as_family(cast.session, who, paper, NOW)

    told = Entry("document.opened", False, NOW, by="Somebody")
    of_luis = replace(told, students=(cast.luis.id,), subject=str(theirs))
    assert cast.session.info[trail.WAITING] == [
        (None, replace(told, subject=str(nothing), codes=["RECORD_UNKNOWN"])),
        (None, replace(of_luis, codes=["MINOR_SIGNATURE_NEEDED"])),
    ]


def signed(cast: Cast, place: str) -> uuid.UUID:
    """The receipt, in one of its shapes, of a consent that Maria signed here."""
    receipt, other = (
        documents.keep(
            *(cast.session, cast.ana.id, cast.district.id, DocumentKind.CONSENT),
            *("x.pdf", "application/pdf", PAPER, NOW),
        ).id
        for _ in range(2)
    )
    papers = {"pdf_id": other, "docx_id": other} | {place: receipt}
    row = ConsentSigning(
        number="S-1",
        form_version_id=make.form_version(cast.session, cast.district).id,
        student_id=cast.luis.id,
        partner_id=cast.riverside.id,
        signer_name="Maria Sample",
        method=SignatureMethod.TYPED,
        signed_at=NOW,
        agreed_sha256="0" * 64,
        code="code",
        **papers,
    )
    signing = make.stored(cast.session, row)
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, signing_id=signing.id)
    return receipt


@pytest.mark.parametrize("place", ["pdf_id", "docx_id"])
def test_a_mother_opens_her_receipt_in_either_shape(cast, place):
    assert documents.open_as_family(cast.session, a_family(cast), signed(cast, place), NOW)


def test_a_scan_of_what_is_not_yet_signed_is_no_paper_of_a_family(cast):
    draft = kept(cast, cast.luis, signed_at=None)

    with pytest.raises(NotFound):
        documents.open_as_family(cast.session, a_family(cast), draft, NOW)


def test_of_a_paper_of_several_consents_the_first_by_number_says_whose_it_is(cast):
    paper = kept(cast, cast.luis, number="C-2")
    make.consent(
        *(cast.session, cast.zoe, cast.riverside, cast.maria), number="C-1", document_id=paper
    )

    with pytest.raises(NotFound):
        documents.open_as_family(cast.session, a_family(cast), paper, NOW)


def of_the_student_alone(cast: Cast) -> uuid.UUID:
    return kept(
        cast,
        cast.luis,
        categories={Category.SUD},
        signer_kind=SignerKind.STUDENT,
        signer_id=cast.luis.id,
    )


@pytest.mark.parametrize(
    "paper",
    [lambda _cast: uuid.uuid4(), lambda cast: kept(cast, cast.zoe), of_the_student_alone],
    ids=["nothing", "of_another", "of_the_student_alone"],
)
def test_what_is_not_theirs_and_what_is_not_there_look_alike(cast, paper):
    with pytest.raises(NotFound) as missing:
        documents.open_as_family(cast.session, a_family(cast), paper(cast), NOW)
    assert missing.value.what == documents.NOT_FOUND.what


def test_a_student_opens_what_they_signed_alone(cast):
    who = a_family(cast, SignerKind.STUDENT)
    assert documents.open_as_family(cast.session, who, of_the_student_alone(cast), NOW)
