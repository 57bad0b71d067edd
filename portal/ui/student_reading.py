"""All that a student's page shows, read in one transaction; what is closed is not read."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from portal.access import gate
from portal.access.actor import Actor
from portal.access.gate import OpenedRecord
from portal.access.onlookers import Onlooker, who_can_see
from portal.access.partners import in_force_with
from portal.access.unit_of_work import unit_of_work
from portal.consents.queries import ConsentView, consents_of_student
from portal.monitoring import queries as monitoring
from portal.monitoring.queries import Emergency
from portal.policy.papers import may_list_consents
from portal.policy.tasks import Task
from portal.referrals import queries as referrals
from portal.referrals.queries import ReferralLine
from portal.stewardship.accounting.rows import Holder
from portal.stewardship.accounting.service import holders
from portal.stewardship.queries import SeenLine, seen_by
from portal.supports import history, services
from portal.supports import queries as supports
from portal.supports.queries import Mark, Supports
from portal.ui import when
from portal.ui.student_acts import Page
from portal.vocabulary import Purpose
from portal.written_requests import queries as requests


@dataclass(frozen=True)
class Told:
    """What of a student is open to one person now. seen, signed: None where they may not know.

    by_grant: by a grant or an emergency alone, so that they read, and do nothing else.
    granted: the reader's own requests by which some of it is open to them, and their last days.
    """

    record: OpenedRecord
    waiting: list[ReferralLine]
    marks: dict[uuid.UUID, Mark]
    folded_before: date
    page: Page
    partners_in_force: dict[str, date | None]
    family: list[Holder]
    onlookers: tuple[Onlooker, ...]
    seen: list[SeenLine] | None
    emergencies: list[Emergency]
    by_grant: bool
    signed: list[ConsentView] | None
    granted: tuple[tuple[str, date | None], ...] = ()

    @property
    def supports(self) -> Supports:
        """Services, needs and strengths."""
        return self.page.supports


def read(me: Actor, student_id: uuid.UUID, now: datetime) -> Told:
    """Raises NotFound for a student of whom nothing is open to this person."""
    with unit_of_work() as session:
        record = gate.open_record(session, me, student_id, Purpose.COORDINATE, now)
        # Whoever sees the student by a grant alone, or in an emergency, sees the record alone.
        sees = gate.reaches(session, me, student_id, Task.SEE_OPENINGS, now)
        lists_consents = bool(may_list_consents(me.role, me.level)) and gate.reaches(
            session, me, student_id, Task.RECORD_CONSENT, now
        )
        today = when.local_day(now, me.tz)
        keeps = bool(me.may(Task.KEEP_SUPPORTS))
        page = Page(
            student_id=student_id,
            supports=supports.supports_of(session, me, record, now),
            partners=supports.partners(session, me, now) if keeps else {},
            today=today,
            usual_end=services.usual_end(session, me, today),
            language=record.student.language,
        )
        return Told(
            record=record,
            waiting=referrals.of_student(session, me, student_id, now),
            marks=supports.marks(session, me, record),
            folded_before=history.folded_before(session, me, now),
            page=page,
            partners_in_force=in_force_with(session, me, now),
            family=holders(session, me, student_id, now) if sees else [],
            onlookers=who_can_see(session, me, student_id, now) if sees else (),
            seen=seen_by(session, me, student_id, now) if sees else None,
            emergencies=monitoring.open_about(session, me, student_id, now),
            by_grant=bool(me.may(Task.SEE_OPENINGS)) and not sees,
            signed=consents_of_student(session, me, student_id, now) if lists_consents else None,
            granted=requests.numbers_of(session, me, _grants(record)),
        )


def _grants(record: OpenedRecord) -> set[str]:
    return {grant for entry in record.open for grant in entry.decision.grants}
