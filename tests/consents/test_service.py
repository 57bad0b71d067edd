"""A consent is recorded with its paper and obeyed at once; taken back, it opens nothing."""

from __future__ import annotations

import hashlib
import io
import json
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import docx
import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from portal.access import gate
from portal.access.consents import as_facts
from portal.access.documents import open_document
from portal.consents import life, queries, service
from portal.consents.drafts import TypedConsent
from portal.errors import NotFound, NotReady, Refused
from portal.store.consents import Consent, ConsentSigning
from portal.store.ledger import TrailLine, TrailStudent
from portal.store.papers import Agreement, Document
from portal.store.people import Guardianship
from portal.vocabulary import (
    SHAREABLE,
    Category,
    ConsentStatus,
    Detail,
    IdentityCheck,
    Instrument,
    Purpose,
    RelationKind,
    SignatureMethod,
    SignerKind,
)
from tests import factories as make
from tests.consents.papers import BY_HAND, SCAN, a_draft, recorded
from tests.people import NOW

SOON = NOW + timedelta(minutes=1)


@pytest.fixture
def visit(cast):
    return make.record(cast.session, cast.luis, Category.VISITS, author=cast.ana)


def open_to_rita(cast, at=SOON):
    """The categories that Riverside's clinician may open of Luis; none when nothing is open."""
    try:
        seen = gate.open_record(
            cast.session, cast.who(cast.rita), cast.luis.id, Purpose.COORDINATE, at
        )
    except NotFound:
        return set()
    return {entry.category for entry in seen.open}


# Recording


def test_the_gate_obeys_a_consent_from_the_moment_it_is_signed(cast, visit):
    assert open_to_rita(cast) == set()

    recorded(cast)
    assert open_to_rita(cast) == {Category.IDENTITY, Category.VISITS, Category.ATTENDANCE}
    assert open_to_rita(cast, NOW - timedelta(seconds=1)) == set()


def test_it_is_obeyed_through_its_last_day_in_the_districts_time(cast, visit):
    recorded(cast, ends_on=date(2026, 11, 30))
    midnight = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)

    assert Category.VISITS in open_to_rita(cast, midnight - timedelta(seconds=1))
    assert open_to_rita(cast, midnight) == set()


def test_a_typed_consent_keeps_exactly_what_was_agreed(cast):
    consent = recorded(cast)

    document = open_document(cast.session, cast.who(cast.ana), consent.document_id, NOW)
    assert hashlib.sha256(document.content).hexdigest() == document.sha256
    assert consent.signed_sha256 == document.sha256
    text = printed(document.content)
    for said in ("Days at school and days missed", "Maria Sample", "Riverside Clinic"):
        assert said in text
    assert (consent.method, consent.signed_at) == (SignatureMethod.TYPED, NOW)
    assert consent.identity_check is IdentityCheck.IN_PERSON


