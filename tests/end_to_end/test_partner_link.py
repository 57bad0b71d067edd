"""An agency answers from one mail, at a phone without a script: every click is counted.

A click in the mail counts too. The mails are read as a mail server got them.
"""

from __future__ import annotations

import os
import re
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock, mail
from portal.access import actor, trail
from portal.config import settings
from portal.referrals import links
from portal.store.engine import make_engine
from portal.store.people import Guardian, Student, User
from portal.store.places import Organization
from portal.store.records import Record, Referral
from portal.vocabulary import Access, ReferralStatus
from tests import factories as make
from tests.end_to_end.family import a_phone, axe
from tests.end_to_end.served import Portal, demonstration, served
from tests.test_mail import Sink

pytestmark = pytest.mark.browser

TO = "intake@clinic.example"


class Clicks:
    """A finger at a phone. It fails when it has to click more often than it may."""

    def __init__(self, page: Page, most: int) -> None:
        self.page, self.most, self.count = page, most, 0

    def _one_more(self) -> None:
        self.count += 1
        assert self.count <= self.most, f"more than {self.most} clicks"

    def follow(self, link: str) -> None:
        """Click the link in the mail."""
        self._one_more()
        self.page.goto(link)

    def press(self, name: str) -> None:
        """Click a button."""
        self._one_more()
        self.page.get_by_role("button", name=name, exact=True).click()

    def choose(self, label: str) -> None:
        """Click one of several."""
        self._one_more()
        self.page.get_by_label(label, exact=True).check()

    def type(self, label: str, text: str) -> None:
        """Click a field and type into it."""
        self._one_more()
        self.page.get_by_label(label).fill(text)


@dataclass
class Office:
    """The portal, what its mail server got, and its log."""

    portal: Portal
    log: Path

    def letters(self) -> list[EmailMessage]:
        """Every mail so far."""
        found = [message_from_string(letter, policy=default) for letter in Sink.letters]
        return [letter for letter in found if isinstance(letter, EmailMessage)]

    def link(self) -> str:
        """The address in the last mail."""
        found = re.search(r"/answer/\S+", self.letters()[-1].get_content())
        assert found
        return f"{self.portal.address}{found[0]}"

    def mail_one(self) -> Referral:
        """Ana sends Riverside a referral of Luis, and its link is mailed."""
        engine = make_engine(self.portal.database)
        with Session(engine, expire_on_commit=False) as session:
            staff = session.scalars(select(User).where(User.username == WORKER)).one()
            clinic = session.scalars(select(User).where(User.username == CLINIC)).one()
            agency = session.get_one(Organization, clinic.organization_id)
            agency.email = TO
            luis = session.scalars(select(Student).where(Student.given_name == "Luis")).first()
            assert luis is not None
            referral = make.referral(session, luis, agency, staff)
            referral.number = f"R-{referral.record_id.hex[:6].upper()}"
            session.get_one(Record, referral.record_id).event_at = clock.now()
            session.flush()
            me = actor.load(session, staff.id, clock.now())
            assert me is not None
            letter = links.invite(session, me, referral.record_id, clock.now())
            assert letter is not None
            trail.settle(session)
            session.commit()
        engine.dispose()
        mail.send(letter.to, letter.subject, letter.text)
        return referral

    def now(self, referral: Referral) -> Referral:
        """The referral as it stands now."""
        engine = make_engine(self.portal.database)
        with Session(engine, expire_on_commit=False) as session:
            found = session.get_one(Referral, referral.record_id)
        engine.dispose()
        return found

    def names(self) -> list[str]:
        """Every name of a student or of the family in the demonstration."""
        engine = make_engine(self.portal.database)
        with Session(engine) as session:
            students = session.execute(select(Student.given_name, Student.family_name))
            found = {name for row in students for name in row}
            found |= {
                word for name in session.scalars(select(Guardian.name)) for word in name.split()
            }
        engine.dispose()
        return sorted(name for name in found if len(name) > 2)


