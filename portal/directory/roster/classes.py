"""Classes, and which teacher has which student in class, and when.

A relation lasts where the teacher's and the student's days in a class meet. A
file without classes says nothing about them: then nothing ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime

from portal.directory.loaders.oneroster.values import STUDENT, TEACHER, Days
from portal.directory.roster.context import Key, Plan
from portal.directory.roster.queries import KnownRelation
from portal.store.people import Relation, SchoolClass
from portal.vocabulary import RelationKind

LONG_AGO = datetime.min.replace(tzinfo=UTC)

Triple = tuple[Key, Key, Key]
"""Teacher, student, class."""

Stretch = tuple[datetime | None, datetime | None]
"""From an instant to another; None where the file does not say."""


def take(plan: Plan) -> None:
    """Bring the classes, and who meets whom in them, to what the file says."""
    classes = _classes(plan)
    wanted = _meetings(plan, classes)
    known: dict[Triple, list[KnownRelation]] = defaultdict(list)
    for relation in plan.known.relations:
        if relation.kind is RelationKind.CLASS and relation.class_id is not None:
            known[relation.user_id, relation.student_id, relation.class_id].append(relation)
    for triple, stretches in wanted.items():
        _bring(plan, triple, known.pop(triple, []), stretches)
    spoken_of = _classes_spoken_of(plan)
    for triple, relations in known.items():
        if triple[2] in spoken_of:
            _bring(plan, triple, relations, [])
    plan.changes.counts["classes"] = len(classes)


def _classes(plan: Plan) -> dict[str, Key]:
    known = {(row.school_id, row.source_id): row for row in plan.known.classes}
    ids = {}
    for section in plan.roster.sections.values():
        school = plan.roster.school_of(section.school)
        if school is None:
            plan.report.warn(
                "The class belongs to no school.",
                "It was left out.",
                "classes.csv",
                section.row,
                "schoolSourcedId",
            )
            continue
        found = known.get((plan.schools[school], section.source_id))
        if found is not None:
            plan.changes.alter(SchoolClass, found, title=section.title)
            ids[section.source_id] = found.id
        else:
            ids[section.source_id] = plan.changes.add(
                SchoolClass,
                school_id=plan.schools[school],
                source_id=section.source_id,
                title=section.title,
            )
    return ids


def _classes_spoken_of(plan: Plan) -> set[Key]:
    """Known classes of the schools of which the file has anybody in a class."""
    schools = {
        plan.schools[school]
        for seat in plan.roster.seats
        if (school := plan.roster.school_of(plan.roster.sections[seat.section].school))
    }
    return {row.id for row in plan.known.classes if row.school_id in schools}


def _meetings(plan: Plan, classes: dict[str, Key]) -> dict[Triple, list[Stretch]]:
    """Every pair of teacher and student of a class, with the stretches in which they meet."""
    taught: dict[str, list[tuple[Key, Stretch]]] = defaultdict(list)
    attended: dict[str, list[tuple[Key, Stretch]]] = defaultdict(list)
    seated = set(plan.students.values()) - plan.moved  # who moved sits in those classes no more
    for seat in plan.roster.seats:
        days = _days(seat.days, plan.roster.sections[seat.section].days)
        stretch = (plan.start(days), plan.end(days))
        if seat.role == TEACHER and seat.person in plan.staff:
            taught[seat.section].append((plan.staff[seat.person], stretch))
        elif seat.role == STUDENT and plan.students.get(seat.person) in seated:
            attended[seat.section].append((plan.students[seat.person], stretch))
    found: dict[Triple, list[Stretch]] = defaultdict(list)
    for section, key in classes.items():
        for teacher, theirs in taught[section]:
            for student, hers in attended[section]:
                if (common := _common(theirs, hers)) is not None:
                    found[teacher, student, key].append(common)
    return {triple: _joined(stretches) for triple, stretches in found.items()}


def _days(own: Days, of_class: Days) -> Days:
    """A seat's own days; where it has none, those of the class's terms."""
    return Days(own.first or of_class.first, own.last or of_class.last)


def _common(one: Stretch, other: Stretch) -> Stretch | None:
    starts = [start for start in (one[0], other[0]) if start is not None]
    ends = [end for end in (one[1], other[1]) if end is not None]
    start, end = max(starts, default=None), min(ends, default=None)
    return None if start and end and end <= start else (start, end)


def _joined(stretches: list[Stretch]) -> list[Stretch]:
    """Stretches that touch or overlap, as one."""
    joined: list[Stretch] = []
    for start, end in sorted(set(stretches), key=lambda stretch: stretch[0] or LONG_AGO):
        last = joined[-1] if joined else None
        if last is not None and (last[1] is None or start is None or start <= last[1]):
            joined[-1] = (last[0], _later(end, last[1]))
        else:
            joined.append((start, end))
    return joined


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later end; none is later than any."""
    return None if one is None or other is None else max(one, other)


def _bring(
    plan: Plan, triple: Triple, known: list[KnownRelation], stretches: Iterable[Stretch]
) -> None:
    """Known relations of the three to the stretches wanted; what is past stays as it is."""
    left = list(known)
    for start, end in stretches:
        found = _matching(plan, left, start)
        if found is not None:
            left.remove(found)
            plan.changes.alter(Relation, found, ends_at=end)
            continue
        user, student, class_id = triple
        plan.changes.add(
            Relation,
            user_id=user,
            student_id=student,
            kind=RelationKind.CLASS,
            class_id=class_id,
            starts_at=start or plan.midnight(plan.today),
            ends_at=end,
        )
    for relation in left:
        end_relation(plan, relation)


def _matching(
    plan: Plan, known: list[KnownRelation], start: datetime | None
) -> KnownRelation | None:
    if start is not None:
        return next((relation for relation in known if relation.starts_at == start), None)
    return next((relation for relation in known if relation.is_open(plan.at)), None)


def end_relation(plan: Plan, relation: KnownRelation) -> None:
    """The relation ends now; one that lies ahead never begins."""
    if relation.is_open(plan.at):
        plan.changes.alter(Relation, relation, ends_at=max(plan.at, relation.starts_at))
