"""An agreement is written, issued, signed by all, in force, ended; by whom, and by nobody else."""

from __future__ import annotations

import hashlib
import io
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import docx
import pytest
from sqlalchemy import func, select

from portal.access import trail
from portal.access.documents import open_document
from portal.agreements import drafting, ending, issuing, queries, signing
from portal.agreements.content import (
    Content,
    PartnerTerms,
    Signer,
    TypedSignature,
    from_json,
    to_json,
)
from portal.agreements.rules import Step
from portal.errors import NotFound, NotReady, Refused
from portal.store.agreements import AgreementPaper, AgreementSignature
from portal.store.ledger import TrailLine
from portal.store.papers import Agreement, AgreementLine, Document
from portal.vocabulary import (
    AgreementKind,
    AgreementStatus,
    Category,
    Detail,
    Direction,
    LineBasis,
    Purpose,
)
from tests import factories as make
from tests.agreements.papers import (
    A_SIDE,
    B_SIDE,
    BOTH_WAYS,
    DISTRICT,
    PARTNER,
    SCAN,
    a_content,
    drafted,
    issued,
    lines,
    on_paper,
    signed,
    status,
    terms_of,
)
from tests.people import NOW


def events(cast):
    rows = select(TrailLine.event).where(TrailLine.allowed).order_by(TrailLine.id)
    return [event for event in cast.session.scalars(rows) if event.startswith("agreement.")]


def the_pair(cast, paper) -> Agreement:
    [pair] = queries.pairs(cast.session, paper.id)
    return pair


def test_an_agreement_goes_from_draft_to_in_force_and_each_step_is_in_the_trail(cast):
    dina, sue, alma = (cast.who(user) for user in (cast.dina, cast.sue, cast.alma))
    paper = drafted(cast)
    assert status(cast, paper) is AgreementStatus.DRAFT

    issuing.issue(cast.session, dina, paper.id, NOW)
    assert status(cast, paper) is AgreementStatus.OUT_FOR_SIGNATURE
    signing.sign(cast.session, alma, paper.id, PARTNER, B_SIDE, NOW)
    assert status(cast, paper) is AgreementStatus.OUT_FOR_SIGNATURE
    signing.sign(cast.session, sue, paper.id, DISTRICT, A_SIDE, NOW)
    assert status(cast, paper) is AgreementStatus.IN_FORCE

    ending.terminate(cast.session, dina, paper.id, "The clinic closes.", NOW)
    assert status(cast, paper) is AgreementStatus.TERMINATED
    steps = ["drafted", "issued", "signed", "signed", "executed", "certified", "terminated"]
    assert events(cast) == [f"agreement.{step}" for step in steps]


def test_the_last_day_is_in_force_to_its_local_midnight(cast):
    paper = signed(cast, ends_on=date(2027, 6, 30))
    midnight = datetime(2027, 7, 1, 4, 0, tzinfo=UTC)

    assert the_pair(cast, paper).ends_at == midnight
    assert status(cast, paper, midnight - timedelta(seconds=1)) is AgreementStatus.IN_FORCE
    assert status(cast, paper, midnight) is AgreementStatus.EXPIRED


def test_signed_before_its_first_day_it_waits(cast):
    paper = signed(cast, starts_on=date(2026, 12, 1))

    assert status(cast, paper) is AgreementStatus.SIGNED
    first = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)
    assert status(cast, paper, first) is AgreementStatus.IN_FORCE


def test_it_is_in_force_from_the_last_signature_and_not_a_moment_before(cast):
    paper = issued(cast)
    alma, sue = cast.who(cast.alma), cast.who(cast.sue)
    later = NOW + timedelta(hours=3)
    signing.sign(cast.session, alma, paper.id, PARTNER, B_SIDE, NOW)
    signing.sign(cast.session, sue, paper.id, DISTRICT, A_SIDE, later)

    a_moment = timedelta(microseconds=1)
    assert status(cast, paper, later - a_moment) is AgreementStatus.OUT_FOR_SIGNATURE
    assert status(cast, paper, later) is AgreementStatus.IN_FORCE


