"""With whom an agreement is in force."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from portal.access.partners import in_force_with
from tests import factories as make
from tests.people import NOW, Cast


def test_only_agreements_in_force_count(cast: Cast) -> None:
    lapsed = make.organization(cast.session, "Lapsed Clinic", "provider")
    make.agreement(cast.session, cast.district, lapsed, ends_at=NOW)
    unsigned = make.organization(cast.session, "Unsigned Clinic", "provider")
    make.agreement(cast.session, cast.district, unsigned, b_signed_at=None, b_signer="")

    found = in_force_with(cast.session, cast.who(cast.ana), NOW)

    assert found == {"Hilltop Clinic": None, "Riverside Clinic": None}


def test_the_last_day_is_that_of_the_longest_agreement(cast: Cast) -> None:
    partner = make.organization(cast.session, "Lakeside", "provider")
    midnight = datetime(2027, 7, 1, 4, tzinfo=UTC)  # in Connecticut
    make.agreement(cast.session, cast.district, partner, ends_at=midnight)
    make.agreement(cast.session, partner, cast.district, ends_at=NOW + timedelta(days=1))

    assert in_force_with(cast.session, cast.who(cast.ana), NOW)["Lakeside"] == date(2027, 6, 30)
    make.agreement(cast.session, cast.district, partner)
    assert in_force_with(cast.session, cast.who(cast.ana), NOW)["Lakeside"] is None
