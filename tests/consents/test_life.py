"""What becomes of a signed consent, and what the gate makes of it at once."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access import gate
from portal.access.reliance import received
from portal.consents import life
from portal.errors import NotFound, NotReady, Refused
from portal.store.consents import ConsentEvent
from portal.store.ledger import TrailLine
from portal.store.records import Referral
from portal.vocabulary import (
    Access,
    Category,
    ConsentEventKind,
    Instrument,
    Need,
    Purpose,
    ReferralStatus,
    ReferralTarget,
    SignatureMethod,
)
from tests import factories as make
from tests.people import NOW

HOUR = timedelta(hours=1)
SOON = NOW + timedelta(minutes=1)
BOTH = (Category.VISITS, Category.ATTENDANCE)


@pytest.fixture
def shared(cast):
    """Luis's visits and attendance are open to Riverside."""
    for category in BOTH:
        make.record(cast.session, cast.luis, category, author=cast.ana)
    return make.consent(
        cast.session, cast.luis, cast.riverside, cast.maria, BOTH, recorded_by=cast.ana.id
    )


def open_to_rita(cast, at=SOON):
    try:
        seen = gate.open_record(
            cast.session, cast.who(cast.rita), cast.luis.id, Purpose.COORDINATE, at
        )
    except NotFound:
        return set()
    return {entry.category for entry in seen.open} - {Category.IDENTITY}


def a_referral(cast, agency, status=ReferralStatus.ACCEPTED):
    record = make.record(cast.session, cast.luis, Category.REFERRALS, author=cast.ana)
    return make.stored(
        cast.session,
        Referral(
            record_id=record.id, number=f"R-{record.id.hex[:6]}", sent_by=cast.ana.id,
            target=ReferralTarget.COMMUNITY, agency_id=agency.id, need=Need.LOW_MOOD,
            status=status, access=Access.UNKNOWN,
        ),
    )  # fmt: skip


# Taken back


def test_taken_back_it_opens_nothing_from_that_instant(cast, shared):
    life.revoke(cast.session, cast.who(cast.ana), shared.id, "A letter", NOW + HOUR)

    assert open_to_rita(cast, NOW + HOUR - timedelta(seconds=1)) == set(BOTH)
    assert open_to_rita(cast, NOW + HOUR) == set()


def test_one_kind_taken_back_closes_that_kind_and_no_other(cast, shared):
    life.revoke(cast.session, cast.who(cast.ana), shared.id, "A letter", NOW, Category.VISITS)

    assert open_to_rita(cast) == {Category.ATTENDANCE}


def test_everything_with_one_partner_is_taken_back_at_once(cast, shared):
    back = make.consent(
        cast.session, cast.luis, cast.district, cast.maria, (Category.SERVICE_STATUS,),
        discloser_id=cast.riverside.id, instrument=Instrument.HIPAA, recorded_by=cast.ana.id,
    )  # fmt: skip
    other = make.consent(cast.session, cast.luis, cast.hilltop, cast.maria)

    taken = life.revoke_all(
        cast.session, cast.who(cast.ana), cast.luis.id, "In person", NOW, cast.riverside.id
    )
    assert {consent.id for consent in taken.consents} == {shared.id, back.id}
    every = life.revoke_all(cast.session, cast.who(cast.ana), cast.luis.id, "In person", SOON)
    assert [consent.id for consent in every.consents] == [other.id]
    with pytest.raises(NotReady, match="No consent is open"):
        life.revoke_all(cast.session, cast.who(cast.ana), cast.luis.id, "In person", SOON)


def test_it_is_taken_back_once_and_with_how_it_was_told(cast, shared):
    ana = cast.who(cast.ana)

    for unsaid in ("", "\x00\u202e"):
        with pytest.raises(NotReady, match="how the family told you"):
            life.revoke(cast.session, ana, shared.id, unsaid, NOW)
    life.revoke(cast.session, ana, shared.id, "A call\x00 from the mother", NOW)
    with pytest.raises(NotReady, match="over already"):
        life.revoke(cast.session, ana, shared.id, "In person", SOON)
    [event] = cast.session.scalars(select(ConsentEvent))
    assert (event.how, event.by_id) == ("A call from the mother", cast.ana.id)


