"""A partner's worklist of its own people's unusual use."""

from __future__ import annotations

import pytest

from portal.policy.proper_use import PROPER_USE
from portal.store.oversight import UseFlag
from portal.vocabulary import UseFlagKind
from tests.pages.conftest import PortalDb
from tests.people import NOW

PAGE, DISTRICTS = "watch_our_use.py", "watch_use.py"


@pytest.fixture
def busy(portal_db: PortalDb) -> PortalDb:
    """Rita opened much: it stands on the district's list and on her agency's; Hugo on Hilltop's."""
    cast = portal_db.cast
    with portal_db.writing() as session:
        for organization, user in (
            (cast.district, cast.rita),
            (cast.riverside, cast.rita),
            (cast.hilltop, cast.hugo),
        ):
            values = {"kind": UseFlagKind.VOLUME, "day": NOW.date(), "count": 90, "found_at": NOW}
            session.add(UseFlag(organization_id=organization.id, user_id=user.id, **values))
    return portal_db


def test_the_agency_settles_its_own_and_the_district_still_has_its_finding(busy: PortalDb) -> None:
    page = busy.run(PAGE, busy.cast.alma)
    shown = busy.shown(page)
    assert "Rita River: Opened unusually many records" in shown
    assert PROPER_USE in shown and "Hugo" not in shown and "What counts as unusual" not in shown

    page.radio[0].set_value("talked_to")
    page.text_input[0].set_value("A week of intakes")
    next(one for one in page.button if one.label == "Settle it").click().run()

    assert "A week of intakes" in busy.shown(page)
    districts = busy.shown(busy.run(DISTRICTS, busy.cast.dina))
    assert "Rita River (Riverside Clinic): Opened unusually many records" in districts
    assert "A week of intakes" not in districts
