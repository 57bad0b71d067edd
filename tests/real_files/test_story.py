"""The same story on files that nobody here wrote."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.end_to_end.browser import a_browser
from tests.end_to_end.served import run, served
from tests.end_to_end.story import Story, Subject

pytestmark = [pytest.mark.real_files, pytest.mark.browser]
DISTRICT = "2559010"


@pytest.fixture(scope="module")
def browser():
    with a_browser() as browser:
        yield browser


def test_the_story_holds_on_a_real_roster_and_real_agencies(
    browser: Browser, real_files: Path, tmp_path: Path
):
    database = f"sqlite:///{tmp_path / 'portal.db'}"
    run(database, "migrate")
    grand_bend = real_files / "oneroster" / "grandbend-1.1"
    run(database, "import", "oneroster", str(grand_bend), "--district", DISTRICT)
    run(database, "import", "agencies", str(real_files / "hsds" / "ohana-sample"))
    subject = Subject(
        "Archer",
        "Mary",
        "Grand Bend High School",
        "Peninsula Family Service",
        DISTRICT,
        "Grand Bend ISD",
    )

    with served(database, tmp_path / "log") as portal:
        Story(browser, portal, subject).tell()
