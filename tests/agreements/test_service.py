"""An agreement is written, issued, signed by both, in force, ended; by whom, and by nobody else."""

from __future__ import annotations

import hashlib
import io
import uuid
from datetime import UTC, date, datetime, timedelta

import docx
import pytest
from sqlalchemy import func, select

from portal.access import trail
from portal.access.documents import open_document
from portal.agreements import queries, service
from portal.agreements.drafts import AgreementDraft, TypedSignature
from portal.errors import NotFound, NotReady, Refused
from portal.store.ledger import TrailLine
from portal.store.papers import Agreement, Document
from portal.vocabulary import AgreementStatus, Category
from tests import factories as make
from tests.agreements.papers import (
    A_SIDE,
    B_SIDE,
    SCAN,
    a_draft,
    drafted,
    issued,
    lines,
    on_paper,
    signed,
)
from tests.people import NOW


def status(cast, agreement, at=NOW):
    return queries.status(cast.session, agreement, at)


def events(cast):
    rows = select(TrailLine.event).where(TrailLine.allowed).order_by(TrailLine.id)
    return [event for event in cast.session.scalars(rows) if event.startswith("agreement.")]


def test_an_agreement_goes_from_draft_to_in_force_and_each_step_is_in_the_trail(cast):
    dina, sue, alma = (cast.who(user) for user in (cast.dina, cast.sue, cast.alma))
    agreement = drafted(cast)
    assert status(cast, agreement) is AgreementStatus.DRAFT

    service.issue(cast.session, dina, agreement.id, NOW)
    assert status(cast, agreement) is AgreementStatus.OUT_FOR_SIGNATURE
    service.sign_for_partner(cast.session, alma, agreement.id, B_SIDE, NOW)
    assert status(cast, agreement) is AgreementStatus.OUT_FOR_SIGNATURE
    service.sign_for_district(cast.session, sue, agreement.id, A_SIDE, NOW)
    assert status(cast, agreement) is AgreementStatus.IN_FORCE

    service.terminate(cast.session, dina, agreement.id, "The clinic closes.", NOW)
    assert status(cast, agreement) is AgreementStatus.TERMINATED
    steps = ["drafted", "issued", "signed", "signed", "terminated"]
    assert events(cast) == [f"agreement.{step}" for step in steps]


def test_the_last_day_is_in_force_to_its_local_midnight(cast):
    agreement = signed(cast, ends_on=date(2027, 6, 30))
    midnight = datetime(2027, 7, 1, 4, 0, tzinfo=UTC)

    assert agreement.ends_at == midnight
    assert status(cast, agreement, midnight - timedelta(seconds=1)) is AgreementStatus.IN_FORCE
    assert status(cast, agreement, midnight) is AgreementStatus.ENDED


def test_signed_before_its_first_day_it_waits(cast):
    agreement = signed(cast, starts_on=date(2026, 12, 1))

    assert status(cast, agreement) is AgreementStatus.SIGNED
    first = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)
    assert status(cast, agreement, first) is AgreementStatus.IN_FORCE


def test_the_exact_bytes_and_their_hash_are_kept_when_it_is_issued(cast):
    agreement = issued(cast)

    document = open_document(cast.session, cast.who(cast.alma), agreement.document_id, NOW)
    assert hashlib.sha256(document.content).hexdigest() == document.sha256
    assert document.content.startswith(b"PK")
    assert document.file_name == f"Agreement-{agreement.number}.docx"


def test_after_issuing_nothing_can_be_changed(cast):
    agreement = issued(cast)
    dina = cast.who(cast.dina)

    changed = a_draft(cast, lines=lines(*[Category.DISCIPLINE]))
    for attempt in (
        lambda: service.revise(cast.session, dina, agreement.id, changed, NOW),
        lambda: service.issue(cast.session, dina, agreement.id, NOW),
    ):
        with pytest.raises(NotReady, match="out for signature"):
            attempt()
    listed = {line.category for line in queries.lines(cast.session, agreement.id)}
    assert listed == {"attendance", "visits", "service_status"}


