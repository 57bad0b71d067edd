"""Unmistakable words in what must not be seen, then every page, file, mail, line and log is read.

Each word has its readers; to anybody else it may appear nowhere, whatever they open.
"""

from __future__ import annotations

import html
import json
import logging
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from itertools import product
from typing import Any
from urllib.parse import urljoin
from zipfile import ZipFile

import pytest
from httpx import Response
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient
from typer.testing import CliRunner

from portal.access import gate
from portal.access.exports import Wanted
from portal.cli import app as command
from portal.consents.fhir.service import Stated, export_consent
from portal.consents.requests.service import Sent
from portal.errors import PortalError
from portal.exporting import service as exporting
from portal.exporting.service import DaysAsked
from portal.notifications import feed
from portal.notifications import service as notifications
from portal.policy import exports as export_rules
from portal.policy.tasks import Task
from portal.store.ledger import TrailLine
from portal.store.people import HiddenStudent, StaffLock, Student, User
from portal.store.places import Organization
from portal.store.records import HistoryEntry, Record, Referral
from portal.store.support import FollowUp
from portal.supports import printing
from portal.ui import referral_mail
from portal.ui.export_form import ROWS_OF
from portal.ui.navigation import PAGES, pages_of
from portal.ui.pick_student import CHOSEN
from portal.visits import service as visits
from portal.visits.rules import VisitDraft
from portal.vocabulary import (
    Category,
    ExportPurpose,
    ExportShape,
    Level,
    OrganizationKind,
    RelationKind,
    Role,
    SignerKind,
)
from tests import factories as make
from tests.pages.conftest import PortalDb, cast_file, everything, portal_db
from tests.pdf.reading import Pdf
from tests.people import LONG_AGO, NOW
from tests.test_mail import Sink, server
from tests.web.conftest import Site, site
from tests.web.family.conftest import Phone, asked, phone, sign
from tests.web.partner.test_answering import Mailed, last_link, mailed

__all__ = ["asked", "cast_file", "mailed", "phone", "portal_db", "server", "site"]

RESTRICTED, SUD, FOLLOW_UP, REPORT = "Zqrestricted", "Zqsud", "Zqfollowup", "Zqreport"
HIDDEN, LOCKED, OTHER = "Zqhidden", "Zqlocked", "Zqother"

READERS = {
    RESTRICTED: "ana omar sue",
    SUD: "rita alma",
    FOLLOW_UP: "ana",
    REPORT: "ana cole omar sue",
    HIDDEN: "ana",
    LOCKED: "ana sue",
    OTHER: "sue",
}
"""Each word and who may read it: the author, principal and superintendent of a restricted note;
the clinic's case team and administrator of its own record of substance use; the student's support
staff, principal and superintendent of a report to the child-welfare agency; whoever serves the
student whom lists leave out; and not the principal who is locked out of one in his building."""

WHERE_IT_MAY = {
    (HIDDEN, Task.KEEP_LOCKS),
    (LOCKED, Task.KEEP_LOCKS),
}
"""Pages whose very task names them: to lift a lock or a hiding, one must see whose it is."""


@dataclass(frozen=True)
class World:
    """The cast with the words in place. users: by name, with a colleague who reads no note."""

    db: PortalDb
    users: dict[str, User]
    students: dict[str, uuid.UUID]
    consent: uuid.UUID

    def may_read(self, name: str, word: str) -> bool:
        return name in READERS[word].split()

    def leaks(self, name: str, where: str, text: str, task: Task | None = None) -> list[str]:
        """The words in a text that this person may not read there."""
        return [
            f"{word} to {name} in {where}"
            for word in READERS
            if word in text and not self.may_read(name, word) and (word, task) not in WHERE_IT_MAY
        ]


@pytest.fixture
def world(portal_db: PortalDb) -> World:
    cast = portal_db.cast
    ana = portal_db.who(cast.ana)
    with portal_db.writing() as session:
        cole = make.user(session, cast.district, "Cole Aid", Role.SUPPORT_STAFF, Level.COUNSELOR)
        make.relation(session, cole, cast.luis, RelationKind.COUNSELOR)
        students = {word: _student(session, portal_db, word) for word in (HIDDEN, LOCKED, OTHER)}
        _put_words(session, portal_db, students)
        shared = (Category.VISITS, Category.VISIT_NOTES)
        consent = make.consent(session, cast.luis, cast.riverside, cast.maria, shared)
        users = _users(session)
        note = VisitDraft(cast.luis.id, "crisis", 30, note=f"{RESTRICTED} words", restricted=True)
        visits.log(session, ana, note, NOW, "restricted")
        for word in (HIDDEN, LOCKED):
            visits.log(session, ana, VisitDraft(students[word], "individual", 20), NOW, word)
    return World(portal_db, users, students | {"Luis": cast.luis.id}, consent.id)


