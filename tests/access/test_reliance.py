"""Does a consent let an agency see a referral? Asked of its case team, whoever asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access import consents as consent_facts
from portal.access import facts as facts_of
from portal.access import reliance, trail
from portal.access.reliance import Received
from portal.access.trail import Entry
from portal.policy.facts import OrganizationFacts, RelationFacts, UserFacts
from portal.policy.spans import Span
from portal.store.ledger import TrailLine
from portal.store.people import StaffLock
from portal.store.records import Audience, Record, Referral, ReferralEvent
from portal.vocabulary import (
    Category,
    ConsentEventKind,
    Level,
    OrganizationKind,
    Purpose,
    ReferralEventKind,
    ReferralStatus,
    RelationKind,
)
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

TICK = timedelta(microseconds=1)


def is_open(cast: Cast, record) -> bool:
    facts = facts_of.load_known(cast.session, cast.ana.id, cast.luis.id)
    return reliance.is_open_to(cast.session, facts, cast.riverside, record, NOW)


def test_a_consent_opens_a_referral_to_the_agency_s_team(cast: Cast):
    referral = make.record(cast.session, cast.luis, Category.REFERRALS, author=cast.ana)
    assert not is_open(cast, referral)

    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, [Category.REFERRALS])

    assert is_open(cast, referral)


def test_a_lock_of_whoever_asks_closes_nothing_to_the_agency(cast: Cast):
    referral = make.record(cast.session, cast.luis, Category.REFERRALS, author=cast.ana)
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, [Category.REFERRALS])
    about = {"user_id": cast.ana.id, "student_id": cast.luis.id, "set_by": cast.omar.id}
    make.stored(cast.session, StaffLock(**about, starts_at=LONG_AGO))

    assert is_open(cast, referral)


def test_what_is_kept_inside_or_restricted_is_not_open_to_an_agency(cast: Cast):
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, [Category.REFERRALS])
    kept = make.record(cast.session, cast.luis, Category.REFERRALS, author=cast.ana)
    restricted = make.record(cast.session, cast.luis, Category.REFERRALS, author=cast.ana)
    audience = Audience(organization_id=cast.district.id, inside_only=True)

    kept.audience_id = make.stored(cast.session, audience).id
    restricted.restricted = True

    assert not is_open(cast, kept)
    assert not is_open(cast, restricted)


def test_the_team_is_nobody_in_particular_and_has_these_consents_alone(cast: Cast):
    cast.hilltop.is_hipaa = cast.hilltop.is_part2 = True
    cast.hilltop.active_until = NOW
    make.consent(cast.session, cast.luis, cast.hilltop, cast.maria)
    [given] = consent_facts.about(cast.session, cast.hilltop.id, cast.luis.id)
    own = {name: (f"some {name} of whoever asks",) for name in ("grants", "locks", "legal")}
    facts = replace(facts_of.load_known(cast.session, cast.rita.id, cast.luis.id), **own)

    seen = reliance.as_the_team(cast.session, facts, cast.hilltop, [given])

    hilltop, always = str(cast.hilltop.id), Span(LONG_AGO, NOW)
    known = OrganizationFacts(hilltop, OrganizationKind.PROVIDER, always, True, True)
    assert seen == replace(
        facts,
        user=UserFacts("", hilltop, Level.STAFF, always),
        organizations={**facts.organizations, hilltop: known},
        relations=(RelationFacts(RelationKind.TEAM, always),),
        grants=(),
        locks=(),
        legal=(),
        agreements=facts_of.agreements_of(cast.session, cast.hilltop.id),
        consents=(given,),
    )


def referrals(cast: Cast) -> dict[str, Referral]:
    """Luis's referrals to Riverside: two open ones, one kept inside, a closed one; and others."""
    found = {}
    for name, student, agency in (
        ("R-9 inside", cast.luis, cast.riverside),
        ("R-8 of Mei", cast.mei, cast.riverside),
        ("R-7 open", cast.luis, cast.riverside),
        ("R-6 open", cast.luis, cast.riverside),
        ("R-5 closed", cast.luis, cast.riverside),
        ("R-4 to Hilltop", cast.luis, cast.hilltop),
        ("R-3 inside", cast.luis, cast.riverside),
    ):
        found[name] = make.referral(cast.session, student, agency, cast.ana)
        found[name].number = name
    audience = Audience(organization_id=cast.district.id, inside_only=True)
    inside = make.stored(cast.session, audience).id
    for name in ("R-3 inside", "R-9 inside"):
        cast.session.get_one(Record, found[name].record_id).audience_id = inside
    found["R-5 closed"].status = ReferralStatus.CLOSED
    found["R-7 open"].status = ReferralStatus.IN_SERVICE
    cast.session.flush()
    return found


