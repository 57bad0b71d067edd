"""Adults of the families: parents, guardians, relatives.

A roster tells relationships, not authority. The law gives the educational
rights to either parent or guardian unless a court order, statute or binding
document says otherwise (34 CFR 99.4), so a parent and a guardian get them from
the student's first day; a relative gets a span that holds no instant. What has
been written once, a court order's end above all, no roster changes; and an
adult missing from a roster has lost no right.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from portal.directory.loaders.oneroster.values import ADULTS, STUDENT, Person
from portal.directory.roster.context import Key, Plan
from portal.store.people import Guardian, Guardianship
from portal.store.records import HistoryEntry
from portal.vocabulary import Category, Relationship

CHECK_EXPORT = "Ask for an export with the families, if they should be known."


def take(plan: Plan) -> None:
    """The adults linked to a student of the file, from either side."""
    adults_of: dict[str, list[Person]] = {student: [] for student in plan.students}
    for student, linked in dict.fromkeys(_links(plan)):
        adults_of[student].append(plan.roster.people[linked])
    ids = _adults(plan, {adult.source_id: adult for each in adults_of.values() for adult in each})
    for student, adults in adults_of.items():
        for adult in adults:
            _link(plan, plan.students[student], ids[adult.source_id], adult)
        _contact(plan, plan.roster.people[student], adults)
    plan.changes.counts["guardians"] = len(ids)


def _links(plan: Plan) -> Iterator[tuple[str, str]]:
    """Pairs of student and adult, whichever of the two rows tells it."""
    for person in plan.roster.people.values():
        for agent in person.agents:
            other = plan.roster.people.get(agent)
            if other is None:
                plan.warn_of(
                    person, "agentSourcedIds", "The adult is not in the file.", CHECK_EXPORT
                )
            elif STUDENT in person.roles and other.roles & ADULTS:
                yield person.source_id, agent
            elif STUDENT in other.roles and person.roles & ADULTS:
                yield agent, person.source_id


def _adults(plan: Plan, adults: dict[str, Person]) -> dict[str, Key]:
    known = {guardian.source_id: guardian for guardian in plan.known.guardians}
    ids = {}
    for source_id, adult in adults.items():
        values = {"name": adult.name, "email": adult.email, "phone": adult.phone}
        if found := known.get(source_id):
            plan.changes.alter(Guardian, found, **values)
            ids[source_id] = found.id
        else:
            ids[source_id] = plan.changes.add(
                Guardian, district_id=plan.district_id, source_id=source_id, **values
            )
    return ids


def _link(plan: Plan, student: Key, guardian: Key, adult: Person) -> None:
    if (guardian, student) in plan.known.guardianships:
        return
    relationship = _relationship(adult)
    first_day = plan.first_days.get(student, plan.at)
    plan.changes.add(
        Guardianship,
        guardian_id=guardian,
        student_id=student,
        relationship=relationship,
        rights_from=first_day,
        rights_until=_end_of_rights(relationship, first_day),
    )


def _relationship(adult: Person) -> Relationship:
    return next(r for r in Relationship if str(r) in adult.roles)


def _end_of_rights(relationship: Relationship, first_day: datetime) -> datetime | None:
    return first_day if relationship is Relationship.RELATIVE else None


def _contact(plan: Plan, person: Person, adults: list[Person]) -> None:
    """The contact details on the student's shelf, renewed when they change."""
    student = plan.students[person.source_id]
    headline = _reached_at(person) or "Contact of the family"
    narrative = "\n".join(
        f"{adult.name} ({_relationship(adult)}): {_reached_at(adult) or 'no contact given'}"
        for adult in adults
    )
    if not _reached_at(person) and not narrative:
        return
    known = plan.known.contacts.get(student)
    if known is None:
        first_day = plan.first_days.get(student, plan.at)
        plan.shelve(student, Category.CONTACT, first_day, headline=headline, narrative=narrative)
    elif (known.headline, known.narrative) != (headline, narrative):
        plan.changes.changed[HistoryEntry].append(
            {"record_id": known.record_id, "headline": headline, "narrative": narrative}
        )


def _reached_at(person: Person) -> str:
    return ", ".join(filter(None, (person.phone, person.email)))
