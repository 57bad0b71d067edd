"""Lists of students, narrowed in SQL to whom the person may see, and noted in the trail."""

from __future__ import annotations

import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal.access import grounds, trail, visible
from portal.access.actor import Actor
from portal.store.people import Enrollment, Student
from portal.store.places import School

MOST = 1000


@dataclass(frozen=True)
class StudentLine:
    """A student as a list shows them."""

    id: uuid.UUID
    family_name: str
    given_name: str
    grade: str
    school: str
    sasid_tail: str

    @property
    def label(self) -> str:
        """What the picker shows and what typing is compared with."""
        tail = f" · {self.sasid_tail}" if self.sasid_tail else ""
        return f"{self.family_name}, {self.given_name} · grade {self.grade}{tail}"


def fold(text: str) -> str:
    """Lower case without accents or doubled spaces: what names are compared by.

    Nor the character NUL, which no PostgreSQL text can hold.
    """
    plain = unicodedata.normalize("NFKD", text.replace("\0", ""))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())


def my_students(
    session: Session, me: Actor, at: datetime, typed: str = "", most: int = MOST
) -> list[StudentLine]:
    """Students of my own district within my reach, by name; `typed` narrows by prefix.

    typed: the beginning of a last name, a first name, or a whole SASID, by which hidden
    students are found too.
    """
    found = _lines(session, [_mine(me, typed, at)], at, most)
    trail.write(session, me, trail.Entry("students.listed", True, at, detail={"count": len(found)}))
    return found


def readable_students(session: Session, me: Actor, at: datetime) -> list[StudentLine]:
    """Students whose page I may open: those of `my_students`, and those of a written grant."""
    mine = or_(visible.students(me, at), visible.students_by_grant(me, at))
    found = _lines(session, [mine], at, MOST)
    trail.write(session, me, trail.Entry("students.listed", True, at, detail={"count": len(found)}))
    return found


def shared_students(
    session: Session, me: Actor, purpose: str, at: datetime, most: int = MOST
) -> list[StudentLine]:
    """Students of whom another organization's records are open to me, by name.

    This is a disclosure, so the trail line names each of them and the papers that open them.
    """
    found = _lines(session, [visible.shared_students(me, purpose, at)], at, most)
    listed = tuple(line.id for line in found)
    entry = trail.Entry(
        "students.listed_across",
        True,
        at,
        listed,
        purpose=purpose,
        opened=["identity"],
        basis=grounds.of_students(session, me, purpose, listed, at),
    )
    trail.write(session, me, entry)
    return found


def _mine(me: Actor, typed: str, at: datetime) -> ColumnElement[bool]:
    wanted = fold(typed)
    if not wanted:
        return visible.students(me, at)
    named = or_(
        Student.search_name.startswith(wanted, autoescape=True),
        Student.search_given.startswith(wanted, autoescape=True),
    )
    return or_(
        and_(named, visible.students(me, at)),
        and_(Student.sasid == wanted, visible.students_by_number(me, at)),
    )


def _lines(
    session: Session, conditions: list[ColumnElement[bool]], at: datetime, most: int
) -> list[StudentLine]:
    school = (
        select(School.name)
        .join(Enrollment, Enrollment.school_id == School.id)
        .where(Enrollment.student_id == Student.id, Enrollment.starts_at <= at)
        .order_by(Enrollment.starts_at.desc(), Enrollment.id)
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Student, school)
        .where(*conditions)
        .order_by(Student.search_name, Student.id)
        .limit(most)
    )
    return [
        StudentLine(
            id=student.id,
            family_name=student.family_name,
            given_name=student.given_name,
            grade=student.grade,
            school=name or "",
            sasid_tail=(student.sasid or "")[-4:],
        )
        for student, name in rows
    ]