def test_a_draft_can_have_gaps_be_revised_and_is_issued_only_when_it_has_none(cast):
    dina = cast.who(cast.dina)
    sketch = AgreementDraft(agency_id=cast.riverside.id)
    agreement = service.draft(cast.session, dina, sketch, NOW, "k1")

    with pytest.raises(NotReady) as caught:
        service.issue(cast.session, dina, agreement.id, NOW)
    assert len(caught.value.problems) > 8
    service.revise(cast.session, dina, agreement.id, a_draft(cast), NOW)
    assert service.issue(cast.session, dina, agreement.id, NOW).document_id


def test_what_was_filled_in_comes_back_to_the_form(cast):
    drafted(cast, waive_team=True)

    [view] = [v for v in queries.ours(cast.session, cast.who(cast.dina), NOW) if v.draft.waive_team]
    assert view.draft == a_draft(cast, waive_team=True)


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_slip_of_the_keyboard_in_a_year_is_no_draft(cast, day):
    for field in ("starts_on", "ends_on"):
        with pytest.raises(NotReady, match="in the year"):
            drafted(cast, **{field: day})


def test_what_cannot_be_printed_is_kept_out_of_the_paper(cast):
    agreement = issued(cast, terms={"purpose": "To help\x00 \u202eeverybody"})
    service.terminate(cast.session, cast.who(cast.dina), agreement.id, "Over\x00.", NOW)

    content = cast.session.get_one(Document, agreement.document_id).content
    texts = [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]
    assert "To help everybody" in texts
    assert agreement.terminated_reason == "Over."


def test_a_second_click_finds_the_first_agreement(cast):
    before = cast.session.scalar(select(func.count(Agreement.id)))

    assert drafted(cast).id == drafted(cast).id
    assert cast.session.scalar(select(func.count(Agreement.id))) == before + 1


def test_what_the_agency_signed_by_hand_is_recorded_with_its_scan(cast):
    agreement = issued(cast)
    dina = cast.who(cast.dina)
    service.sign_for_partner(cast.session, dina, agreement.id, on_paper(), NOW)

    assert agreement.b_signer == "Alma River, Executive Director"
    assert agreement.b_signed_at <= NOW
    scan = open_document(cast.session, cast.who(cast.alma), agreement.b_scan_id, NOW)
    assert (scan.content, scan.media_type) == (SCAN, "application/pdf")


def test_both_sides_may_sign_by_hand(cast):
    agreement = issued(cast)
    dina = cast.who(cast.dina)
    service.sign_for_district(cast.session, dina, agreement.id, on_paper(name="Sue Perin"), NOW)
    service.sign_for_partner(cast.session, dina, agreement.id, on_paper(), NOW)

    assert status(cast, agreement) is AgreementStatus.IN_FORCE
    assert agreement.a_scan_id != agreement.b_scan_id


def test_a_scan_that_is_no_scan_leaves_nothing_behind(cast):
    agreement = issued(cast)
    before = cast.session.scalar(select(func.count(Document.id)))

    with pytest.raises(NotReady, match="not a PDF or an image"):
        service.sign_for_partner(
            cast.session, cast.who(cast.dina), agreement.id, on_paper(scan=b"MZ"), NOW
        )
    assert cast.session.scalar(select(func.count(Document.id))) == before


def test_a_side_signs_once(cast):
    agreement = issued(cast)
    sue = cast.who(cast.sue)
    service.sign_for_district(cast.session, sue, agreement.id, A_SIDE, NOW)

    with pytest.raises(NotReady, match="signed already"):
        service.sign_for_district(cast.session, sue, agreement.id, A_SIDE, NOW)


def test_nobody_types_the_name_for_the_other_side(cast):
    agreement = issued(cast)

    with pytest.raises(Refused):
        service.sign_for_partner(cast.session, cast.who(cast.sue), agreement.id, B_SIDE, NOW)
    with pytest.raises(Refused):
        service.sign_for_district(cast.session, cast.who(cast.alma), agreement.id, A_SIDE, NOW)
    with pytest.raises(Refused):  # Dina writes agreements, but does not sign them
        service.sign_for_district(cast.session, cast.who(cast.dina), agreement.id, A_SIDE, NOW)