def _student(session: Session, db: PortalDb, word: str) -> uuid.UUID:
    cast, number = db.cast, f"000000090{list(READERS).index(word)}"
    student = make.student(session, cast.district, word, word, date(2013, 1, 1), number)
    make.enrollment(session, student, cast.south if word == OTHER else cast.north)
    if word != OTHER:
        make.relation(session, cast.ana, student, RelationKind.SERVICE)
    return student.id


def _put_words(session: Session, db: PortalDb, students: dict[str, uuid.UUID]) -> None:
    cast = db.cast
    session.add(HiddenStudent(student_id=students[HIDDEN], starts_at=LONG_AGO, set_by=cast.dina.id))
    session.add(
        StaffLock(
            user_id=cast.omar.id,
            student_id=students[LOCKED],
            starts_at=LONG_AGO,
            set_by=cast.dina.id,
        )
    )
    for about in (cast.luis, *(session.get_one(Student, key) for key in students.values())):
        make.referral(session, about, cast.riverside, cast.ana)
        make.consent(session, about, cast.hilltop, cast.maria)
    record = make.record(session, cast.luis, Category.SUD, custodian=cast.riverside)
    session.add(HistoryEntry(record_id=record.id, headline=SUD, narrative=f"{SUD} told"))
    report = make.record(session, cast.luis, Category.MANDATED_REPORT, author=cast.ana)
    session.add(HistoryEntry(record_id=report.id, headline=REPORT, narrative=f"{REPORT} told"))
    other = session.get_one(Student, students[OTHER])
    elsewhere = make.record(session, other, Category.DISCIPLINE)
    session.add(HistoryEntry(record_id=elsewhere.id, headline=OTHER, narrative=f"{OTHER} told"))
    session.add(
        FollowUp(
            staff_id=cast.ana.id,
            student_id=cast.luis.id,
            due_on=NOW.date(),
            about=f"{FOLLOW_UP} words",
            written_at=LONG_AGO,
        )
    )


def _users(session: Session) -> dict[str, User]:
    found = {user.name.split()[0].lower(): user for user in session.scalars(select(User))}
    session.expunge_all()
    return found


