"""Fourteen weeks of support visits, some with a note, a few of groups, and follow-ups due.

Written in bulk, for there are many; a test asks the rules of visits about each.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from portal.demo.queries import Pupil
from portal.demo.stage import Stage
from portal.store.people import User
from portal.store.records import Record, Visit, VisitNote, VisitServiceLine
from portal.store.support import FollowUp
from portal.vocabulary import (
    USUAL_SERVICE,
    Attendance,
    Category,
    Disposition,
    MissedReason,
    Tier,
    VisitFormat,
    VisitMode,
    VisitPlace,
    VisitPurpose,
    VisitService,
)

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
MOSTLY = {
    "nurse.north@demo.example": (VisitPurpose.HEALTH,),
    "nurse.south@demo.example": (VisitPurpose.HEALTH, VisitPurpose.OTHER),
    "psychologist.north@demo.example": (
        VisitPurpose.CONSULTATION,
        VisitPurpose.CONFLICT,
        VisitPurpose.OTHER,
        VisitPurpose.ATTENDANCE,
    ),
    "counselor.south@demo.example": (
        VisitPurpose.ATTENDANCE,
        VisitPurpose.CONFLICT,
        VisitPurpose.CONSULTATION,
        VisitPurpose.FAMILY_CONTACT,
    ),
    "worker.high@demo.example": (
        VisitPurpose.CONFLICT,
        VisitPurpose.ATTENDANCE,
        VisitPurpose.CONSULTATION,
        VisitPurpose.OTHER,
    ),
}
"""What the colleagues meet students for."""
NEW = {"counselor.south@demo.example": 63}
"""Came so many days ago: before that two worked in the building, and its numbers are hidden."""


FOLLOW_UPS = (
    (-1, "Ask how the first day with the tutor went"),
    (0, "Did the late bus work?"),
    (0, ""),
    (2, "Call the family back about the appointment"),
    (7, "See whether the checklist still hangs at the door"),
)
"""Days from today, and what about."""


@dataclass
class Details:
    """What a visit says beside purpose and length: a die of its own, so that the rest of the
    demonstration stays as it was."""

    chance: random.Random = field(
        default_factory=lambda: random.Random(14)  # noqa: S311  (nothing here is a secret)
    )

    def of(self, purpose: VisitPurpose, minutes: int) -> dict[str, Any]:
        """Its fields; one in 25 students does not come."""
        came = self.chance.choices(
            (Attendance.ATTENDED, Attendance.LATE, Attendance.NO_SHOW), (88, 8, 4)
        )
        [attendance] = came
        missed = attendance is not Attendance.ATTENDED
        health = purpose is VisitPurpose.HEALTH
        family = purpose is VisitPurpose.FAMILY_CONTACT
        return {
            "minutes": 0 if attendance is Attendance.NO_SHOW else minutes,
            "mode": self.chance.choice(list(VisitMode)) if family else VisitMode.IN_PERSON,
            "format": VisitFormat.ONE_TO_ONE,
            "group_id": None,
            "attendance": attendance,
            "missed_reason": str(self.chance.choice(list(MissedReason))) if missed else "",
            "disposition": str(Disposition.BACK_TO_CLASS) if health and not missed else "",
            "tier": str(self.chance.choice(list(Tier))),
            "place": str(self.chance.choice((VisitPlace.OFFICE, VisitPlace.CLASSROOM))),
            "credential": "",
        }


def fill(stage: Stage) -> None:
    """Every worker's visits on every school day, with the students of their caseload."""
    workers = [user for user in stage.users.values() if user.id in stage.caseload]
    _fill(stage, [user for user in workers if user.username not in MOSTLY], Details())
    colleagues = [user for user in workers if user.username in MOSTLY]
    _fill(stage.beside(22), colleagues, Details(random.Random(23)))  # noqa: S311
    _follow_ups(stage)


def _fill(stage: Stage, workers: Iterable[User], details: Details) -> None:
    for day in stage.school_days():
        for worker in workers:
            if (stage.today - day).days > NEW.get(worker.username, 365):
                continue
            fewest, most = A_DAY.get(worker.username, USUALLY)
            for number in range(stage.chance.randint(fewest, most)):
                _visit(stage, worker, day, number, details)


def _visit(stage: Stage, worker: User, day: date, number: int, details: Details) -> None:
    began = stage.at(day, 8 + number % 7, stage.chance.choice((0, 10, 25, 40)))
    minutes = stage.chance.choice(MINUTES)
    if began + timedelta(minutes=minutes) > stage.now:
        return
    # Some students come often: the first of the caseload more than the last.
    pupils = stage.caseload[worker.id]
    pupil = pupils[min(int(stage.chance.expovariate(1 / 9)), len(pupils) - 1)]
    purpose = stage.chance.choice(MOSTLY.get(worker.username, PURPOSES))
    told = details.of(purpose, minutes) | {"credential": worker.title}
    together = [pupil]
    if purpose is VisitPurpose.GROUP:
        others = [other for other in pupils if other is not pupil]
        together += details.chance.sample(others, min(2, len(others)))
        told |= {
            "format": VisitFormat.GROUP,
            "group_id": uuid.UUID(int=details.chance.getrandbits(128)),
        }
    services = _services(stage, purpose)
    visits = [
        _seat(stage, worker, one, began, minutes, purpose, told, services) for one in together
    ]
    visit = visits[0]
    if stage.chance.random() < 0.25:
        note = _record(stage, worker, pupil, Category.VISIT_NOTES, began, minutes)
        text = stage.chance.choice(NOTES)
        stage.changes.new[VisitNote].append({"record_id": note, "visit_id": visit, "text": text})


def _seat(
    stage: Stage,
    worker: User,
    pupil: Pupil,
    began: datetime,
    minutes: int,
    purpose: VisitPurpose,
    told: dict[str, Any],
    services: set[VisitService],
) -> uuid.UUID:
    """The visit of one student; in a group each has their own."""
    visit = _record(stage, worker, pupil, Category.VISITS, began, minutes)
    row = {"record_id": visit, "staff_id": worker.id, "purpose": purpose, **told}
    stage.changes.new[Visit].append(row)
    provided = services if told["attendance"] is not Attendance.NO_SHOW else set()
    for service in provided:
        stage.changes.new[VisitServiceLine].append({"visit_id": visit, "service": str(service)})
    return visit


def _follow_ups(stage: Stage) -> None:
    """What the social worker of the demonstration wants to come back to."""
    worker = stage.users["worker@demo.example"]
    for place, (days, about) in enumerate(FOLLOW_UPS):
        pupils = stage.caseload[worker.id]
        stage.changes.add(
            FollowUp,
            staff_id=worker.id,
            student_id=pupils[place % len(pupils)].id,
            visit_id=None,
            due_on=stage.today + timedelta(days=days),
            about=about,
            written_at=stage.days_ago(7),
        )


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
