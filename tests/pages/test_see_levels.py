"""The levels of access in the product: the policy's lines, and how many people have each."""

from __future__ import annotations

import pytest

from portal.policy.levels import rows
from portal.ui.parts import esc
from tests.pages.conftest import PortalDb

PAGE = "see_levels.py"


@pytest.mark.parametrize("who", ["ana", "tom", "bea", "selma"])
def test_everybody_of_the_district_reads_the_lines_and_no_counts(portal_db: PortalDb, who: str):
    shown = portal_db.shown(portal_db.run(PAGE, getattr(portal_db.cast, who)))

    assert all(esc(row.line.sentence) in shown for row in rows())
    assert "Your level is" in shown
    assert '<th scope="col">People' not in shown


def test_the_administrator_sees_how_many_have_each(portal_db: PortalDb) -> None:
    shown = portal_db.shown(portal_db.run(PAGE, portal_db.cast.dina))

    assert '<th scope="col">People' in shown
    assert "By request" in shown
    assert "In no line of the policy: 0 of the district&#x27;s staff" in shown


def test_from_my_settings_one_gets_there_and_back(portal_db: PortalDb) -> None:
    page = portal_db.page("my_settings.py", portal_db.cast.tom).run()

    assert "Levels of access" in [button.label for button in page.button]
    there = portal_db.run(PAGE, portal_db.cast.tom)
    assert "Back to my settings" in [button.label for button in there.button]
