"""Referring, following, answering, on both databases."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from portal.access import consents as consent_facts
from portal.access import facts as facts_of
from portal.access import gate, reliance
from portal.access.unit_of_work import trail as trail_of
from portal.errors import NotFound, NotReady, Refused
from portal.referrals import answering, queries, service
from portal.referrals.following import service as following
from portal.referrals.rules import Answer, AnswerDraft, OutcomeDraft, ReferralDraft
from portal.store.ledger import TrailLine, TrailStudent
from portal.store.people import Block
from portal.store.places import AgencyService
from portal.store.records import Record, Referral, ReferralEvent
from portal.vocabulary import (
    Access,
    Category,
    ConfirmedBy,
    ConsentEventKind,
    Need,
    NotAccessedReason,
    Purpose,
    ReferralEventKind,
    ReferralStatus,
    ReferralTarget,
)
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

TODAY = date(2026, 11, 20)
LATER = NOW + timedelta(days=3)
REACHED = OutcomeDraft(Access.ACCESSED, TODAY, ConfirmedBy.FAMILY)
NOT_REACHED = OutcomeDraft(Access.NOT_ACCESSED, reason=NotAccessedReason.NO_CAPACITY)


def a_draft(cast: Cast, **changes: object) -> ReferralDraft:
    good = ReferralDraft(
        cast.luis.id, ReferralTarget.COMMUNITY, Need.LOW_MOOD, agency_id=cast.riverside.id
    )
    return replace(good, **changes)


def sent(cast: Cast, key: str = "form-1", **changes: object) -> Referral:
    return service.refer(cast.session, cast.who(cast.ana), a_draft(cast, **changes), NOW, key)


def accept(cast: Cast, referral: Referral, by: object) -> Referral:
    draft = AnswerDraft(Answer.ACCEPT)
    return answering.answer(cast.session, cast.who(by), referral.record_id, draft, LATER)


def test_a_referral_is_a_record_with_a_number_that_tells_nothing(cast: Cast) -> None:
    referral = sent(cast)
    record = cast.session.get_one(Record, referral.record_id)

    assert re.fullmatch(r"R-[2-9B-DF-HJ-KMNP-TV-XZ]{6}", referral.number)
    assert (record.category, record.custodian_id) == (Category.REFERRALS, cast.district.id)
    assert (referral.status, referral.access) == (ReferralStatus.SENT, Access.UNKNOWN)


def test_a_second_click_sends_one_referral(cast: Cast) -> None:
    assert sent(cast).record_id == sent(cast).record_id
    assert cast.session.scalar(select(func.count()).select_from(Referral)) == 1


def test_a_school_based_referral_names_its_provider(cast: Cast) -> None:
    referral = sent(cast, target=ReferralTarget.SCHOOL, agency_id=None, school_provider="Nurse ")

    assert (referral.agency_id, referral.school_provider) == (None, "Nurse")


def test_an_agency_that_left_since_the_form_was_opened_receives_nothing(cast: Cast) -> None:
    cast.riverside.active_until = NOW

    with pytest.raises(NotReady, match="no longer takes part"):
        sent(cast)


def test_a_service_that_is_not_offered_receives_nothing(cast: Cast) -> None:
    closed = AgencyService(organization_id=cast.riverside.id, name="Art", status="inactive")
    elsewhere = AgencyService(organization_id=cast.hilltop.id, name="Music")
    for row in (closed, elsewhere):
        make.stored(cast.session, row)
        with pytest.raises(NotReady, match="does not offer"):
            sent(cast, service_id=row.id)
    assert [p.label for p in queries.providers(cast.session, cast.who(cast.ana), NOW)] == [
        "Hilltop Clinic · Music",
        "Riverside Clinic",
    ]


def test_a_stopped_student_is_not_referred_there(cast: Cast) -> None:
    block = Block(student_id=cast.luis.id, organization_id=cast.riverside.id, starts_at=LONG_AGO)
    make.stored(cast.session, block)

    with pytest.raises(NotReady, match="is stopped"):
        sent(cast)
    assert sent(cast, "form-2", agency_id=cast.hilltop.id)


def test_only_support_staff_in_reach_of_the_student_refer(cast: Cast) -> None:
    for user, student, error in (
        (cast.ana, cast.zoe, NotFound),
        (cast.tom, cast.luis, Refused),
        (cast.rita, cast.luis, NotFound),
    ):
        with pytest.raises(error):
            service.refer(
                cast.session, cast.who(user), a_draft(cast, student_id=student.id), NOW, "k"
            )


def test_without_a_student_the_form_says_so(cast: Cast) -> None:
    with pytest.raises(NotReady, match="No student"):
        sent(cast, student_id=None)
    with pytest.raises(Refused):
        service.refer(cast.session, cast.who(cast.tom), ReferralDraft(), NOW, "form")


def test_a_district_is_no_community_provider(cast: Cast) -> None:
    with pytest.raises(NotReady, match="No community provider"):
        sent(cast, agency_id=cast.district.id)


# Following


def test_accessed_keeps_the_date_and_who_confirmed(cast: Cast) -> None:
    referral = sent(cast)
    following.record_outcome(cast.session, cast.who(cast.ana), referral.record_id, REACHED, LATER)

    assert (referral.access, referral.status) == (Access.ACCESSED, ReferralStatus.IN_SERVICE)
    assert (referral.accessed_on, referral.confirmed_by) == (TODAY, ConfirmedBy.FAMILY)


def test_not_accessed_closes_with_its_reason(cast: Cast) -> None:
    referral = sent(cast)
    ana = cast.who(cast.ana)
    following.record_outcome(cast.session, ana, referral.record_id, NOT_REACHED, LATER)

    assert (referral.access, referral.status) == (Access.NOT_ACCESSED, ReferralStatus.CLOSED)
    assert referral.not_accessed_reason is NotAccessedReason.NO_CAPACITY
    with pytest.raises(NotReady, match="closed"):
        following.record_outcome(cast.session, ana, referral.record_id, REACHED, LATER)


def test_unknown_stays_unknown_and_open(cast: Cast) -> None:
    referral, ana = sent(cast), cast.who(cast.ana)
    following.record_outcome(
        cast.session, ana, referral.record_id, OutcomeDraft(Access.UNKNOWN), LATER
    )

    assert (referral.access, referral.status) == (Access.UNKNOWN, ReferralStatus.SENT)
    assert [line.days for line in queries.my_open(cast.session, ana, LATER)] == [3]


def test_what_was_recorded_by_mistake_can_be_unknown_again(cast: Cast) -> None:
    referral, ana = sent(cast), cast.who(cast.ana)
    following.record_outcome(cast.session, ana, referral.record_id, REACHED, LATER)
    following.record_outcome(
        cast.session, ana, referral.record_id, OutcomeDraft(Access.UNKNOWN), LATER
    )

    assert (referral.accessed_on, referral.confirmed_by) == (None, None)


def test_an_incomplete_outcome_changes_nothing(cast: Cast) -> None:
    referral = sent(cast)
    draft = OutcomeDraft(Access.ACCESSED, TODAY - timedelta(days=1))

    with pytest.raises(NotReady) as not_ready:
        following.record_outcome(cast.session, cast.who(cast.ana), referral.record_id, draft, LATER)

    assert [p.field for p in not_ready.value.problems] == ["Date", "Confirmed by"]
    assert referral.status is ReferralStatus.SENT


def test_a_referral_withdrawn_is_open_no_more(cast: Cast) -> None:
    referral, ana = sent(cast), cast.who(cast.ana)
    following.withdraw(cast.session, ana, referral.record_id, LATER)

    assert queries.my_open(cast.session, ana, LATER) == []
    with pytest.raises(NotReady, match="withdrawn"):
        accept(cast, referral, cast.rita)


def test_nobody_follows_a_referral_the_gate_keeps_closed(cast: Cast) -> None:
    referral = sent(cast)

    for other in (cast.tom, cast.hugo, cast.rita, cast.dina):
        with pytest.raises(NotFound):
            following.record_outcome(
                cast.session, cast.who(other), referral.record_id, REACHED, LATER
            )
    with pytest.raises(NotFound):
        following.withdraw(cast.session, cast.who(cast.ana), cast.luis.id, LATER)
    assert len(cast.session.info[trail_of.WAITING]) == 5


def test_a_visit_taken_back_takes_its_referral_along(cast: Cast) -> None:
    ana = cast.who(cast.ana)
    visit = make.record(cast.session, cast.luis, Category.VISITS, author=cast.ana)
    referral = sent(cast, visit_id=visit.id)
    service.undo_with_visit(cast.session, ana, visit.id, NOW)
    service.undo_with_visit(cast.session, ana, visit.id, NOW)

    assert referral.status is ReferralStatus.ENTERED_IN_ERROR
    assert queries.my_open(cast.session, ana, NOW) == []


def test_my_open_referrals_are_those_i_may_see_oldest_first(cast: Cast) -> None:
    ana = cast.who(cast.ana)
    sent(cast, "form-1")
    draft = a_draft(cast, student_id=cast.mei.id)
    service.refer(cast.session, cast.who(cast.omar), draft, NOW - timedelta(days=9), "form-2")

    lines = queries.my_open(cast.session, ana, NOW)

    assert [(line.student, line.days) for line in lines] == [
        ("Sample, Mei", 9),
        ("Sample, Luis", 0),
    ]
    assert [line.student for line in queries.my_open(cast.session, cast.who(cast.dina), NOW)] == [
        "Sample, Mei"
    ]
    assert queries.my_open(cast.session, cast.who(cast.tom), NOW) == []
    assert [line.number for line in queries.of_student(cast.session, ana, cast.mei.id, NOW)] == [
        lines[0].number
    ]


# The agency's side


def test_the_case_team_and_the_administrator_answer(cast: Cast) -> None:
    for key, by in (("form-1", cast.rita), ("form-2", cast.alma)):
        referral = accept(cast, sent(cast, key), by)
        assert (referral.status, referral.answered_by) == (ReferralStatus.ACCEPTED, by.id)


def test_others_of_the_agency_see_the_slip_and_cannot_answer(cast: Cast) -> None:
    referral = sent(cast)

    assert len(queries.to_my_agency(cast.session, cast.who(cast.rob), LATER)) == 1
    with pytest.raises(Refused, match="case team"):
        accept(cast, referral, cast.rob)


def test_another_agency_finds_nothing(cast: Cast) -> None:
    referral = sent(cast)

    assert queries.to_my_agency(cast.session, cast.who(cast.hugo), LATER) == []
    with pytest.raises(NotFound):
        accept(cast, referral, cast.hugo)
    with pytest.raises(NotFound):
        draft = AnswerDraft(Answer.ACCEPT)
        answering.answer(cast.session, cast.who(cast.rita), cast.luis.id, draft, LATER)
    with pytest.raises(Refused):
        accept(cast, referral, cast.ana)


def test_a_sealed_referral_is_gone_for_the_agency_too(cast: Cast) -> None:
    referral = sent(cast)
    cast.session.get_one(Record, referral.record_id).sealed_from = LATER
    cast.session.flush()

    assert queries.to_my_agency(cast.session, cast.who(cast.rita), LATER) == []
    with pytest.raises(NotFound):
        accept(cast, referral, cast.rita)


def test_a_decline_has_a_reason_and_waits_for_the_school(cast: Cast) -> None:
    referral, rita = sent(cast), cast.who(cast.rita)
    with pytest.raises(NotReady):
        answering.answer(cast.session, rita, referral.record_id, AnswerDraft(Answer.DECLINE), LATER)
    draft = AnswerDraft(Answer.DECLINE, NotAccessedReason.NO_CAPACITY)
    answering.answer(cast.session, rita, referral.record_id, draft, LATER)

    assert (referral.status, referral.access) == (ReferralStatus.DECLINED, Access.UNKNOWN)
    line = queries.my_open(cast.session, cast.who(cast.ana), LATER)[0]
    assert line.reason == "No capacity"


def test_a_kept_appointment_is_access_confirmed_by_the_provider(cast: Cast) -> None:
    referral = sent(cast)
    draft = AnswerDraft(Answer.APPOINTMENT_KEPT, kept_on=date(2026, 11, 23))
    answering.answer(cast.session, cast.who(cast.rita), referral.record_id, draft, LATER)
    ana = cast.who(cast.ana)

    assert (referral.access, referral.confirmed_by) == (Access.ACCESSED, ConfirmedBy.PROVIDER)
    assert queries.my_open(cast.session, ana, LATER) == []
    assert [line.accessed_on for line in queries.answers(cast.session, ana, NOW, LATER)] == [
        date(2026, 11, 23)
    ]


def test_the_slip_names_the_student_only_where_the_gate_opens_the_referral(cast: Cast) -> None:
    sent(cast)
    rita, rob = cast.who(cast.rita), cast.who(cast.rob)
    before = queries.to_my_agency(cast.session, rita, LATER)[0]
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, [Category.REFERRALS])
    after = queries.to_my_agency(cast.session, rita, LATER)[0]

    assert (before.student, after.student) == (None, "Sample, Luis")
    assert (before.need, before.contact) == ("Low mood", "Ana Counts")
    assert queries.to_my_agency(cast.session, rob, LATER)[0].student is None


def test_naming_a_student_on_a_slip_is_a_disclosure_in_the_trail(cast: Cast) -> None:
    sent(cast)
    rita = cast.who(cast.rita)
    queries.to_my_agency(cast.session, rita, NOW)
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, [Category.REFERRALS])
    queries.to_my_agency(cast.session, rita, LATER)
    named = (
        select(TrailLine.at, TrailStudent.student_id)
        .join(TrailStudent, TrailStudent.line_id == TrailLine.id)
        .where(TrailLine.event == "referral.listed_by_agency")
    )

    assert cast.session.execute(named).all() == [(LATER, cast.luis.id)]


def history(cast: Cast, referral: Referral) -> list[tuple[object, object, object]]:
    rows = cast.session.scalars(
        select(ReferralEvent)
        .where(ReferralEvent.referral_id == referral.record_id)
        .order_by(ReferralEvent.at, ReferralEvent.id)
    )
    return [(row.kind, row.from_status, row.to_status) for row in rows]


def test_every_step_is_written_beside_the_referral(cast: Cast) -> None:
    referral, rita = sent(cast), cast.who(cast.rita)
    at = NOW + timedelta(hours=1)
    answering.receive(cast.session, rita, referral.record_id, at)
    answering.receive(cast.session, rita, referral.record_id, at)  # once is enough
    draft = AnswerDraft(Answer.WAITLIST, weeks=6)
    answering.answer(cast.session, rita, referral.record_id, draft, LATER)

    assert history(cast, referral) == [
        (ReferralEventKind.SENT, None, None),
        (ReferralEventKind.RECEIVED, ReferralStatus.SENT, ReferralStatus.RECEIVED),
        (ReferralEventKind.ANSWERED, ReferralStatus.RECEIVED, ReferralStatus.WAITLISTED),
    ]
    assert (referral.received_at, referral.waitlist_weeks) == (at, 6)


def test_an_answer_by_a_link_is_by_nobody_with_an_account(cast: Cast) -> None:
    referral = sent(cast)
    record = cast.session.get_one(Record, referral.record_id)
    draft = AnswerDraft(Answer.DECLINE, NotAccessedReason.NO_CAPACITY)
    answering.put(cast.session, referral, record, draft, LATER, None)
    event = cast.session.scalars(
        select(ReferralEvent).where(ReferralEvent.kind == ReferralEventKind.ANSWERED)
    ).one()

    assert (event.by_id, event.by_link, event.reason) == (None, True, "no_capacity")
    assert (referral.answered_by, referral.answered_at) == (None, LATER)


# On hold, because the consent behind it was taken back


@pytest.fixture
def withdrawn(cast: Cast) -> Referral:
    """A referral that Riverside saw and answered, until Maria took her consent back."""
    consent = make.consent(
        cast.session, cast.luis, cast.riverside, cast.maria, [Category.REFERRALS]
    )
    referral = sent(cast)
    seen_by(cast, cast.rita, referral)
    make.event(cast.session, consent, ConsentEventKind.REVOKED, LATER)
    facts = facts_of.load_known(cast.session, cast.ana.id, cast.luis.id)
    left = consent_facts.about(cast.session, cast.riverside.id, cast.luis.id)
    reliance.hold_referrals(
        cast.session, cast.who(cast.ana), "Maria Sample", facts, cast.riverside, left, LATER
    )
    return referral


def seen_by(cast: Cast, user: object, referral: Referral) -> None:
    opened = gate.open_record(
        cast.session, cast.who(user), cast.luis.id, Purpose.COORDINATE, NOW + timedelta(hours=1)
    )
    assert any(item.record_id == referral.record_id for item in opened.items)


def test_a_referral_on_hold_is_told_to_both_sides_with_what_was_received(
    cast: Cast, withdrawn: Referral
) -> None:
    [line] = queries.my_open(cast.session, cast.who(cast.ana), LATER)
    [slip] = queries.to_my_agency(cast.session, cast.who(cast.rita), LATER)

    for told in (line, slip):
        assert (told.status, told.withdrawn) == (ReferralStatus.ON_HOLD, True)
        assert {r.category for r in told.received} == {Category.REFERRALS, Category.IDENTITY}
        assert told.received[0].first == NOW + timedelta(hours=1)
    assert slip.student is None


def test_a_service_that_had_begun_waits_on_the_schools_list_too(
    cast: Cast, withdrawn: Referral
) -> None:
    withdrawn.access, withdrawn.accessed_on = Access.ACCESSED, TODAY
    cast.session.flush()
    ana = cast.who(cast.ana)

    assert [line.withdrawn for line in queries.my_open(cast.session, ana, LATER)] == [True]
    assert queries.how_many_open(cast.session, ana, LATER) == 1


def test_an_agency_cannot_answer_what_is_on_hold(cast: Cast, withdrawn: Referral) -> None:
    for who in (cast.rita, cast.alma):
        with pytest.raises(Refused) as refused:
            accept(cast, withdrawn, who)
        assert "took back the consent" in refused.value.what
    assert withdrawn.status is ReferralStatus.ON_HOLD


def test_the_school_sends_it_again_once_a_consent_opens_it(cast: Cast, withdrawn: Referral) -> None:
    ana = cast.who(cast.ana)
    with pytest.raises(NotReady) as early:
        following.resume(cast.session, ana, withdrawn.record_id, LATER)
    assert "No consent lets Riverside Clinic see" in early.value.what

    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, [Category.REFERRALS])
    following.resume(cast.session, ana, withdrawn.record_id, LATER)

    assert (withdrawn.status, withdrawn.hold_reason) == (ReferralStatus.SENT, "")
    assert accept(cast, withdrawn, cast.rita).status is ReferralStatus.ACCEPTED


def test_only_what_waits_for_a_consent_is_sent_again(cast: Cast) -> None:
    referral = sent(cast)

    with pytest.raises(NotReady):
        following.resume(cast.session, cast.who(cast.ana), referral.record_id, LATER)
    with pytest.raises(NotFound):
        following.resume(cast.session, cast.who(cast.rita), referral.record_id, LATER)


def test_what_is_on_hold_can_be_withdrawn(cast: Cast, withdrawn: Referral) -> None:
    following.withdraw(cast.session, cast.who(cast.ana), withdrawn.record_id, LATER)

    assert (withdrawn.status, withdrawn.hold_reason) == (ReferralStatus.WITHDRAWN, "")
