"""The page Today."""

from __future__ import annotations

from tests.pages.conftest import PortalDb


def test_today_opens_for_whoever_is_signed_in(portal_db: PortalDb) -> None:
    page = portal_db.run("today.py", portal_db.cast.ana)

    assert not page.exception
    assert "<h1>Today</h1>" in portal_db.shown(page)


def test_today_is_closed_to_nobody_in_particular(portal_db: PortalDb) -> None:
    page = portal_db.run("today.py", None)

    assert "You are not signed in." in portal_db.shown(page)
    assert "<h1>Today</h1>" not in portal_db.shown(page)
