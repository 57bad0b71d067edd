"""Is a paper one of ours? Answered by its hash or its code, without a name."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access import documents, genuine
from portal.access.genuine import Verified
from portal.policy.papers import Standing
from portal.store.consents import ConsentSigning
from portal.store.ledger import TrailLine
from portal.vocabulary import ConsentEventKind, DocumentKind, SignatureMethod
from tests import factories as make
from tests.people import NOW

CODE = "7K3Q-F2HM-9XWD"


def kept(cast, content: bytes, kind=DocumentKind.CONSENT):
    return documents.keep(
        cast.session, cast.ana.id, cast.district.id, kind, "x.pdf", "application/pdf", content, NOW
    )


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def a_signing(cast, **changes) -> ConsentSigning:
    return make.stored(
        cast.session,
        ConsentSigning(
            number="F-1", form_version_id=make.form_version(cast.session, cast.district).id,
            student_id=cast.luis.id, partner_id=cast.riverside.id, signer_name="Maria Sample",
            method=SignatureMethod.PAPER, signed_at=NOW, agreed_sha256="0" * 64, code=CODE,
            **changes,
        ),
    )  # fmt: skip


def a_consent(cast, **changes):
    return make.consent(cast.session, cast.luis, cast.riverside, cast.maria, **changes)


@pytest.fixture
def consent(cast):
    """A consent whose receipt is b'pdf' and b'docx', and whose signed paper is b'scan'."""
    signing = a_signing(cast, pdf_id=kept(cast, b"pdf").id, docx_id=kept(cast, b"docx").id)
    return a_consent(cast, signing_id=signing.id, document_id=kept(cast, b"scan").id)


@pytest.mark.parametrize("paper", [b"pdf", b"docx", b"scan"])
def test_every_shape_of_the_paper_is_known_by_its_bytes(cast, consent, paper):
    assert genuine.by_hash(cast.session, sha(paper), NOW).standing is Standing.GENUINE
    assert genuine.by_hash(cast.session, sha(paper + b"."), NOW).standing is Standing.NOT_OURS


@pytest.mark.parametrize(
    "typed", [CODE, "7k3q f2hm 9xwd", "7K3QF2HM9XWD.", "\t7K3Q-F2HM-9XWD\n", CODE.rjust(100)]
)
def test_the_code_is_known_however_it_is_typed(cast, consent, typed):
    assert genuine.by_code(cast.session, typed, NOW).standing is Standing.GENUINE


@pytest.mark.parametrize(
    "typed", ["", "7K3Q", "\x00", "x" * 9999, "%", "7K3Q-F2HM-9XWX", CODE.rjust(101)]
)
def test_another_code_is_not_ours(cast, consent, typed):
    assert genuine.by_code(cast.session, typed, NOW) == Verified(Standing.NOT_OURS)


def test_it_tells_when_it_was_taken_back_by_the_district_s_clock(cast, consent):
    cast.district.tz = "America/Chicago"
    make.event(cast.session, consent, ConsentEventKind.REVOKED, NOW - timedelta(hours=1))

    found = genuine.by_code(cast.session, CODE, NOW)
    assert found.standing is Standing.TAKEN_BACK
    assert (found.at, found.tz) == (NOW - timedelta(hours=1), "America/Chicago")


def test_an_old_consent_without_a_receipt_is_known_by_its_scan(cast):
    a_consent(cast, document_id=kept(cast, b"old").id)
    assert genuine.by_hash(cast.session, sha(b"old"), NOW).standing is Standing.GENUINE


def test_what_nobody_has_signed_yet_is_not_ours(cast):
    signing = a_signing(cast, pdf_id=kept(cast, b"pdf").id)
    a_consent(
        cast, signing_id=signing.id, document_id=kept(cast, b"scan").id, signed_at=None
    )  # fmt: skip

    for paper in (b"pdf", b"scan"):
        assert genuine.by_hash(cast.session, sha(paper), NOW) == Verified(Standing.NOT_OURS)
    assert genuine.by_code(cast.session, CODE, NOW) == Verified(Standing.NOT_OURS)


@pytest.mark.parametrize("paper_kept", [True, False])
def test_the_clock_is_that_of_who_keeps_the_paper_or_else_of_the_first_discloser(cast, paper_kept):
    """Of both directions under one form the one from the district comes first, by its number."""
    cast.district.tz, cast.riverside.tz = "America/Chicago", "America/Denver"
    signing = a_signing(cast)
    back = {"discloser_id": cast.riverside.id, "signing_id": signing.id}
    if paper_kept:
        a_consent(cast, document_id=kept(cast, b"scan").id, **back)
    else:
        a_consent(cast, number="C-2", **back)
        a_consent(cast, number="C-1", signing_id=signing.id)

    assert genuine.by_code(cast.session, CODE, NOW).tz == "America/Chicago"


def test_other_papers_of_the_district_are_no_consents(cast):
    kept(cast, b"mou", DocumentKind.AGREEMENT)
    assert genuine.by_hash(cast.session, sha(b"mou"), NOW).standing is Standing.NOT_OURS


@pytest.mark.parametrize(
    ("ask", "asked", "told"),
    [
        (genuine.by_code, CODE, ("code", "genuine")),
        (genuine.by_code, "7K3Q", ("code", "not_ours")),
        (genuine.by_hash, sha(b"pdf"), ("file", "genuine")),
    ],
)
def test_the_trail_tells_of_the_question_and_names_nobody(cast, consent, ask, asked, told):
    ask(cast.session, asked, NOW)
    line = cast.session.scalars(select(TrailLine).order_by(TrailLine.id.desc())).first()

    assert (line.event, line.user_name, line.subject) == ("consent.verified", "", "")
    assert (line.allowed, line.at) == (told[1] == "genuine", NOW)
    assert line.detail == {"standing": told[1], "by": told[0]}
