"""Which lines of the trail are about a district's students, and whom a partner has by a referral.

For going over what partners' people do: it answers in conditions and keys, and names nobody.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from portal.store.ledger import TrailLine, TrailStudent
from portal.store.people import Student
from portal.store.records import Record, Referral
from portal.vocabulary import ReferralStatus

NO_REFERRAL = (ReferralStatus.DRAFT, ReferralStatus.ENTERED_IN_ERROR)


def about(district_id: uuid.UUID) -> ColumnElement[bool]:
    """Is the line about a student of this district? Asked of the line's own few students."""
    somebody, student = aliased(TrailStudent), aliased(Student)
    return (
        exists(somebody.line_id)
        .where(
            somebody.line_id == TrailLine.id,
            somebody.student_id == student.id,
            student.district_id == district_id,
        )
        .correlate(TrailLine)
    )


def is_of(district_id: uuid.UUID) -> ColumnElement[bool]:
    """Is this student of a line one of the district's?"""
    return (
        exists(Student.id)
        .where(Student.id == TrailStudent.student_id, Student.district_id == district_id)
        .correlate(TrailStudent)
    )


def referred(
    session: Session, agencies: Collection[uuid.UUID], students: Collection[uuid.UUID]
) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """Which of these students (the second) were ever referred to which of these agencies."""
    rows = session.execute(
        select(Referral.agency_id, Record.student_id)
        .join(Record, Record.id == Referral.record_id)
        .where(
            Referral.agency_id.in_(agencies),
            Record.student_id.in_(students),
            Referral.status.not_in(NO_REFERRAL),
        )
    )
    return {(agency, student) for agency, student in rows if agency is not None}
