"""School history: attendance, discipline, test scores, plans and what the nurse knows.

Written in bulk and kept by the district, as an import from its systems would write it.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.demo.queries import Pupil
from portal.demo.stage import Stage
from portal.store.records import AttendanceYear, HistoryEntry, Record
from portal.vocabulary import Category, ProgramKind

DAYS_OF_A_YEAR = 180
DISCIPLINE = (
    ("In-school suspension, 1 day", "Left the building during lunch; talked it over the next day."),
    ("Out-of-school suspension, 2 days", "A fight by the lockers. A circle was held on return."),
    ("Bus suspension, 3 days", "Threw something; wrote to the driver."),
)
HEALTH = (
    "Asthma: inhaler in the nurse's office",
    "Allergy to peanuts: plan on file",
    "Glasses for reading",
)
SCORES = ("Does not yet meet", "Approaches", "Meets", "Exceeds")


def fill(stage: Stage) -> None:
    """Everybody's years and scores; others' plans and incidents."""
    for pupil in stage.pupils:
        _attendance(stage, pupil)
        _scores(stage, pupil)
        _courses(stage, pupil)
        if stage.chance.random() < 0.08:
            _tell(stage, pupil, Category.DISCIPLINE, 20, *stage.chance.choice(DISCIPLINE))
        if stage.chance.random() < 0.1:
            _tell(stage, pupil, Category.HEALTH, 80, stage.chance.choice(HEALTH))
    _plans(stage)
    _sensitive(stage)


def _attendance(stage: Stage, pupil: Pupil) -> None:
    """Two years that are over, and this one so far."""
    rate = min(1.0, max(0.62, stage.chance.gauss(0.94, 0.05)))
    this_year = stage.made.first_day.year
    for back in (2, 1):
        ended = datetime(this_year - back + 1, 6, 14, 18, tzinfo=stage.now.tzinfo)
        attended = round(DAYS_OF_A_YEAR * rate) - stage.chance.randrange(4)
        _year(stage, pupil, this_year - back, ended, DAYS_OF_A_YEAR, attended)
    days = sum(1 for _day in stage.school_days()) - 1
    # Some systems report only days attended: then no rate can be shown.
    scheduled = None if stage.chance.random() < 0.03 else days
    _year(stage, pupil, this_year, stage.days_ago(1, hour=15), scheduled, round(days * rate))


def _year(
    stage: Stage, pupil: Pupil, begins: int, at: datetime, scheduled: int | None, attended: int
) -> None:
    stage.changes.new[AttendanceYear].append(
        {
            "record_id": _record(stage, pupil, Category.ATTENDANCE, min(at, stage.now)),
            "school_id": pupil.school_id,
            "school_year": f"{begins}-{begins + 1}",
            "days_scheduled": scheduled,
            "days_attended": attended,
        }
    )


def _scores(stage: Stage, pupil: Pupil) -> None:
    for subject in ("reading", "mathematics"):
        score = stage.chance.choice(SCORES)
        _tell(stage, pupil, Category.ASSESSMENT, 170, f"State test in {subject}: {score.lower()}")


def _courses(stage: Stage, pupil: Pupil) -> None:
    mark = stage.chance.choice("AABBBCCD")
    _tell(stage, pupil, Category.COURSES, 30, f"First quarter: mathematics {mark}")


def _plans(stage: Stage) -> None:
    """Those whom the step on people gave special-education or Section 504 status."""
    for pupil, kind in stage.programs:
        if kind is ProgramKind.SPECIAL_EDUCATION:
            headline = "Individualized education program, yearly review held"
            narrative = "Reading support four times a week, in class where possible."
        else:
            headline = "Section 504 plan in force"
            narrative = "Extra time on tests; a seat near the door; breaks on request."
        _tell(stage, pupil, Category(kind), 55, headline, narrative)


def _sensitive(stage: Stage) -> None:
    """A few items that show what stays closed: safety plans, treatment, a mandated report."""
    ana = stage.caseload[stage.users["worker@demo.example"].id]
    cora = stage.caseload[stage.users["counselor@demo.example"].id]
    for pupil in ana[2:5]:
        _tell(stage, pupil, Category.SAFETY_PLAN, 40, "Safety plan, agreed with the family")
    _tell(stage, ana[0], Category.SERVICE_STATUS, 21, "Counseling at Riverside Clinic has begun")
    _tell(stage, ana[3], Category.MANDATED_REPORT, 33, "Report made to the state's care line")
    for pupil in cora:
        if pupil.majority_at > stage.now + timedelta(days=90):
            _tell(stage, pupil, Category.SUD, 36, "Screening (SBIRT): brief talk, referred")
            break
    _tell(stage, cora[5], Category.HIV, 50, "Medication is kept by the nurse")


def _tell(
    stage: Stage,
    pupil: Pupil,
    category: Category,
    days_ago: int,
    headline: str,
    narrative: str = "",
) -> None:
    day: date = stage.today - timedelta(days=days_ago + stage.chance.randrange(10))
    at = datetime.combine(day, time(12), ZoneInfo(stage.district.tz)).astimezone(stage.now.tzinfo)
    record = _record(stage, pupil, category, at)
    stage.changes.new[HistoryEntry].append(
        {"record_id": record, "headline": headline, "narrative": narrative}
    )


def _record(stage: Stage, pupil: Pupil, category: Category, at: datetime) -> uuid.UUID:
    return stage.changes.add(
        Record,
        district_id=stage.district.id,
        student_id=pupil.id,
        custodian_id=stage.district.id,
        category=category,
        event_at=at,
        author_id=None,
        draft=False,
        written_at=min(at, stage.now),
    )
