"""Two people correct the same visit in two browsers: the second sees the first's change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from portal.demo.people import PASSWORD
from tests.end_to_end.browser import Person
from tests.end_to_end.served import Portal, demonstration, served

pytestmark = pytest.mark.browser

WISH = "My child was there for ten minutes."


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("corrections")
    database = demonstration(folder)
    with served(database, folder / "log") as portal:
        yield portal


def at_the_record(person: Person, name: str, button: str) -> None:
    """The student's page, the newest visit there, and what to do with it."""
    person.sign_in(name, PASSWORD)
    person.open("Student")
    person.choose("Student", "Sample, Luis")
    person.press("Correct a record")
    person.choose("Which record?", "min.")
    person.press(button)


def minutes(person: Person, told: str) -> None:
    person.type("Minutes", told)


def test_the_second_of_two_sees_the_firsts_change_and_goes_on(
    browser: Browser, portal: Portal
) -> None:
    ana, omar = Person(browser, portal.address), Person(browser, portal.address)
    at_the_record(ana, "worker@demo.example", "The family asks to amend it")
    ana.type("What they want changed", WISH)
    ana.press("Save the request")
    ana.sees("Written down.", WISH)
    ana.press("Go to the record")
    ana.sees("Correct a record", "Written down")
    at_the_record(omar, "principal@demo.example", "Correct or see its history")
    omar.sees("The family asks to amend it", "History")

    minutes(omar, "10")
    omar.type("Why is it changed?", "As the family asked")
    omar.click("Save the change")
    omar.sees("Saved. What it said before is kept.", "10 min")
    ana.choose("Place", "Office")
    minutes(ana, "25")
    ana.type("Why is it changed?", "Counted again")
    ana.click("Save the change")
    ana.sees("Somebody changed this record while you had it open", "10 min", "25 min")

    assert ana.page.get_by_label("Minutes").input_value() == "25"
    assert ana.page.get_by_label("Why is it changed?").input_value() == "Counted again"
    ana.click("Save the change")
    ana.sees("Saved. What it said before is kept.", "Counted again", "As the family asked")
    assert "record" not in ana.page.url.replace("correct_record", "")
