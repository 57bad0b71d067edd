"""Services in place and needs not yet met of three whole caseloads, one of each school.

Written in bulk, for there are many; a test asks the rules of both about each. So many, that
their numbers without names are told; of a few there are so few that they are not.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.access.school_years import last_school_day
from portal.demo.queries import Pupil
from portal.demo.stage import Stage
from portal.demo.supports import CLINIC, EACH, IN_SCHOOL, NEEDS, WORKERS
from portal.store.people import User
from portal.store.places import Organization
from portal.store.records import Record
from portal.store.support import StudentNeed, StudentService
from portal.vocabulary import Category, Need, Tier, VisitService

SERVICES = (
    *IN_SCHOOL,
    (VisitService.CRISIS_SUPPORT, Tier.TIER_3, "As it is needed"),
    (VisitService.FAMILY_CONTACT, Tier.TIER_2, "A call every other week"),
    (VisitService.CLASSROOM_LESSON, Tier.TIER_1, "40 minutes, weekly"),
    (VisitService.SCREENING, Tier.TIER_2, "Once in the fall"),
)
UNMET = (
    *NEEDS,
    (Need.BEHAVIOR, Tier.TIER_2),
    (Need.FAMILY_SUPPORT, Tier.TIER_2),
    (Need.BASIC_NEEDS, Tier.TIER_1),
    (Need.EVALUATION, Tier.TIER_3),
)
MANY = (6, 9)
"""From the school and from the clinic, of each caseload: at least six are told."""

FEW = {VisitService.SCREENING: 2, Need.GRIEF_OR_LOSS: 3}
"""So few at the school of the first worker."""

BEGUN = (40, 90)
"""Days before today: as the last month that is over ended, all of it stood."""


def fill(stage: Stage) -> None:
    """For all but the first students of each caseload, of whom `supports` tells one by one."""
    stage = stage.beside(24)
    year_end = last_school_day(stage.session, stage.district.id, stage.today)
    for worker in WORKERS:
        user = stage.users[worker]
        pupils = stage.caseload[user.id][EACH:]
        for told in SERVICES:
            from_school, from_clinic = (_many(stage, worker, told[0]) for _whose in range(2))
            chosen = stage.chance.sample(pupils, from_school + from_clinic)
            for number, pupil in enumerate(chosen):
                agency = None if number < from_school else stage.agencies[CLINIC]
                _in_place(stage, user, pupil, told, agency, year_end)
        for need, tier in UNMET:
            for pupil in stage.chance.sample(pupils, _many(stage, worker, need)):
                _unmet(stage, user, pupil, need, tier)


def _many(stage: Stage, worker: str, what: VisitService | Need) -> int:
    few = FEW.get(what) if worker == WORKERS[0] else None
    return few or stage.chance.randint(*MANY)


def _in_place(
    stage: Stage,
    user: User,
    pupil: Pupil,
    told: tuple[VisitService, Tier, str],
    agency: Organization | None,
    year_end: date,
) -> None:
    service, tier, often = told
    day = _day(stage)
    stage.changes.new[StudentService].append(
        {
            "record_id": _record(stage, user, pupil, day),
            "service": str(service),
            "agency_id": agency.id if agency else None,
            "provider": "" if agency else user.name,
            "tier": str(tier),
            "intensity": often,
            "data_owner": agency.name if agency else user.name,
            "started_on": day,
            "estimated_end": year_end,
        }
    )


def _unmet(stage: Stage, user: User, pupil: Pupil, need: Need, tier: Tier) -> None:
    day = _day(stage)
    stage.changes.new[StudentNeed].append(
        {
            "record_id": _record(stage, user, pupil, day),
            "need": str(need),
            "tier": str(tier),
            "since_on": day,
            "awaited_from": stage.chance.choice(("", CLINIC)),
        }
    )


def _day(stage: Stage) -> date:
    return stage.today - timedelta(days=stage.chance.randint(*BEGUN))


def _record(stage: Stage, user: User, pupil: Pupil, day: date) -> uuid.UUID:
    noon = datetime.combine(day, time(12), ZoneInfo(stage.district.tz))
    at = noon.astimezone(stage.now.tzinfo)
    return stage.changes.add(
        Record,
        district_id=stage.district.id,
        student_id=pupil.id,
        custodian_id=stage.district.id,
        category=Category.SERVICE_STATUS,
        event_at=at,
        author_id=user.id,
        draft=False,
        written_at=at,
    )
