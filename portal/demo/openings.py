"""Who looked at what: openings and refusals in the trail, a block, an order."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.access import gate, trail
from portal.demo.people import CARRIED_BESIDE, CASELOADS
from portal.demo.queries import Pupil
from portal.demo.stage import Stage
from portal.directory.guardians import service as guardians
from portal.directory.guardians.rules import OrderDraft
from portal.errors import PortalError
from portal.store.people import Block
from portal.vocabulary import CourtRight, Purpose

LOOKS = (
    ("clinic@demo.example", "Luis Sample", 62),
    ("clinic@demo.example", "Luis Sample", 34),
    ("clinic@demo.example", "Mei Sample", 41),
    ("clinic@demo.example", "Jayden Example", 40),
    ("worker@demo.example", "Luis Sample", 22),
    ("hilltop@demo.example", "Luis Sample", 17),
    ("clinic@demo.example", "Jayden Example", 8),
    ("teacher@demo.example", "Luis Sample", 6),
    ("clinic@demo.example", "Luis Sample", 5),
    ("principal@demo.example", "Mei Sample", 3),
    ("superintendent@demo.example", "Luis Sample", 2),
)
"""Who, whom, how many days ago. After the consent was taken back, Jayden's stays closed."""

AMONG = 5
"""Which of their students somebody looks at: none of whom the rest tells."""


def plan(stage: Stage) -> None:
    """The looks, one of each who has a caseload, and two papers that limit what is seen."""
    for number, (username, name, days) in enumerate(LOOKS):
        look = _Look(stage, username, stage.pupil(name))
        stage.then(stage.days_ago(days, hour=9) + timedelta(minutes=7 * number), look.open)
    for number, (username, *_carried) in enumerate((*CASELOADS, *CARRIED_BESIDE)):
        look = _Look(stage, username, stage.caseload[stage.users[username].id][AMONG])
        stage.then(stage.days_ago(4, hour=8) + timedelta(minutes=3 * number), look.open)
    stage.then(stage.days_ago(27), lambda at: _block(stage, at))
    stage.then(stage.days_ago(25), lambda at: _order(stage, at))


class _Look:
    """Somebody opens a student's record, or is refused."""

    def __init__(self, stage: Stage, username: str, pupil: Pupil) -> None:
        self.stage, self.username, self.student_id = stage, username, pupil.id

    def open(self, at: datetime) -> None:
        session = self.stage.session
        me = self.stage.who(self.username, at)
        try:
            gate.open_record(session, me, self.student_id, Purpose.COORDINATE, at)
        except PortalError:
            trail.save_refusals(session, session.info.pop(trail.WAITING, []))


def _block(stage: Stage, at: datetime) -> None:
    """A family asked that nobody at one agency sees anything: a neighbor works there."""
    ana = stage.caseload[stage.users["worker@demo.example"].id]
    stage.session.add(
        Block(
            student_id=ana[-1].id,
            organization_id=stage.agencies["Riverside Clinic"].id,
            starts_at=at,
            reason="Asked for by the family in writing.",
        )
    )
    stage.session.flush()


def _order(stage: Stage, at: datetime) -> None:
    """A court took the right to consent from one of two parents."""
    ana = stage.users["worker@demo.example"]
    pupil = next(p for p in stage.caseload[ana.id][8:] if len(stage.holders.get(p.id, ())) > 1)
    draft = OrderDraft(
        student_id=pupil.id,
        guardian_id=stage.holders[pupil.id][1].id,
        limits=CourtRight.CONSENT,
        first_day=at.date() - timedelta(days=3),
        document_reference="Superior Court, docket 00-0000 (made up)",
    )
    guardians.record_court_order(stage.session, stage.who("worker@demo.example", at), draft, at)
