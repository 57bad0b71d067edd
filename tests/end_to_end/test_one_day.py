"""The story on made-up files, which the project's generator writes and its importers read."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from portal.clock import today
from portal.demo import agencies, oneroster, roster
from tests.end_to_end.conftest import PICTURES
from tests.end_to_end.served import run, served
from tests.end_to_end.story import Story, Subject

pytestmark = pytest.mark.browser


def test_a_partner_sees_what_a_family_opened_until_it_is_taken_back(
    browser: Browser, tmp_path: Path
):
    database = f"sqlite:///{tmp_path / 'portal.db'}"
    made = roster.make(7, today("America/New_York"))
    subject = Subject("Sample", "Luis", "North School", "Riverside Clinic", made.code, made.name)
    for folder in ("roster", "agencies"):
        (tmp_path / folder).mkdir()
    oneroster.write(made, tmp_path / "roster")
    agencies.write(tmp_path / "agencies")
    run(database, "migrate")
    run(database, "import", "oneroster", str(tmp_path / "roster"), "--district", made.code)
    run(database, "import", "agencies", str(tmp_path / "agencies"))

    with served(database, tmp_path / "log") as portal:
        Story(browser, portal, subject, PICTURES).tell()

    assert subject.family_name not in (tmp_path / "log").read_text()
