"""One story, told by six people in six browsers: from a visit to a consent taken back.

The district's people come to the portal as real ones do: the first administrator
by command, the others by a welcome link, the students and agencies from files.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from tests.end_to_end.browser import Person
from tests.end_to_end.served import Portal

PASSWORD = "a heron stands in the harbor"
ADMIN = "dana.desk@example.org"


@dataclass(frozen=True)
class Subject:
    """Who and what the story is about, as the imported files have them."""

    family_name: str
    given_name: str
    school: str
    agency: str
    district_code: str
    district_name: str

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True)
class Somebody:
    """A person to add on the People page. organization: empty for the district itself."""

    name: str
    role: str
    organization: str = ""
    level: str = ""
    school: str = ""

    @property
    def email(self) -> str:
        return f"{self.name.casefold().replace(' ', '.')}@example.org"


class Story:
    """The people of the story, each signed in at a browser of their own."""

    def __init__(
        self, browser: Browser, portal: Portal, subject: Subject, pictures: Path | None = None
    ) -> None:
        self.browser = browser
        self.portal = portal
        self.subject = subject
        self.pictures = pictures
        self.people: dict[str, Person] = {}

    def begin(self) -> None:
        """The administrator signs in and lets the others in."""
        self.portal.run(
            *("create-admin", "--district-code", self.subject.district_code),
            *("--district-name", self.subject.district_name),
            *("--name", "Dana Desk", "--email", ADMIN, "--password-stdin"),
            typed=f"{PASSWORD}\n",
        )
        dana = self._person("Dana Desk")
        dana.sign_in(ADMIN, PASSWORD)
        agency, school = self.subject.agency, self.subject.school
        for somebody in (
            Somebody("Priya Keys", "Principal", school=school),
            Somebody("Wanda Counts", "School support staff", level="Psychologist"),
            Somebody("Sue Perin", "Superintendent"),
            Somebody("Rita River", "Agency staff", agency),
            Somebody("Alma River", "Agency administrator", agency),
            Somebody("Charlie Nobody", "Agency staff", agency),
        ):
            self._let_in(dana, somebody)

    def _person(self, name: str) -> Person:
        self.people[name] = Person(self.browser, self.portal.address)
        return self.people[name]

    def _let_in(self, dana: Person, somebody: Somebody) -> None:
        dana.open("People")
        if somebody.organization:
            dana.choose("Organization", somebody.organization)
        dana.type("Name", somebody.name)
        dana.type("E-mail address", somebody.email)
        dana.choose("Role", somebody.role)
        if somebody.level:
            dana.choose("Level of access", somebody.level)
        if somebody.school:
            dana.choose("School", somebody.school)
        dana.click("Add person")
        dana.sees("Give this link to")
        link = dana.page.locator("[data-testid=stCode]").inner_text().strip()
        person = self._person(somebody.name)
        person.set_password(link, PASSWORD)
        person.sign_in(somebody.email, PASSWORD)
        person.sees("Today")
