"""Strengths, services in place and needs of a dozen students, written down as people do it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.access.school_years import last_school_day
from portal.demo.queries import Pupil
from portal.demo.stage import Stage
from portal.store.support import StudentNeed
from portal.supports import needs, services, strengths
from portal.supports.rules import NeedDraft, ServiceDraft, StrengthDraft
from portal.vocabulary import Need, ServiceEnd, StrengthSource, Tier, VisitService

WORKERS = ("worker@demo.example", "worker.south@demo.example", "counselor@demo.example")
EACH = 4
STRENGTHS = (
    (StrengthSource.STUDENT, "I am good at drawing, and I calm down when I draw."),
    (StrengthSource.FAMILY, "Looks after the younger cousins every afternoon."),
    (StrengthSource.STAFF, "Asks for a break before it gets too much."),
    (StrengthSource.STUDENT, "I like math when we work in twos."),
    (StrengthSource.FAMILY, "Never gives up on a puzzle."),
    (StrengthSource.STAFF, "Knows every song of the choir by heart."),
)
IN_SCHOOL = (
    (VisitService.INDIVIDUAL_COUNSELING, Tier.TIER_3, "30 minutes, weekly"),
    (VisitService.SMALL_GROUP, Tier.TIER_2, "40 minutes, every other week"),
    (VisitService.SKILL_BUILDING, Tier.TIER_2, "20 minutes, twice a week"),
    (VisitService.ATTENDANCE_OUTREACH, Tier.TIER_2, "A call each Monday"),
)
NEEDS = (
    (Need.ANXIETY_OR_WORRY, Tier.TIER_3),
    (Need.LOW_MOOD, Tier.TIER_3),
    (Need.MENTORING, Tier.TIER_2),
    (Need.GRIEF_OR_LOSS, Tier.TIER_2),
)
CLINIC = "Riverside Clinic"


def plan(stage: Stage) -> None:
    """Four students of each worker, each of them in another state."""
    number = 0
    for worker in WORKERS:
        for pupil in stage.caseload[stage.users[worker].id][:EACH]:
            _one(stage, worker, pupil, number)
            number += 1


def _one(stage: Stage, worker: str, pupil: Pupil, number: int) -> None:
    _strengths(stage, worker, pupil, number)
    _met(stage, worker, pupil, number)
    _unmet(stage, worker, pupil, number)
    if number % 3 == 0:
        _by_partner(stage, worker, pupil, number)
    if number % 4 == 1:
        _ended(stage, worker, pupil, number)


def _strengths(stage: Stage, worker: str, pupil: Pupil, number: int) -> None:
    for place in range(1 + number % 3):
        source, text = STRENGTHS[(number + place) % len(STRENGTHS)]
        key = f"demo-strength-{number}-{place}"

        draft = StrengthDraft(source, text)

        def add(at: datetime, draft: StrengthDraft = draft, key: str = key) -> object:
            return strengths.add(stage.session, stage.who(worker, at), pupil.id, draft, at, key)

        stage.then(stage.days_ago(40 - 3 * place, hour=14), add)


def _met(stage: Stage, worker: str, pupil: Pupil, number: int) -> None:
    """A need that a service in the school meets; at a lower tier for every fourth."""
    need, tier = NEEDS[number % len(NEEDS)]
    service, usual, often = IN_SCHOOL[number % len(IN_SCHOOL)]
    written: list[StudentNeed] = []

    def write(at: datetime) -> object:
        draft = NeedDraft(need, tier, _day(stage, at))
        me = stage.who(worker, at)
        written.append(
            needs.write_down(stage.session, me, pupil.id, draft, at, f"demo-need-{number}")
        )
        return written

    def start(at: datetime) -> object:
        draft = _in_school(stage, worker, service, usual, often, _day(stage, at))
        draft = draft if number % 5 else _overdue(draft, _day(stage, stage.now))
        key = f"demo-service-{number}"
        made = services.start(stage.session, stage.who(worker, at), pupil.id, draft, at, key)
        met, by = _day(stage, at), made.record_id
        me = stage.who(worker, at)
        return needs.meet(stage.session, me, written[0].record_id, met, by, 1, at)

    stage.then(stage.days_ago(55, hour=9), write)
    stage.then(stage.days_ago(48, hour=9), start)


def _unmet(stage: Stage, worker: str, pupil: Pupil, number: int) -> None:
    need, tier = NEEDS[(number + 1) % len(NEEDS)]
    awaited = CLINIC if number % 2 else ""

    def write(at: datetime) -> object:
        draft = NeedDraft(need, tier, _day(stage, at), awaited)
        me, key = stage.who(worker, at), f"demo-unmet-{number}"
        return needs.write_down(stage.session, me, pupil.id, draft, at, key)

    stage.then(stage.days_ago(41 - number, hour=10), write)


def _by_partner(stage: Stage, worker: str, pupil: Pupil, number: int) -> None:
    def start(at: datetime) -> object:
        draft = ServiceDraft(
            service=VisitService.INDIVIDUAL_COUNSELING,
            tier=Tier.TIER_3,
            agency_id=stage.agencies[CLINIC].id,
            intensity="50 minutes, weekly",
            data_owner=CLINIC,
            started_on=_day(stage, at),
            estimated_end=_year_end(stage, _day(stage, at)),
        )
        me, key = stage.who(worker, at), f"demo-partner-{number}"
        return services.start(stage.session, me, pupil.id, draft, at, key)

    stage.then(stage.days_ago(30, hour=11), start)


def _ended(stage: Stage, worker: str, pupil: Pupil, number: int) -> None:
    """One that was in place and is over."""
    made = []

    def start(at: datetime) -> object:
        draft = _in_school(
            stage, worker, VisitService.CLASSROOM_LESSON, Tier.TIER_1, "Weekly", _day(stage, at)
        )
        key = f"demo-ended-{number}"
        me = stage.who(worker, at)
        made.append(services.start(stage.session, me, pupil.id, draft, at, key))
        return made

    def end(at: datetime) -> object:
        me, reason = stage.who(worker, at), ServiceEnd.GOAL_REACHED
        return services.end(stage.session, me, made[0].record_id, _day(stage, at), reason, 1, at)

    stage.then(stage.days_ago(60, hour=11), start)
    stage.then(stage.days_ago(20, hour=11), end)


def _in_school(
    stage: Stage, worker: str, service: str, tier: str, often: str, day: date
) -> ServiceDraft:
    name = stage.users[worker].name
    return ServiceDraft(
        service=service,
        tier=tier,
        provider=name,
        intensity=often,
        data_owner=name,
        started_on=day,
        estimated_end=_year_end(stage, day),
    )


def _overdue(draft: ServiceDraft, today: date) -> ServiceDraft:
    return replace(draft, estimated_end=today - timedelta(days=5))


def _day(stage: Stage, at: datetime) -> date:
    return at.astimezone(ZoneInfo(stage.district.tz)).date()


def _year_end(stage: Stage, day: date) -> date:
    return last_school_day(stage.session, stage.district.id, day)