def test_no_page_shows_a_word_to_who_may_not_read_it(
    world: World, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    leaks, seen = [], set()
    for name, user in world.users.items():
        for page in pages_of(user.role):
            told = everything(world.db.run(page.file, user))
            leaks += world.leaks(name, page.file, told, page.task)
            seen |= {(name, word) for word in READERS if word in told}
        for about, student in world.students.items():
            told = everything(_opened(world, user, student)) if _has(user, Task.SEE_STUDENT) else ""
            leaks += world.leaks(name, f"the page of {about}", told)
            seen |= {(name, word) for word in READERS if word in told}

    assert leaks == []
    # the words are really there to be found: each is seen by somebody who may
    assert {word for _name, word in seen} >= {RESTRICTED, HIDDEN, LOCKED, OTHER, FOLLOW_UP}
    assert "Zq" not in caplog.text
    assert "Zq" not in "".join(capsys.readouterr())


def _has(user: User, task: Task) -> bool:
    return any(page.task is task for page in pages_of(user.role))


def _opened(world: World, user: User, student: uuid.UUID) -> Any:
    """The page of a student, as a browser that says it had chosen them."""
    page = world.db.page("see_student.py", user)
    page.session_state[CHOSEN] = student
    return page.run()


def test_a_search_finds_no_hidden_one_without_the_whole_number(world: World) -> None:
    page = world.db.run("read_trail.py", world.users["dina"])
    for word in READERS:
        page.text_input(key="trail-typed").set_value(word).run()
        # what was typed comes back in the sentence that says that nothing matches
        found = everything(page).replace(f"“{word}”", "").replace(f'value: "{word}"', "")
        told = [line for line in found.splitlines() if word in line and "text_input" not in line]
        assert not any("<td>" in line for line in told), word


def test_no_file_that_leaves_holds_a_word_for_who_may_not_read_it(world: World) -> None:
    leaks = []
    for name, user in world.users.items():
        kinds = export_rules.kinds_for(user.role, user.level)
        for kind, shape in product(kinds, ExportShape):
            with world.db.writing() as session:
                me = world.db.who_in(session, user)
                wanted = Wanted(kind, shape, ExportPurpose.OWN_WORK, "To look for what leaks")
                days = DaysAsked(date(2026, 1, 5), NOW.date())
                key = uuid.uuid4().hex
                rows = ROWS_OF.get(kind)
                kept = exporting.take_out(session, me, wanted, days, NOW, key, rows)
                text = _text(kept.content, shape)
            leaks += world.leaks(name, f"{kind}.{shape}", text)
    assert leaks == []


def _text(content: bytes, shape: ExportShape) -> str:
    return Pdf(content).text if shape is ExportShape.PDF else content.decode()


def test_no_print_and_no_consent_as_a_file_holds_a_word(world: World) -> None:
    printed = {}
    for name in ("ana", "cole", "sue"):
        with world.db.writing() as session:
            me = world.db.who_in(session, world.users[name])
            why = ExportPurpose.OWN_WORK
            kept = printing.print_record(session, me, world.students["Luis"], why, NOW, whole=True)
            printed[name] = Pdf(kept.content).text
    assert RESTRICTED in printed["ana"]
    leaks = [leak for name, text in printed.items() for leak in world.leaks(name, "print", text)]
    with world.db.writing() as session:
        me = world.db.who_in(session, world.users["ana"])
        stated = Stated(ExportPurpose.CARE_RECORD, "For the clinic's own record")
        told = export_consent(session, me, world.consent, stated, NOW).content.decode()

    assert leaks == []
    assert "Zq" not in told


def test_no_mail_no_calendar_and_no_line_of_the_trail_has_a_word(
    world: World, server: type[Sink]
) -> None:
    with world.db.writing() as session:
        for user in session.scalars(select(User)):
            user.email = f"{user.id}@example.org"
        ana = world.db.who_in(session, world.users["ana"])
        secret = notifications.new_feed(session, ana, NOW)
    server.letters.clear()
    sent = CliRunner().invoke(command, ["digest"])
    with world.db.writing() as session:
        told = feed.calendar(session, secret, NOW).decode()
        lines = [
            json.dumps({c.name: str(getattr(line, c.name)) for c in TrailLine.__table__.columns})
            for line in session.scalars(select(TrailLine))
        ]

    assert sent.exit_code == 0, sent.output
    assert server.letters
    assert "BEGIN:VEVENT" in told
    assert "Zq" not in "\n".join([*server.letters, sent.output, told, *lines])


def test_no_open_address_and_no_refusal_has_a_word(world: World, site: Site) -> None:
    """Strangers, families without their link, and people of other roles, by every address."""
    addresses = [f"/{page.name}" for page in PAGES] + [
        *("/login", "/verify", "/agreements", "/consent/x", "/family/x", "/answer/x"),
        *(f"/{kind}/{student}" for kind in ("doc", "fhir/consent") for student in _ids(world)),
        *(f"/see_student?student={student}" for student in _ids(world)),
    ]
    tom = site.signed_in(world.users["tom"])
    for browser, address in product((site.browser(), tom), addresses):
        assert "Zq" not in browser.get(address).text, address


def _ids(world: World) -> list[uuid.UUID]:
    return [*world.students.values(), world.consent]


# Whoever comes without an account


class Listener:
    """All that a browser is sent, whichever page asked for it: text, PDF and Word files."""

    def __init__(self, browser: TestClient) -> None:
        self.browser, self.told = browser, ""
        browser.event_hooks = {"response": [self._hear]}

    def _hear(self, answer: Response) -> None:
        content = answer.read()
        self.told += f"\n{answer.headers}"
        if content.startswith(b"%PDF"):
            self.told += Pdf(content).text
        elif content.startswith(b"PK"):
            with ZipFile(BytesIO(content)) as file:
                parts = [file.read(name) for name in file.namelist()]
            self.told += b"".join(parts).decode(errors="ignore")
        else:
            self.told += html.unescape(answer.text)

    def walk(self, start: str) -> set[str]:
        """Follow every link and form below this address, in one language; where they lead."""
        waiting, seen = [start], set()
        while waiting:
            address = waiting.pop()
            seen.add(address)
            answer = self.browser.get(address, follow_redirects=True)
            found = re.findall(r'(?:href|action)="([^"]*)"', answer.text)
            here = str(answer.url.raw_path, "ascii")
            links = {
                urljoin(here, html.unescape(link))
                for link in found
                if "lang=" not in link or "lang=en" in link
            }
            waiting += [link for link in links - seen if link.startswith(start)]
        return seen


PROGRAM = "Zqprogram"
"""Where Luis goes alone: his mother may not learn that there is such a place (42 CFR 2.14)."""


def test_no_page_of_a_family_has_a_word(
    world: World, site: Site, asked: Callable[..., Sent], phone: Phone
) -> None:
    """From the link to the signature, then all of her own page, its lists and its receipts."""
    cast = world.db.cast
    with world.db.writing() as session:
        _goes_alone(session, world)
        for name in ("rita", "ana", "omar", "pia"):
            user = session.scalars(select(User).where(User.name.startswith(name.title()))).one()
            me = world.db.who_in(session, user)
            gate.open_record(session, me, cast.luis.id, "coordinate", NOW)
        hidden = make.guardian(session, session.get_one(Student, world.students[HIDDEN]), "Hanna")
    heard = Listener(phone.browser)
    sign(phone, asked())
    own = phone.at.removesuffix("/signed")
    pages = heard.walk(own)
    another = asked(signer_id=hidden.id, student_ids=(world.students[HIDDEN],)).token
    heard.walk(f"/consent/{another}")
    heard.walk(f"/family/{another}")
    for address in (f"/doc/{world.consent}", f"/fhir/consent/{world.consent}", "/see_student"):
        phone.get(address)

    visited = {part for page in pages for part in re.split(r"[/?]", page)}
    assert visited >= {"take-back", "seen", "list", "paper"}
    assert "Rita River" in heard.told
    assert not re.findall(r"Zq\w+", heard.told)


def _goes_alone(session: Session, world: World) -> None:
    cast = world.db.cast
    program = make.organization(session, f"{PROGRAM} Center", OrganizationKind.PROVIDER)
    program.is_part2 = True
    pia = make.user(session, program, f"Pia {PROGRAM}", Role.AGENCY_STAFF, Level.STAFF)
    make.relation(session, pia, cast.luis, RelationKind.TEAM)
    make.agreement(session, cast.district, program)
    make.record(session, cast.luis, Category.SUD)
    alone = {"signer_kind": SignerKind.STUDENT, "signer_id": cast.luis.id}
    make.consent(session, cast.luis, program, cast.maria, [Category.SUD], **alone)


@pytest.mark.parametrize("about", ["Luis", HIDDEN])
def test_no_page_of_an_agencys_link_has_a_word_nor_another_referral(
    world: World, site: Site, mailed: Mailed, about: str
) -> None:
    """The page, its refusals, the answer, and the link after it; and what else one may try."""
    with world.db.writing() as session:
        session.get_one(Organization, world.db.cast.riverside.id).email = "intake@river.example"
        to = {row.record_id: row.number for row in session.scalars(select(Referral))}
        about_them = Record.student_id == world.students[about]
        mine = session.scalars(select(Record.id).where(Record.id.in_(to), about_them)).one()
        number = to.pop(mine)
    ana = world.db.who(world.db.cast.ana)
    assert referral_mail.invite(ana, [mine], NOW) == ""
    heard = Listener(site.browser())
    for answer in ({}, {"answer": "decline"}, {"answer": "accept"}, {"answer": "appointment_kept"}):
        link = last_link(mailed)
        heard.walk(link)
        heard.browser.post(link, data=answer)
    token = link.rpartition("/")[2]
    for elsewhere in ("family", "consent", "calendar", "welcome"):
        heard.browser.get(f"/{elsewhere}/{token}")

    assert len(mailed) > 1
    assert number in heard.told
    assert not [other for other in to.values() if other in heard.told]
    assert not re.findall(r"Zq\w+|Luis|Sample", heard.told + "".join(map(str, mailed)))


def test_an_error_tells_no_word(world: World) -> None:
    """What stands in a refusal is the same for everybody, whoever the student is."""
    told = []
    for name, student in product(world.users, world.students.values()):
        try:
            with world.db.writing() as session:
                me = world.db.who_in(session, world.users[name])
                printing.print_record(session, me, student, None, NOW)
        except PortalError as error:
            told.append(f"{error.what} {error.do_next}")

    assert "Zq" not in " ".join(told)
