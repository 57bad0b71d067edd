"""What everybody may know of agreements: which are listed when, and what a file or number is."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, select

from portal.agreements import desk, drafting, ending, issuing, pdf, reviewing, signing
from portal.agreements.content import TypedSignature
from portal.agreements.drafting import Origin
from portal.agreements.register import queries, verifying
from portal.agreements.register.verifying import Held
from portal.policy.papers import Posted
from portal.store.agreements import AgreementVersion
from portal.store.ledger import TrailLine
from portal.store.papers import Document
from portal.vocabulary import AgreementKind, AgreementStatus, Category, DocumentKind, Following
from tests import factories as make
from tests.agreements.papers import (
    A_SIDE,
    B_SIDE,
    DISTRICT,
    PARTNER,
    SCAN,
    a_content,
    drafted,
    issued,
    lines,
    on_paper,
    signed,
    signed_by_both,
    terms_of,
)
from tests.people import NOW

YEAR = timedelta(days=365)
END = datetime(2027, 7, 1, 4, 0, tzinfo=UTC)
"""The first instant after the last day of the agreements of these tests."""


def listed(cast, at=NOW) -> dict[str, Posted]:
    return {known.number: known.posted(at) for known in queries.on_the_page(cast.session, at)}


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def content(cast, key) -> bytes:
    return cast.session.get_one(Document, key).content


# The public page


def test_an_agreement_is_listed_from_its_last_signature_until_a_year_after_its_end(cast):
    paper = issued(cast)
    signing.sign(cast.session, cast.who(cast.alma), paper.id, PARTNER, B_SIDE, NOW)
    assert listed(cast) == {}
    signing.sign(cast.session, cast.who(cast.sue), paper.id, DISTRICT, A_SIDE, NOW)

    moment = timedelta(microseconds=1)
    assert listed(cast, NOW - moment) == {}
    assert listed(cast) == {paper.number: Posted.IN_FORCE}
    assert listed(cast, END - moment) == {paper.number: Posted.IN_FORCE}
    assert listed(cast, END) == {paper.number: Posted.ENDED}
    assert listed(cast, END + YEAR - moment) == {paper.number: Posted.ENDED}
    assert listed(cast, END + YEAR) == {}


def test_signed_before_its_first_day_it_is_listed_already(cast):
    paper = signed(cast, starts_on=date(2027, 1, 4))

    [known] = queries.on_the_page(cast.session, NOW)
    assert (known.number, known.status) == (paper.number, AgreementStatus.SIGNED)


def test_a_draft_one_in_review_one_out_for_signature_and_a_discarded_one_are_not_listed(cast):
    dina = cast.who(cast.dina)
    draft = drafted(cast, key="a")
    sent = drafted(cast, key="b")
    reviewing.send(cast.session, dina, sent.id, "", NOW)
    out = issued(cast, key="c")
    refused = issued(cast, key="d")
    signing.refuse(cast.session, cast.who(cast.alma), refused.id, PARTNER, "No.", NOW)
    gone = issued(cast, key="e")
    drafting.discard(cast.session, dina, gone.id, "A mistake.", NOW)

    assert listed(cast) == {}
    assert queries.numbered(cast.session, draft.number, NOW) is None
    assert queries.numbered(cast.session, sent.number, NOW) is None
    for paper in (out, refused, gone):
        known = queries.numbered(cast.session, paper.number, NOW)
        assert known.posted(NOW) is None
        assert queries.public_file(cast.session, known, pdf=False, at=NOW) is None


def test_what_was_ended_early_goes_to_the_second_list_at_once(cast):
    paper = signed(cast)
    ending.terminate(cast.session, cast.who(cast.dina), paper.id, "The clinic closes.", NOW)

    assert listed(cast) == {paper.number: Posted.ENDED}


def test_a_renewal_takes_the_place_of_the_earlier_one_which_names_it(cast):
    old = signed(cast)
    dina = cast.who(cast.dina)
    starts = date(2027, 1, 4)
    origin = Origin(follows_id=old.id, follows_how=Following.RENEWS)
    draft = drafting.begin(cast.session, dina, a_content(cast, starts_on=starts), NOW, "r", origin)
    issuing.issue(cast.session, dina, draft.id, NOW)
    new = signed_by_both(cast, draft)

    assert listed(cast) == {old.number: Posted.IN_FORCE, new.number: Posted.IN_FORCE}
    after = datetime(2027, 1, 4, 5, 0, tzinfo=UTC)
    assert listed(cast, after) == {old.number: Posted.ENDED, new.number: Posted.IN_FORCE}
    known = queries.numbered(cast.session, old.number, after)
    assert (known.status, known.followed_by) == (AgreementStatus.SUPERSEDED, new.number)


def test_signed_by_hand_it_was_posted_when_that_was_written_down(cast):
    paper, later = issued(cast, order=(0, 1)), NOW + timedelta(days=3)
    signing.sign(cast.session, cast.who(cast.sue), paper.id, 1, A_SIDE, NOW)
    signing.sign(cast.session, cast.who(cast.dina), paper.id, 2, on_paper(), later)

    known = queries.numbered(cast.session, paper.number, later)
    assert known.executed_at == NOW
    assert known.posted_at == later


def test_with_several_partners_it_stands_until_the_last_of_them_has_ended(cast):
    hal = make.user(cast.session, cast.hilltop, "Hal Hill", cast.alma.role, cast.alma.level)
    hilltop = terms_of(
        cast, agency_id=cast.hilltop.id, lines=lines(Category.CONTACT), signers=(
            replace(terms_of(cast).signers[0], name="Hal Hill", email=""),
        ),
    )  # fmt: skip
    paper = issued(cast, partners=(terms_of(cast), hilltop))
    hill, typed = cast.who(hal), TypedSignature("Hal Hill", attests=True)
    signing.sign(cast.session, cast.who(cast.alma), paper.id, 1, B_SIDE, NOW)
    signing.sign(cast.session, hill, paper.id, 2, typed, NOW)
    signing.sign(cast.session, cast.who(cast.sue), paper.id, 3, A_SIDE, NOW)
    dina = cast.who(cast.dina)
    ending.terminate(cast.session, dina, paper.id, "It closes.", NOW, [cast.hilltop.id])

    [known] = queries.on_the_page(cast.session, NOW)
    assert known.posted(NOW) is Posted.IN_FORCE
    assert [(partner.name, partner.over_at) for partner in known.partners] == [
        ("Riverside Clinic", END),
        ("Hilltop Clinic", NOW),
    ]
    ending.terminate(cast.session, dina, paper.id, "This one too.", NOW)
    assert listed(cast) == {paper.number: Posted.ENDED}


@pytest.mark.parametrize("public", [True, False])
def test_only_the_issued_document_leaves_and_only_where_it_is_public(cast, public):
    paper, alma = signed(cast, public=public), cast.who(cast.alma)
    word = pdf.issued(cast.session, alma, paper.id, NOW)
    pdf.keep(cast.session, alma, paper.id, word.sha256, b"%PDF- %%EOF", NOW)
    known = queries.numbered(cast.session, paper.number, NOW)
    found = [
        queries.public_file(cast.session, known, pdf=as_pdf, at=NOW) for as_pdf in (False, True)
    ]

    assert [row and row.id for row in found] == (
        [paper.document_id, paper.pdf_id] if public else [None, None]
    )
    assert queries.public_file(cast.session, known, pdf=False, at=END + YEAR) is None


def test_the_list_asks_as_many_questions_for_many_agreements_as_for_one(cast):
    signed(cast, key="0")

    def asked() -> int:
        number = 0

        def count(*_told) -> None:
            nonlocal number
            number += 1

        engine = cast.session.get_bind()
        cast.session.expire_all()
        event.listen(engine, "before_cursor_execute", count)
        queries.on_the_page(cast.session, NOW)
        event.remove(engine, "before_cursor_execute", count)
        return number

    asked()
    one = asked()
    for key in "1234":
        signed(cast, key=key)
    asked()
    assert asked() == one


# What a file or a number is


def test_the_word_file_its_pdf_the_certificate_and_a_scan_are_known_by_their_bytes(cast):
    paper, dina = issued(cast), cast.who(cast.dina)
    signing.sign(cast.session, dina, paper.id, PARTNER, on_paper(), NOW)
    signing.sign(cast.session, cast.who(cast.sue), paper.id, DISTRICT, A_SIDE, NOW)
    word = pdf.issued(cast.session, dina, paper.id, NOW)
    pdf.keep(cast.session, dina, paper.id, word.sha256, b"%PDF- %%EOF", NOW)

    for held, bytes_ in (
        (Held.WORD, word.word),
        (Held.PDF, b"%PDF- %%EOF"),
        (Held.CERTIFICATE, content(cast, paper.certificate_id)),
        (Held.SCAN, SCAN),
    ):
        found = verifying.by_file(cast.session, sha(bytes_), NOW)
        assert (found.held, found.of.number) == (held, paper.number)
        assert found.of.status is AgreementStatus.IN_FORCE
        changed = bytes_[:-1] + bytes([bytes_[-1] ^ 1])
        assert verifying.by_file(cast.session, sha(changed), NOW) is None


def test_a_version_that_was_sent_is_a_draft_whatever_became_of_it(cast):
    paper, dina = drafted(cast), cast.who(cast.dina)
    reviewing.send(cast.session, dina, paper.id, "", NOW)
    [version] = cast.session.scalars(select(AgreementVersion)).all()
    sent = sha(content(cast, version.document_id))
    found = verifying.by_file(cast.session, sent, NOW)
    assert (found.held, found.of.status) == (Held.VERSION, AgreementStatus.IN_REVIEW)
    assert verifying.by_number(cast.session, paper.number, NOW) is None

    issuing.issue(cast.session, dina, paper.id, NOW)
    signed_by_both(cast, paper)
    found = verifying.by_file(cast.session, sent, NOW)
    assert (found.held, found.of.status) == (Held.VERSION, AgreementStatus.IN_FORCE)


def test_the_number_is_known_however_it_is_typed(cast):
    paper = signed(cast)

    for typed in (paper.number, paper.number.lower(), f" {paper.number.replace('-', ' ')}. "):
        found = verifying.by_number(cast.session, typed, NOW)
        assert (found.held, found.of.number) == (Held.NUMBER, paper.number)


@pytest.mark.parametrize(
    "typed", ["", "M-", "M-234567", "7K3Q-F2HM-9XWD", "M-23456", "x" * 9999, "%", "\x00"]
)
def test_another_number_is_none_of_ours(cast, typed):
    signed(cast)

    assert verifying.by_number(cast.session, typed, NOW) is None


def test_it_says_how_it_stands_today(cast):
    paper, dina = issued(cast), cast.who(cast.dina)

    def standing(at=NOW):
        return verifying.by_number(cast.session, paper.number, at).of.status

    assert standing() is AgreementStatus.OUT_FOR_SIGNATURE
    signed_by_both(cast, paper)
    assert standing() is AgreementStatus.IN_FORCE
    assert standing(END) is AgreementStatus.EXPIRED
    ending.terminate(cast.session, dina, paper.id, "It closes.", NOW)
    assert standing() is AgreementStatus.TERMINATED


def test_the_trail_has_a_line_of_what_was_asked(cast):
    paper = signed(cast)
    verifying.by_number(cast.session, paper.number, NOW)

    line = cast.session.scalars(
        select(TrailLine).where(TrailLine.event == "agreement.verified")
    ).one()
    assert (line.subject, line.user_name) == (paper.number, "")
    assert line.detail == {"standing": "in_force", "by": "number"}


def test_other_kept_files_tell_nothing(cast):
    paper = signed(cast)
    for kind in (DocumentKind.DESTRUCTION_CERTIFICATE, DocumentKind.AGREEMENT_BUNDLE):
        desk.keep(
            cast.session, cast.who(cast.dina), paper, kind, "x.pdf", "application/pdf",
            kind.encode(), NOW, to_partners=True,
        )  # fmt: skip
        assert verifying.by_file(cast.session, sha(kind.encode()), NOW) is None


def test_every_kind_that_shares_data_is_listed(cast):
    content = a_content(cast, kind=AgreementKind.DATA_SHARING)
    paper = signed(cast, content)

    [known] = queries.on_the_page(cast.session, NOW)
    assert (known.number, known.kind) == (paper.number, AgreementKind.DATA_SHARING)
