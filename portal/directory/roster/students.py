"""Students: who is who, what changed, and what the portal must not take from a file.

A student is known by the sourcedId, and by the SASID when the sourcedId is new.
A file never overwrites a birth date or a SASID in silence, and never hands one
child's record to another who got the same number. Nobody is deleted.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from portal.access.lists import fold
from portal.directory.loaders.oneroster.values import STUDENT, Person
from portal.directory.roster.context import Key, Plan
from portal.directory.roster.queries import KnownStudent
from portal.policy.rights import majority_at
from portal.store.people import Student


def take(plan: Plan) -> None:
    """Every student of the file, known or new."""
    people = [person for person in plan.roster.people.values() if STUDENT in person.roles]
    _find_repeated(plan, people, "sasid", "userIds")
    _find_repeated(plan, people, "local_id", "identifier")
    directory = _Directory(plan.known.students)
    found: dict[Key, Person] = {}
    for person in people:
        known = directory.find(person)
        _check(plan, person, known, directory)
        if known is not None:
            _check_once(plan, person, found.setdefault(known.id, person))
        plan.students[person.source_id] = _write(plan, person, known)
    plan.changes.counts["students"] = len(people)


def _check_once(plan: Plan, person: Person, first: Person) -> None:
    if person is not first:
        plan.problem_of(
            person,
            "sourcedId",
            f"The portal knows the student in row {first.row} and this one as the same child.",
            "Correct the SASID or the sourcedId of one of them.",
        )


class _Directory:
    """The known students by each of their numbers."""

    def __init__(self, students: list[KnownStudent]) -> None:
        self.by_source = {student.source_id: student for student in students}
        self.by_sasid = {student.sasid: student for student in students if student.sasid}
        self.by_local = {student.local_id: student for student in students if student.local_id}

    def find(self, person: Person) -> KnownStudent | None:
        sasid = self.by_sasid.get(person.sasid) if person.sasid else None
        return self.by_source.get(person.source_id) or sasid


def _find_repeated(plan: Plan, people: list[Person], number: str, column: str) -> None:
    holders: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        if held := getattr(person, number):
            holders[held].append(person)
    for first, *others in holders.values():
        for person in others:
            plan.problem_of(
                person,
                column,
                f"The student in row {first.row} has the same number.",
                "Correct it in one of the two rows.",
            )


def _check(plan: Plan, person: Person, known: KnownStudent | None, directory: _Directory) -> None:
    holder = directory.by_sasid.get(person.sasid) if person.sasid else None
    if holder is not None and known is not None and holder.id != known.id:
        plan.problem_of(
            person,
            "userIds",
            "Another student of the portal holds this SASID.",
            "Find out whose it is, and correct the other row.",
        )
    elif known is not None and known.sasid and person.sasid and known.sasid != person.sasid:
        plan.problem_of(
            person,
            "userIds",
            "The student has another SASID in the portal.",
            "Correct it, or give the new student a sourcedId of their own.",
        )
    local = directory.by_local.get(person.local_id)
    if local is not None and (known is None or local.id != known.id):
        plan.problem_of(
            person,
            "identifier",
            "Another student of the portal has this local id: it has been used again.",
            "Give the new student a local id of their own, or leave it empty.",
        )
    if known is not None:
        _check_same_child(plan, person, known)


def _check_same_child(plan: Plan, person: Person, known: KnownStudent) -> None:
    if person.born and known.born and person.born != known.born:
        place = ("demographics.csv", person.born_row, "birthDate")
        what = "The birth date is not the one in the portal."
        if plan.options.birth_dates:
            plan.report.warn(what, "The file's was taken, as asked.", *place)
        else:
            plan.report.problem(
                what,
                "Correct the file; where the file is right, bring it with --birth-dates-from-file.",
                *place,
            )
    shown = (person.born and person.born == known.born) or (
        person.sasid and person.sasid == known.sasid
    )
    if not shown and _has_another_name(person, known):
        plan.problem_of(
            person,
            "sourcedId",
            "The portal knows this sourcedId under another first and last name: it may have been "
            "given to another student.",
            "Give the new student a sourcedId of their own; for the same student, bring the birth "
            "date or the SASID.",
        )


def _has_another_name(person: Person, known: KnownStudent) -> bool:
    given = fold(person.given) != fold(known.given_name)
    return given and fold(person.family) != fold(known.family_name)


def _write(plan: Plan, person: Person, known: KnownStudent | None) -> Key:
    values: dict[str, Any] = {
        "source_id": person.source_id,
        "given_name": person.given,
        "middle_name": person.middle,
        "family_name": person.family,
        "grade": person.grade,
    }
    # What the file leaves out is not taken away.
    values |= {"sasid": person.sasid} if person.sasid else {}
    values |= {"local_id": person.local_id} if person.local_id else {}
    values |= {"born": person.born} if person.born else {}
    if known is None:
        return plan.changes.add(
            Student,
            **{"sasid": None, "local_id": "", "born": None, **values},
            district_id=plan.district_id,
            **_derived(plan, person),
        )
    if plan.changes.alter(Student, known, **values):
        plan.changes.changed[Student][-1].update(_derived(plan, person, known))
        plan.changes.counts["students_changed"] += 1
    return known.id


def _derived(plan: Plan, person: Person, known: KnownStudent | None = None) -> dict[str, object]:
    """What is kept beside the name and the birth date, and must change with them."""
    born = person.born or (known.born if known else None)
    return {
        "search_name": fold(f"{person.family} {person.given}"),
        "search_given": fold(person.given),
        "majority_at": majority_at(born, plan.tz) if born else None,
    }
