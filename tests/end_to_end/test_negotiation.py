"""A clinic answers an agreement with an edited Word file; both agree on the words, and sign.

In a real browser, each side with its own, with pictures and axe-core at three widths.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from portal import clock
from portal.access import actor
from portal.agreements import drafting, issuing, queries, reviewing
from portal.agreements.clauses.library import SHIPPED
from portal.agreements.content import Contact, Content, PartnerTerms, Service, Signer
from portal.demo.people import PASSWORD
from portal.store.people import User
from portal.vocabulary import Category, Direction
from tests.agreements import word_edits as word
from tests.agreements.papers import lines
from tests.agreements.word_edits import BREACH
from tests.end_to_end.browser import Person
from tests.end_to_end.served import Portal, demonstration, served
from tests.end_to_end.test_screens import TAGS, WIDTHS

pytestmark = pytest.mark.browser

PICTURES = os.environ.get("PORTAL_PICTURES", "")
"""A folder to put pictures into; none are kept when it is empty."""


@dataclass(frozen=True)
class Paper:
    """The agreement of the story, in a portal that is open."""

    portal: Portal
    id: uuid.UUID
    number: str


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    folder = tmp_path_factory.mktemp("negotiation")
    database = demonstration(folder)
    with _session(database) as session:
        alma, dina = _user(session, "Alma River"), _user(session, "Dina Desk")
        me, now = actor.load(session, dina.id, clock.now()), clock.now()
        content = _content(alma.organization_id)
        written = drafting.begin(session, me, content, now, "negotiation")
        reviewing.send(session, me, written.id, "Please read it by Friday.", now)
        told = written.id, written.number
    with served(database, folder / "log") as portal:
        yield Paper(portal, *told)


@contextmanager
def _session(database: str) -> Iterator[Session]:
    engine = create_engine(database)
    with Session(engine) as session, session.begin():
        yield session
    engine.dispose()


def _user(session: Session, name: str) -> User:
    return session.scalars(select(User).where(User.name == name)).one()


def _content(agency_id: uuid.UUID) -> Content:
    terms = PartnerTerms(
        agency_id=agency_id,
        services=(Service("Individual counseling", sites=("North School",), days="Tuesdays"),),
        lines=(
            *lines(Category.ATTENDANCE, Category.VISITS),
            *lines(Category.SERVICE_STATUS, way=Direction.B_TO_A),
        ),
        liaison=Contact("Rita River", "rita@example.org"),
        signers=(Signer("Alma River", "Executive Director", "By its bylaws"),),
    )
    today = clock.today("America/New_York")
    content = Content(
        starts_on=today,
        ends_on=today + timedelta(days=200),
        review_on=today + timedelta(days=100),
        schools=("North School",),
        partners=(terms,),
        district_signers=(Signer("Sue Perin", "Superintendent"),),
        district_liaison=Contact("Dina Desk", "dina@example.org", "203-555-0100"),
        records_contact=Contact("Dina Desk", "records@example.org"),
    )
    return replace(content, clauses=SHIPPED.usual(content))


def test_a_clinic_and_a_district_agree_on_the_words_and_sign(
    browser: Browser, paper: Paper, tmp_path: Path
):
    clinic, district = Person(browser, paper.portal.address), Person(browser, paper.portal.address)
    clinic.sign_in("clinicadmin@demo.example", PASSWORD)
    district.sign_in("superintendent@demo.example", PASSWORD)

    _open(clinic, paper, "Read and answer")
    clinic.sees("In review", "Please read it by Friday.")
    found = _looked_at(clinic, "1-clinic-reads")
    file = _edited(clinic, tmp_path)
    clinic.page.get_by_text("Send it back with comments or a Word file").click()
    clinic.settle()
    clinic.type("What should change", "We can do twenty days.")
    clinic.page.locator("input[type=file]").set_input_files(file)
    clinic.settle()
    clinic.click("Send it back")
    clinic.sees("again.", "We can do twenty days.")

    _open(district, paper, "Read and answer")
    district.sees("The Partner tells the District", "30 days", "20 days", "Reworded")
    district.sees("Changed outside the clauses", "Attendance and grades")
    found += _looked_at(district, "2-district-compares")
    district.click("Take over their wording")
    district.sees("Our draft says this clause as they do.")
    district.page.get_by_text("Send the draft as it is now").click()
    district.settle()
    district.click("Send it again")
    district.sees("Version 3 is with Riverside Clinic")

    _open(clinic, paper, "Read and answer")
    clinic.sees("Both say the same.")
    clinic.click("Approve this version")
    clinic.sees("You approved agreement")
    found += _looked_at(clinic, "3-clinic-approved")
    _issued(paper)

    _open(clinic, paper, "Read and sign")
    found += _looked_at(clinic, "4-clinic-signs")
    _signs(clinic, "Alma River")
    _open(district, paper, "Read and sign")
    _signs(district, "Sue Perin")
    district.sees("In force")
    found += _looked_at(district, "5-in-force")
    assert found == []


def _open(person: Person, paper: Paper, label: str) -> None:
    person.page.goto(f"{paper.portal.address}/sign_agreement")
    person.settle()
    waiting = person.page.locator(f".st-key-agreement-{paper.number}-waits")
    waiting.get_by_role("button", name=label).click()
    person.settle()


def _edited(clinic: Person, folder: Path) -> Path:
    """The document as it was downloaded, with a clause and a line of a schedule changed."""
    sent = Path(clinic.download("Version 1").path()).read_bytes()
    clause = word.words(BREACH, "30 days", "20 days")
    schedule = word.cell("Attendance", "Attendance and grades")
    file = folder / "agreement.docx"
    file.write_bytes(word.edited(sent, clause, schedule))
    return file


def _issued(paper: Paper) -> None:
    """The district names the counsel who read the changed clause, and issues it."""
    with _session(paper.portal.database) as session:
        now = clock.now()
        me = actor.load(session, _user(session, "Dina Desk").id, now)
        view = queries.view(session, me, paper.id, now)
        content = view.content
        read = (replace(c, reviewed_by="A. Counsel" if c.text else "") for c in content.clauses)
        content = replace(content, clauses=tuple(read))
        drafting.save(session, me, paper.id, content, view.revision, now, view.template_id)
        issuing.issue(session, me, paper.id, now)


def _signs(person: Person, name: str) -> None:
    person.type("Type your full name", name)
    person.tick_beginning("I have read agreement")
    person.click("Sign agreement")
    person.sees("You signed agreement")


def _looked_at(person: Person, name: str) -> list[str]:
    """What axe-core finds, and what is wider than the screen, at three widths."""
    found = []
    for width in WIDTHS:
        person.page.set_viewport_size({"width": width, "height": 900})
        person.settle()
        found += [f"{name} at {width}: {problem}" for problem in _problems(person)]
        if PICTURES:
            _picture(person, Path(PICTURES) / f"{name}-{width}.png", width)
    person.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    person.settle()
    return found


def _picture(person: Person, file: Path, width: int) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    person.page.set_viewport_size({"width": width, "height": 3600})
    person.settle()
    person.page.screenshot(path=file)


def _problems(person: Person) -> list[str]:
    options = {"runOnly": {"type": "tag", "values": TAGS}}
    violations = Axe().run(person.page, options=options).response["violations"]
    wider = person.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    told = [f"{v['id']} ({v['nodes'][0]['html'][:120]})" for v in violations]
    return told + ([f"{wider} px wider than the screen"] if wider > 0 else [])
