"""The page on which an administrator keeps the safety stop and the days until overdue."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from portal.referrals.settings import settings_of
from tests.pages.conftest import PortalDb

PAGE = "set_referrals.py"


def save(page: AppTest) -> AppTest:
    return next(b for b in page.button if b.label == "Save settings").click().run()


def field(page: AppTest, key: str) -> Any:
    return page.text_input(key=key)


def test_a_number_is_changed_and_read_at_once(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.dina)
    field(page, "safety-what-3").set_value("The district's own line")
    field(page, "safety-number-3").set_value("203-555-0100")
    page.number_input(key="overdue-days").set_value(10)
    save(page)

    shown = portal_db.shown(page)
    assert "Settings saved." in shown
    assert "The district&#x27;s own line: 203-555-0100" in shown
    with portal_db.writing() as session:
        kept = settings_of(session, portal_db.cast.district.id)
    assert (len(kept.numbers), kept.overdue_days) == (4, 10)


def test_a_line_that_is_cleared_is_gone_and_half_a_line_is_refused(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.dina)
    field(page, "safety-number-1").set_value("")
    save(page)
    assert "A number of the safety stop is not complete." in portal_db.shown(page)

    field(page, "safety-what-1").set_value("")
    save(page)
    with portal_db.writing() as session:
        kept = settings_of(session, portal_db.cast.district.id)
    assert [one.number for one in kept.numbers] == ["911", "1-800-842-2288"]


@pytest.mark.parametrize("who", ["ana", "omar", "sue", "rita"])
def test_others_do_not_set_them(portal_db: PortalDb, who: str) -> None:
    page = portal_db.run(PAGE, getattr(portal_db.cast, who))

    assert "This page is not open to you" in portal_db.shown(page)
