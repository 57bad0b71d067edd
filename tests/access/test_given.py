"""Will the school see what a partner logs back? By the same gate as everybody, asked beforehand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.access.given import seen_by_school
from portal.policy.decision import Decision
from portal.store.papers import LegalBasis, LegalBasisCategory
from portal.store.people import StaffLock
from portal.store.records import Record
from portal.vocabulary import Category, LegalKind
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

EVENT = NOW - timedelta(days=1)
TICK = timedelta(microseconds=1)


def seen(cast: Cast) -> Decision:
    """Tom, who sent the referral, is a teacher: it is not asked whether he himself will see it."""
    referral = make.referral(cast.session, cast.luis, cast.riverside, cast.tom)
    record = cast.session.get_one(Record, referral.record_id)
    return seen_by_school(cast.session, referral, record, EVENT, NOW)


def authorize(cast: Cast, **changes):
    return make.consent(
        cast.session, cast.luis, cast.district, cast.maria, [Category.SERVICE_STATUS],
        discloser_id=cast.riverside.id, **changes,
    )  # fmt: skip


def test_the_school_sees_it_by_a_consent_and_the_agreement_whatever_binds_the_sender(cast: Cast):
    lock = {"user_id": cast.tom.id, "student_id": cast.luis.id, "set_by": cast.omar.id}
    make.stored(cast.session, StaffLock(starts_at=LONG_AGO, **lock))
    consent = authorize(cast, records_until=EVENT + TICK)

    found = seen(cast)

    assert found and str(consent.id) in found.papers and len(found.papers) == 2


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        (None, {"NO_CONSENT"}),
        ({"records_until": EVENT}, {"DATE_OUTSIDE_RANGE"}),
        ({"records_from": EVENT + TICK}, {"DATE_OUTSIDE_RANGE"}),
        ({"purposes": ["evaluate"]}, {"PURPOSE_DIFFERS"}),
    ],
)
def test_without_a_consent_for_it_the_school_does_not(cast: Cast, changes, codes):
    if changes is not None:
        authorize(cast, **changes)

    assert set(seen(cast).codes) == codes


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"is_hipaa": True}, "MISSING_AUTHORITY"),
        ({"is_part2": True}, "MISSING_STATEMENT:part2_refusal"),
        ({"active_from": NOW + TICK}, "CUSTODIAN_INACTIVE"),
        ({"active_until": NOW}, "CUSTODIAN_INACTIVE"),
    ],
)
def test_the_laws_that_bind_the_partner_are_asked(cast: Cast, changes, code):
    for name, value in changes.items():
        setattr(cast.riverside, name, value)
    authorize(cast, statements=[])

    assert code in seen(cast).codes


def test_a_court_order_opens_it_too(cast: Cast):
    about = {"student_id": cast.luis.id, "custodian_id": cast.riverside.id}
    order = make.stored(
        cast.session,
        LegalBasis(
            kind=LegalKind.COURT_ORDER, recipient_id=cast.district.id, starts_at=LONG_AGO, **about
        ),
    )
    named = LegalBasisCategory(legal_basis_id=order.id, category=Category.SERVICE_STATUS)
    make.stored(cast.session, named)

    assert seen(cast).papers == (str(order.id),)