@pytest.mark.parametrize("who", ["dina", "sue", "tom", "rita", "alma"])
@pytest.mark.parametrize("verb", [life.revoke, life.hold, life.found_false, life.object_to])
def test_nobody_else_does_it_and_a_missing_one_gets_the_same_answer(cast, shared, who, verb):
    me, answers = cast.who(getattr(cast, who)), set()
    for asked in (shared.id, uuid.uuid4()):
        with pytest.raises((NotFound, Refused)) as caught:
            verb(cast.session, me, asked, "In person", NOW)
        answers.add(caught.value.what)

    # Within reach but not their task: told so. Out of reach: as if it were not there.
    assert len(answers) == (2 if who in ("sue", "tom") else 1)
    assert cast.session.scalars(select(ConsentEvent)).all() == []


# Held


def test_said_by_word_of_mouth_it_is_held_until_that_is_settled(cast, shared):
    ana = cast.who(cast.ana)

    life.hold(cast.session, ana, shared.id, "The mother said so on the phone", NOW)
    assert open_to_rita(cast) == set()
    life.lift(cast.session, ana, shared.id, "She wrote that it may go on", NOW + HOUR)
    assert open_to_rita(cast, NOW + HOUR) == set(BOTH)
    with pytest.raises(NotReady, match="Nothing is on hold"):
        life.lift(cast.session, ana, shared.id, "Again", NOW + HOUR)


def test_lifting_says_why(cast, shared):
    life.hold(cast.session, cast.who(cast.ana), shared.id, "A call", NOW)

    with pytest.raises(NotReady):
        life.lift(cast.session, cast.who(cast.ana), shared.id, " ", SOON)


# Paper, events, falsehood, objection


def test_a_paper_opens_nothing_before_a_second_person_confirms_it(cast):
    make.record(cast.session, cast.luis, Category.VISITS)
    paper = make.consent(
        cast.session, cast.luis, cast.riverside, cast.maria,
        method=SignatureMethod.PAPER, identity_check=None, recorded_by=cast.ana.id,
    )  # fmt: skip

    assert open_to_rita(cast) == set()
    with pytest.raises(Refused, match="brought this paper in yourself"):
        life.confirm(cast.session, cast.who(cast.ana), paper.id, NOW)
    life.confirm(cast.session, cast.who(cast.omar), paper.id, NOW)
    assert open_to_rita(cast) == {Category.VISITS}
    with pytest.raises(NotReady, match="needs no confirming"):
        life.confirm(cast.session, cast.who(cast.omar), paper.id, SOON)


def test_a_consent_that_ends_with_an_event_is_reviewed_within_a_year(cast):
    make.record(cast.session, cast.luis, Category.VISITS)
    consent = make.consent(
        cast.session, cast.luis, cast.riverside, cast.maria,
        ends_on_event="The care at Riverside ends", review_at=NOW,
    )  # fmt: skip
    ana = cast.who(cast.ana)

    assert open_to_rita(cast) == set()
    life.review(cast.session, ana, consent.id, NOW)
    assert open_to_rita(cast) == {Category.VISITS}
    assert open_to_rita(cast, NOW + timedelta(days=365)) == set()
    life.end_by_event(cast.session, ana, consent.id, NOW + HOUR)
    assert open_to_rita(cast, NOW + HOUR) == set()
    with pytest.raises(NotReady, match="over already"):
        life.review(cast.session, ana, consent.id, NOW + HOUR)


def test_one_that_ends_on_a_day_has_no_event(cast, shared):
    with pytest.raises(NotReady, match="ends on a day"):
        life.end_by_event(cast.session, cast.who(cast.ana), shared.id, NOW)