def test_the_exact_bytes_and_their_hash_are_kept_when_it_is_issued(cast):
    paper = issued(cast)

    document = open_document(cast.session, cast.who(cast.alma), paper.document_id, NOW)
    assert hashlib.sha256(document.content).hexdigest() == document.sha256
    assert document.content.startswith(b"PK")
    assert document.file_name == f"Agreement-{paper.number}.docx"


def test_the_rows_that_the_gate_reads_are_the_lines_of_the_schedule(cast):
    narrow = replace(
        BOTH_WAYS[1], purposes=(Purpose.COORDINATE, Purpose.EVALUATE), detail=Detail.SUMMARY
    )
    paper = issued(cast, partner={"lines": (BOTH_WAYS[0], narrow, BOTH_WAYS[2])})

    rows = cast.session.scalars(
        select(AgreementLine).where(AgreementLine.agreement_id == the_pair(cast, paper).id)
    )
    told = {(r.direction, r.category, r.purposes, r.basis, r.detail, r.added) for r in rows}
    assert told == {
        (Direction.A_TO_B, "attendance", "", "consent", Detail.FULL, False),
        (Direction.A_TO_B, "visits", "coordinate evaluate", "consent", Detail.SUMMARY, False),
        (Direction.B_TO_A, "service_status", "", "consent", Detail.FULL, False),
    }


def test_an_agreement_for_a_study_lists_nothing_for_the_gate(cast):
    content = a_content(cast, partner={"lines": (replace(BOTH_WAYS[0], basis=LineBasis.STUDIES),)})
    special = replace(
        content.special,
        topic="Attendance",
        scope="One year",
        duration="A year",
        destroy_on=date(2027, 8, 1),
    )
    study = replace(content, kind=AgreementKind.STUDIES, special=special, clauses=())
    library = queries.library(cast.session, cast.district.id)
    paper = issued(cast, replace(study, clauses=library.usual(study)))

    assert (
        cast.session.scalars(
            select(AgreementLine).where(AgreementLine.agreement_id == the_pair(cast, paper).id)
        ).all()
        == []
    )


def test_after_issuing_nothing_can_be_changed(cast):
    paper = issued(cast)
    dina = cast.who(cast.dina)

    changed = a_content(cast, partner={"lines": lines(Category.DISCIPLINE)})
    for attempt in (
        lambda: drafting.save(cast.session, dina, paper.id, changed, paper.revision, NOW),
        lambda: issuing.issue(cast.session, dina, paper.id, NOW),
    ):
        with pytest.raises(NotReady, match="out for signature"):
            attempt()
    listed = {line.category for line in from_json(paper.content).partners[0].lines}
    assert listed == {"attendance", "visits", "service_status"}


def test_a_draft_can_have_gaps_be_changed_and_is_issued_only_when_it_has_none(cast):
    dina = cast.who(cast.dina)
    sketch = Content(partners=(PartnerTerms(agency_id=cast.riverside.id),))
    paper = drafting.begin(cast.session, dina, sketch, NOW, "k1")

    with pytest.raises(NotReady) as caught:
        issuing.issue(cast.session, dina, paper.id, NOW)
    assert len(caught.value.problems) > 15
    told = issuing.problems(cast.session, dina, paper, NOW)
    assert set(told) == set(Step) - {Step.REVIEW}
    drafting.save(cast.session, dina, paper.id, a_content(cast), paper.revision, NOW)
    assert issuing.issue(cast.session, dina, paper.id, NOW).document_id


def test_what_was_filled_in_comes_back_to_the_form(cast):
    content = a_content(cast, partner={"waive_team": True})
    drafted(cast, content)

    [view] = queries.ours(cast.session, cast.who(cast.dina), NOW)
    assert view.content == content
    assert from_json(to_json(content)) == content


