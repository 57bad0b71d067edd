"""Add a guardian, and write down a court order that limits one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import gate, trail
from portal.access.actor import Actor
from portal.directory.guardians import queries, rules
from portal.directory.guardians.rules import CollegeDraft, EndDraft, GuardianDraft, OrderDraft
from portal.errors import NotReady
from portal.policy.spans import Span, local_midnight, midnight_after
from portal.policy.tasks import Task
from portal.store.people import CourtOrder, Guardian, Guardianship


def add(session: Session, me: Actor, draft: GuardianDraft, at: datetime) -> Guardian:
    """An adult of the family, with the educational rights that the relation brings.

    A relative's span of rights holds no instant: related, and no holder, unless something is
    named that shows that they act as the parent.
    """
    student = gate.open_student(session, me, draft.student_id, Task.KEEP_GUARDIANS, at)
    today = at.astimezone(ZoneInfo(me.tz)).date()
    found = rules.guardian_problems(draft, today)
    if found or draft.relationship is None:
        raise NotReady(found)
    guardian = Guardian(
        district_id=student.district_id,
        name=draft.name.strip(),
        email=draft.email.strip(),
        phone=draft.phone.strip(),
        language=draft.language.strip(),
    )
    session.add(guardian)
    session.flush()
    start = local_midnight(draft.rights_from or today, me.tz)
    session.add(
        Guardianship(
            guardian_id=guardian.id,
            student_id=student.id,
            relationship=draft.relationship,
            rights_from=start,
            rights_until=_until(draft, start, me.tz),
            evidence=draft.evidence.strip(),
            written_by=me.name,
        )
    )
    session.flush()
    detail = {"guardian": str(guardian.id), "relationship": str(draft.relationship)}
    _told(session, me, "guardian.added", draft, detail, at)
    return guardian


def _until(draft: GuardianDraft, start: datetime, tz: str) -> datetime | None:
    if not draft.holds_rights:
        return start
    return midnight_after(draft.rights_until, tz) if draft.rights_until else None


def end_right(session: Session, me: Actor, draft: EndDraft, at: datetime) -> None:
    """A change of custody: the right ends after its last day, and what rested on it closes.

    The gate asks anew each time, so a consent that this adult signed is held from then on.
    """
    student = gate.open_student(session, me, draft.student_id, Task.KEEP_GUARDIANS, at)
    guardian_id = draft.guardian_id
    every = queries.guardianships(session, student.id, guardian_id) if guardian_id else ()
    held = [row for row in every if row.rights_until is None or row.rights_from < row.rights_until]
    found = rules.end_problems(draft, bool(held))
    if found or draft.last_day is None:
        raise NotReady(found)
    end = midnight_after(draft.last_day, me.tz)
    for row in held:
        if row.rights_until is None or end < row.rights_until:
            row.rights_until = max(row.rights_from, end)
            row.ended_how, row.ended_by = draft.reason.strip(), me.name
    session.flush()
    detail = {"guardian": str(guardian_id), "last_day": draft.last_day.isoformat()}
    _told(session, me, "guardian.right_ended", draft, detail, at)


def attends_college(session: Session, me: Actor, draft: CollegeDraft, at: datetime) -> None:
    """From its first day the rights are the student's, at any age (34 CFR 99.3, 99.5(a)(1))."""
    student = gate.open_student(session, me, draft.student_id, Task.KEEP_GUARDIANS, at)
    found = rules.college_problems(draft)
    if found or draft.first_day is None:
        raise NotReady(found)
    student.postsecondary_from = local_midnight(draft.first_day, me.tz)
    student.postsecondary_until = midnight_after(draft.last_day, me.tz) if draft.last_day else None
    student.postsecondary_evidence, student.postsecondary_by = draft.evidence.strip(), me.name
    session.flush()
    detail = {"first_day": draft.first_day.isoformat()}
    _told(session, me, "guardian.college_recorded", draft, detail, at)


def record_court_order(session: Session, me: Actor, draft: OrderDraft, at: datetime) -> CourtOrder:
    """Write the order down; where it limits consent, the rights end with its first day.

    Rights that an order with a last day gives back are a new row from the next midnight.
    """
    student = gate.open_student(session, me, draft.student_id, Task.KEEP_GUARDIANS, at)
    guardian_id = draft.guardian_id
    held = queries.guardianships(session, student.id, guardian_id) if guardian_id else ()
    found = rules.order_problems(draft, bool(held))
    if found or guardian_id is None or draft.limits is None or draft.first_day is None:
        raise NotReady(found)
    span = Span(
        local_midnight(draft.first_day, me.tz),
        midnight_after(draft.last_day, me.tz) if draft.last_day else None,
    )
    order = CourtOrder(
        student_id=student.id,
        guardian_id=guardian_id,
        limits=draft.limits,
        starts_at=span.start,
        ends_at=span.end,
        document_reference=draft.document_reference.strip(),
        checked_by=me.id,
    )
    session.add(order)
    session.flush()
    if draft.limits in rules.ENDS_CONSENT:
        _limit(session, held, span)
    detail = {"guardian": str(guardian_id), "limits": str(draft.limits)}
    _told(session, me, "guardian.order_recorded", draft, detail, at)
    return order


def _limit(session: Session, held: Sequence[Guardianship], order: Span) -> None:
    """Bring each row to what the order leaves of it; a second stretch is a row of its own."""
    for row in held:
        left = rules.without([Span(row.rights_from, row.rights_until)], order)
        # Nothing left: the row stays, with a span that holds no instant.
        first, *others = left or [Span(row.rights_from, row.rights_from)]
        row.rights_from, row.rights_until = first.start, first.end
        session.add_all(
            Guardianship(
                guardian_id=row.guardian_id,
                student_id=row.student_id,
                relationship=row.relationship,
                rights_from=span.start,
                rights_until=span.end,
                evidence=row.evidence,
                written_by=row.written_by,
            )
            for span in others
        )
    session.flush()


def _told(
    session: Session,
    me: Actor,
    event: str,
    draft: GuardianDraft | OrderDraft | EndDraft | CollegeDraft,
    detail: dict[str, str],
    at: datetime,
) -> None:
    trail.write(session, me, trail.Entry(event, True, at, (draft.student_id,), detail=detail))
