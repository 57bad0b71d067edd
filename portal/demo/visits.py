"""Fourteen weeks of support visits, some with a note.

Written in bulk, for there are many; a test asks the rules of visits about each.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from portal.demo.queries import Pupil
from portal.demo.stage import Stage
from portal.store.people import User
from portal.store.records import Record, Visit, VisitNote, VisitServiceLine
from portal.vocabulary import USUAL_SERVICE, Category, VisitPurpose, VisitService

MINUTES = (5, 10, 15, 15, 20, 30, 30, 30, 45, 60)
PURPOSES = (
    (VisitPurpose.CHECK_IN,) * 6
    + (VisitPurpose.INDIVIDUAL,) * 7
    + (VisitPurpose.GROUP,) * 3
    + (VisitPurpose.FAMILY_CONTACT,) * 3
    + (VisitPurpose.ATTENDANCE, VisitPurpose.CONFLICT, VisitPurpose.CONSULTATION)
    + (VisitPurpose.CRISIS, VisitPurpose.OTHER)
)
OTHER_SERVICES = (
    VisitService.SKILL_BUILDING,
    VisitService.SCREENING,
    VisitService.BASIC_NEEDS,
    VisitService.OBSERVATION,
    VisitService.REENTRY_MEETING,
)
NOTES = (
    "Talked about mornings before school. Will try a checklist at the door.",
    "Practiced asking for a break. Chose the blue card.",
    "Followed up with the homeroom teacher; the seat change helps.",
    "Wants to join the chess club. I will ask about the late bus.",
    "Worried about the move in spring. Drew a map of the new way to school.",
    "Good week: four days on time. Next step is the fifth.",
    "Spoke about a friend who moved away. Comes again on Thursday.",
    "Family came in, with an interpreter. They know whom to call now.",
)
A_DAY = {"worker@demo.example": (5, 9)}
USUALLY = (2, 5)


def fill(stage: Stage) -> None:
    """Every worker's visits on every school day, with the students of their caseload."""
    workers = [user for user in stage.users.values() if user.id in stage.caseload]
    for day in stage.school_days():
        for worker in workers:
            fewest, most = A_DAY.get(worker.username, USUALLY)
            for number in range(stage.chance.randint(fewest, most)):
                _visit(stage, worker, day, number)


def _visit(stage: Stage, worker: User, day: date, number: int) -> None:
    began = stage.at(day, 8 + number % 7, stage.chance.choice((0, 10, 25, 40)))
    minutes = stage.chance.choice(MINUTES)
    if began + timedelta(minutes=minutes) > stage.now:
        return
    # Some students come often: the first of the caseload more than the last.
    pupils = stage.caseload[worker.id]
    pupil = pupils[min(int(stage.chance.expovariate(1 / 9)), len(pupils) - 1)]
    purpose = stage.chance.choice(PURPOSES)
    visit = _record(stage, worker, pupil, Category.VISITS, began, minutes)
    stage.changes.new[Visit].append(
        {"record_id": visit, "staff_id": worker.id, "purpose": purpose, "minutes": minutes}
    )
    for service in _services(stage, purpose):
        stage.changes.new[VisitServiceLine].append({"visit_id": visit, "service": str(service)})
    if stage.chance.random() < 0.25:
        note = _record(stage, worker, pupil, Category.VISIT_NOTES, began, minutes)
        text = stage.chance.choice(NOTES)
        stage.changes.new[VisitNote].append({"record_id": note, "visit_id": visit, "text": text})


def _services(stage: Stage, purpose: VisitPurpose) -> set[VisitService]:
    usual = {USUAL_SERVICE[purpose]} if purpose in USUAL_SERVICE else set()
    return usual | ({stage.chance.choice(OTHER_SERVICES)} if stage.chance.random() < 0.2 else set())


def _record(
    stage: Stage, worker: User, pupil: Pupil, category: Category, began: datetime, minutes: int
) -> uuid.UUID:
    return stage.changes.add(
        Record,
        district_id=stage.district.id,
        student_id=pupil.id,
        custodian_id=stage.district.id,
        category=category,
        event_at=began,
        author_id=worker.id,
        draft=False,
        written_at=began + timedelta(minutes=minutes),
    )