def test_nobody_overwrites_what_they_have_not_seen(cast):
    paper = drafted(cast)
    dina = cast.who(cast.dina)
    seen = paper.revision
    drafting.save(cast.session, dina, paper.id, a_content(cast, purpose="One"), seen, NOW)

    with pytest.raises(NotReady, match="Somebody else has saved"):
        drafting.save(cast.session, dina, paper.id, a_content(cast, purpose="Two"), seen, NOW)
    assert from_json(paper.content).purpose == "One"


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_slip_of_the_keyboard_in_a_year_is_no_draft(cast, day):
    for field in ("starts_on", "ends_on", "review_on", "board_vote_on"):
        with pytest.raises(NotReady, match="in the year"):
            drafted(cast, **{field: day})


def test_what_cannot_be_printed_is_kept_out_of_the_paper(cast):
    paper = signed(cast, purpose="To help\x00 \u202eeverybody")
    ending.terminate(cast.session, cast.who(cast.dina), paper.id, "Over\x00.", NOW)

    content = cast.session.get_one(Document, paper.document_id).content
    texts = [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]
    assert any("To help everybody" in text for text in texts)
    assert the_pair(cast, paper).terminated_reason == "Over."


def test_a_second_click_finds_the_first_agreement(cast):
    assert drafted(cast).id == drafted(cast).id
    assert cast.session.scalar(select(func.count(AgreementPaper.id))) == 1


def test_an_agreement_is_made_with_active_agencies_once_each(cast):
    twice = (terms_of(cast), terms_of(cast))
    with pytest.raises(NotReady, match="chosen twice"):
        drafted(cast, partners=twice)
    with pytest.raises(NotReady, match="No partner is chosen"):
        drafted(cast, partners=(PartnerTerms(),))
    with pytest.raises(NotReady, match="not active"):
        drafted(cast, partners=(PartnerTerms(agency_id=cast.district.id),))


def test_a_draft_that_is_discarded_is_over_and_says_why(cast):
    paper = drafted(cast)
    dina = cast.who(cast.dina)
    with pytest.raises(NotReady, match="reason"):
        drafting.discard(cast.session, dina, paper.id, " ", NOW)
    drafting.discard(cast.session, dina, paper.id, "Begun twice.", NOW)

    assert status(cast, paper) is AgreementStatus.DISCARDED
    with pytest.raises(NotReady, match="discarded"):
        issuing.issue(cast.session, dina, paper.id, NOW)


def test_what_was_issued_and_taken_back_is_never_in_force(cast):
    paper = issued(cast)
    drafting.discard(cast.session, cast.who(cast.dina), paper.id, "A mistake in it.", NOW)

    assert the_pair(cast, paper).terminated_at == NOW
    with pytest.raises(NotReady, match="discarded"):
        signing.sign(cast.session, cast.who(cast.alma), paper.id, PARTNER, B_SIDE, NOW)


# Signatures


def test_signers_sign_in_their_order(cast):
    paper = issued(cast)

    with pytest.raises(NotReady, match="Alma River signs first"):
        signing.sign(cast.session, cast.who(cast.sue), paper.id, DISTRICT, A_SIDE, NOW)


def test_the_order_can_be_another(cast):
    paper = issued(cast, order=(0, 1))

    signing.sign(cast.session, cast.who(cast.sue), paper.id, 1, A_SIDE, NOW)
    signing.sign(cast.session, cast.who(cast.alma), paper.id, 2, B_SIDE, NOW)
    assert status(cast, paper) is AgreementStatus.IN_FORCE