def printed(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def test_the_same_is_kept_as_a_word_file(cast):
    consent = recorded(cast, categories=frozenset({Category.HIV}), initials={Category.HIV: "M.S."})

    signing = cast.session.get_one(ConsentSigning, consent.signing_id)
    content = open_document(cast.session, cast.who(cast.ana), signing.docx_id, NOW).content
    read = docx.Document(io.BytesIO(content))
    texts = [p.text for p in read.paragraphs]
    texts += [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    told = " ".join(texts)
    assert "HIV: tests, status or care" in told and "M.S." in told
    assert signing.code in told


def test_both_directions_are_two_consents_of_one_signature(cast):
    there = a_draft(cast)
    back = a_draft(
        cast, instrument=Instrument.HIPAA, categories=frozenset({Category.SERVICE_STATUS})
    )
    given, got = service.record(cast.session, cast.who(cast.ana), [there, back], NOW, "k1")

    assert given.signing_id == got.signing_id
    assert (given.discloser_id, given.recipient_id) == (cast.district.id, cast.riverside.id)
    assert (got.discloser_id, got.recipient_id) == (cast.riverside.id, cast.district.id)
    life.revoke(cast.session, cast.who(cast.ana), got.id, "A letter", SOON)
    first, second = as_facts(cast.session, [given, got])
    assert (first.revoked_at, second.revoked_at) == (None, SOON)


def test_what_was_told_is_written_down_sentence_by_sentence(cast):
    consent = recorded(cast)

    [facts] = as_facts(cast.session, [consent])
    assert {"voluntary", "revoke", "redisclosure_limit"} <= facts.paper.statements
    assert "no_condition" not in facts.paper.statements


def test_the_evidence_names_the_form_the_words_and_the_digest(cast):
    consent = recorded(cast)

    signing = cast.session.get_one(ConsentSigning, consent.signing_id)
    assert hashlib.sha256(signing.agreed.encode()).hexdigest() == signing.agreed_sha256
    agreed = json.loads(signing.agreed)
    assert agreed["signature"]["typed"] == "Maria Sample"
    assert agreed["consents"][0]["records"] == ["attendance", "visits"]
    assert signing.identity_by == cast.ana.id


def test_the_staff_screen_is_signed_in_english_only(cast):
    with pytest.raises(NotReady, match="English only"):
        recorded(cast, language="es")


def test_a_new_one_takes_the_place_of_an_old_one(cast, visit):
    old = recorded(cast)
    draft = a_draft(cast, replaces_id=old.id, categories=frozenset({Category.ATTENDANCE}))
    service.record(cast.session, cast.who(cast.ana), [draft], SOON, "k2")

    lines = queries.consents_of_student(cast.session, cast.who(cast.ana), cast.luis.id, SOON)
    assert {line.status for line in lines} == {ConsentStatus.ACTIVE, ConsentStatus.SUPERSEDED}
    assert Category.VISITS not in open_to_rita(cast, SOON)


def test_a_paper_consent_keeps_its_scan_and_counts_from_the_day_on_it(cast):
    consent = recorded(cast, signature=BY_HAND)

    document = open_document(cast.session, cast.who(cast.ana), consent.document_id, NOW)
    assert (document.content, document.media_type) == (SCAN, "image/png")
    assert consent.signed_at == datetime(2026, 11, 18, 5, 0, tzinfo=UTC)
    assert consent.method is SignatureMethod.PAPER


def test_the_trail_names_the_student_and_the_consent(cast):
    consent = recorded(cast)

    line = cast.session.scalars(select(TrailLine).where(TrailLine.event == "consent.signed")).one()
    assert line.subject == consent.number
    about = select(TrailStudent.student_id).where(TrailStudent.line_id == line.id)
    assert cast.session.scalars(about).all() == [cast.luis.id]


def test_a_second_click_finds_the_first_consent(cast):
    assert recorded(cast).id == recorded(cast).id
    assert cast.session.scalar(select(func.count(Consent.id))) == 1


def test_what_is_wrong_is_told_and_nothing_is_kept(cast):
    with pytest.raises(NotReady) as caught:
        recorded(cast, categories=frozenset(), ends_on=date(2026, 1, 1), checked=False)

    assert len(caught.value.problems) >= 3
    for table in (Consent.id, Document.id):
        assert cast.session.scalar(select(func.count(table))) == 0


@pytest.mark.parametrize("who", ["dina", "tom", "sue", "rita", "alma", "hugo"])
def test_it_is_recorded_only_by_support_staff_who_reach_the_student(cast, who):
    with pytest.raises((NotFound, Refused)):
        service.record(cast.session, cast.who(getattr(cast, who)), [a_draft(cast)], NOW, "k")


def test_a_student_out_of_reach_and_a_missing_one_get_the_same_answer(cast):
    answers = set()
    for student_id in (cast.zoe.id, uuid.uuid4()):
        with pytest.raises(NotFound) as caught:
            recorded(cast, student_id=student_id)
        answers.add(caught.value.what)

    assert len(answers) == 1


def test_another_students_parent_cannot_sign(cast):
    other = make.guardian(cast.session, cast.mei, "Xiu Sample")

    with pytest.raises(NotReady) as caught:
        recorded(cast, signer_id=other.id)
    assert [problem.field for problem in caught.value.problems] == ["Signer"]


def test_only_luis_signs_for_substance_use_and_then_the_gate_obeys(cast):
    make.record(cast.session, cast.luis, Category.SUD)
    recorded(
        cast,
        categories=frozenset({Category.SUD}),
        initials={Category.SUD: "LS"},
        signer_kind=SignerKind.STUDENT,
        signer_id=cast.luis.id,
        signature=TypedConsent("Luis Sample", attests=True),
    )

    assert open_to_rita(cast) == {Category.IDENTITY, Category.SUD}


def test_a_summary_opens_what_and_when_only(cast, visit):
    recorded(cast, detail=Detail.SUMMARY)

    seen = gate.open_record(
        cast.session, cast.who(cast.rita), cast.luis.id, Purpose.COORDINATE, SOON
    )
    [entry] = [entry for entry in seen.open if entry.category is Category.VISITS]
    assert entry.decision.fields == ("what", "when")


def test_a_consent_without_an_agreement_is_kept_and_opens_nothing(cast, visit):
    for agreement in cast.session.scalars(select(Agreement)):
        agreement.terminated_at, agreement.terminated_reason = NOW, "Ended"

    assert recorded(cast).signed_at == NOW
    assert open_to_rita(cast) == set()


# Questions


def test_the_list_shows_what_was_ticked_and_where_it_stands(cast):
    consent = recorded(cast)

    [line] = queries.consents_of_student(cast.session, cast.who(cast.ana), cast.luis.id, SOON)
    assert line.id == consent.id
    assert line.status is ConsentStatus.ACTIVE
    assert set(line.categories) == {Category.VISITS, Category.ATTENDANCE}
    assert (line.starts_on, line.ends_on) == (date(2026, 11, 20), date(2027, 6, 30))
    assert line.not_obeyed == ""


def test_the_list_says_when_the_signer_lost_the_right(cast):
    recorded(cast)
    later = datetime(2026, 12, 1, tzinfo=UTC)
    [held] = cast.session.scalars(
        select(Guardianship).where(Guardianship.guardian_id == cast.maria.id)
    )
    held.rights_until = later
    cast.session.flush()

    [line] = queries.consents_of_student(cast.session, cast.who(cast.ana), cast.luis.id, later)
    assert line.status is ConsentStatus.ACTIVE
    assert "does not hold the right" in line.not_obeyed


@pytest.mark.parametrize("who", ["tom", "sue", "dina", "rita"])
def test_the_list_is_closed_to_others(cast, who):
    with pytest.raises((NotFound, Refused)):
        queries.consents_of_student(cast.session, cast.who(getattr(cast, who)), cast.luis.id, NOW)


def test_those_that_end_soon_are_listed_to_whoever_reaches_the_student(cast):
    recorded(cast, ends_on=date(2026, 11, 30))
    bea = make.user(cast.session, cast.district, "Bea Other", cast.ana.role, cast.ana.level)
    make.relation(cast.session, bea, cast.mei, RelationKind.SERVICE)

    [line] = queries.ending_soon(cast.session, cast.who(cast.ana), SOON)
    assert (line.student, line.ends_on) == ("Luis Sample", date(2026, 11, 30))
    assert queries.ending_soon(cast.session, cast.who(bea), SOON) == []
    for who in (cast.tom, cast.sue):
        with pytest.raises(Refused):
            queries.ending_soon(cast.session, cast.who(who), SOON)


def previewed(cast, draft, who=None):
    """The ticked lines of the one direction, told to Ana."""
    [seen] = service.previewed(cast.session, cast.who(who or cast.ana), [draft], NOW)
    return [line for line in seen.lines if line.ticked]


def test_the_preview_says_what_the_gate_will_say(cast, visit):
    draft = a_draft(cast, categories=frozenset({Category.VISITS, Category.ATTENDANCE}))
    before = previewed(cast, draft)

    recorded(cast)
    opened = {line.category for line in before if not line.because}
    assert opened == open_to_rita(cast, NOW) - {Category.IDENTITY}


def test_the_preview_names_what_stands_against_a_tick(cast):
    draft = a_draft(cast, agency_id=cast.hilltop.id)
    [whole] = cast.session.scalars(select(Agreement).where(Agreement.b_id == cast.hilltop.id))
    whole.b_id = cast.riverside.id  # another agency's
    listed = [category for category in SHAREABLE if category is not Category.ATTENDANCE]
    agreement = make.agreement(cast.session, cast.district, cast.hilltop, a_to_b=listed)

    told = previewed(cast, draft)
    assert {line.category: line.because for line in told if line.because} == {
        Category.ATTENDANCE: "Not in the agreement's schedule of records."
    }
    agreement.terminated_at, agreement.terminated_reason = NOW, "Ended"
    cast.session.flush()
    told = previewed(cast, draft)
    assert {line.because for line in told} == {"The agreement was terminated."}


def test_a_preview_needs_all_but_the_signature_and_keeps_nothing(cast):
    unsigned = a_draft(cast, signature=TypedConsent(), checked=False)

    assert previewed(cast, unsigned)
    with pytest.raises(NotReady) as caught:
        previewed(cast, replace(unsigned, agency_id=None))
    assert [problem.field for problem in caught.value.problems] == ["Agency"]
    with pytest.raises(NotFound):
        previewed(cast, unsigned, cast.dina)
    assert cast.session.scalar(select(func.count(Consent.id))) == 0


def test_what_a_partner_holds_is_not_shown_before_the_family_has_signed(cast):
    make.record(cast.session, cast.luis, Category.SERVICE_STATUS, custodian=cast.riverside)
    back = a_draft(
        cast, instrument=Instrument.HIPAA, categories=frozenset({Category.SERVICE_STATUS})
    )
    [seen] = service.previewed(cast.session, cast.who(cast.ana), [back], NOW)

    assert seen.record is None
    assert {(line.opens, line.opens_now, line.held) for line in seen.lines} == {(0, 0, 0)}
    [line] = [line for line in seen.lines if line.ticked]
    assert line.because == "", "the rule alone is told: it would open"


def test_guardians_with_rights_today_and_the_student_are_offered(cast):
    names = [s.name for s in queries.possible_signers(cast.session, cast.luis, NOW)]

    assert names == ["Maria Sample", "Luis Sample"]
