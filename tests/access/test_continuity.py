"""Which referrals still run to an agency whose agreement ends: by number, and without a name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access import continuity, trail
from portal.access.continuity import Running
from portal.access.trail import Entry
from portal.errors import Refused
from portal.policy.papers import may_see_to_continuity
from portal.store.ledger import TrailLine
from portal.store.places import AgencyService
from portal.store.records import Record
from portal.vocabulary import Category, ReferralStatus
from tests import factories as make
from tests.people import LONG_AGO, NOW

HOUR = timedelta(hours=1)


@pytest.fixture
def running(cast):
    """Luis waits for an answer from Riverside, Mei is in its service, Zoe's referral is closed."""
    sent = make.referral(cast.session, cast.luis, cast.riverside, cast.ana)
    served = make.referral(cast.session, cast.mei, cast.riverside, cast.ana)
    closed = make.referral(cast.session, cast.zoe, cast.riverside, cast.ana)
    other = make.referral(cast.session, cast.luis, cast.hilltop, cast.ana)
    served.status, closed.status = ReferralStatus.IN_SERVICE, ReferralStatus.CLOSED
    service = AgencyService(organization_id=cast.riverside.id, name="Counseling", status="active")
    cast.session.add(service)
    cast.session.flush()
    served.service_id = service.id
    cast.session.flush()
    return cast, sent, served, other


def listed(cast, who, *agencies):
    ids = [agency.id for agency in agencies or (cast.riverside,)]
    return continuity.open_referrals(cast.session, cast.who(who), ids, "M-1", NOW)


def test_the_open_referrals_to_an_agency_are_listed_without_a_name(running):
    cast, sent, served, _other = running
    cast.ana.title = "Social worker"
    cast.session.get_one(Record, sent.record_id).event_at = LONG_AGO + HOUR
    cast.session.flush()

    found = listed(cast, cast.dina)

    told = {"agency": "Riverside Clinic", "sent_by": "Ana Counts", "title": "Social worker"}
    at, held = ReferralStatus.SENT, ReferralStatus.IN_SERVICE
    assert found == [
        Running(number=served.number, service="Counseling", status=held, since=LONG_AGO, **told),
        Running(number=sent.number, service="", status=at, since=LONG_AGO + HOUR, **told),
    ]
    for student in (cast.luis, cast.mei):
        assert student.given_name not in repr(found)
        assert str(student.id) not in repr(found)


def test_referrals_of_one_instant_are_listed_by_number(running):
    cast, sent, served, _other = running
    sent.number, served.number = "R-B", "R-A"
    cast.session.flush()

    assert [line.number for line in listed(cast, cast.dina)] == ["R-A", "R-B"]


def test_that_the_list_was_read_is_a_line_about_each_student(running):
    cast, *_rest = running
    listed(cast, cast.sue)
    trail.settle(cast.session)

    line = cast.session.scalars(select(TrailLine).order_by(TrailLine.id.desc())).first()
    assert (line.event, line.allowed, line.subject) == (continuity.EVENT, True, "M-1")
    assert line.students == sorted([cast.luis.id.hex, cast.mei.id.hex])
    assert (line.opened, line.detail, line.at) == (["referrals"], {"count": 2}, NOW)
    assert line.user_id == cast.sue.id


def test_before_an_end_it_is_told_how_many_there_are_and_how_many_in_service(running):
    cast, *_rest = running
    dina = cast.who(cast.dina)

    assert continuity.how_many(cast.session, dina, [cast.riverside.id], NOW) == (2, 1)
    both = [cast.riverside.id, cast.hilltop.id]
    assert continuity.how_many(cast.session, dina, both, NOW) == (3, 1)
    assert continuity.how_many(cast.session, dina, [cast.hilltop.id], NOW) == (1, 0)
    assert continuity.how_many(cast.session, dina, [], NOW) == (0, 0)
    assert len(listed(cast, cast.dina, cast.riverside, cast.hilltop)) == 3


@pytest.mark.parametrize("who", ["ana", "tom", "omar", "rita", "alma"])
def test_it_is_told_to_nobody_who_makes_no_agreements(running, who):
    cast, *_rest = running
    user = getattr(cast, who)

    with pytest.raises(Refused):
        listed(cast, user)
    me = cast.who(user)
    codes = [str(code) for code in may_see_to_continuity(me.role).codes]
    entry = Entry(continuity.EVENT, False, NOW, subject="M-1", codes=codes)
    assert cast.session.info[trail.WAITING] == [(me, entry)]
    assert continuity.how_many(cast.session, me, [cast.riverside.id], NOW) == (0, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"draft": True},
        {"sealed_from": NOW - HOUR},
        {"district_id": "away"},
        {"custodian_id": "away"},
        {"category": Category.SUD},
    ],
    ids=str,
)
def test_drafts_sealed_ones_and_what_is_not_a_referral_of_this_district_are_not_in_it(
    running, change
):
    cast, sent, served, _other = running
    record = cast.session.get_one(Record, sent.record_id)
    away = make.organization(cast.session, "Elsewhere Public Schools", code="0990099")
    for name, value in change.items():
        setattr(record, name, away.id if value == "away" else value)
    cast.session.flush()

    assert [line.number for line in listed(cast, cast.dina)] == [served.number]
    dina = cast.who(cast.dina)
    assert continuity.how_many(cast.session, dina, [cast.riverside.id], NOW) == (1, 1)


def test_a_seal_that_is_over_hides_nothing(running):
    cast, sent, _served, _other = running
    record = cast.session.get_one(Record, sent.record_id)
    record.sealed_from, record.sealed_until = NOW - HOUR, NOW
    cast.session.flush()

    assert sent.number in [line.number for line in listed(cast, cast.dina)]
