"""A family's own papers: opened by whoever may know all that is on them."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access import documents, family
from portal.errors import NotFound
from portal.store.ledger import TrailLine
from portal.vocabulary import Category, DocumentKind, FamilyLinkKind, SignerKind
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
    opened = documents.open_as_family(cast.session, a_family(cast), kept(cast, cast.luis), NOW)

    assert opened.content == PAPER
    line = cast.session.scalars(select(TrailLine).order_by(TrailLine.id.desc())).first()
    assert (line.event, line.allowed, line.user_name) == ("document.opened", True, "Somebody")


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
