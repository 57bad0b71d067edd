"""What the overseers find: two emergencies, and two who ask for students who are not theirs."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from portal.access import gate, trail
from portal.demo.stage import Stage
from portal.errors import PortalError
from portal.monitoring import emergencies
from portal.monitoring.emergencies import Declared, Verdict
from portal.monitoring.watching import service as watching
from portal.vocabulary import Category, Purpose

THREAT = "A caller to the office threatened this student by name and knew the way home (made up)."
PROPER = Verdict(
    proper=True,
    note="The call is in the office's log, and the police were told.",
    guardian="By telephone within the hour.",
)
ASKED_FOR = 7


def plan(stage: Stage) -> None:
    """An emergency that was reviewed, one that waits, and an evening of look-ups."""
    opened: list[uuid.UUID] = []
    stage.then(stage.days_ago(30), lambda at: opened.append(_declare(stage, "counselor", 0, at)))
    stage.then(stage.days_ago(30, hour=15), lambda at: _review(stage, opened[0], at))
    stage.then(stage.now - timedelta(hours=3), lambda at: _declare(stage, "worker", 1, at))
    stage.then(stage.days_ago(1, hour=21), lambda at: _looks_around(stage, at))


def _review(stage: Stage, grant_id: uuid.UUID, at: datetime) -> None:
    me = stage.who("superintendent@demo.example", at)
    emergencies.review(stage.session, me, grant_id, PROPER, at)


def _declare(stage: Stage, who: str, number: int, at: datetime) -> uuid.UUID:
    me = stage.who(f"{who}@demo.example", at)
    mine = {pupil.id for pupil in stage.caseload.get(me.id, ())}
    others = [pupil for pupil in stage.pupils if pupil.id not in mine]
    kinds = frozenset({Category.CONTACT, Category.VISITS, Category.SAFETY_PLAN})
    draft = Declared(others[number].id, kinds, THREAT, 24)
    grant_id, _new = emergencies.declare(stage.session, me, draft, f"demo-{number}", at)
    return grant_id


def _looks_around(stage: Stage, at: datetime) -> None:
    """A teacher and a clinician ask for others' students, and are refused; the day is gone over."""
    for name in ("teacher@demo.example", "clinic@demo.example"):
        me = stage.who(name, at)
        for pupil in stage.pupils[-ASKED_FOR:]:
            try:
                gate.open_record(stage.session, me, pupil.id, Purpose.COORDINATE, at)
            except PortalError:
                trail.save_refusals(stage.session, stage.session.info.pop(trail.WAITING, []))
    trail.settle(stage.session)
    day = stage.today - timedelta(days=1)
    clinic = stage.agencies["Riverside Clinic"]
    for overseer in (stage.district, clinic):
        watching.go_over(stage.session, overseer, day, at + timedelta(hours=3))