def test_all_signers_of_a_side_sign_before_it_binds(cast):
    both = (Signer("Sue Perin", "Superintendent"), Signer("Bo Chair", "Chair of the Board"))
    paper = signed(cast, district_signers=both)
    assert status(cast, paper) is AgreementStatus.OUT_FOR_SIGNATURE

    by_hand = on_paper(name="Bo Chair", title="Chair of the Board")
    signing.sign(cast.session, cast.who(cast.dina), paper.id, 3, by_hand, NOW)
    assert status(cast, paper) is AgreementStatus.IN_FORCE
    assert (
        the_pair(cast, paper).a_signer == "Sue Perin, Superintendent; Bo Chair, Chair of the Board"
    )


def test_what_the_agency_signed_by_hand_is_recorded_with_its_scan(cast):
    paper = issued(cast)
    signing.sign(cast.session, cast.who(cast.dina), paper.id, PARTNER, on_paper(), NOW)

    row = cast.session.get_one(AgreementSignature, (paper.id, PARTNER))
    assert row.signed_as == "Alma River, Executive Director"
    assert row.signed_at <= NOW
    scan = open_document(cast.session, cast.who(cast.alma), row.scan_id, NOW)
    assert (scan.content, scan.media_type) == (SCAN, "application/pdf")


def test_a_scan_that_is_no_scan_leaves_nothing_behind(cast):
    paper = issued(cast)
    before = cast.session.scalar(select(func.count(Document.id)))

    with pytest.raises(NotReady, match="not a PDF or an image"):
        signing.sign(
            cast.session, cast.who(cast.dina), paper.id, PARTNER, on_paper(scan=b"MZ"), NOW
        )
    assert cast.session.scalar(select(func.count(Document.id))) == before


def test_a_place_is_signed_once_and_for_the_document_as_it_is(cast):
    paper = signed(cast)

    row = cast.session.get_one(AgreementSignature, (paper.id, PARTNER))
    assert row.sha256 == cast.session.get_one(Document, paper.document_id).sha256
    again = issued(cast, key="k2")
    signing.sign(cast.session, cast.who(cast.alma), again.id, PARTNER, B_SIDE, NOW)
    with pytest.raises(NotReady, match="signed already"):
        signing.sign(cast.session, cast.who(cast.alma), again.id, PARTNER, B_SIDE, NOW)
    with pytest.raises(NotReady, match="Nobody signs at this place"):
        signing.sign(cast.session, cast.who(cast.alma), again.id, 9, B_SIDE, NOW)


def test_nobody_types_the_name_for_the_other_side(cast):
    paper = issued(cast)
    for who, place, signature in (
        (cast.sue, PARTNER, B_SIDE),
        (cast.alma, DISTRICT, A_SIDE),
        (cast.dina, DISTRICT, A_SIDE),  # Dina writes agreements, but does not sign them
        (cast.alma, PARTNER, on_paper()),  # and the agency records no scans
    ):
        with pytest.raises(Refused):
            signing.sign(cast.session, cast.who(who), paper.id, place, signature, NOW)


def test_a_draft_is_signed_by_nobody(cast):
    paper = drafted(cast)

    with pytest.raises(NotReady, match="Nobody signs at this place"):
        signing.sign(cast.session, cast.who(cast.sue), paper.id, DISTRICT, A_SIDE, NOW)
    with pytest.raises(NotFound):  # and the agency does not know of it
        signing.sign(cast.session, cast.who(cast.alma), paper.id, PARTNER, B_SIDE, NOW)


def test_somebody_the_paper_does_not_name_cannot_sign(cast):
    paper = issued(cast)
    otto = make.user(cast.session, cast.riverside, "Otto Other", cast.alma.role, cast.alma.level)
    typed = TypedSignature("Otto Other", attests=True)

    with pytest.raises(NotReady, match="names Alma River"):
        signing.sign(cast.session, cast.who(otto), paper.id, PARTNER, typed, NOW)