def test_one_found_false_opens_nothing(cast, shared):
    life.found_false(cast.session, cast.who(cast.ana), shared.id, "Signed by a neighbor", NOW)

    assert open_to_rita(cast) == set()


def test_the_other_parents_objection_is_noted_and_is_no_bar(cast, shared):
    life.object_to(cast.session, cast.who(cast.ana), shared.id, "The father called", NOW)

    assert open_to_rita(cast) == set(BOTH)
    [event] = cast.session.scalars(select(ConsentEvent))
    assert event.kind is ConsentEventKind.OBJECTED
    with pytest.raises(NotReady, match="not said why"):
        life.object_to(cast.session, cast.who(cast.ana), shared.id, "", NOW)


def test_each_step_leaves_its_line(cast, shared):
    life.hold(cast.session, cast.who(cast.ana), shared.id, "A call", NOW)
    life.revoke(cast.session, cast.who(cast.ana), shared.id, "A letter", SOON)

    lines = cast.session.scalars(select(TrailLine).where(TrailLine.event.startswith("consent.")))
    assert [(line.event, line.subject) for line in lines] == [
        ("consent.held", shared.number),
        ("consent.revoked", shared.number),
    ]


# What relied on it


def test_a_referral_that_the_consent_opened_goes_on_hold_on_both_sides(cast):
    kinds = (Category.REFERRALS, Category.VISITS)
    consent = make.consent(
        cast.session, cast.luis, cast.riverside, cast.maria, kinds, recorded_by=cast.ana.id
    )
    relied, other = a_referral(cast, cast.riverside), a_referral(cast, cast.hilltop)
    done = a_referral(cast, cast.riverside, ReferralStatus.CLOSED)

    taken = life.revoke(cast.session, cast.who(cast.ana), consent.id, "A letter", NOW)
    assert [held.number for held in taken.referrals] == [relied.number]
    assert (relied.status, relied.hold_reason) == (ReferralStatus.ON_HOLD, "consent_withdrawn")
    assert other.status is ReferralStatus.ACCEPTED
    assert done.status is ReferralStatus.CLOSED


def test_a_referral_that_another_consent_still_opens_goes_on(cast):
    kinds = (Category.REFERRALS,)
    first, _second = (
        make.consent(
            cast.session, cast.luis, cast.riverside, cast.maria, kinds, recorded_by=cast.ana.id
        )
        for _ in range(2)
    )
    referral = a_referral(cast, cast.riverside)

    life.revoke(cast.session, cast.who(cast.ana), first.id, "A letter", NOW)
    assert referral.status is ReferralStatus.ACCEPTED


def test_one_kind_taken_back_leaves_referrals_alone_unless_it_is_theirs(cast):
    kinds = (Category.REFERRALS, Category.VISITS)
    consent = make.consent(
        cast.session, cast.luis, cast.riverside, cast.maria, kinds, recorded_by=cast.ana.id
    )
    referral = a_referral(cast, cast.riverside)
    ana = cast.who(cast.ana)

    life.revoke(cast.session, ana, consent.id, "A letter", NOW, Category.VISITS)
    assert referral.status is ReferralStatus.ACCEPTED
    life.revoke(cast.session, ana, consent.id, "A letter", SOON, Category.REFERRALS)
    assert referral.status is ReferralStatus.ON_HOLD


def test_what_the_partner_already_received_is_listed_and_not_undone(cast, shared):
    open_to_rita(cast, NOW)
    open_to_rita(cast, SOON)
    life.revoke(cast.session, cast.who(cast.ana), shared.id, "A letter", NOW + HOUR)

    had = received(cast.session, cast.luis.id, cast.riverside.id)
    assert [(line.category, line.first, line.times) for line in had] == [
        (Category.IDENTITY, NOW, 2),
        (Category.ATTENDANCE, NOW, 2),
        (Category.VISITS, NOW, 2),
    ]
    assert received(cast.session, cast.luis.id, cast.hilltop.id) == []
