"""Students' time in schools.

Version 1.1 says only that a student belongs to a school, without dates. The
first day is then the first day of a class there, or of the school year that
the file tells, or the day on which the file came in.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from portal.directory.loaders.oneroster.values import STUDENT, Days, Person
from portal.directory.roster.context import Key, Plan
from portal.directory.roster.queries import KnownEnrollment
from portal.store.people import Enrollment, Student
from portal.vocabulary import Category


def take(plan: Plan) -> None:
    """Bring every student's schools to what the file says; end the others it speaks of."""
    spoken_of = schools_spoken_of(plan)
    class_days = _first_class_days(plan)
    for source_id, student in plan.students.items():
        person = plan.roster.people[source_id]
        before = plan.known.enrollments.get(student, [])
        wanted = plan.schools_of(person, STUDENT)
        if not wanted:
            plan.warn_of(
                person, "orgSourcedIds", "The student is in no school.", "No building has them."
            )
        starts = [known.starts_at for known in before]
        if _contradicts_a_move(plan, person, before, wanted):
            plan.moved.add(student)
            plan.first_days[student] = min(starts)
            continue
        for school, spans in wanted.items():
            fallback = class_days.get((source_id, school))
            for days in _apart(plan, spans):
                starts.append(_enroll(plan, person, school, days, before, fallback))
        _end_others(plan, student, before, wanted, spoken_of)
        plan.first_days[student] = min(starts, default=plan.midnight(plan.today))
    for row in plan.changes.new[Student]:
        plan.shelve(row["id"], Category.IDENTITY, plan.first_days[row["id"]])


def _contradicts_a_move(
    plan: Plan, person: Person, before: list[KnownEnrollment], wanted: dict[str, list[Days]]
) -> bool:
    """Does the file not know yet of a change of school that was written down here?

    Then the student's schools stay as they are, and the operator is told. Once a file knows of
    it, the change is the file's: a later one may end it.
    """
    moved = [known for known in before if known.moved_at is not None and known.is_open(plan.at)]
    told = {
        plan.schools[school]
        for school, spans in wanted.items()
        if any(not _is_past(plan, plan.end(days)) for days in spans)
    }
    if any(known.school_id not in told for known in moved):
        plan.warn_of(
            person,
            "orgSourcedIds",
            "The portal has the student at another school, by a change written down there.",
            "The change stays. Correct the student information system, or change it back here.",
        )
        return True
    for known in moved:
        plan.changes.alter(Enrollment, known, moved_at=None)
    return False


def _apart(plan: Plan, spans: list[Days]) -> list[Days]:
    """The past stays each by itself, in order; what is told of the present as one stay."""
    past = {days for days in spans if _is_past(plan, plan.end(days))}
    present = [days for days in spans if days not in past]
    ordered = sorted(past, key=lambda days: (days.first or date.min, days.last or date.max))
    return [*ordered, *present[:1]]


def is_present(plan: Plan, person: Person) -> bool:
    """Is the student somewhere now or soon, or at least not told to have left?"""
    spans = [days for each in plan.schools_of(person, STUDENT).values() for days in each]
    return not spans or any(not _is_past(plan, plan.end(days)) for days in spans)


def schools_spoken_of(plan: Plan) -> set[Key]:
    """Schools of which the file has a student: only there can its silence mean that one left."""
    return {
        plan.schools[school]
        for source_id in plan.students
        for school in plan.schools_of(plan.roster.people[source_id], STUDENT)
    }


def _first_class_days(plan: Plan) -> dict[tuple[str, str], date]:
    """The first day of any class, by student and school."""
    found: dict[tuple[str, str], date] = {}
    for seat in plan.roster.seats:
        section = plan.roster.sections[seat.section]
        school = plan.roster.school_of(section.school)
        day = seat.days.first or section.days.first
        if seat.role == STUDENT and school is not None and day is not None:
            key = (seat.person, school)
            found[key] = min(day, found.get(key, day))
    return found


