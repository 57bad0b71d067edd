"""Every page of the demonstration, as each role, at three widths: axe-core, and no overflow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from sqlalchemy import select, update

from portal import clock
from portal.consents.words import PLAIN
from portal.demo.people import PASSWORD, STILL_TO_ACKNOWLEDGE
from portal.store.accounts import UserSession
from portal.store.engine import make_engine
from portal.store.people import User
from portal.vocabulary import Category
from tests.accounts.provider import CLIENT_ID, CLIENT_SECRET, running_provider
from tests.end_to_end.browser import Person
from tests.end_to_end.served import Portal, demonstration, served

pytestmark = pytest.mark.browser

WIDTHS = (1280, 390, 320)
SCREENS = {
    "worker@demo.example": (
        "",
        "see_words",
        "see_my_time",
        "export_records",
        "log_visit",
        "count_screenings",
        "see_student",
        "follow_referrals",
        "record_consent",
        "hand_over",
        "open_in_emergency",
        "my_settings",
        "correct_record",
        "amend_records",
        "ask_for_access",
    ),
    "principal@demo.example": (
        "",
        "assign_caseload",
        "keep_guardians",
        "move_student",
        "keep_locks",
    ),
    "admin@demo.example": (
        "",
        "record_consent",
        "keep_forms",
        "make_agreement",
        "manage_people",
        "keep_word_lists",
        "keep_data_points",
        "read_trail",
        "watch_use",
        "who_could_look",
        "review_access",
        "review_data",
        "see_catalog",
        "set_retention",
        "keep_holds",
        "see_levels",
        "write_request",
        "set_referrals",
        "set_sign_in",
        "keep_service_accounts",
    ),
    "personnel@demo.example": ("", "see_unnamed"),
    "curriculum@demo.example": ("see_unnamed",),
    "secretary@demo.example": ("see_student",),
    "superintendent@demo.example": (
        "",
        "sign_agreement",
        "renew_agreements",
        "close_year",
        "decide_requests",
    ),
    "clinic@demo.example": ("", "see_shared", "answer_referral"),
    "clinicadmin@demo.example": ("assign_case_team", "watch_our_use", "manage_people"),
}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("screens")
    database = demonstration(folder)
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


def test_each_step_of_signing_in_is_accessible(browser: Browser, portal: Portal):
    person = Person(browser, portal.address)
    found = [
        f"{step} at {width}: {problem}"
        for step in _signing_in(person, portal)
        for width in WIDTHS
        for problem in _at(person, width)
    ]

    assert found == []


def _at(person: Person, width: int) -> list[str]:
    person.page.set_viewport_size({"width": width, "height": 900})
    return _problems(person)


def _signing_in(person: Person, portal: Portal) -> Iterator[str]:
    """What a first sign-in asks, then a second factor, one's own account, and the lock."""
    page, newcomer = person.page, STILL_TO_ACKNOWLEDGE
    person.begin_to_sign_in(newcomer, PASSWORD)
    yield "confidentiality"
    person.do_what_is_asked(newcomer)
    page.goto(f"{portal.address}/authenticator?next=/account")
    yield "set up a second factor"
    person.send("Six digits", "000000", "Set up")
    yield "a wrong first code"
    person.set_up_a_second_factor(newcomer)
    yield "my account"
    person.send("", "", "Sign out everywhere")
    person.begin_to_sign_in(newcomer, PASSWORD)
    yield "show the second factor"
    person.send("Six digits", "000000", "Go on")
    yield "a wrong code"
    person.do_what_is_asked(newcomer)
    with make_engine(portal.database).begin() as connection:
        mine = select(User.id).where(User.username == newcomer)
        ago = clock.now() - timedelta(minutes=30)
        seen = update(UserSession).where(UserSession.user_id.in_(mine)).values(seen_at=ago)
        connection.execute(seen)
    page.goto(f"{portal.address}/see_student")
    yield "locked"
    person.send("Password", "not the password", "Unlock")
    yield "still locked"
    person.unlock(PASSWORD)
    assert page.url == f"{portal.address}/see_student"


