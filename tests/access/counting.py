"""The counts behind the numbers without names, as they are before anything of them is hidden."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, cast

from portal.access.months import months_before
from portal.access.unnamed_counts import Asked
from portal.policy.hiding import Part, Shown
from portal.store.people import Enrollment, Student
from portal.store.places import School
from portal.store.records import Record
from portal.vocabulary import Category
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

TICK = timedelta(microseconds=1)
OCTOBER = months_before(NOW, "America/New_York", 1)[0]
START, END = OCTOBER.start, OCTOBER.end
LAST_DAY = date(2026, 10, 31)


def asked(of: Cast, at: datetime = NOW) -> Asked:
    return Asked(of.district.id, OCTOBER, at)


def counts(trees: Sequence[Shown]) -> list[tuple[Any, ...]]:
    """Of each smallest part its path, students and amounts, in order; see `in_full`."""
    return [(*path, part.students, *part.amounts) for path, part in _smallest(trees)]


def in_full(trees: Sequence[Shown]) -> list[tuple[Any, ...]]:
    """Of each smallest part its path, students, amounts, staff, and out of how many."""
    parts = _smallest(trees)
    return [(*path, one.students, one.amounts, one.staff, one.of) for path, one in parts]


def _smallest(trees: Sequence[Shown]) -> Iterator[tuple[tuple[str, ...], Part]]:
    """Needs the fixture `before_hiding`, with which what is told is the part itself."""
    for part in cast(Sequence[Part], trees):
        if part.parts:
            for path, below in _smallest(cast(Sequence[Shown], part.parts)):
                yield (part.code, *path), below
        else:
            yield (part.code,), part


def pupil(of: Cast, school: School | None = None, grade: str = "") -> Student:
    """One more, enrolled when a school is named."""
    found = make.student(of.session, of.district, "Pupil", "Sample", date(2013, 1, 1))
    if school is not None:
        enrolled(of, found, school, grade=grade)
    return found


def enrolled(of: Cast, student: Student, school: School, **changes: Any) -> Enrollment:
    values = {"student_id": student.id, "school_id": school.id, "starts_at": LONG_AGO}
    row: Enrollment = make.stored(of.session, Enrollment(**values | changes))
    return row


def item(of: Cast, student: Student, category: Category, kind: Any, **values: Any) -> Record:
    """An item on the shelf with its row of this kind. event: when it happened."""
    record = make.record(of.session, student, category, values.pop("event", LONG_AGO))
    make.stored(of.session, kind(record_id=record.id, **values))
    return record


def elsewhere(of: Cast) -> tuple[School, Student]:
    """Another district's school, and a student who is enrolled there."""
    other = make.organization(of.session, "Elm Valley", code="0990012")
    school = make.school(of.session, other, "A Far School", "9909911")
    student = make.student(of.session, other, "Far", "Away", date(2013, 1, 1))
    make.enrollment(of.session, student, school)
    return school, student


def number(many: int) -> uuid.UUID:
    """A key whose place among others is known."""
    return uuid.UUID(int=many)