@pytest.mark.parametrize("by_ana", [True, False])
def test_what_the_consent_opened_goes_on_hold_with_an_event_and_a_line(cast: Cast, by_ana: bool):
    found = referrals(cast)
    consent = make.consent(
        cast.session, cast.luis, cast.riverside, cast.maria, [Category.REFERRALS]
    )
    make.event(cast.session, consent, ConsentEventKind.REVOKED, NOW)
    facts = facts_of.load_known(cast.session, cast.ana.id, cast.luis.id)
    about = consent_facts.about(cast.session, cast.riverside.id, cast.luis.id)
    asked = reliance._referrals(cast.session, facts, cast.riverside)
    assert [row.number for row, _ in asked] == ["R-3 inside", "R-6 open", "R-7 open", "R-9 inside"]
    me, by = (cast.who(cast.ana), "") if by_ana else (None, "Maria Sample")

    def hold(at):
        held = reliance.hold_referrals(cast.session, me, by, facts, cast.riverside, about, at)
        return [referral.number for referral in held]

    assert hold(NOW - TICK) == hold(NOW + TICK) == []
    assert hold(NOW) == ["R-6 open", "R-7 open"]
    assert hold(NOW) == []

    changed = {name: (row.status, row.hold_reason) for name, row in found.items()}
    on_hold, untouched = (ReferralStatus.ON_HOLD, "consent_withdrawn"), (ReferralStatus.SENT, "")
    assert changed == dict.fromkeys(found, untouched) | {
        "R-6 open": on_hold,
        "R-7 open": on_hold,
        "R-5 closed": (ReferralStatus.CLOSED, ""),
    }
    events = {row.referral_id: row for row in cast.session.scalars(select(ReferralEvent))}
    assert events.keys() == {found[name].record_id for name in ("R-6 open", "R-7 open")}
    event = events[found["R-7 open"].record_id]
    assert (event.kind, event.at, event.reason) == (ReferralEventKind.HELD, NOW, on_hold[1])
    assert (event.from_status, event.to_status) == (ReferralStatus.IN_SERVICE, on_hold[0])
    assert event.by_id == (cast.ana.id if by_ana else None)
    lines = cast.session.scalars(select(TrailLine).order_by(TrailLine.id.desc()).limit(2)).all()
    assert {line.subject for line in lines} == {"R-6 open", "R-7 open"}
    for line in lines:
        assert (line.event, line.allowed, line.at) == ("referral.put_on_hold", True, NOW)
        assert (line.students, line.detail) == ([cast.luis.id.hex], {"reason": on_hold[1]})
        assert (line.user_id, line.user_name) == (
            (cast.ana.id, "Ana Counts") if by_ana else (None, "Maria Sample")
        )


@pytest.mark.parametrize("purpose", list(Purpose))
def test_an_imagined_record_is_decided_as_one_that_is_there(cast: Cast, purpose: Purpose):
    kinds = [Category.REFERRALS]
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, kinds, [purpose])
    facts = facts_of.load_known(cast.session, cast.ana.id, cast.luis.id)

    def opens(agency, category, why) -> bool:
        told = (facts, agency, category, why, NOW)
        return bool(reliance.opening(cast.session, *told))

    opened = {why for why in Purpose if opens(cast.riverside, Category.REFERRALS, why)}
    assert opened == {purpose}
    assert is_open(cast, make.record(cast.session, cast.luis, Category.REFERRALS))
    assert not opens(cast.riverside, Category.VISITS, purpose)
    assert not opens(cast.hilltop, Category.REFERRALS, purpose)


def test_what_an_agency_received_is_told_by_kind_with_the_first_and_the_last_time(cast: Cast):
    def opened(user, at, kinds, *students, allowed=True) -> None:
        keys = tuple(student.id for student in students)
        entry = Entry("record.opened", allowed, at, keys, opened=kinds)
        trail.write(cast.session, cast.who(user), entry)

    visits, identity = Category.VISITS, Category.IDENTITY
    opened(cast.rita, NOW, [visits], cast.luis)
    opened(cast.rob, NOW - 2 * TICK, [visits, identity], cast.mei, cast.luis)
    opened(cast.rita, NOW - TICK, [visits], cast.luis)
    opened(cast.rita, NOW + TICK, [Category.HEALTH], cast.mei)
    opened(cast.rita, NOW + TICK, [Category.HEALTH], cast.luis, allowed=False)
    opened(cast.hugo, NOW + TICK, [Category.HEALTH], cast.luis)
    trail.settle(cast.session)

    assert reliance.received(cast.session, cast.luis.id, cast.riverside.id) == [
        Received(identity, NOW - 2 * TICK, NOW - 2 * TICK, 1),
        Received(visits, NOW - 2 * TICK, NOW, 3),
    ]
