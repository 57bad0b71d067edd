"""What is no longer to be kept, and its destruction, for the kinds that can go wholly.

The same rule as `policy.keeping.may_destroy`, told a second time as a query; a property test
holds the two together. Only `retaining.destroying` calls `take`: it has authorized two people.
Counts name nobody; what is taken is told by ids, for the ledger and the certificate.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    delete,
    extract,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import Session

from portal.access import holds
from portal.access.sql import there_is
from portal.policy.keeping import Line, latest_event
from portal.policy.spans import midnight_after
from portal.store.accounts import Invitation, UserSession
from portal.store.ledger import IdempotencyKey
from portal.store.oversight import AccessRequest, AccessRequestStudent
from portal.store.people import Enrollment, Student, User
from portal.store.records import (
    Record,
    Referral,
    ReferralLink,
    Visit,
    VisitNote,
    VisitServiceLine,
)
from portal.store.support import AmendmentRequest, Correction, DataAnswer, FollowUp, FormDraft
from portal.vocabulary import RequestStatus

Condition = ColumnElement[bool]
AT_ONCE = 500


@dataclass(frozen=True)
class Where:
    """Whose data, by which line of the schedule, as of when, in which zone."""

    organization_id: uuid.UUID
    tz: str
    line: Line
    today: date
    at: datetime

    @property
    def before(self) -> datetime | None:
        """What ended or was written before this instant is due; None: nothing ever is."""
        day = latest_event(self.line, self.today)
        return None if day is None else midnight_after(day, self.tz)


@dataclass(frozen=True)
class Taken:
    """What was destroyed: ids of the rows by table, and the students of whom something was."""

    ids: dict[str, tuple[uuid.UUID | str, ...]]
    students: tuple[uuid.UUID, ...] = ()

    @property
    def count(self) -> int:
        """How many rows that is."""
        return sum(len(keys) for keys in self.ids.values())


def by_year(session: Session, where: Where) -> dict[int, int]:
    """How much of this kind is due now, by the year in which it was written or happened."""
    found: dict[int, int] = {}
    for _name, when, due in _due(where):
        year = extract("year", when)
        rows = session.execute(due.with_only_columns(year, func.count()).group_by(year))
        for key, count in rows:
            found[int(key)] = found.get(int(key), 0) + count
    return dict(sorted(found.items()))


def take(session: Session, where: Where) -> Taken:
    """Destroy what is due of this kind, for ever."""
    if where.line.code == SUPPORT:
        return _take_visits(session, where)
    taken = {}
    for name, _when, due in _due(where):
        table, key, _instant = TABLES[name]
        ids = session.scalars(due.with_only_columns(key)).all()
        for some in _some(ids):
            session.execute(delete(table).where(key.in_(some)))
        taken[name] = tuple(sorted(ids))
    return Taken(taken)


SUPPORT, VISIT = "support", "visit"
TABLES: dict[str, tuple[Any, Any, Any]] = {
    "user_session": (UserSession, UserSession.id, UserSession.started_at),
    "invitation": (Invitation, Invitation.id, Invitation.made_at),
    "referral_link": (ReferralLink, ReferralLink.id, ReferralLink.made_at),
    "form_draft": (FormDraft, FormDraft.id, FormDraft.saved_at),
    "idempotency_key": (IdempotencyKey, IdempotencyKey.key, IdempotencyKey.at),
}
"""Each with its key, and the instant that counts."""

Due = tuple[str, Any, Select[Any]]


def _due(where: Where) -> Sequence[Due]:
    """For each table of the kind: its name, the instant that counts, and what is due of it."""
    before = where.before
    if before is None or not where.line.destroyed:
        return []
    if where.line.code == SUPPORT:
        return [(VISIT, Record.event_at, select(Record).where(*_visits(where, before)))]
    free = not_(holds.covers_everything(where.organization_id))
    ours = select(User.id).where(User.organization_id == where.organization_id)
    over = where.at
    kinds: dict[str, dict[str, list[Condition]]] = {
        "sign_ins": {
            "user_session": [
                UserSession.user_id.in_(ours),
                or_(UserSession.ended_at <= over, UserSession.expires_at <= over),
            ],
        },
        "links": {
            "invitation": [
                Invitation.user_id.in_(ours),
                or_(Invitation.used_at.is_not(None), Invitation.expires_at <= over),
            ],
            "referral_link": [
                _referral_is_ours(where),
                or_(ReferralLink.used_at.is_not(None), ReferralLink.expires_at <= over),
            ],
        },
        "drafts": {
            "form_draft": [FormDraft.user_id.in_(ours)],
            "idempotency_key": [IdempotencyKey.user_id.in_(ours)],
        },
    }
    found = []
    for name, conditions in kinds[where.line.code].items():
        table, _key, when = TABLES[name]
        found.append((name, when, select(table).where(free, when < before, *conditions)))
    return found


def _referral_is_ours(where: Where) -> Condition:
    """A referral of ours, and of nobody on whom a hold stands."""
    return there_is(
        Record,
        where=[
            Record.id == ReferralLink.referral_id,
            Record.custodian_id == where.organization_id,
            not_(holds.covers(where.organization_id, Record.student_id)),
        ],
    )


def _visits(where: Where, before: datetime) -> list[Condition]:
    """Conditions on Record: a visit of ours that may go, with its note and answers."""
    return [
        Record.custodian_id == where.organization_id,
        Record.id.in_(select(Visit.record_id)),
        Record.student_id.in_(_left(before)),
        not_(holds.covers(where.organization_id, Record.student_id)),
        Record.student_id.not_in(_asked()),
        *_unreferred(),
    ]


def _left(before: datetime) -> Select[uuid.UUID]:
    """Students who left the district before then, and have not come back."""
    enrolled = select(Enrollment.student_id).where(Enrollment.ends_at.is_(None))
    last = (
        select(func.max(Enrollment.ends_at))
        .where(Enrollment.student_id == Student.id)
        .scalar_subquery()
    )
    return select(Student.id).where(
        Student.id.not_in(enrolled), func.coalesce(last, Student.missing_since) <= before
    )


def _asked() -> CompoundSelect[uuid.UUID]:
    """Students about whom a request is open (34 CFR 99.10(e)): to amend, or in writing."""
    undecided = or_(
        AmendmentRequest.decision.is_(None),
        and_(
            AmendmentRequest.hearing_asked_on.is_not(None),
            AmendmentRequest.hearing_decision.is_(None),
        ),
    )
    return (
        select(AmendmentRequest.student_id)
        .where(undecided)
        .union(
            select(AccessRequestStudent.student_id)
            .join(AccessRequest, AccessRequest.id == AccessRequestStudent.request_id)
            .where(AccessRequest.status == RequestStatus.SUBMITTED)
        )
    )


def _unreferred() -> list[Condition]:
    """Nothing that never changes refers to the visit or to a part of it."""
    found = []
    for table in (Correction, AmendmentRequest):
        of_note = there_is(
            table,
            (VisitNote, VisitNote.record_id == table.record_id),
            where=[VisitNote.visit_id == Record.id],
        )
        of_answer = there_is(
            table,
            (DataAnswer, DataAnswer.record_id == table.record_id),
            where=[DataAnswer.visit_id == Record.id],
        )
        found.append(not_(or_(there_is(table, where=[table.record_id == Record.id]),
                              of_note, of_answer)))  # fmt: skip
    return [*found, not_(there_is(Referral, where=[Referral.visit_id == Record.id]))]


def _take_visits(session: Session, where: Where) -> Taken:
    rows = [
        row
        for _name, _when, due in _due(where)
        for row in session.execute(due.with_only_columns(Record.id, Record.student_id))
    ]
    gone = [key for key, _student in rows]
    for some in _some(gone):
        _take_some_visits(session, some)
    about = tuple(sorted({student for _key, student in rows}))
    return Taken({VISIT: tuple(sorted(gone))}, about)


def _take_some_visits(session: Session, ids: Sequence[Any]) -> None:
    parts = [
        *session.scalars(select(VisitNote.record_id).where(VisitNote.visit_id.in_(ids))),
        *session.scalars(select(DataAnswer.record_id).where(DataAnswer.visit_id.in_(ids))),
    ]
    for table, column, keys in (
        (VisitServiceLine, VisitServiceLine.visit_id, ids),
        (VisitNote, VisitNote.visit_id, ids),
        (DataAnswer, DataAnswer.visit_id, ids),
        (FollowUp, FollowUp.visit_id, ids),
        (Visit, Visit.record_id, ids),
        (Record, Record.id, [*ids, *parts]),
    ):
        session.execute(delete(table).where(column.in_(keys)))


def _some(ids: Sequence[Any]) -> list[Sequence[Any]]:
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