@pytest.mark.parametrize(
    ("signature", "what"),
    [
        (TypedSignature("Alma Rover", attests=True), "not yours"),
        (TypedSignature("Alma River", attests=False), "not ticked"),
    ],
)
def test_a_name_is_typed_whole_and_attested(cast, signature, what):
    paper = issued(cast)

    with pytest.raises(NotReady, match=what):
        signing.sign(cast.session, cast.who(cast.alma), paper.id, PARTNER, signature, NOW)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"name": " "}, "signer is missing"),
        ({"signed_on": None}, "date is missing"),
        ({"signed_on": date(2026, 11, 21)}, "in the future"),
        ({"signed_on": date(2026, 11, 19)}, "before the agreement was issued"),
        ({"scan": b""}, "scan is missing"),
    ],
)
def test_what_was_signed_by_hand_is_recorded_whole(cast, changes, what):
    paper = issued(cast)

    with pytest.raises(NotReady, match=what):
        signing.sign(cast.session, cast.who(cast.dina), paper.id, PARTNER, on_paper(**changes), NOW)


def test_a_signer_may_refuse_with_a_reason_and_then_nobody_signs(cast):
    paper = issued(cast)
    alma = cast.who(cast.alma)
    with pytest.raises(NotReady, match="reason"):
        signing.refuse(cast.session, alma, paper.id, PARTNER, "", NOW)
    with pytest.raises(Refused):
        signing.refuse(cast.session, cast.who(cast.sue), paper.id, PARTNER, "No.", NOW)
    signing.refuse(cast.session, alma, paper.id, PARTNER, "Too short a time.", NOW)

    assert status(cast, paper) is AgreementStatus.REFUSED
    with pytest.raises(NotReady, match="refused"):
        signing.sign(cast.session, cast.who(cast.sue), paper.id, DISTRICT, A_SIDE, NOW)
    said = queries.history(cast.session, paper.id)[0]
    assert (said.who, said.text) == ("Alma River", "Too short a time.")


def test_what_is_signed_is_not_refused(cast):
    paper = issued(cast)
    alma = cast.who(cast.alma)
    signing.sign(cast.session, alma, paper.id, PARTNER, B_SIDE, NOW)

    with pytest.raises(NotReady, match="signed already"):
        signing.refuse(cast.session, alma, paper.id, PARTNER, "No.", NOW)


def test_the_next_signer_is_reminded_and_it_is_written_down(cast):
    paper = issued(cast)
    dina = cast.who(cast.dina)
    _paper, row = signing.reminded(cast.session, dina, paper.id, NOW)
    assert (row.name, row.reminded_at) == ("Alma River", NOW)

    row.email = ""
    with pytest.raises(NotReady, match="no e-mail address"):
        signing.reminded(cast.session, dina, paper.id, NOW)


# Several partners


@pytest.fixture
def three(cast):
    """Issued to Riverside and Hilltop, each with a schedule of its own."""
    hal = make.user(cast.session, cast.hilltop, "Hal Hill", cast.alma.role, cast.alma.level)
    hilltop = terms_of(
        cast,
        agency_id=cast.hilltop.id,
        lines=lines(Category.CONTACT),
        signers=(Signer("Hal Hill", "Director"),),
    )
    paper = issued(cast, partners=(terms_of(cast), hilltop))
    return cast, paper, hal


def test_each_partner_has_a_schedule_of_its_own(three):
    cast, paper, _hal = three

    listed = {}
    for pair in queries.pairs(cast.session, paper.id):
        rows = select(AgreementLine).where(AgreementLine.agreement_id == pair.id)
        listed[pair.b_id] = {row.category for row in cast.session.scalars(rows)}
    assert listed == {
        cast.riverside.id: {"attendance", "visits", "service_status"},
        cast.hilltop.id: {"contact"},
    }


