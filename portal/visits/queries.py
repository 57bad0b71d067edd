"""What a page asks about visits, narrowed to what the person may open."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from portal.access import trail, visible
from portal.access.actor import Actor
from portal.access.words import Words, words_of
from portal.policy.spans import local_midnight
from portal.store.people import Enrollment, Relation, Student
from portal.store.places import School
from portal.store.records import Record, Referral, Visit, VisitNote, VisitServiceLine
from portal.store.support import DataAnswer, FollowUp, FormDraft, Tally
from portal.vocabulary import Attendance, Category, Purpose, RelationKind, WordList

RECENT = 8
LOOKED_AT = 100
MOST = 200
NOT_SORTED = "Not sorted"


@dataclass(frozen=True)
class VisitLine:
    """A visit of mine, as a list shows it. purpose: as the district calls it."""

    visit_id: uuid.UUID
    student: str
    purpose: str
    minutes: int
    began: datetime
    referred: bool
    attendance: Attendance = Attendance.ATTENDED
    group: bool = False


@dataclass(frozen=True)
class Use:
    """Minutes of one kind of use of time (ASCA), and their share of all my minutes, 0 to 1."""

    label: str
    minutes: int
    share: float


@dataclass(frozen=True)
class Week:
    """My visits since Monday: how many, how many minutes, and minutes by purpose, most first.

    by_use: the same minutes by ASCA category, as the district sorts its purposes.
    """

    visits: int
    minutes: int
    by_purpose: tuple[tuple[str, int], ...]
    by_use: tuple[Use, ...] = ()


@dataclass(frozen=True)
class FollowUpLine:
    """A follow-up of mine that is still to do."""

    id: uuid.UUID
    student_id: uuid.UUID
    student: str
    due_on: date
    about: str


@dataclass(frozen=True)
class Unsaved:
    """A visit that I began and have not saved. key: its form's."""

    key: str
    saved_at: datetime


@dataclass(frozen=True)
class TallyLine:
    """One count of screenings without names, by me."""

    id: uuid.UUID
    on: date
    tool: str
    grade: str
    counts: tuple[int, int, int, int]
    written_at: datetime


def logged_today(session: Session, me: Actor, at: datetime) -> list[VisitLine]:
    """My visits written down today, the last one first, whenever they took place."""
    midnight = local_midnight(at.astimezone(ZoneInfo(me.tz)).date(), me.tz)
    referred = exists(select(Referral.record_id).where(Referral.visit_id == Visit.record_id))
    of_today = session.scalars(_my_own(me).where(Record.written_at >= midnight)).all()
    rows = session.execute(
        select(Visit, Record.event_at, Student, referred)
        .join(Record, Record.id == Visit.record_id)
        .join(Student, Student.id == Record.student_id)
        .where(Record.id.in_(of_today), *_mine(me, at))
        .order_by(Record.written_at.desc(), Record.id)
    ).all()
    students = tuple(student.id for _visit, _began, student, _referred in rows)
    opened = [Category.VISITS, Category.IDENTITY]
    entry = trail.Entry("visit.listed", True, at, students, Purpose.COORDINATE, opened=opened)
    trail.write(session, me, entry)
    words = words_of(session, me.organization_id)
    return [
        VisitLine(
            visit_id=visit.record_id,
            student=f"{student.family_name}, {student.given_name}",
            purpose=words.label(WordList.VISIT_PURPOSE, visit.purpose),
            minutes=visit.minutes,
            began=began,
            referred=sent,
            attendance=visit.attendance,
            group=visit.group_id is not None,
        )
        for visit, began, student, sent in rows
    ]


def my_week(session: Session, me: Actor, at: datetime) -> Week:
    """My own visits since Monday; nobody else's, and no student."""
    today = at.astimezone(ZoneInfo(me.tz)).date()
    monday = local_midnight(today - timedelta(days=today.weekday()), me.tz)
    minutes = func.sum(Visit.minutes)
    rows = session.execute(
        select(Visit.purpose, func.count(), minutes)
        .join(Record, Record.id == Visit.record_id)
        .where(*_mine(me, at), Record.event_at >= monday, Record.event_at <= at)
        .group_by(Visit.purpose)
        .order_by(minutes.desc(), Visit.purpose)
    ).all()
    words = words_of(session, me.organization_id)
    by_purpose = [(purpose, total) for purpose, _count, total in rows]
    return Week(
        visits=sum(count for _purpose, count, _sum in rows),
        minutes=sum(total for _purpose, total in by_purpose),
        by_purpose=tuple(
            (words.label(WordList.VISIT_PURPOSE, purpose), total) for purpose, total in by_purpose
        ),
        by_use=_by_use(by_purpose, words),
    )


