"""What the numbers without names count, read from the shelves and told only as hiding tells it.

Each question gives trees of counts: a root for each service, need or the district as a whole,
parts below it to school, grade or level. Every part is there whether anybody is in it or not:
that a row is missing would tell that nobody was. A student is counted at the school of that
instant; words are the district's own.
"""

from __future__ import annotations

import calendar
import uuid
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from portal.access.months import Month
from portal.access.sql import outside, within
from portal.policy.hiding import Leaf, Shown, told, whole
from portal.store.people import Enrollment, Student
from portal.store.places import School
from portal.store.records import Record, Visit
from portal.vocabulary import Attendance, Category

Path = tuple[str, ...]
EVERYWHERE = "All schools"


@dataclass(frozen=True)
class Asked:
    """Of which district, for which month that is over, and when it is asked."""

    district: uuid.UUID
    month: Month
    at: datetime


@dataclass
class _Gathered:
    students: set[Hashable] = field(default_factory=set)
    staff: set[Hashable] = field(default_factory=set)
    amounts: list[int] = field(default_factory=list)


class Leaves:
    """Who was counted where; every place is there from the beginning."""

    def __init__(self, paths: Iterable[Path], amounts: int = 0) -> None:
        self.found = {path: _Gathered(amounts=[0] * amounts) for path in paths}

    def add(
        self, path: Path, student: Hashable, staff: Hashable = None, amounts: Sequence[int] = ()
    ) -> None:
        """One more; what has no place (a word of another district) is not counted."""
        place = self.found.get(path)
        if place is not None:
            place.students.add(student)
            place.staff.add(staff)
            place.amounts = [a + b for a, b in zip(place.amounts, amounts, strict=True)]

    def told(self, *, of: Mapping[Path, int] | None = None, staff: bool = False) -> list[Shown]:
        """One tree for each first part of a path. of: out of how many, by the rest of the path."""
        trees: dict[str, dict[Path, Leaf]] = defaultdict(dict)
        for path, found in self.found.items():
            trees[path[0]][path[1:]] = Leaf(
                frozenset(found.students),
                frozenset(found.staff) if staff else None,
                tuple(found.amounts),
                of[path[1:]] if of is not None else None,
            )
        return [told(whole(root, leaves)) for root, leaves in trees.items()]


# Where students are


def school_names(session: Session, district: uuid.UUID) -> dict[uuid.UUID, str]:
    """The district's schools by name; two of one name keep apart by their number."""
    rows = session.execute(
        select(School.id, School.name, School.facility_code)
        .where(School.district_id == district)
        .order_by(School.name, School.id)
    ).all()
    names = [name for _id, name, _code in rows]
    return {key: name if names.count(name) == 1 else f"{name} ({code})" for key, name, code in rows}


@dataclass(frozen=True)
class _Enrolled:
    """Each student's school and grade at one instant, and all places there are."""

    places: Mapping[uuid.UUID, Path]

    @property
    def paths(self) -> list[Path]:
        """The school and grade of anybody, each once, in the order of a school."""
        return sorted(set(self.places.values()), key=lambda place: (place[0], *_grade(place[1])))

    def how_many(self) -> dict[Path, int]:
        """Students by school and grade."""
        found: dict[Path, int] = dict.fromkeys(self.paths, 0)
        for place in self.places.values():
            found[place] += 1
        return found


def students_of(district: uuid.UUID) -> Select[uuid.UUID]:
    return select(Student.id).where(Student.district_id == district)


def _grade(grade: str) -> tuple[int, str]:
    return (len(grade), grade) if grade.isdecimal() else (0, grade)


def enrolled_at(session: Session, district: uuid.UUID, at: datetime) -> _Enrolled:
    schools = school_names(session, district)
    rows = session.execute(
        select(Student.id, Enrollment.school_id, Enrollment.grade, Student.grade)
        .join(Enrollment, Enrollment.student_id == Student.id)
        .where(
            Student.district_id == district,
            Enrollment.school_id.in_(schools),
            within(Enrollment.starts_at, Enrollment.ends_at, at),
        )
        .order_by(Enrollment.starts_at, Enrollment.id)
    )
    return _Enrolled(
        {key: (schools[school], then or now or "?") for key, school, then, now in rows}
    )


def of_each(session: Session, district: uuid.UUID, roots: Iterable[str]) -> list[Path]:
    """Every root with every school."""
    schools = school_names(session, district).values()
    return [(root, school) for root in roots for school in schools]


def ours(category: Category, asked: Asked) -> list[ColumnElement[bool]]:
    """Records of this kind that the district holds and nobody took back."""
    return [
        Record.custodian_id == asked.district,
        Record.category == category,
        Record.draft.is_(False),
        outside(Record.sealed_from, Record.sealed_until, asked.at),
    ]


def last_day(month: Month) -> date:
    year, number = map(int, month.name.split("-"))
    return date(year, number, calendar.monthrange(year, number)[1])


# Visits


@dataclass(frozen=True)
class Held:
    """A visit that took place."""

    student: uuid.UUID
    staff: uuid.UUID
    purpose: str
    minutes: int
    school: str


def visits_held(session: Session, asked: Asked) -> list[Held]:
    schools = school_names(session, asked.district)
    rows = session.execute(
        select(Visit, Record.student_id, Enrollment.school_id)
        .join(Record, Record.id == Visit.record_id)
        .join(Enrollment, Enrollment.student_id == Record.student_id)
        .where(
            *ours(Category.VISITS, asked),
            Record.event_at >= asked.month.start,
            Record.event_at < asked.month.end,
            Visit.attendance != Attendance.NO_SHOW,
            Enrollment.school_id.in_(schools),
            within(Enrollment.starts_at, Enrollment.ends_at, Record.event_at),
        )
        .order_by(Enrollment.starts_at, Enrollment.id)
    )
    found = {
        visit.record_id: Held(
            student, visit.staff_id, visit.purpose, visit.minutes, schools[school]
        )
        for visit, student, school in rows
    }
    return list(found.values())