def test_the_agency_records_no_scans(cast):
    agreement = issued(cast)

    with pytest.raises(Refused):
        service.sign_for_partner(cast.session, cast.who(cast.alma), agreement.id, on_paper(), NOW)


def test_a_draft_is_signed_by_nobody(cast):
    agreement = drafted(cast)

    with pytest.raises(NotReady, match="draft"):
        service.sign_for_district(cast.session, cast.who(cast.sue), agreement.id, A_SIDE, NOW)
    with pytest.raises(NotFound):  # and the agency does not know of it
        service.sign_for_partner(cast.session, cast.who(cast.alma), agreement.id, B_SIDE, NOW)


def test_somebody_the_paper_does_not_name_cannot_sign(cast):
    agreement = issued(cast)
    otto = make.user(cast.session, cast.riverside, "Otto Other", cast.alma.role, cast.alma.level)

    with pytest.raises(NotReady, match="names Alma River"):
        service.sign_for_partner(
            cast.session,
            cast.who(otto),
            agreement.id,
            TypedSignature("Otto Other", attests=True),
            NOW,
        )


@pytest.mark.parametrize("who", ["ana", "tom", "omar", "alma", "rita"])
def test_agreements_are_written_by_those_whose_task_it_is(cast, who):
    me = cast.who(getattr(cast, who))

    with pytest.raises(Refused):
        service.draft(cast.session, me, a_draft(cast), NOW, "k")


def test_ending_needs_a_reason_and_is_final(cast):
    agreement = signed(cast)
    dina = cast.who(cast.dina)

    with pytest.raises(NotReady, match="reason"):
        service.terminate(cast.session, dina, agreement.id, "  ", NOW)
    service.terminate(cast.session, dina, agreement.id, "Moved away.", NOW)
    with pytest.raises(NotReady, match="terminated"):
        service.terminate(cast.session, dina, agreement.id, "Again.", NOW)


def test_a_foreign_agreement_and_a_missing_one_get_the_same_answer_and_leave_a_trace(cast):
    agreement = issued(cast)
    heidi = make.user(cast.session, cast.hilltop, "Heidi Hill", cast.alma.role, cast.alma.level)
    answers = set()
    for asked in (agreement.id, uuid.uuid4()):
        with pytest.raises(NotFound) as caught:
            service.sign_for_partner(cast.session, cast.who(heidi), asked, B_SIDE, NOW)
        answers.add((caught.value.what, caught.value.do_next))

    assert len(answers) == 1
    assert len(cast.session.info[trail.WAITING]) == 2


def test_the_agency_sees_what_was_issued_to_it_and_no_draft(cast):
    alma = cast.who(cast.alma)
    agreement = drafted(cast)
    assert agreement.id not in [view.id for view in queries.ours(cast.session, alma, NOW)]

    service.issue(cast.session, cast.who(cast.dina), agreement.id, NOW)
    [view] = [v for v in queries.ours(cast.session, alma, NOW) if v.id == agreement.id]
    assert view.waits_for_us
    assert view.our_signer.name == "Alma River"


@pytest.mark.parametrize("who", ["ana", "rita", "tom"])
def test_agreements_are_listed_to_nobody_else(cast, who):
    assert queries.ours(cast.session, cast.who(getattr(cast, who)), NOW) == []


def test_a_form_offers_active_agencies_with_their_services_and_signers(cast):
    found = {p.name: p for p in queries.possible_partners(cast.session, NOW)}

    assert set(found) == {"Riverside Clinic", "Hilltop Clinic"}
    assert [signer.name for signer in found["Riverside Clinic"].signers] == ["Alma River"]
    cast.hilltop.active_until = NOW
    cast.session.flush()
    assert [p.name for p in queries.possible_partners(cast.session, NOW)] == ["Riverside Clinic"]
