"""An agency's inbox in a real browser: each of its states, at every width, and its clicks."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from portal.demo.people import PASSWORD
from tests.end_to_end.browser import Person
from tests.end_to_end.family import TAGS, WIDTHS
from tests.end_to_end.served import Portal, demonstration, served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("inbox")
    database = demonstration(folder)
    with served(database, folder / "log") as portal:
        yield portal


def problems(person: Person, state: str) -> list[str]:
    """What axe-core finds at every width, and what is wider than the screen."""
    found = []
    for width in WIDTHS:
        person.page.set_viewport_size({"width": width, "height": 900})
        person.settle()
        options = {"runOnly": {"type": "tag", "values": TAGS}}
        violations = Axe().run(person.page, options=options).response["violations"]
        found += [f"{state} at {width}: {violation['id']}" for violation in violations]
        main = "document.querySelector('[data-testid=stMain]')"
        if person.page.evaluate(f"{main}.scrollWidth > {main}.clientWidth"):
            found.append(f"{state} at {width}: wider than the screen")
    person.page.set_viewport_size({"width": 1280, "height": 900})
    person.settle()
    return found


def test_every_state_of_the_inbox_is_accessible_and_a_contact_is_logged(
    browser: Browser, portal: Portal
) -> None:
    person = Person(browser, portal.address)
    person.sign_in("clinicadmin@demo.example", PASSWORD)
    person.page.goto(f"{portal.address}/answer_referral")
    person.settle()
    person.sees("Referrals to us", "Consent ended (")
    person.page.get_by_text("Do you have room?").click()
    found = problems(person, "inbox")
    person.page.get_by_text(re.compile("^Choose R-")).first.click()
    person.settle()
    person.tap("Answer", "Decline")
    found += problems(person, "several")
    person.click("Answer 1 referral")
    person.sees("No reason is chosen.")
    person.tap("Why do you decline?", "No capacity")
    person.click("Answer 1 referral")
    person.sees("1 referral answered.")
    person.click("Log a contact")
    found += problems(person, "contact")
    person.tap("Did the student come?", "Came")
    person.tap("How does the service stand?", "Continuing")
    person.click("Save contact")
    person.sees("contact logged.", "What you logged back")
    person.click("Correct")
    found += problems(person, "correction")

    assert found == []
