"""The certificate of signing: who signed what when, made with the last signature or later."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.access.documents import open_document
from portal.agreements import certificate, issuing, reviewing, signing
from portal.agreements.content import Signer
from portal.agreements.reviewing import Answer
from portal.errors import NotFound, NotReady, Problem
from portal.pdf import render
from portal.store.ledger import TrailLine
from portal.store.papers import Document
from portal.vocabulary import AgreementStatus
from tests.agreements.papers import (
    A_SIDE,
    B_SIDE,
    DISTRICT,
    PARTNER,
    SCAN,
    drafted,
    issued,
    on_paper,
    signed,
    status,
)
from tests.pdf.reading import Pdf
from tests.people import NOW


def read(cast, paper, at=NOW) -> Pdf:
    document = cast.session.get_one(Document, paper.certificate_id)
    return Pdf(document.content)


def plain(text: str) -> str:
    return text.replace(" ", "").replace("\u200b", "").replace("\n", "")


def busy(*_order, **_options):
    raise NotReady([Problem("Many papers are being made just now.", "Try again.")])


def test_the_last_signature_makes_the_certificate_and_an_earlier_one_does_not(cast):
    paper = issued(cast)
    signing.sign(cast.session, cast.who(cast.alma), paper.id, PARTNER, B_SIDE, NOW)
    assert paper.certificate_id is None

    signing.sign(cast.session, cast.who(cast.sue), paper.id, DISTRICT, A_SIDE, NOW)
    document = open_document(cast.session, cast.who(cast.alma), paper.certificate_id, NOW)
    assert document.content.startswith(b"%PDF-")
    assert document.file_name == f"Agreement-{paper.number}-certificate.pdf"


def test_it_names_the_document_by_its_hash_and_every_signer_to_the_second(cast):
    at = datetime(2026, 11, 20, 15, 4, 9, tzinfo=UTC)
    paper = signed(cast, at=at, board_vote_on=date(2026, 11, 10))
    pdf, text = read(cast, paper), plain(read(cast, paper).text)
    word = cast.session.get_one(Document, paper.document_id)

    assert plain(word.sha256) in text
    assert text.count(plain(word.sha256)) == 3
    for told in (
        "Alma River", "Executive Director", "Riverside Clinic", "Sue Perin", "Superintendent",
        f"{len(word.content):,} bytes", word.file_name, "Memorandum of understanding",
        "November 20, 2026, 10:04:09 AM EST (UTC-05:00)", "November 20, 2026 through June 30, 2027",
        "November 10, 2026", "Standard agreement, version", "1-266 to 1-286",
        f"/verify/{paper.number}",
    ):  # fmt: skip
        assert plain(told) in text, told
    assert any(f"/verify/{paper.number}" in alt for alt in pdf.alts())


def test_what_was_signed_by_hand_has_the_scan_s_hash_and_who_recorded_it(cast):
    paper = issued(cast)
    dina, later = cast.who(cast.dina), NOW + timedelta(days=4)
    signing.sign(cast.session, dina, paper.id, PARTNER, on_paper(), later)
    signing.sign(cast.session, cast.who(cast.sue), paper.id, DISTRICT, A_SIDE, later)
    text = plain(read(cast, paper).text)
    scan = cast.session.scalars(select(Document).where(Document.content == SCAN)).one()

    assert scan.sha256 in text
    assert plain("November 20, 2026 (the day on the paper)") in text
    assert plain("November 24, 2026, 10:00:00 AM EST (UTC-05:00), by Dina Desk") in text


def test_the_timeline_tells_every_step_and_nothing_that_was_said(cast):
    paper, dina, alma = drafted(cast), cast.who(cast.dina), cast.who(cast.alma)
    hour = timedelta(hours=1)
    reviewing.send(cast.session, dina, paper.id, "A first look, please.", NOW)
    answer = Answer({"": "Our board wants fewer days."})
    reviewing.send_back(cast.session, alma, paper.id, answer, NOW + hour)
    reviewing.send(cast.session, dina, paper.id, "", NOW + 2 * hour)
    reviewing.approve(cast.session, alma, paper.id, NOW + 3 * hour)
    issuing.issue(cast.session, dina, paper.id, NOW + 4 * hour)
    signing.reminded(cast.session, dina, paper.id, NOW + 5 * hour)
    signing.sign(cast.session, alma, paper.id, PARTNER, B_SIDE, NOW + 6 * hour)
    signing.sign(cast.session, cast.who(cast.sue), paper.id, DISTRICT, A_SIDE, NOW + 7 * hour)

    text = read(cast, paper).text
    steps = (
        "First written", "Sent for review, version 1", "Sent back, version 1",
        "Sent for review, version 2", "Approved, version 2", "Issued for signature, version 3",
        "Reminder sent: Alma River", "Signed: Alma River, Executive Director",
        "Signed: Sue Perin, Superintendent",
    )  # fmt: skip
    places = [plain(text).index(plain(step)) for step in steps]
    assert places == sorted(places)
    for said in ("first look", "fewer days"):
        assert plain(said) not in plain(text)


def test_a_signature_is_not_lost_when_no_paper_can_be_made_and_the_certificate_comes_later(
    cast, monkeypatch
):
    with monkeypatch.context() as patched:
        patched.setattr(render, "make", busy)
        paper = signed(cast)
        assert status(cast, paper) is AgreementStatus.IN_FORCE
        assert paper.certificate_id is None
        with pytest.raises(NotReady, match="Many papers"):
            certificate.certificate(cast.session, cast.who(cast.alma), paper.id, NOW)

    alma, dina = cast.who(cast.alma), cast.who(cast.dina)
    made = certificate.certificate(cast.session, alma, paper.id, NOW + timedelta(days=1))
    assert certificate.certificate(cast.session, dina, paper.id, NOW + timedelta(days=2)) == made
    assert plain("November 21, 2026") in plain(read(cast, paper).text)
    events = [
        event
        for event in cast.session.scalars(select(TrailLine.event).order_by(TrailLine.id))
        if event.startswith("agreement.certif")
    ]
    assert events == ["agreement.certificate_waits", "agreement.certified"]


def test_there_is_no_certificate_before_all_have_signed(cast):
    paper = issued(cast)

    with pytest.raises(NotReady, match="Not all have signed"):
        certificate.certificate(cast.session, cast.who(cast.dina), paper.id, NOW)


@pytest.mark.parametrize("who", ["hugo", "ana", "rita"])
def test_nobody_else_asks_for_it(cast, who):
    paper = signed(cast)
    me = cast.who(getattr(cast, who))

    for asked in (paper.id, uuid.uuid4()):
        with pytest.raises(NotFound):
            certificate.certificate(cast.session, me, asked, NOW)


def test_several_signers_of_a_side_each_have_their_right_to_sign(cast):
    both = (
        Signer("Sue Perin", "Superintendent", "Policy 3323"),
        Signer("Bo Chair", "Chair of the Board", "Vote of November 10, 2026"),
    )
    paper = signed(cast, district_signers=both)
    by_hand = on_paper(name="Bo Chair", title="Chair of the Board")
    signing.sign(cast.session, cast.who(cast.dina), paper.id, 3, by_hand, NOW)

    text = plain(read(cast, paper).text)
    for told in ("Policy 3323", "Vote of November 10, 2026", "Bo Chair"):
        assert plain(told) in text


def test_a_paper_that_the_portal_has_outgrown_names_no_other_template(cast, monkeypatch):
    monkeypatch.setattr(render, "make", busy)
    paper = signed(cast)
    monkeypatch.undo()
    newer = certificate.shipped()
    other = type(newer)("Standard agreement, version 99", b"another")
    monkeypatch.setattr(certificate, "shipped", lambda: other)
    certificate.certificate(cast.session, cast.who(cast.dina), paper.id, NOW)

    assert "version 99" not in read(cast, paper).text
