"""The agency's inbox: its lists, one answer to several, and asking for a consent anew."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access import trail
from portal.errors import NotFound, NotReady, Refused
from portal.referrals import answering, events
from portal.referrals.inbox import queries, service
from portal.referrals.inbox.queries import Tab
from portal.referrals.rules import Answer, AnswerDraft, Side
from portal.store.ledger import TrailLine
from portal.store.records import Record, Referral, ReferralEvent
from portal.vocabulary import (
    Category,
    NotAccessedReason,
    ReferralEventKind,
    ReferralStatus,
    Urgency,
)
from tests import factories as make
from tests.people import NOW, Cast

ACCEPT = AnswerDraft(Answer.ACCEPT)
LATER = NOW + timedelta(hours=1)


def refer(cast: Cast, days: int = 1, **values: object) -> Referral:
    """Luis was referred to Riverside so many days ago."""
    referral = make.referral(cast.session, cast.luis, cast.riverside, cast.ana)
    cast.session.get_one(Record, referral.record_id).event_at = NOW - timedelta(days=days)
    for name, value in values.items():
        setattr(referral, name, value)
    cast.session.flush()
    return referral


def listed(cast: Cast, tab: Tab, who: str = "rita") -> set[uuid.UUID]:
    me = cast.who(getattr(cast, who))
    lines = queries.lines(cast.session, me, tab, NOW)
    assert queries.counts(cast.session, me, NOW)[tab] == len(lines)
    return {line.referral_id for line in lines}


# Lists


def test_what_waits_too_long_is_overdue_and_urgent_ones_sooner(cast):
    fresh, old = refer(cast, 3), refer(cast, 20)
    urgent = refer(cast, 7, urgency=Urgency.URGENT)
    refer(cast, 30, status=ReferralStatus.ACCEPTED)

    assert listed(cast, Tab.OVERDUE) == {old.record_id, urgent.record_id}
    assert listed(cast, Tab.URGENT) == {urgent.record_id}
    assert fresh.record_id in listed(cast, Tab.ALL)
    me = cast.who(cast.rita)
    late = queries.among(cast.session, me, Tab.OVERDUE, [fresh.record_id, old.record_id], NOW)
    assert late == {old.record_id}


def test_what_was_sent_again_waits_anew(cast):
    old = refer(cast, 40, status=ReferralStatus.DECLINED)
    ana = cast.who(cast.ana)
    kind = ReferralEventKind.DECLINE_SENT_BACK
    events.move(cast.session, old, kind, ReferralStatus.SENT, Side.SCHOOL, NOW, ana, note="Please")
    assert listed(cast, Tab.OVERDUE) == set()


def test_what_a_consent_no_longer_opens_is_in_a_list_of_its_own(cast):
    taken_back = refer(cast, status=ReferralStatus.ON_HOLD, hold_reason="consent_withdrawn")
    run_out = refer(cast, named=True)
    refer(cast, named=False)

    assert listed(cast, Tab.CONSENT_ENDED) == {taken_back.record_id, run_out.record_id}
    assert listed(cast, Tab.CONSENT_ENDED, "alma") == {taken_back.record_id}
    assert listed(cast, Tab.CONSENT_ENDED, "rob") == {taken_back.record_id}

    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, [Category.REFERRALS])
    assert listed(cast, Tab.CONSENT_ENDED) == {taken_back.record_id}


def test_another_agency_has_none_of_it(cast):
    refer(cast, 40, urgency=Urgency.URGENT, named=True)
    for tab in Tab:
        assert listed(cast, tab, "hugo") == set()


def test_how_it_went_tells_the_school_s_note_only_where_the_name_is_open(cast):
    referral = refer(cast)
    me = cast.who(cast.rita)
    decline = AnswerDraft(Answer.DECLINE, NotAccessedReason.NO_CAPACITY)
    answering.answer(cast.session, me, referral.record_id, decline, NOW)
    kind, to = ReferralEventKind.DECLINE_SENT_BACK, ReferralStatus.SENT
    ana = cast.who(cast.ana)
    events.move(
        cast.session, referral, kind, to, Side.SCHOOL, LATER, ana, note="Luis could come on Fridays"
    )

    def notes() -> list[str]:
        slips = queries.lines(cast.session, me, Tab.ALL, LATER)
        steps = queries.steps(cast.session, me, slips, LATER)[referral.record_id]
        assert [step.by for step in steps] == ["Rita River", "Ana Counts"]
        return [step.note for step in steps]

    assert notes() == ["", ""]
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, [Category.REFERRALS])
    assert notes() == ["", "Luis could come on Fridays"]


def test_seeing_it_is_receiving_it_for_those_who_may_answer(cast):
    referral = refer(cast)
    for who, after in (("rob", ReferralStatus.SENT), ("rita", ReferralStatus.RECEIVED)):
        me = cast.who(getattr(cast, who))
        slips = queries.lines(cast.session, me, Tab.ALL, NOW)
        service.seen(cast.session, me, slips, NOW)
        service.seen(cast.session, me, queries.lines(cast.session, me, Tab.ALL, NOW), NOW)
        assert referral.status is after
    assert len(cast.session.scalars(select(ReferralEvent)).all()) == 1


# One answer to several


def test_each_has_an_answer_a_step_and_a_line_of_its_own(cast):
    chosen = [refer(cast).record_id for _ in range(3)]
    done = service.answer_several(cast.session, cast.who(cast.rita), chosen, ACCEPT, NOW)

    assert (len(done.done), done.not_done) == (3, ())
    assert len(cast.session.scalars(select(ReferralEvent)).all()) == 3
    trail.settle(cast.session)
    lines = cast.session.scalars(select(TrailLine).where(TrailLine.event == "referral.answered"))
    assert {line.subject for line in lines} == set(done.done)


def test_somebody_else_s_is_not_answered_and_not_even_its_number_is_told(cast):
    ours = refer(cast)
    theirs = make.referral(cast.session, cast.luis, cast.hilltop, cast.ana)
    chosen = [ours.record_id, theirs.record_id, uuid.uuid4()]
    done = service.answer_several(cast.session, cast.who(cast.rita), chosen, ACCEPT, NOW)

    assert done.done == (ours.number,)
    assert {number for number, _why in done.not_done} == {service.UNKNOWN_HERE}
    assert len({why for _number, why in done.not_done}) == 1
    assert theirs.status is ReferralStatus.SENT
    assert theirs.number not in str(done)


def test_what_cannot_be_answered_takes_nothing_of_the_others_with_it(cast):
    good = refer(cast)
    held = refer(cast, status=ReferralStatus.ON_HOLD, hold_reason="consent_withdrawn")
    over = refer(cast, status=ReferralStatus.WITHDRAWN)
    chosen = [row.record_id for row in (good, held, over)]
    done = service.answer_several(cast.session, cast.who(cast.rita), chosen, ACCEPT, NOW)

    assert done.done == (good.number,)
    why = dict(done.not_done)
    assert "took back the consent" in why[held.number]
    assert "withdrawn" in why[over.number]
    assert held.status is ReferralStatus.ON_HOLD


def test_who_is_on_no_team_answers_nothing_of_several(cast):
    one = refer(cast)
    done = service.answer_several(cast.session, cast.who(cast.rob), [one.record_id], ACCEPT, NOW)
    assert done.done == ()
    assert "case team" in done.not_done[0][1]


@pytest.mark.parametrize("count", [0, service.AT_ONCE + 1])
def test_none_or_too_many_are_not_answered(cast, count):
    chosen = [uuid.uuid4() for _ in range(count)]
    with pytest.raises(NotReady):
        service.answer_several(cast.session, cast.who(cast.rita), chosen, ACCEPT, NOW)


def test_a_school_answers_for_nobody(cast):
    with pytest.raises(Refused):
        service.answer_several(cast.session, cast.who(cast.ana), [uuid.uuid4()], ACCEPT, NOW)


# Asking for a consent anew


def test_the_school_is_asked_without_a_name_and_once_a_day(cast):
    cast.ana.email = " ana@school.example "
    referral = refer(cast, status=ReferralStatus.ON_HOLD, hold_reason="consent_withdrawn")
    rita = cast.who(cast.rita)
    letter = service.ask_to_renew(cast.session, rita, referral.record_id, NOW)

    assert letter.to == "ana@school.example"
    assert referral.number in letter.subject
    assert "Luis" not in letter.text + letter.subject
    with pytest.raises(NotReady):
        service.ask_to_renew(cast.session, rita, referral.record_id, LATER)
    assert service.ask_to_renew(cast.session, rita, referral.record_id, NOW + timedelta(days=1))


@pytest.mark.parametrize(("who", "error"), [("rob", Refused), ("hugo", NotFound), ("ana", Refused)])
def test_others_ask_for_nothing(cast, who, error):
    referral = refer(cast, named=True)
    me = cast.who(getattr(cast, who))
    with pytest.raises(error):
        service.ask_to_renew(cast.session, me, referral.record_id, NOW)


def test_what_does_not_exist_is_asked_about_in_vain(cast):
    with pytest.raises(NotFound):
        service.ask_to_renew(cast.session, cast.who(cast.rita), uuid.uuid4(), NOW)


def test_the_agency_s_services_are_its_own(cast):
    assert queries.services(cast.session, cast.who(cast.rita)) == []
