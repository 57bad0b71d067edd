"""Who is no longer in the file, and when that is too many to believe.

A file speaks only of the schools of which it has somebody: a roster of one
school never makes another's students leave. Nobody is deleted; somebody who
comes back is found again; their account stays ended until a person opens it. Whoever was
added by hand, and is in no roster, is never ended by one. A large change is more likely a
broken export than a district moving away, so it is asked about.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.access import sign_ins, trail
from portal.directory.roster.classes import end_relation
from portal.directory.roster.context import Key, Plan
from portal.directory.roster.enrollments import (
    end_stay,
    is_present,
    open_stays,
    schools_spoken_of,
)
from portal.directory.roster.queries import KnownUser
from portal.directory.roster.staff import has_ended
from portal.store.people import Relation, Student, User

MANY = 10
SHARE = 10
"""Percent."""


def take(plan: Plan) -> None:
    """Students and staff who left, and students who came back."""
    gone = _students_who_left(plan)
    users = _staff_who_left(plan)
    if plan.report.accepted and not plan.options.large_change:
        _alarm(plan, "students", len(gone), _students_there(plan))
        _alarm(plan, "staff", len(users), len(_staff_there(plan)))
    absent = {known.id for known in plan.known.students if known.missing_since}
    told = {
        key
        for source_id, key in plan.students.items()
        if not is_present(plan, plan.roster.people[source_id])
    }
    for student in [*gone, *sorted(told - absent)]:
        plan.changes.counts["students_left"] += 1
        plan.changes.changed[Student].append({"id": student, "missing_since": plan.at})
    for user in users:
        plan.changes.counts["staff_left"] += 1
        plan.changes.changed[User].append({"id": user.id, "active_until": plan.at})
    plan.gone = [user.id for user in users]
    for student in sorted(absent & (set(plan.students.values()) - told)):
        plan.changes.counts["students_back"] += 1
        plan.changes.changed[Student].append({"id": student, "missing_since": None})
    _end_relations(plan, told.union(gone), {user.id for user in users})


def sign_out(session: Session, plan: Plan) -> None:
    """Whoever left is out at once, in every open tab, and the ledger says so of each of them."""
    sign_ins.end(session, plan.gone, plan.at)
    for user in plan.gone:
        told = {"roster": plan.code}
        entry = trail.Entry("account.ended", True, plan.at, subject=str(user), detail=told)
        trail.write(session, None, entry)


def _students_who_left(plan: Plan) -> list[Key]:
    """Students of whom the file is silent; the schools that it speaks of have lost them."""
    spoken_of = schools_spoken_of(plan)
    in_file = set(plan.students.values())
    gone = []
    for student, stays in open_stays(plan).items():
        here = [stay for stay in stays if stay.school_id in spoken_of]
        if student in in_file or not here:
            continue
        for stay in here:
            end_stay(plan, student, stay)
        if len(here) == len(stays):
            gone.append(student)
    return gone


def _students_there(plan: Plan) -> int:
    spoken_of = schools_spoken_of(plan)
    return sum(
        any(stay.school_id in spoken_of for stay in stays) for stays in open_stays(plan).values()
    )


def _staff_who_left(plan: Plan) -> list[KnownUser]:
    """Staff from a roster, of a place that the file speaks of, without a class elsewhere."""
    staying = set(plan.staff.values())
    elsewhere = _teaching_elsewhere(plan)
    return [
        user for user in _staff_there(plan) if user.id not in staying and user.id not in elsewhere
    ]


def _staff_there(plan: Plan) -> list[KnownUser]:
    places = _places_of_staff(plan)
    return [
        user
        for user in plan.known.users
        if user.source_id is not None and user.school_id in places and not has_ended(plan, user)
    ]


def _places_of_staff(plan: Plan) -> set[Key | None]:
    """Schools, and None for the district's office, of which the file has staff."""
    found: set[Key | None] = set()
    for source_id in plan.staff:
        for held in plan.roster.people[source_id].memberships:
            school = plan.roster.school_of(held.place)
            found.add(plan.schools[school] if school else None)
    return found


def _teaching_elsewhere(plan: Plan) -> set[Key]:
    schools = {row.id: row.school_id for row in plan.known.classes}
    spoken_of = _places_of_staff(plan)
    return {
        relation.user_id
        for relation in plan.known.relations
        if relation.class_id is not None
        and relation.is_open(plan.at)
        and schools.get(relation.class_id) not in spoken_of
    }


def _alarm(plan: Plan, who: str, leaving: int, there: int) -> None:
    if leaving > MANY and leaving * 100 > there * SHARE:
        plan.report.problem(
            f"{leaving} of {there} {who} are not in the file, and would leave.",
            "Make sure that the export is complete; if they have left, bring it with "
            "--allow-large-change.",
            "users.csv",
        )


def _end_relations(plan: Plan, students: set[Key], users: set[Key]) -> None:
    """Classes and caseloads of those who left. A partner's case team is the partner's affair."""
    altered = {values["id"] for values in plan.changes.changed[Relation]}
    for relation in plan.known.relations:
        left = relation.student_id in students or relation.user_id in users
        if left and relation.id not in altered:
            end_relation(plan, relation)
