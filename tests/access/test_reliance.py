"""Does a consent let an agency see a referral? Asked of its case team, whoever asks."""

from __future__ import annotations

from portal.access import facts as facts_of
from portal.access import reliance
from portal.store.people import StaffLock
from portal.store.records import Audience
from portal.vocabulary import Category
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast


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