def test_with_several_partners_nobody_is_bound_before_all_have_signed(three):
    cast, paper, hal = three
    alma, sue = cast.who(cast.alma), cast.who(cast.sue)
    signing.sign(cast.session, alma, paper.id, 1, B_SIDE, NOW)
    later = NOW + timedelta(hours=1)
    typed = TypedSignature("Hal Hill", attests=True)
    signing.sign(cast.session, cast.who(hal), paper.id, 2, typed, later)
    assert all(pair.b_signed_at is None for pair in queries.pairs(cast.session, paper.id))
    last = NOW + timedelta(hours=2)
    signing.sign(cast.session, sue, paper.id, 3, A_SIDE, last)

    bound = {(p.a_signed_at, p.b_signed_at) for p in queries.pairs(cast.session, paper.id)}
    assert bound == {(last, last)}
    assert status(cast, paper, last) is AgreementStatus.IN_FORCE


def test_it_can_end_with_one_partner_and_go_on_with_the_other(three):
    cast, paper, hal = three
    signing.sign(cast.session, cast.who(cast.alma), paper.id, 1, B_SIDE, NOW)
    typed = TypedSignature("Hal Hill", attests=True)
    signing.sign(cast.session, cast.who(hal), paper.id, 2, typed, NOW)
    signing.sign(cast.session, cast.who(cast.sue), paper.id, 3, A_SIDE, NOW)

    dina = cast.who(cast.dina)
    ending.terminate(cast.session, dina, paper.id, "Hilltop closes.", NOW, [cast.hilltop.id])
    over = {p.b_id: p.terminated_at for p in queries.pairs(cast.session, paper.id)}
    assert over == {cast.riverside.id: None, cast.hilltop.id: NOW}
    assert status(cast, paper) is AgreementStatus.IN_FORCE
    with pytest.raises(NotReady, match="it has ended"):
        ending.terminate(cast.session, dina, paper.id, "Again.", NOW, [cast.hilltop.id])


# Who sees it


@pytest.mark.parametrize("who", ["ana", "tom", "omar", "alma", "rita"])
def test_agreements_are_written_by_those_whose_task_it_is(cast, who):
    me = cast.who(getattr(cast, who))

    with pytest.raises(Refused):
        drafting.begin(cast.session, me, a_content(cast), NOW, "k")


def test_a_foreign_agreement_and_a_missing_one_get_the_same_answer_and_leave_a_trace(cast):
    paper = issued(cast)
    heidi = make.user(cast.session, cast.hilltop, "Heidi Hill", cast.alma.role, cast.alma.level)
    answers = set()
    for asked in (paper.id, uuid.uuid4()):
        with pytest.raises(NotFound) as caught:
            signing.sign(cast.session, cast.who(heidi), asked, PARTNER, B_SIDE, NOW)
        answers.add((caught.value.what, caught.value.do_next))

    assert len(answers) == 1
    assert len(cast.session.info[trail.WAITING]) == 2


def test_the_agency_sees_what_was_issued_to_it_and_no_draft(cast):
    alma = cast.who(cast.alma)
    paper = drafted(cast)
    assert queries.ours(cast.session, alma, NOW) == []
    assert queries.view(cast.session, alma, paper.id, NOW) is None

    issuing.issue(cast.session, cast.who(cast.dina), paper.id, NOW)
    [view] = queries.ours(cast.session, alma, NOW)
    assert view.waits_for_us
    assert view.turn.name == "Alma River"
    assert view.desk == "Alma River, Riverside Clinic"


@pytest.mark.parametrize("who", ["ana", "rita", "tom"])
def test_agreements_are_listed_to_nobody_else(cast, who):
    issued(cast)

    assert queries.ours(cast.session, cast.who(getattr(cast, who)), NOW) == []


def test_a_form_offers_active_agencies_with_their_services_and_signers(cast):
    found = {p.name: p for p in queries.possible_partners(cast.session, NOW)}

    assert set(found) == {"Riverside Clinic", "Hilltop Clinic"}
    assert [signer.name for signer in found["Riverside Clinic"].signers] == ["Alma River"]
    cast.hilltop.active_until = NOW
    cast.session.flush()
    assert [p.name for p in queries.possible_partners(cast.session, NOW)] == ["Riverside Clinic"]
