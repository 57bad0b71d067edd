"""Every page of the demonstration, as each role, at three widths: axe-core, and no overflow."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from portal.consents.words import PLAIN
from portal.demo.people import PASSWORD
from portal.vocabulary import Category
from tests.end_to_end.browser import Person
from tests.end_to_end.served import Portal, run, served

pytestmark = pytest.mark.browser

WIDTHS = (1280, 390, 320)
SCREENS = {
    "worker@demo.example": ("", "log_visit", "see_student", "follow_referrals", "record_consent"),
    "principal@demo.example": ("assign_caseload", "keep_guardians"),
    "admin@demo.example": (
        "",
        "record_consent",
        "keep_forms",
        "make_agreement",
        "manage_people",
        "read_trail",
    ),
    "superintendent@demo.example": ("", "sign_agreement", "renew_agreements"),
    "clinic@demo.example": ("", "see_shared", "answer_referral"),
    "clinicadmin@demo.example": ("assign_case_team",),
}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("screens")
    database = f"sqlite:///{folder / 'portal.db'}"
    run(database, "demo")
    with served(database, folder / "log") as portal:
        yield portal


@pytest.mark.parametrize("name", SCREENS)
def test_every_page_is_accessible_at_every_width(browser: Browser, portal: Portal, name: str):
    person = Person(browser, portal.address)
    person.sign_in(name, PASSWORD)
    found = []
    for page in SCREENS[name]:
        person.page.goto(f"{portal.address}/{page}")
        person.settle()
        for width in WIDTHS:
            person.page.set_viewport_size({"width": width, "height": 900})
            person.settle()
            found += [f"/{page} at {width}: {problem}" for problem in _problems(person)]

    assert found == []


def test_each_state_of_consents_is_accessible(browser: Browser, portal: Portal):
    person = Person(browser, portal.address)
    person.sign_in("worker@demo.example", PASSWORD)
    person.page.goto(f"{portal.address}/record_consent")
    person.settle()
    found = [f"{state}: {problem}" for state in _states(person) for problem in _at_each(person)]

    assert found == []


def test_each_step_of_an_agreement_is_accessible(browser: Browser, portal: Portal):
    person = Person(browser, portal.address)
    person.sign_in("admin@demo.example", PASSWORD)
    person.page.goto(f"{portal.address}/make_agreement")
    person.settle()
    found = [f"{state}: {problem}" for state in _steps(person) for problem in _at_each(person)]

    assert found == []


def _steps(person: Person) -> Iterator[str]:
    """One after the other, what whoever writes an agreement meets."""
    person.tick("Begin a new agreement")
    person.choose_also("With whom?", "Hilltop")
    yield "begin"
    person.press("Begin")
    for step in ("Parties", "Services", "Records", "Clauses", "People", "Dates", "Review"):
        person.sees(f". {step}", "The document")
        yield step
        if step != "Review":
            person.click("Next")
    person.tick_beginning("4 Clauses")
    person.choose("Which article?", "Cover")
    person.click("Edit the wording")
    yield "a clause's wording"
    person.type("Wording of", "The Spanish text is the one that binds.")
    person.click("Save the wording")
    person.sees("Taken out:")
    yield "a changed clause"
    person.tick_beginning("7 Issue")
    person.sees("was changed")
    yield "what is missing"
    person.page.get_by_role("button", name="The wording of").click()
    person.sees("Enter which counsel read")
    yield "the field of what is missing"


def _states(person: Person) -> Iterator[str]:
    """One after the other, what a member of staff meets; named once it is on the screen."""
    person.click("Renew all")
    yield "what can be renewed"
    person.click("Close the list")
    person.choose("Student", "Sample, Luis")
    yield "a student's consents"
    person.page.get_by_role("button", name="Change or take back").last.click()
    person.settle()
    yield "what can be done with one"
    person.click("Leave it as it is")
    person.click("New consent")
    person.take_first("Who signs")
    person.choose_also("With which partners", "Riverside")
    person.tick(PLAIN[Category.VISITS])
    person.tick(PLAIN[Category.PSYCHIATRIC])
    person.click("What would they see?")
    yield "what would be seen"
    person.tick("Sign here on this screen")
    person.click("Save consent")
    yield "what is missing before it is signed here"
    person.tick("Print a letter with a link")
    person.click("Make the letter")
    yield "what is told once"
    person.click("Follow up")
    yield "what can be done with a request"


def _at_each(person: Person) -> list[str]:
    found = []
    for width in WIDTHS:
        person.page.set_viewport_size({"width": width, "height": 900})
        person.settle()
        found += [f"at {width}: {problem}" for problem in _problems(person)]
    person.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    person.settle()
    return found


def _problems(person: Person) -> list[str]:
    options = {"runOnly": {"type": "tag", "values": TAGS}}
    violations = Axe().run(person.page, options=options).response["violations"]
    problems = [f"{v['id']} ({v['nodes'][0]['html'][:120]})" for v in violations]
    wider = person.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return problems + ([f"{wider} px wider than the screen"] if wider > 0 else [])
