"""Which referrals still run to an agency whose agreement ends: by number, and without a name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access import continuity, trail
from portal.errors import Refused
from portal.store.ledger import TrailLine
from portal.store.places import AgencyService
from portal.store.records import Record
from portal.vocabulary import ReferralStatus
from tests import factories as make
from tests.people import NOW


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
    found = {line.number: line for line in listed(cast, cast.dina)}

    assert set(found) == {sent.number, served.number}
    one = found[served.number]
    assert (one.agency, one.service, one.status) == (
        "Riverside Clinic",
        "Counseling",
        ReferralStatus.IN_SERVICE,
    )
    assert (one.sent_by, found[sent.number].service) == ("Ana Counts", "")
    for student in (cast.luis, cast.mei):
        assert student.given_name not in repr(found)
        assert str(student.id) not in repr(found)


def test_that_the_list_was_read_is_a_line_about_each_student(running):
    cast, *_rest = running
    listed(cast, cast.sue)
    trail.settle(cast.session)

    line = cast.session.scalars(select(TrailLine).order_by(TrailLine.id.desc())).first()
    assert (line.event, line.allowed, line.subject) == (continuity.EVENT, True, "M-1")
    assert line.students == sorted([cast.luis.id.hex, cast.mei.id.hex])
    assert (line.opened, line.detail) == (["referrals"], {"count": 2})


def test_before_an_end_it_is_told_how_many_there_are_and_how_many_in_service(running):
    cast, *_rest = running
    dina = cast.who(cast.dina)

    assert continuity.how_many(cast.session, dina, [cast.riverside.id], NOW) == (2, 1)
    both = [cast.riverside.id, cast.hilltop.id]
    assert continuity.how_many(cast.session, dina, both, NOW) == (3, 1)
    assert continuity.how_many(cast.session, dina, [], NOW) == (0, 0)
    assert len(listed(cast, cast.dina, cast.riverside, cast.hilltop)) == 3


@pytest.mark.parametrize("who", ["ana", "tom", "omar", "rita", "alma"])
def test_it_is_told_to_nobody_who_makes_no_agreements(running, who):
    cast, *_rest = running
    user = getattr(cast, who)

    with pytest.raises(Refused):
        listed(cast, user)
    assert cast.session.info[trail.WAITING][-1][1].subject == "M-1"
    assert continuity.how_many(cast.session, cast.who(user), [cast.riverside.id], NOW) == (0, 0)


def test_another_districts_referrals_drafts_and_sealed_ones_are_not_in_it(running):
    cast, sent, served, _other = running
    cast.session.get_one(Record, sent.record_id).draft = True
    sealed = cast.session.get_one(Record, served.record_id)
    sealed.sealed_from = NOW - timedelta(days=1)
    cast.session.flush()
    assert listed(cast, cast.dina) == []

    sealed.sealed_until = NOW
    away = make.organization(cast.session, "Elsewhere Public Schools", code="0990099")
    cast.session.flush()
    assert [line.number for line in listed(cast, cast.dina)] == [served.number]
    sealed.district_id = sealed.custodian_id = away.id
    cast.session.flush()
    assert listed(cast, cast.dina) == []