def test_each_state_of_consents_is_accessible(browser: Browser, portal: Portal):
    person = Person(browser, portal.address)
    person.sign_in("worker@demo.example", PASSWORD)
    person.page.goto(f"{portal.address}/record_consent")
    person.settle()
    found = [f"{state}: {problem}" for state in _states(person) for problem in at_each(person)]

    assert found == []


def test_what_a_consent_is_taken_along_for_is_asked_accessibly(browser: Browser, portal: Portal):
    person = Person(browser, portal.address)
    person.sign_in("worker@demo.example", PASSWORD)
    person.page.goto(f"{portal.address}/record_consent")
    person.settle()
    person.choose("Student", "Sample, Luis")
    person.page.get_by_text("Papers and history of").first.click()
    person.page.get_by_role("link", name="for a partner's record system").first.click()
    asked = [problem for width in WIDTHS for problem in _at(person, width)]
    person.page.get_by_role("button", name="Take it along").click()
    person.page.get_by_role("alert").wait_for()
    lacking = [problem for width in WIDTHS for problem in _at(person, width)]

    assert asked + lacking == []


def test_each_step_of_an_agreement_is_accessible(browser: Browser, portal: Portal):
    person = Person(browser, portal.address)
    person.sign_in("admin@demo.example", PASSWORD)
    person.page.goto(f"{portal.address}/make_agreement")
    person.settle()
    found = [f"{state}: {problem}" for state in _steps(person) for problem in at_each(person)]

    assert found == []


def test_each_state_of_a_students_page_is_accessible(browser: Browser, portal: Portal):
    person = Person(browser, portal.address)
    person.sign_in("worker@demo.example", PASSWORD)
    person.page.goto(f"{portal.address}/see_student")
    person.settle()
    found = [
        f"{state}: {problem}" for state in _of_a_student(person) for problem in at_each(person)
    ]

    assert found == []


def test_each_state_of_what_is_due_and_of_a_hand_over_is_accessible(
    browser: Browser, portal: Portal
):
    person = Person(browser, portal.address)
    person.sign_in("worker@demo.example", PASSWORD)
    found = [f"{state}: {problem}" for state in _due(person) for problem in at_each(person)]

    assert found == []


FORMS = (
    ("Add a strength", "Save strength"),
    ("Start a service", "Start the service"),
    ("A need is met", "Save that it is met"),
    ("Restrict a note", "Restrict this note"),
    ("Family summary", "Make the summary"),
    ("Print", "Make the print"),
)
"""The button that opens a form of a student's page, and the one that saves it; each widget once."""


def _of_a_student(person: Person) -> Iterator[str]:
    """One after the other, the forms of the page; the last one with a problem, then made."""
    person.choose("Student", "Sample, Luis")
    for opens, saves in FORMS:
        person.press(opens)
        person.sees(saves)
        yield opens
        if opens != "Print":
            person.press("Cancel")
    person.press("Make the print")
    person.sees("There is a problem")
    yield "a problem"
    person.choose("What for", "A meeting")
    person.press("Make the print")
    person.sees("Open the print")
    yield "a paper that was made"


def _due(person: Person) -> Iterator[str]:
    """One after the other, what is due, handed over and set."""
    person.press("Done")
    person.sees("Done:", "Undo")
    yield "a follow-up is done"
    person.press("Undo")
    person.sees("It is still to do.")
    person.page.get_by_role("button", name="Later").first.click()
    person.page.get_by_role("menuitem", name="In a week").click()
    person.sees("Later, on")
    yield "a follow-up is put off"
    person.press("Open")
    person.page.wait_for_url("**/see_student")  # the address says nothing about whom
    assert person.page.url == f"{person.address}/see_student"
    person.page.goto(f"{person.address}/hand_over")
    person.settle()
    person.choose_also("Which students?", "Sample, Mei")
    person.page.get_by_text("What to tell of").first.click()
    yield "what is told of a student"
    person.click("Hand over")
    person.sees("There is a problem")
    yield "what is missing"
    person.page.goto(f"{person.address}/my_settings")
    person.settle()
    person.press("Make an address")
    person.sees("/calendar/")
    yield "the address of a calendar"
    person.press("Switch the calendar off")


