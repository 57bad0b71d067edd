"""One story, told by six people in six browsers: from a visit to a consent taken back.

The district's people come to the portal as real ones do: the first administrator
by command, the others by a welcome link, the students and agencies from files.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from portal.consents.words import PLAIN, SIGNING
from portal.vocabulary import Category
from tests.end_to_end.browser import Person
from tests.end_to_end.served import Portal

PASSWORD = "a heron stands in the harbor"
ADMIN = "dana.desk@example.org"
NOTE = "Talked about a heron and slept better since."
PEOPLE = {
    "Signer for the district: name": "Sue Perin",
    "Signer for the district: title": "Superintendent",
    "Liaison of the district": "Dana Desk",
    "Liaison of the district: e-mail": ADMIN,
    "Contact for records": "Dana Desk",
    "Contact for records: e-mail": ADMIN,
    "Liaison of the partner": "Alma River",
    "Liaison of the partner: e-mail": "alma.river@example.org",
}

AGENCY = {
    "Rita River": "Agency staff",
    "Alma River": "Agency administrator",
    "Charlie Nobody": "Agency staff",
}
"""Let in once there is an agreement to sign."""


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

    @property
    def family_name_first(self) -> str:
        return f"{self.family_name}, {self.given_name}"


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


SUE = Somebody("Sue Perin", "Superintendent")


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
        """The operator lets two people in; the administrator the district's others."""
        link = self._superintendents_link()
        self.portal.run(
            *("create-admin", "--district-code", self.subject.district_code),
            *("--district-name", self.subject.district_name),
            *("--name", "Dana Desk", "--email", ADMIN, "--password-stdin"),
            typed=f"{PASSWORD}\n",
        )
        self._arrive(SUE, link)
        dana = self._person("Dana Desk")
        dana.sign_in(ADMIN, PASSWORD)
        for somebody in (
            Somebody("Priya Keys", "Principal", school=self.subject.school),
            Somebody("Wanda Counts", "School support staff", level="Psychologist"),
        ):
            self._let_in(dana, somebody)

    def form(self) -> None:
        """The administrator names the office that takes consents back, and publishes the form."""
        dana = self.people["Dana Desk"]
        dana.open("Consents")
        dana.click("The consent form")
        dana.click("Write the next version")
        dana.tap("What to write", "Term and office")
        dana.type("E-mail address", ADMIN)
        dana.click("Save term and office")
        dana.sees("Nothing keeps this draft from being published")
        dana.click("Publish this version")
        dana.sees("is published")

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
        self._arrive(somebody, link)

    def _arrive(self, somebody: Somebody, link: str) -> None:
        person = self._person(somebody.name)
        person.set_password(link, PASSWORD)
        person.sign_in(somebody.email, PASSWORD)
        person.sees("Today")

    def _superintendents_link(self) -> str:
        """Added by command, and given the link by hand: no administrator may."""
        told = self.portal.run(
            *("account", "superintendent", "--district-code", self.subject.district_code),
            *("--name", SUE.name, "--email", SUE.email),
        )
        return f"{self.portal.address}/welcome/{told.strip().rpartition('/')[2]}"

    def assign(self) -> None:
        """The principal puts the student on the social worker's caseload."""
        priya = self.people["Priya Keys"]
        priya.open("Caseloads")
        priya.choose("Staff", "Wanda Counts")
        priya.choose("Student to add", self.subject.family_name_first)
        priya.click("Add to caseload")
        priya.sees("The caseload of Wanda Counts is changed")

    def log_and_refer(self) -> None:
        """The social worker logs a visit with a note, and refers to the agency."""
        wanda = self.people["Wanda Counts"]
        wanda.open("Log a visit")
        wanda.choose("Student", self.subject.family_name_first)
        wanda.tap("Purpose of visit", "Individual counseling")
        wanda.tap("Minutes", "30")
        wanda.tap("Services provided", "Skill building")
        wanda.click("No emergency: add a referral")
        wanda.tap("Need", "Anxiety or worry")
        wanda.choose("Which community provider", self.subject.agency)
        wanda.tick("Add a short note (optional)")
        wanda.type("Note", NOTE)
        self._picture(wanda, "log-a-visit")
        wanda.click("Save visit")
        wanda.sees(f"Saved: {self.subject.name}, 30 min, referred")
        wanda.open("Referrals")
        wanda.sees(self.subject.family_name_first, self.subject.agency)

    def agree(self) -> None:
        """The administrator makes the MOU in the wizard; the agency and then the district sign."""
        dana = self.people["Dana Desk"]
        self._write(dana)
        dana.sees("Nothing is missing")
        self._picture(dana, "make-an-agreement")
        dana.click("Issue for signature")
        dana.sees("now waits for its signatures")
        for name, role in AGENCY.items():
            self._let_in(dana, Somebody(name, role, self.subject.agency))
        self._sign(self.people["Alma River"], "Alma River")
        self._sign(self.people["Sue Perin"], "Sue Perin")
        dana.open("Today")
        dana.open("Agreements")
        dana.sees("In force")

    def _write(self, dana: Person) -> None:
        """From nothing to a complete draft: each step with what the portal cannot know."""
        agency = self.subject.agency
        dana.open("Agreements")
        dana.choose_also("With whom?", agency)
        dana.press("Begin")
        dana.sees("1. Parties and purpose", f"Memorandum of understanding with {agency}")
        dana.type("Purpose", "Counseling in school and in the clinic for those who need it.")
        dana.click("Next: Services")
        dana.sees("2. Services")
        dana.type("Service", "Individual counseling")
        dana.type_at_end_of(": when", "Tuesdays and Thursdays")
        dana.click("Next: Records")
        dana.choose_also(f"The district may share with {agency}", "Discipline")
        dana.click("Next: Clauses")
        dana.sees("4. Clauses", "as the library proposes them")
        dana.click("Next: People")
        signer = f"Signer for {agency}"
        signs = {f"{signer}: name": "Alma River", f"{signer}: title": "Director"}
        for label, text in (PEOPLE | signs).items():
            dana.type(label, text)
        dana.click("Next: Dates")
        dana.sees("6. Dates and time limits")
        dana.click("Next: Issue")

    def _sign(self, person: Person, name: str) -> None:
        person.open("Agreements to sign")
        person.click("Read and sign")
        file = person.download("(Word)")
        assert Path(file.path()).read_bytes().startswith(b"PK"), "a Word file is a zip"
        person.type("Type your full name", name)
        person.tick_beginning("I have read agreement")
        person.click("Sign agreement")
        person.sees("You signed agreement")

    def consent(self) -> None:
        """The guardian signs on the social worker's screen: visits, nothing else."""
        wanda = self.people["Wanda Counts"]
        wanda.open("Consents")
        wanda.choose("Student", self.subject.family_name_first)
        wanda.click("New consent")
        guardian = wanda.take_first("Who signs")
        wanda.choose_also("With which partners", self.subject.agency)
        wanda.tick(PLAIN[Category.VISITS])
        wanda.tick("Sign here on this screen")
        wanda.type("Type your full name", guardian.split(",")[0])
        wanda.tick(SIGNING)
        wanda.tick_beginning("For staff:")
        wanda.click("What would they see?")
        wanda.sees("With these ticks the case team")
        self._picture(wanda, "record-a-consent")
        wanda.click("Save consent")
        wanda.sees("is saved")

    def team(self) -> None:
        """The agency's administrator, who reads no name, puts the clinician on the case team."""
        alma = self.people["Alma River"]
        alma.open("Case teams")
        alma.sees_not(self.subject.family_name)
        alma.take_first("Consent")
        alma.choose("Person", "Rita River")
        alma.click("Add to the team")
        alma.sees("Rita River is on the case team")

    def partner_sees(self) -> None:
        """The clinician sees the visit and why, and neither its note nor anything else."""
        rita = self.people["Rita River"]
        rita.open("Shared with us")
        rita.sees(self.subject.name)
        rita.choose("Student", self.subject.name)
        rita.sees("Individual counseling, 30 min", "Skill building", "Not ticked on the consent")
        rita.sees_not(NOTE)
        self._picture(rita, "shared-with-us")

    def others_do_not(self) -> None:
        """A colleague who is not on the case team sees nobody."""
        charlie = self.people["Charlie Nobody"]
        charlie.open("Shared with us")
        charlie.sees("Shared with us (0)")
        charlie.sees_not(self.subject.family_name)

    def staff_see_who_has_seen(self) -> None:
        """The social worker finds the clinician's opening on the student's page."""
        wanda = self.people["Wanda Counts"]
        wanda.open("Student")
        wanda.choose("Student", self.subject.family_name_first)
        wanda.sees("Rita River", self.subject.agency)
        self._picture(wanda, "a-student")

    def take_back(self) -> None:
        """The family takes the consent back; the social worker writes it down."""
        wanda = self.people["Wanda Counts"]
        wanda.open("Consents")
        wanda.choose("Student", self.subject.family_name_first)
        wanda.click("Change or take back")
        wanda.tick("Take this consent back")
        wanda.type("How were you told?", "The mother called this morning.")
        wanda.click("Take this consent back now")
        wanda.sees("Nothing opens under it now")

    def partner_no_longer_sees(self) -> None:
        """The clinician's open page goes on without the student; so does a new one."""
        rita = self.people["Rita River"]
        rita.open("Today")
        rita.open("Shared with us")
        rita.sees("Shared with us (0)")
        rita.sees_not(self.subject.family_name, "Individual counseling")

    def _picture(self, person: Person, name: str) -> None:
        if self.pictures is not None:
            person.picture(self.pictures, name)

    def tell(self) -> None:
        """The whole day, in order."""
        self.begin()
        self.form()
        self.assign()
        self.log_and_refer()
        self.agree()
        self.consent()
        self.team()
        self.others_do_not()
        self.partner_sees()
        self.staff_see_who_has_seen()
        self.take_back()
        self.partner_no_longer_sees()
