"""A family at a real browser: a request in the demonstration's database, and a phone."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.access import actor
from portal.consents.requests import service
from portal.consents.requests.drafts import Channel, RequestDraft
from portal.store.engine import make_engine
from portal.store.people import Guardian, Guardianship, Relation, Student, User
from portal.store.places import Organization
from portal.vocabulary import Category, Purpose, SignerKind
from tests.end_to_end.served import Portal

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (1280, 390, 320)
OUT = frozenset(
    {Category.ATTENDANCE, Category.VISITS, Category.VISIT_NOTES, Category.COURSES, Category.HIV}
)


@dataclass(frozen=True)
class Asked:
    """A request that went out: its token, who signs, and the student."""

    token: str
    code: str
    signer: str
    student: str
    born: date
    partner: str
    staff: str

    def birth_date(self) -> dict[str, str]:
        """As it is typed."""
        return {
            "month": str(self.born.month),
            "day": str(self.born.day),
            "year": str(self.born.year),
        }


def ask(portal: Portal, *, both_ways: bool = True, **changes: object) -> Asked:
    """Have the demonstration's social worker ask the family of one of her students."""
    with _session(portal) as session:
        staff = session.scalars(select(User).where(User.username == "worker@demo.example")).one()
        clinic = session.scalars(select(User).where(User.username == "clinic@demo.example")).one()
        partner = session.get_one(Organization, clinic.organization_id)
        student, guardian = _family(session, staff)
        me = actor.load(session, staff.id, clock.now())
        assert me is not None
        today = clock.now().date()
        values: dict[str, object] = {
            "signer_kind": SignerKind.GUARDIAN,
            "signer_id": guardian.id,
            "student_ids": (student.id,),
            "partner_ids": (partner.id,),
            "out": OUT,
            "back": frozenset({Category.SERVICE_STATUS}) if both_ways else frozenset(),
            "purposes": frozenset({Purpose.COORDINATE}),
            "records_from": date(today.year - 1, 7, 1),
            "starts_on": today,
            "channel": Channel.LETTER,
        }
        draft = RequestDraft(**values | changes)  # type: ignore[arg-type]
        sent = service.ask(session, me, draft, clock.now(), str(uuid.uuid4()))
        session.commit()
        assert student.born is not None
        return Asked(
            sent.token, sent.code, guardian.name, student.given_name, student.born,
            partner.name, staff.username,
        )  # fmt: skip


@contextmanager
def _session(portal: Portal) -> Iterator[Session]:
    engine = make_engine(portal.database)
    with Session(engine, expire_on_commit=False) as session:
        yield session
    engine.dispose()


def _family(session: Session, staff: User) -> tuple[Student, Guardian]:
    """A student under 18 whom this person serves, with a guardian who holds the rights."""
    found = session.execute(
        select(Student, Guardian)
        .join(Relation, Relation.student_id == Student.id)
        .join(Guardianship, Guardianship.student_id == Student.id)
        .join(Guardian, Guardian.id == Guardianship.guardian_id)
        .where(Relation.user_id == staff.id, Student.majority_at > clock.now())
        .where(Guardianship.rights_until.is_(None))
        .order_by(Student.search_name, Guardian.name)
    ).first()
    assert found is not None
    return found[0], found[1]


def a_phone(browser: Browser, *, script: bool, width: int = 390, locale: str = "en-US") -> Page:
    """A phone with a browser of its own."""
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        java_script_enabled=script,
        reduced_motion="reduce",
        locale=locale,
        has_touch=True,
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    return page


def axe(page: Page, where: str) -> list[str]:
    """What axe-core finds at every width, and what is wider than the screen."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        options = {"runOnly": {"type": "tag", "values": TAGS}}
        violations = Axe().run(page, options=options).response["violations"]
        found += [
            f"{where} at {width}: {v['id']} ({v['nodes'][0]['html'][:140]})" for v in violations
        ]
        wider = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if wider > 0:
            found.append(f"{where} at {width}: {wider} px wider than the screen")
    picture(page, where)
    return found


def picture(page: Page, name: str) -> None:
    """Keep a picture of the whole page in the folder that PORTAL_PICTURES names."""
    folder = os.environ.get("PORTAL_PICTURES")
    if folder:
        page.set_viewport_size({"width": 390, "height": 844})
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