def test_each_state_of_locks_is_accessible(browser: Browser, portal: Portal):
    person = Person(browser, portal.address)
    person.sign_in("principal@demo.example", PASSWORD)
    person.page.goto(f"{portal.address}/keep_locks")
    person.settle()
    for fold in ("New lock", "Leave a student out"):
        person.page.get_by_text(fold, exact=True).first.click()
    found = [f"open: {problem}" for problem in at_each(person)]
    person.press("Lock")
    person.sees("There is a problem")
    found += [f"missing: {problem}" for problem in at_each(person)]

    assert found == []


def _steps(person: Person) -> Iterator[str]:
    """One after the other, what whoever writes an agreement meets."""
    person.tick("Begin a new agreement")
    person.choose_also("With whom?", "Hilltop")
    yield "begin"
    person.press("Begin")
    for step in ("Services", "Records", "Clauses", "People", "Dates", "Issue"):
        person.sees("The document")
        yield f"before {step}"
        person.click(f"Next: {step}")
    person.sees(". Review", "The document")
    yield "Review"
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


def test_single_sign_on_is_set_tried_and_used_in_a_real_browser(browser: Browser, portal: Portal):
    """Only a browser shows that the strict cookie of the session is there after the way back."""
    with running_provider(clock.now) as provider:
        provider.person = {"sub": "1", "email": "admin@demo.example", "email_verified": True}
        admin = Person(browser, portal.address)
        admin.sign_in("admin@demo.example", PASSWORD)
        found = _looked_at(admin, _set_sign_in(admin, provider.issuer))

        provider.person |= {"sub": "2", "email": "worker@demo.example"}
        worker = Person(browser, portal.address)
        found += _looked_at(worker, _single_sign_on(worker))
        worker.settle()
        worker.sees("Follow-ups due", "Ana Counts")

    assert found == []


def _looked_at(person: Person, states: Iterator[str]) -> list[str]:
    """What is wrong in each of these states, plain pages or not; the widest comes last."""
    return [
        f"{state} at {width}: {problem}"
        for state in states
        for width in reversed(WIDTHS)
        for problem in _at(person, width)
    ]


def _set_sign_in(admin: Person, issuer: str) -> Iterator[str]:
    """What an administrator meets, from the empty form to a button for everybody."""
    admin.page.goto(f"{admin.address}/set_sign_in")
    admin.settle()
    admin.type("Name on the button", "Harbor Point Google")
    admin.type("Issuer", issuer)
    admin.type("Client ID", CLIENT_ID)
    admin.type("Client secret", CLIENT_SECRET)
    admin.press("Save")
    admin.sees("only redirect URI")
    yield "set"
    admin.page.get_by_role("link", name="Try it").click()
    admin.page.get_by_text("That is the account of Dina Desk").wait_for()
    yield "tried"
    admin.page.get_by_role("link", name="Back to Single sign-on").click()
    admin.press("Switch it on")
    admin.sees("Open to everybody")
    admin.page.goto(f"{admin.address}/keep_service_accounts")
    admin.settle()
    admin.type("Which program is it for?", "Nightly roster")
    admin.tick_beginning("Bring in rosters")
    admin.press("Make it")
    admin.sees("It is shown only now.")
    yield "a service account's token"


def _single_sign_on(worker: Person) -> Iterator[str]:
    worker.page.goto(f"{worker.address}/login")
    yield "the button"
    worker.page.get_by_role("link", name="Sign in with Harbor Point Google").click()
    worker.page.wait_for_url(f"{worker.address}/")


def at_each(person: Person) -> list[str]:
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