def _by_use(by_purpose: list[tuple[str, int]], words: Words) -> tuple[Use, ...]:
    asca = {word.code: word.asca for word in words.all(WordList.VISIT_PURPOSE)}
    minutes: Counter[str] = Counter()
    for purpose, total in by_purpose:
        minutes[asca.get(purpose) or NOT_SORTED] += total
    every = minutes.total() or 1
    ordered = sorted(minutes.items(), key=lambda both: (-both[1], both[0]))
    return tuple(Use(label, total, total / every) for label, total in ordered)


def recent_students(session: Session, me: Actor, at: datetime) -> list[uuid.UUID]:
    """The students I saw last, the last one first.

    Only my newest visits are looked at, so that it costs the same after ten years.
    """
    newest = _my_own(me).order_by(Record.event_at.desc(), Record.id).limit(LOOKED_AT)
    last = func.max(Record.event_at)
    rows = session.scalars(
        select(Record.student_id)
        .join(Visit, Visit.record_id == Record.id)
        .where(Record.id.in_(session.scalars(newest).all()), *_mine(me, at))
        .group_by(Record.student_id)
        .order_by(last.desc(), Record.student_id)
        .limit(RECENT)
    )
    return list(rows)


def follow_ups_due(session: Session, me: Actor, at: datetime) -> list[FollowUpLine]:
    """My follow-ups that are due today or overdue, the oldest first."""
    today = at.astimezone(ZoneInfo(me.tz)).date()
    rows = session.execute(
        select(FollowUp, Student)
        .join(Student, Student.id == FollowUp.student_id)
        .where(
            FollowUp.staff_id == me.id,
            FollowUp.done_at.is_(None),
            FollowUp.dropped_at.is_(None),
            FollowUp.due_on <= today,
            visible.students(me, at),
        )
        .order_by(FollowUp.due_on, Student.search_name, FollowUp.id)
        .limit(MOST)
    ).all()
    if rows:
        students = tuple(dict.fromkeys(student.id for _row, student in rows))
        opened = [Category.IDENTITY]
        entry = trail.Entry("follow_up.listed", True, at, students, opened=opened)
        trail.write(session, me, entry)
    return [
        FollowUpLine(
            id=row.id,
            student_id=student.id,
            student=f"{student.family_name}, {student.given_name}",
            due_on=row.due_on,
            about=row.about,
        )
        for row, student in rows
    ]


def newest_draft(session: Session, me: Actor, form: str) -> FormDraft | None:
    """The newest of my own unsaved forms whose name begins so; nobody reads another's."""
    return session.scalar(
        select(FormDraft)
        .where(FormDraft.user_id == me.id, FormDraft.form.startswith(form, autoescape=True))
        .order_by(FormDraft.saved_at.desc(), FormDraft.id)
        .limit(1)
    )


def draft_of(session: Session, me: Actor, form: str) -> FormDraft | None:
    """My own unsaved form of this name."""
    mine = (FormDraft.user_id == me.id, FormDraft.form == form)
    return session.scalar(select(FormDraft).where(*mine))


def drafts_before(session: Session, me: Actor, form: str, at: datetime) -> list[FormDraft]:
    """My own unsaved forms whose name begins so, last touched before `at`."""
    begins = FormDraft.form.startswith(form, autoescape=True)
    rows = session.scalars(
        select(FormDraft)
        .where(FormDraft.user_id == me.id, begins, FormDraft.saved_at < at)
        .order_by(FormDraft.id)
    )
    return list(rows)


def my_tallies(session: Session, me: Actor, since: date) -> list[TallyLine]:
    """My own counts of screenings since this day, the newest first; no student is in them."""
    rows = session.scalars(
        select(Tally)
        .where(Tally.staff_id == me.id, Tally.removed_at.is_(None), Tally.on >= since)
        .order_by(Tally.on.desc(), Tally.written_at.desc(), Tally.id)
    )
    return [
        TallyLine(
            id=row.id,
            on=row.on,
            tool=row.tool,
            grade=row.grade,
            counts=(row.screened, row.positive, row.intervened, row.referred),
            written_at=row.written_at,
        )
        for row in rows
    ]


