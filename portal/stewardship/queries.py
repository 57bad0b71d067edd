"""What the trail and the papers answer: who has seen this record, on what ground, until when."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    cast,
    exists,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from portal.access import gate, trail, visible
from portal.access.actor import Actor
from portal.access.exports import MOST_ROWS, Table
from portal.access.lists import fold
from portal.policy.spans import Span
from portal.policy.tasks import Task
from portal.policy.trail import Naming, how_to_name
from portal.stewardship import words
from portal.stewardship.papers.queries import papers
from portal.stewardship.words import Kind
from portal.store.accounts import UserSession
from portal.store.ledger import TrailLine, TrailStudent
from portal.store.people import Student

PAGE = 50
MOST_COUNTED = 2_000
NAMED_AT_MOST = 3

Condition = ColumnElement[bool]


# Who has seen this record


@dataclass(frozen=True)
class SeenLine:
    """Somebody who has seen a student's record, in words to show as they are.

    at: the last time that day, aware; times: how often that day, alike in all else.
    papers: numbers of the consents and agreements it rested on. outside: by another
    organization than the reader's own, and so a disclosure (34 CFR 99.32).
    """

    at: datetime
    times: int
    person: str
    organization: str
    what: str
    purpose: str
    papers: tuple[str, ...]
    outside: bool


def seen_by(session: Session, me: Actor, student_id: uuid.UUID, at: datetime) -> list[SeenLine]:
    """Who has seen this student's record, newest first; what is alike on one day is one line.

    For support staff and administrators who reach the student. Ask
    `me.may(Task.SEE_OPENINGS)` before: a teacher is refused, since that a clinic
    opened a record tells that the student is treated there (34 CFR 99.32(c)).
    Who asked and was refused is in the trail, which fewer may read.
    """
    gate.open_student(session, me, student_id, Task.SEE_OPENINGS, at)
    trail.settle(session)  # that somebody looks is among what they see
    rows = session.execute(
        select(TrailLine.at, *LIKENESS)
        .join(TrailStudent, TrailStudent.line_id == TrailLine.id)
        .where(TrailStudent.student_id == student_id, TrailLine.allowed)
        .order_by(TrailLine.at.desc(), TrailLine.id.desc())
    )
    zone = ZoneInfo(me.tz)
    alike: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in rows:
        alike[row.at.astimezone(zone).date(), *row[1:]].append(row)
    bases = [json.loads(group[0].basis) for group in alike.values()]
    numbers = _numbers(session, me, bases, student_id)
    return [_seen_line(group, numbers, me) for group in alike.values()]


LIKENESS = (
    TrailLine.user_id,
    TrailLine.user_name,
    TrailLine.organization_id,
    TrailLine.organization_name,
    TrailLine.event,
    TrailLine.subject,
    TrailLine.purpose,
    cast(TrailLine.opened, Text).label("opened"),
    cast(TrailLine.basis, Text).label("basis"),
)
"""Lines of one day that agree in these differ in nothing but the time of day."""


def _seen_line(group: list[Any], numbers: dict[str, str], me: Actor) -> SeenLine:
    newest = group[0]
    return SeenLine(
        at=newest.at,
        times=len(group),
        person=newest.user_name,
        organization=newest.organization_name,
        what=words.what(newest.event, newest.subject, json.loads(newest.opened)),
        purpose=words.purpose(newest.purpose),
        papers=_numbered(json.loads(newest.basis), numbers),
        outside=newest.organization_id != me.organization_id,
    )


def _numbers(
    session: Session, me: Actor, bases: Iterable[list[str]], about: uuid.UUID | None = None
) -> dict[str, str]:
    ids = {paper for basis in bases for paper in basis}
    return {paper.id: paper.number for paper in papers(session, me, ids, about)}


def _numbered(basis: list[str], numbers: dict[str, str]) -> tuple[str, ...]:
    return tuple(sorted({numbers[paper] for paper in basis if paper in numbers}))


# The trail


@dataclass(frozen=True)
class TrailFilter:
    """What a reader of the trail wants to see. allowed None: both; typed: part of a name.

    until: before this instant. person: everything they did; student: everything about them.
    """

    kind: Kind = Kind.DISCLOSURES
    allowed: bool | None = None
    since: datetime | None = None
    typed: str = ""
    until: datetime | None = None
    person: uuid.UUID | None = None
    student: uuid.UUID | None = None


@dataclass(frozen=True)
class TrailRow:
    """One line of the trail in words. students: a few of them; more: how many besides.

    place: from where, by the sign-in: address and browser; empty where there was no browser.
    """

    at: datetime
    students: tuple[str, ...]
    more: int
    person: str
    organization: str
    what: str
    why: str
    allowed: bool
    place: str = ""


@dataclass(frozen=True)
class TrailPage:
    """One page of the trail, its number, and how many lines and pages the filter finds.

    total: at most MOST_COUNTED; more: there are older ones, which a narrower filter finds.
    """

    rows: tuple[TrailRow, ...]
    number: int
    total: int
    pages: int
    more: bool = False


def trail_page(
    session: Session, me: Actor, wanted: TrailFilter, at: datetime, page: int = 1
) -> TrailPage:
    """One page (from 1, at most the last) of the trail of the reader's own district, newest first.

    Its own people's lines, and everybody's about its students. Students are named
    as far as the reader's level reaches. Reading is itself a line of the trail. Lines are counted
    up to MOST_COUNTED: to count a million of them took seconds, and nobody leafs through them.
    """
    me.may(Task.READ_TRAIL).or_refuse()
    trail.write(session, me, _reading(wanted, at, page))
    trail.settle(session)
    conditions = _conditions(me, wanted, at)
    found = _narrowed(select(TrailLine.id), wanted).where(*conditions).limit(MOST_COUNTED + 1)
    every = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    total = min(every, MOST_COUNTED)
    pages = max(1, -(-total // PAGE))
    number = min(max(1, page), pages)
    lines = session.scalars(
        _narrowed(select(TrailLine), wanted)
        .where(*conditions)
        .order_by(TrailLine.at.desc(), TrailLine.id.desc())
        .offset(PAGE * (number - 1))
        .limit(PAGE)
    ).all()
    numbers = _numbers(session, me, [line.basis for line in lines])
    named = _named(session, me, [line.id for line in lines], at)
    places = _places(session, lines)
    rows = tuple(_trail_row(line, numbers, named[line.id], places) for line in lines)
    return TrailPage(rows, number, total, pages, more=every > total)


def _reading(wanted: TrailFilter, at: datetime, page: int) -> trail.Entry:
    # What was typed may be a student's name, so it is only told that something was.
    detail: dict[str, Any] = {"page": page, "searched": bool(wanted.typed.strip())}
    if wanted.person is not None:
        detail["person"] = str(wanted.person)
    about = (wanted.student,) if wanted.student is not None else ()
    return trail.Entry("trail.read", True, at, about, subject=wanted.kind, detail=detail)


def _narrowed(lines: Select[Any], wanted: TrailFilter) -> Select[Any]:
    """To one student from their own lines: an engine would else walk the whole trail."""
    if wanted.student is None:
        return lines
    return lines.join(TrailStudent, TrailStudent.line_id == TrailLine.id).where(
        TrailStudent.student_id == wanted.student
    )


def _places(session: Session, lines: Sequence[TrailLine]) -> dict[str, str]:
    """From where each sign-in came that these lines name: its address, and the browser."""
    named = {str(line.detail[trail.SESSION]) for line in lines if trail.SESSION in line.detail}
    if not named:
        return {}
    found = session.scalars(
        select(UserSession).where(UserSession.id.in_([uuid.UUID(key) for key in named]))
    )
    return {str(row.id): words.place(row.address, row.agent) for row in found}


def _conditions(me: Actor, wanted: TrailFilter, at: datetime) -> list[Condition]:
    conditions = [_of_my_district(me), _of_kind(me, wanted.kind)]
    if wanted.allowed is not None:
        conditions.append(TrailLine.allowed == wanted.allowed)
    if wanted.since is not None:
        conditions.append(TrailLine.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(TrailLine.at < wanted.until)
    if wanted.person is not None:
        conditions.append(TrailLine.user_id == wanted.person)
    if typed := wanted.typed.strip():
        conditions.append(_about(me, typed, at))
    return conditions


def _of_my_district(me: Actor) -> Condition:
    about_a_student = exists(
        select(TrailStudent.line_id)
        .join(Student, Student.id == TrailStudent.student_id)
        .where(TrailStudent.line_id == TrailLine.id, Student.district_id == me.organization_id)
    )
    return or_(TrailLine.organization_id == me.organization_id, about_a_student)


def _of_kind(me: Actor, kind: Kind) -> Condition:
    starts = words.KIND_EVENTS[kind]
    so_called = or_(*(TrailLine.event.startswith(start) for start in starts)) if starts else true()
    if kind is not Kind.DISCLOSURES:
        return so_called
    return and_(so_called, TrailLine.organization_id.is_distinct_from(me.organization_id))


def _about(me: Actor, typed: str, at: datetime) -> Condition:
    """A person or organization so called, or a student whom the reader may see by name."""
    people = [
        TrailLine.user_name.icontains(typed, autoescape=True),
        TrailLine.organization_name.icontains(typed, autoescape=True),
    ]
    if how_to_name(me.level, reached=True) is not Naming.NAME:
        return or_(*people)
    called = (
        select(TrailStudent.line_id)
        .join(Student, Student.id == TrailStudent.student_id)
        .where(Student.search_name.contains(fold(typed), autoescape=True), visible.students(me, at))
    )
    return or_(*people, TrailLine.id.in_(called))


def trail_as_table(session: Session, me: Actor, span: Span, at: datetime) -> Table:
    """All lines of these days, oldest first, as `trail_page` tells them: to be taken out."""
    me.may(Task.READ_TRAIL).or_refuse()
    wanted = TrailFilter(Kind.EVERYTHING, since=span.start)
    conditions = [*_conditions(me, wanted, at), TrailLine.at < span.end]
    lines = session.scalars(
        select(TrailLine)
        .where(*conditions)
        .order_by(TrailLine.at, TrailLine.id)
        .limit(MOST_ROWS + 1)
    ).all()
    numbers = _numbers(session, me, [line.basis for line in lines])
    ids = [line.id for line in lines]
    named = _named(session, me, ids, at)
    places = _places(session, lines)
    rows = [_trail_row(line, numbers, named[line.id], places) for line in lines]
    return Table(
        columns=("When", "Students", "And more", "By", "Organization", "What", "Answer", "Why"),
        rows=[_told(row, me) for row in rows],
        students=_by_name(session, me, ids, at),
    )


def _told(row: TrailRow, me: Actor) -> list[str]:
    local = row.at.astimezone(ZoneInfo(me.tz))
    return [
        f"{local:%Y-%m-%d %H:%M}",
        "; ".join(row.students),
        str(row.more or ""),
        row.person,
        row.organization,
        row.what,
        "Allowed" if row.allowed else "Refused",
        row.why,
    ]


def _by_name(
    session: Session, me: Actor, lines: Sequence[int], at: datetime
) -> frozenset[uuid.UUID]:
    """The students whom these lines name to this reader."""
    if how_to_name(me.level, reached=True) is not Naming.NAME:
        return frozenset()
    found = (
        select(TrailStudent.student_id)
        .join(Student, Student.id == TrailStudent.student_id)
        .where(TrailStudent.line_id.in_(lines), visible.students(me, at))
    )
    return frozenset(session.scalars(found.distinct()))


Named = tuple[tuple[str, ...], int]


def _named(session: Session, me: Actor, lines: Sequence[int], at: datetime) -> dict[int, Named]:
    """Of each line the first few students, as the reader may know them, and how many more."""
    ranked = _ranked(me, lines, at).subquery()
    rows = session.execute(
        select(ranked)
        .where(ranked.c.place <= NAMED_AT_MOST)
        .order_by(ranked.c.line_id, ranked.c.place)
    )
    named: dict[int, Named] = dict.fromkeys(lines, ((), 0))
    for row in rows:
        names = (*named[row.line_id][0], _called(me, row))
        named[row.line_id] = (names, row.every - len(names))
    return named


def _ranked(me: Actor, lines: Sequence[int], at: datetime) -> Select[Any]:
    """The students of my district on these lines, numbered by name within each line."""
    by_line = TrailStudent.line_id
    by_name = (Student.search_name, Student.id)
    return (
        select(
            TrailStudent.line_id,
            (Student.given_name + " " + Student.family_name).label("name"),
            func.substr(Student.sasid, 7).label("tail"),
            visible.students(me, at).label("reached"),
            func.row_number().over(partition_by=by_line, order_by=by_name).label("place"),
            func.count().over(partition_by=by_line).label("every"),
        )
        .join(Student, Student.id == TrailStudent.student_id)
        .where(TrailStudent.line_id.in_(lines), Student.district_id == me.organization_id)
    )


def _called(me: Actor, row: Any) -> str:
    match how_to_name(me.level, reached=row.reached):
        case Naming.NAME:
            return str(row.name)
        case Naming.NUMBER if row.tail:
            return f"Student ··{row.tail}"
        case _:
            return "A student"


def _trail_row(
    line: TrailLine, numbers: dict[str, str], named: Named, places: dict[str, str]
) -> TrailRow:
    grounds = [words.purpose(line.purpose), ", ".join(_numbered(line.basis, numbers))]
    return TrailRow(
        at=line.at,
        students=named[0],
        more=named[1],
        person=line.user_name,
        organization=line.organization_name,
        what=words.what(line.event, line.subject, line.opened),
        why=": ".join(filter(None, grounds)) if line.allowed else words.reasons(line.codes),
        allowed=line.allowed,
        place=places.get(str(line.detail.get(trail.SESSION)), ""),
    )
