"""A new user makes the standard memorandum in the wizard: counted, left and resumed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from portal.demo.people import PASSWORD
from tests.end_to_end.browser import Person
from tests.end_to_end.served import Portal, demonstration, served

pytestmark = pytest.mark.browser

AGENCY = "Open Door Pantry"
CLICK, KEY, THINK = 1.5, 0.28, 1.35
"""Seconds of the keystroke-level model: point and click, a key, a decision before each click."""

TEN_MINUTES = 600


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("wizard")
    database = demonstration(folder)
    with served(database, folder / "log") as portal:
        yield portal


class Counting:
    """A person whose clicks and keys are counted."""

    def __init__(self, person: Person) -> None:
        self.person, self.clicks, self.keys = person, 0, 0

    @property
    def seconds(self) -> float:
        """What the hands and the head of a new user take."""
        return self.clicks * (CLICK + THINK) + self.keys * KEY

    def click(self, target: Locator) -> None:
        self.clicks += 1
        target.click()

    def type(self, label: str, text: str) -> None:
        field = self.person.page.get_by_label(re.compile(f"^{re.escape(label)}")).first
        self.click(field)
        field.press("Control+a")
        field.press_sequentially(text)
        field.press("Tab")
        self.keys += len(text) + 2

    def next(self, title: str) -> None:
        self.click(self.person.page.get_by_role("button", name=re.compile("^Next")).first)
        self.arrives(title)

    def arrives(self, title: str) -> None:
        expect(self.person.page.get_by_role("heading", name=title).first).to_be_visible()


@pytest.fixture
def dina(browser: Browser, portal: Portal) -> Counting:
    person = Person(browser, portal.address)
    person.sign_in("admin@demo.example", PASSWORD)
    person.open("Agreements")
    return Counting(person)


def begin(dina: Counting) -> None:
    page = dina.person.page
    dina.click(page.get_by_text("Begin a new agreement", exact=True))
    dina.person.settle()
    dina.clicks += 2
    dina.keys += 4
    dina.person.choose_also("With whom?", AGENCY)
    dina.click(page.get_by_role("button", name="Begin", exact=True))
    dina.arrives("1. Parties and purpose")


def test_the_standard_memorandum_takes_ten_minutes_at_most(dina: Counting):
    begin(dina)
    dina.next("2. Services")
    dina.type("Service: what", "Food for the weekend")
    dina.type("Service: when", "Fridays")
    dina.next("3. Records")
    dina.next("4. Clauses")
    dina.next("5. People and signers")
    dina.type("Signer for Open Door Pantry: name", "Petra Sample")
    dina.type("Signer for Open Door Pantry: title", "Chair")
    dina.type("Liaison of the partner: e-mail", "office@pantry.example")
    dina.next("6. Dates and time limits")
    dina.next("7. Review and issue")
    dina.person.sees("Nothing is missing. It can be issued.")
    dina.click(dina.person.page.get_by_role("button", name="Issue for signature", exact=True))
    dina.person.sees("now waits for its signatures")

    assert dina.clicks <= 20 and dina.keys <= 120
    assert dina.seconds < TEN_MINUTES


def test_a_draft_is_left_and_taken_up_again_at_its_step_with_what_was_typed(dina: Counting):
    begin(dina)
    dina.next("2. Services")
    dina.type("Service: when", "Fridays at noon")
    dina.person.sees("5. Services", "Fridays at noon")

    dina.person.page.reload()
    dina.arrives("2. Services")
    when = dina.person.page.get_by_label("Service: when")
    expect(when).to_have_value("Fridays at noon")

    dina.person.open("Today")
    dina.person.open("Agreements")
    dina.arrives("2. Services")
    expect(dina.person.page.get_by_label("Service: when")).to_have_value("Fridays at noon")
