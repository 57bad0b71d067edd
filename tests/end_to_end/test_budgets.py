"""The other tasks of the working day, at a real browser: clicks are counted, and too many fail.

Logging a visit, referring and answering have tests of their own (test_visit, test_refer,
test_partner_link); here are starting a service, the family's list of disclosures, and the picture
of the district.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from portal.demo.people import PASSWORD
from tests.end_to_end.browser import Person
from tests.end_to_end.served import Portal, demonstration, served

pytestmark = pytest.mark.browser

MOST_CLICKS_TO_START_A_SERVICE = 4
MOST_CLICKS_TO_LIST_DISCLOSURES = 1


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("budgets")
    database = demonstration(folder)
    with served(database, folder / "log") as portal:
        yield portal


class Counted(Person):
    """Somebody whose clicks are counted."""

    def __init__(self, browser: Browser, portal: Portal, name: str) -> None:
        super().__init__(browser, portal.address)
        self.clicks = 0
        self.sign_in(name, PASSWORD)

    def hit(self, what: Locator) -> None:
        """Click once."""
        what.first.click()
        self.clicks += 1
        self.settle()

    def button(self, name: str) -> Locator:
        """A button that begins so."""
        return self.page.get_by_role("button", name=re.compile(f"^{re.escape(name)}"))

    def student(self, letters: str) -> None:
        """The student's page, by the first letters of the name and the Enter key."""
        self.page.goto(f"{self.address}/see_student")
        self.settle()
        field = self.page.get_by_role("combobox", name=re.compile("^Student"))
        field.focus()
        self.page.keyboard.type(letters)
        self.page.keyboard.press("Enter")
        self.settle()
        expect(self.page.get_by_role("heading", name="Strengths")).to_be_visible()


def test_a_service_is_started_in_four_clicks(browser: Browser, portal: Portal) -> None:
    worker = Counted(browser, portal, "worker@demo.example")
    worker.student("mei")
    worker.hit(worker.button("Start a service"))
    worker.hit(worker.page.get_by_role("combobox", name=re.compile("^Service")))
    worker.hit(worker.page.get_by_role("option", name="Skill building"))
    worker.page.get_by_label("Person or team").fill("School counselor")
    worker.hit(worker.button("Start the service"))

    worker.sees("Skill building")
    expect(worker.button("Start the service")).to_have_count(0)
    assert worker.clicks <= MOST_CLICKS_TO_START_A_SERVICE


def test_the_familys_list_of_disclosures_takes_three_letters_and_one_click(
    browser: Browser, portal: Portal
) -> None:
    worker = Counted(browser, portal, "worker@demo.example")
    worker.student("lui")
    worker.hit(worker.button("Make the list for the family"))

    worker.sees("Open the list for")
    assert worker.clicks <= MOST_CLICKS_TO_LIST_DISCLOSURES


def test_the_picture_of_the_district_takes_no_click(browser: Browser, portal: Portal) -> None:
    superintendent = Counted(browser, portal, "superintendent@demo.example")

    superintendent.sees("Visits in the district")
    expect(superintendent.page.get_by_role("table").first).to_be_visible()
    assert superintendent.clicks == 0