def _enroll(
    plan: Plan,
    person: Person,
    school: str,
    days: Days,
    before: list[KnownEnrollment],
    class_day: date | None,
) -> datetime:
    """One stay at one school; says when it began."""
    here = [known for known in before if known.school_id == plan.schools[school]]
    start = plan.start(days) or _likely_start(plan, class_day, before)
    end = plan.end(days)
    known = _known_stay(plan, here, days, start)
    if known is None:
        start = start if end is None else min(start, end)
        back = max((k.ends_at for k in here if k.ends_at and start < k.ends_at), default=None)
        start = start if back is None or _is_past(plan, end) else back
        _add(plan, person, school, start, end)
        return start
    if known.is_open(plan.at):
        plan.changes.alter(Enrollment, known, grade=person.grade, ends_at=end)
        if end != known.ends_at:
            _tell_end(plan, person, school, end)
    return known.starts_at


def _known_stay(
    plan: Plan, here: list[KnownEnrollment], days: Days, start: datetime
) -> KnownEnrollment | None:
    """The stay that the file means: a past one by its days, the present one because it is open."""
    same = [known for known in here if known.starts_at == start]
    still_open = [known for known in [*same, *here] if known.is_open(plan.at)]
    end = plan.end(days)
    if not _is_past(plan, end):
        return next(iter(still_open), None)
    over = [known for known in here if known.ends_at == end]
    return next(iter([*same, *over, *([] if days.first else still_open)]), None)


def _is_past(plan: Plan, end: datetime | None) -> bool:
    return end is not None and end <= plan.at


def _add(plan: Plan, person: Person, school: str, start: datetime, end: datetime | None) -> None:
    student = plan.students[person.source_id]
    plan.changes.add(
        Enrollment,
        student_id=student,
        school_id=plan.schools[school],
        grade=person.grade,
        starts_at=start,
        ends_at=end,
    )
    grade = f", grade {person.grade}" if person.grade else ""
    headline = f"Entered {plan.school_named(school).name}{grade}"
    plan.shelve(student, Category.ENROLLMENT, start, headline=headline)
    _tell_end(plan, person, school, end)


def _likely_start(plan: Plan, class_day: date | None, before: list[KnownEnrollment]) -> datetime:
    if before:
        return plan.midnight(plan.today)
    if class_day is not None and class_day <= plan.today:
        return plan.midnight(class_day)
    years = [
        year.first
        for year in plan.roster.years
        if year.first and year.last and year.first <= plan.today <= year.last
    ]
    return plan.midnight(max(years, default=plan.today))


def _tell_end(plan: Plan, person: Person, school: str, end: datetime | None) -> None:
    """An end that has come is an item of its own; one that lies ahead is not yet."""
    if end is not None and end <= plan.at:
        headline = f"Left {plan.school_named(school).name}"
        plan.shelve(plan.students[person.source_id], Category.ENROLLMENT, end, headline=headline)


def _end_others(
    plan: Plan,
    student: Key,
    before: list[KnownEnrollment],
    wanted: dict[str, list[Days]],
    spoken_of: set[Key],
) -> None:
    """A student in the file who is no longer in a school that the file speaks of changed school."""
    kept = {plan.schools[school] for school in wanted}
    for known in before:
        if known.is_open(plan.at) and known.school_id in spoken_of - kept:
            end_stay(plan, student, known)


def end_stay(plan: Plan, student: Key, known: KnownEnrollment) -> None:
    """The stay ends now; one that lies ahead never begins."""
    end = max(plan.at, known.starts_at)
    plan.changes.alter(Enrollment, known, ends_at=end)
    names = {school.id: school.name for school in plan.known.schools}
    plan.shelve(student, Category.ENROLLMENT, end, headline=f"Left {names[known.school_id]}")


def open_stays(plan: Plan) -> dict[Key, list[KnownEnrollment]]:
    """Known stays that have not ended, by student."""
    found: dict[Key, list[KnownEnrollment]] = defaultdict(list)
    for student, stays in plan.known.enrollments.items():
        for stay in stays:
            if stay.is_open(plan.at):
                found[student].append(stay)
    return found