WORKER, CLINIC = "worker@demo.example", "clinic@demo.example"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("partner")
    database = demonstration(folder)
    Sink.said, Sink.letters, Sink.refuses = [], [], ""
    with (
        socketserver.ThreadingTCPServer(("127.0.0.1", 0), Sink) as sink,
        pytest.MonkeyPatch.context() as patch,
    ):
        threading.Thread(target=sink.serve_forever, daemon=True).start()
        patch.setitem(os.environ, "PORTAL_SMTP_URL", f"smtp://127.0.0.1:{sink.server_address[1]}")
        patch.setitem(os.environ, "PORTAL_MAIL_FROM", "portal@example.org")
        settings.cache_clear()
        with served(database, folder / "log") as portal:
            yield Office(portal, folder / "log")
        sink.shutdown()
    settings.cache_clear()


def test_two_clicks_accept_and_two_more_tell_of_the_first_appointment(
    browser: Browser, office: Office
) -> None:
    referral = office.mail_one()
    page = a_phone(browser, script=False)
    finger = Clicks(page, 2)
    finger.follow(office.link())
    assert referral.number in page.content()
    finger.press("Accept")

    assert page.get_by_role("heading", name="Accepted").is_visible()
    assert office.now(referral).status is ReferralStatus.ACCEPTED
    assert office.letters()[-1]["Subject"] == "1 referral: has the first appointment been kept?"

    finger = Clicks(page, 2)
    finger.follow(office.link())
    finger.press("Save the day")
    assert office.now(referral).access is Access.ACCESSED


def test_three_clicks_with_another_date_a_waiting_list_or_a_reason(
    browser: Browser, office: Office
) -> None:
    page = a_phone(browser, script=False, width=320)
    kept = office.mail_one()
    finger = Clicks(page, 3)
    finger.follow(office.link())
    finger.type("On which day?", page.get_by_label("On which day?").input_value())
    finger.press("Save the day")
    assert office.now(kept).status is ReferralStatus.IN_SERVICE

    waits = office.mail_one()
    finger = Clicks(page, 3)
    finger.follow(office.link())
    finger.type("About how many weeks?", "6")
    finger.press("Put on the waiting list")
    assert office.now(waits).waitlist_weeks == 6

    declined = office.mail_one()
    finger = Clicks(page, 3)
    finger.follow(office.link())
    finger.choose("No capacity")
    finger.press("Decline")
    assert office.now(declined).status is ReferralStatus.DECLINED


def test_a_click_too_many_would_fail(browser: Browser) -> None:
    finger = Clicks(a_phone(browser, script=False), 0)
    with pytest.raises(AssertionError, match="more than 0 clicks"):
        finger.follow("about:blank")


def test_a_link_that_was_used_leads_nowhere_for_whoever_finds_it(
    browser: Browser, office: Office
) -> None:
    office.mail_one()
    used = office.link()
    page = a_phone(browser, script=False)
    finger = Clicks(page, 2)
    finger.follow(used)
    finger.press("Accept")

    answer = a_phone(browser, script=False).goto(used)
    assert answer is not None and answer.status == 404
    assert "the school has your answer" in answer.text()


def test_every_page_behind_the_link_is_accessible(browser: Browser, office: Office) -> None:
    office.mail_one()
    link = office.link()
    page = a_phone(browser, script=True)
    page.goto(link)
    found = axe(page, "partner-1-ask")
    page.get_by_role("button", name="Decline", exact=True).click()
    found += axe(page, "partner-2-problem")
    page.get_by_role("button", name="Put on the waiting list").click()
    found += axe(page, "partner-3-answered")
    page.goto(office.link())
    found += axe(page, "partner-4-since")
    page.goto(link)
    found += axe(page, "partner-5-nowhere")

    assert found == []


def test_no_name_is_in_a_mail_in_an_address_or_in_the_log(browser: Browser, office: Office) -> None:
    office.mail_one()
    page = a_phone(browser, script=False)
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.goto(office.link())
    page.get_by_role("button", name="Accept", exact=True).click()

    mails = "\n".join(f"{letter['Subject']}\n{letter.get_content()}" for letter in office.letters())
    log = office.log.read_text(errors="replace").partition("with the password")[2]
    assert mails and addresses
    for name in office.names():
        word = re.compile(rf"\b{re.escape(name)}\b", re.IGNORECASE)
        for where, text in (("mail", mails), ("address", "\n".join(addresses)), ("log", log)):
            assert not word.search(text), f"{name} is in the {where}"
    for letter in office.letters():
        token = re.search(r"/answer/(\S+)", letter.get_content())
        assert token and token[1] not in log
