"""The page of one's own settings."""

from __future__ import annotations

from portal.config import settings
from portal.store.support import NotificationSetting
from tests.pages.conftest import PortalDb

PAGE = "my_settings.py"


def press(page, label: str):
    return next(b for b in page.button if b.label == label).click().run()


def test_mail_is_switched_off(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.tom)
    page.toggle(key="settings-digest").set_value(False)
    press(page, "Save")

    assert "Saved." in portal_db.shown(page)
    with portal_db.writing() as session:
        row = session.get_one(NotificationSetting, portal_db.cast.tom.id)
        assert (row.digest, row.urgent) == (False, True)


def test_the_address_of_the_calendar_is_shown_once_and_given_up(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.ana)
    press(page, "Make an address")
    [shown] = page.code
    assert shown.value.startswith(f"{settings().public_url}/calendar/")

    page.run()
    assert not page.code
    press(page, "Make a new address")
    assert page.code[0].value != shown.value
    press(page, "Switch the calendar off")
    assert "You have no calendar address." in portal_db.shown(page)