def schools(session: Session, me: Actor) -> list[tuple[uuid.UUID, str]]:
    """The schools of my district, by name."""
    rows = session.execute(
        select(School.id, School.name)
        .where(School.district_id == me.organization_id)
        .order_by(School.name, School.id)
    )
    return [(school_id, name) for school_id, name in rows]


def first_students(session: Session, me: Actor, at: datetime) -> list[uuid.UUID]:
    """Whom a list offers first: the students I saw last, then those whom I serve."""
    return list(dict.fromkeys([*recent_students(session, me, at), *caseload(session, me, at)]))


def caseload(session: Session, me: Actor, at: datetime) -> list[uuid.UUID]:
    """The students whom I serve now, by name; they come first where I may see more."""
    ended = Relation.ends_at.is_not(None) & (Relation.ends_at <= at)
    rows = session.scalars(
        select(Student.id)
        .join(Relation, Relation.student_id == Student.id)
        .where(
            Relation.user_id == me.id,
            Relation.kind.in_([RelationKind.COUNSELOR, RelationKind.SERVICE]),
            Relation.starts_at <= at,
            ~ended,
            visible.students(me, at),
        )
        .order_by(Student.search_name, Student.id)
    )
    return list(dict.fromkeys(rows))


def time_in_school(
    session: Session, student_id: uuid.UUID
) -> tuple[datetime | None, datetime | None]:
    """When the student first entered a school of the district, and when they left the last one.

    The first is None when no roster says; the second also while an enrollment goes on.
    """
    entered, left, going_on = session.execute(
        select(
            func.min(Enrollment.starts_at),
            func.max(Enrollment.ends_at),
            func.count() - func.count(Enrollment.ends_at),
        ).where(Enrollment.student_id == student_id)
    ).one()
    return entered, None if going_on else left


def group_visits(session: Session, group_id: uuid.UUID) -> list[uuid.UUID]:
    """The visits of one group session, for the verbs of this room."""
    rows = session.scalars(
        select(Visit.record_id).where(Visit.group_id == group_id).order_by(Visit.record_id)
    )
    return list(rows)


def note_of(session: Session, visit_id: uuid.UUID) -> VisitNote | None:
    """The note of a visit, for the verbs of this room; pages read notes through the gate."""
    return session.scalar(select(VisitNote).where(VisitNote.visit_id == visit_id))


def parts_of(session: Session, visit_id: uuid.UUID) -> list[uuid.UUID]:
    """The records that hang on a visit: its note, the answers to the district's questions."""
    notes = select(VisitNote.record_id).where(VisitNote.visit_id == visit_id)
    answers = select(DataAnswer.record_id).where(DataAnswer.visit_id == visit_id)
    return list(session.scalars(notes.union_all(answers)))


def planned_with(session: Session, visit_id: uuid.UUID) -> list[FollowUp]:
    """The follow-ups that were planned with a visit."""
    rows = select(FollowUp).where(FollowUp.visit_id == visit_id).order_by(FollowUp.id)
    return list(session.scalars(rows))


def services_of(session: Session, visit_id: uuid.UUID) -> tuple[str, ...]:
    """The codes of the services of a visit, sorted; for the verbs of this room, as its note."""
    rows = session.scalars(
        select(VisitServiceLine.service)
        .where(VisitServiceLine.visit_id == visit_id)
        .order_by(VisitServiceLine.service)
    )
    return tuple(rows)


def _my_own(me: Actor) -> Select[uuid.UUID]:
    """The keys of my own visits, from my side of the shelf; the gate is asked about them next.

    An uncorrelated list: the database then begins with my visits, not with everybody's records.
    """
    mine = select(Visit.record_id).where(Visit.staff_id == me.id)
    return select(Record.id).where(Record.id.in_(mine))


def _mine(me: Actor, at: datetime) -> tuple[ColumnElement[bool], ...]:
    opened = visible.records(me, Purpose.COORDINATE, at, kinds=[Category.VISITS])
    return (Visit.staff_id == me.id, opened)
