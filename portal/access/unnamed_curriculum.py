"""Numbers of the curriculum office: students, programs, results, absence, classes and needs."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from portal.access.sql import within
from portal.access.unnamed_counts import (
    EVERYWHERE,
    Asked,
    Leaves,
    Path,
    enrolled_at,
    last_day,
    of_each,
    ours,
    school_names,
    students_of,
)
from portal.access.words import words_of
from portal.policy.groups import FEWEST_STUDENTS
from portal.policy.hiding import Shown
from portal.store.people import Program, Relation, SchoolClass, Student
from portal.store.records import AttendanceYear, HistoryEntry, Record
from portal.store.support import StudentNeed
from portal.vocabulary import Category, ProgramKind, RelationKind, WordList

OTHERS = "Other"
CHRONIC = 10
"""Missing so many percent of the days or more is chronic absence (CGS 10-198c)."""


def students(session: Session, asked: Asked) -> list[Shown]:
    """Students enrolled by school and grade, when the month ended."""
    enrolled = enrolled_at(session, asked.district, asked.month.end)
    leaves = Leaves((EVERYWHERE, *place) for place in enrolled.paths)
    for student, place in enrolled.places.items():
        leaves.add((EVERYWHERE, *place), student)
    return leaves.told()


IN_PROGRAM = {
    ProgramKind.SPECIAL_EDUCATION: "Special education",
    ProgramKind.SECTION_504: "Section 504",
}
OTHER_LANGUAGE = "Home language other than English"
ENGLISH = ("", "en", "eng", "english")


def programs(session: Session, asked: Asked) -> list[Shown]:
    """Students by program or home language, school and grade, when the month ended."""
    enrolled = enrolled_at(session, asked.district, asked.month.end)
    roots = (*IN_PROGRAM.values(), OTHER_LANGUAGE)
    leaves = Leaves((root, *place) for root in roots for place in enrolled.paths)
    rows = session.execute(
        select(Program.student_id, Program.kind).where(
            within(Program.starts_at, Program.ends_at, asked.month.end),
            Program.student_id.in_(students_of(asked.district)),
        )
    )
    counted = [(IN_PROGRAM[kind], student) for student, kind in rows]
    speakers = select(Student.id).where(
        Student.district_id == asked.district, func.lower(Student.language).not_in(ENGLISH)
    )
    counted += [(OTHER_LANGUAGE, student) for student in session.scalars(speakers)]
    for root, student in counted:
        if student in enrolled.places:
            leaves.add((root, *enrolled.places[student]), student)
    return leaves.told(of=enrolled.how_many())


def absence(session: Session, asked: Asked) -> list[Shown]:
    """Students who missed 10 percent or more of the last school year that is over, by school."""
    schools = school_names(session, asked.district)
    days = AttendanceYear.days_scheduled
    many_missed = 100 * (days - AttendanceYear.days_attended) >= CHRONIC * days
    rows = session.execute(
        select(AttendanceYear.school_year, AttendanceYear.school_id, Record.student_id, many_missed)
        .join(Record, Record.id == AttendanceYear.record_id)
        .where(*ours(Category.ATTENDANCE, asked), AttendanceYear.school_id.in_(schools), days > 0)
    ).all()
    over = {year for year, *_rest in rows if _ends(year) <= last_day(asked.month)}
    last = sorted(over)[-1:]
    leaves = Leaves(of_each(session, asked.district, last))
    out_of: dict[Path, set[uuid.UUID]] = {(school,): set() for school in schools.values()}
    for year, school, student, many in rows:
        if year in last:
            out_of[(schools[school],)].add(student)
            if many:
                leaves.add((year, schools[school]), student)
    return leaves.told(of={path: len(them) for path, them in out_of.items()})


def _ends(school_year: str) -> date:
    """The last day of a school year such as 2025-2026 (CGS 10-259)."""
    last = school_year[-4:]
    return date(int(last), 6, 30) if last.isdecimal() else date.max


def results(session: Session, asked: Asked) -> list[Shown]:
    """Test results and marks of the twelve months before, by what was tested, school and result.

    A result is told by the words before and after the colon of its headline. Words that fewer
    than six students share could be about one of them: they stand together as "Other".
    """
    enrolled = enrolled_at(session, asked.district, asked.month.end).places
    rows = [
        (student, *_tested(headline))
        for category in (Category.ASSESSMENT, Category.COURSES)
        for student, headline in _headlines(session, asked, category)
        if student in enrolled
    ]
    common = _common(rows)
    subjects = {subject for subject, _result in common}
    folded = [
        (student, subject, result if (subject, result) in common else OTHERS)
        for student, subject, result in rows
        if subject in subjects
    ]
    names = school_names(session, asked.district).values()
    leaves = Leaves(
        (subject, school, result)
        for subject, result in sorted({(subject, result) for _, subject, result in folded})
        for school in names
    )
    for student, subject, result in folded:
        leaves.add((subject, enrolled[student][0], result), student)
    return leaves.told()


def _headlines(session: Session, asked: Asked, category: Category) -> Iterable[Row[uuid.UUID, str]]:
    year = asked.month.end - timedelta(days=365)
    return session.execute(
        select(Record.student_id, HistoryEntry.headline)
        .join(HistoryEntry, HistoryEntry.record_id == Record.id)
        .where(
            *ours(category, asked),
            Record.event_at >= year,
            Record.event_at < asked.month.end,
        )
        .distinct()
    )


def _tested(headline: str) -> tuple[str, str]:
    subject, _colon, result = headline.partition(":")
    return subject.strip(), result.strip()


def _common(rows: Iterable[tuple[uuid.UUID, str, str]]) -> set[tuple[str, str]]:
    """Which two words (tested and result, school and title) at least six students share."""
    found: dict[tuple[str, str], set[uuid.UUID]] = defaultdict(set)
    for student, subject, result in rows:
        found[subject, result].add(student)
    return {words for words, them in found.items() if len(them) >= FEWEST_STUDENTS}


def classes(session: Session, asked: Asked) -> list[Shown]:
    """Students by school and class title, when the month ended.

    A title of fewer than six may name one of them ("Tutoring for …"): such stand together.
    """
    names = school_names(session, asked.district)
    rows = [
        (student, names[school], title)
        for student, school, title in session.execute(
            select(Relation.student_id, SchoolClass.school_id, SchoolClass.title)
            .join(SchoolClass, SchoolClass.id == Relation.class_id)
            .where(
                SchoolClass.school_id.in_(names),
                Relation.kind == RelationKind.CLASS,
                within(Relation.starts_at, Relation.ends_at, asked.month.end),
            )
        )
    ]
    common = _common(rows)
    folded = [
        (student, school, title if (school, title) in common else OTHERS)
        for student, school, title in rows
    ]
    leaves = Leaves(sorted({(school, title) for _student, school, title in folded}))
    for student, school, title in folded:
        leaves.add((school, title), student)
    return leaves.told()


def needs(session: Session, asked: Asked) -> list[Shown]:
    """Students by need not yet met, and school, when the month ended."""
    words = words_of(session, asked.district)
    enrolled = enrolled_at(session, asked.district, asked.month.end).places
    day = last_day(asked.month)
    labels = [word.label for word in words.all(WordList.NEED)]
    leaves = Leaves(of_each(session, asked.district, labels))
    rows = session.execute(
        select(StudentNeed, Record.student_id)
        .join(Record, Record.id == StudentNeed.record_id)
        .where(*ours(Category.SERVICE_STATUS, asked))
    )
    for row, student in rows:
        unmet = row.since_on <= day and (row.met_on is None or row.met_on > day)
        if unmet and student in enrolled:
            label = words.label(WordList.NEED, row.need)
            leaves.add((label, enrolled[student][0]), student)
    return leaves.told()
