"""What the items on the shelf say, read for open fields only.

Every kind of record is told in the same four parts: what, when, who, narrative.
A part that is not open is not read, and absent from the answer.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.policy.facts import RecordFacts
from portal.store.people import User
from portal.store.places import Organization, School
from portal.store.records import (
    AttendanceYear,
    HistoryEntry,
    Referral,
    Visit,
    VisitNote,
    VisitServiceLine,
)
from portal.vocabulary import (
    ACCESS_LABELS,
    NEED_LABELS,
    REFERRAL_STATUS_LABELS,
    VISIT_PURPOSE_LABELS,
    VISIT_SERVICE_LABELS,
    Access,
    Category,
    Field,
    VisitService,
)


@dataclass(frozen=True)
class Item:
    """One open record. `parts` holds the open parts only; `when` is its event instant."""

    record_id: uuid.UUID
    category: Category
    when: datetime
    parts: Mapping[Field, str]


Ids = Collection[uuid.UUID]
Texts = dict[uuid.UUID, str]


def read(
    session: Session, opened: Iterable[tuple[RecordFacts, Collection[Field]]]
) -> tuple[Item, ...]:
    """The open records told in their open parts, newest first."""
    opened = list(opened)
    ids = {field: _ids_with(field, opened) for field in Field}
    what = _first_found(session, ids[Field.WHAT], WHAT_READERS)
    who = _authors(session, ids[Field.WHO], opened)
    narrative = _first_found(session, ids[Field.NARRATIVE], NARRATIVE_READERS)
    items = [
        Item(
            record_id=uuid.UUID(record.id),
            category=Category(record.category),
            when=record.event,
            parts=_parts(uuid.UUID(record.id), what, who, narrative),
        )
        for record, _fields in opened
    ]
    return tuple(sorted(items, key=lambda item: (item.when, item.record_id), reverse=True))


def _parts(key: uuid.UUID, what: Texts, who: Texts, narrative: Texts) -> dict[Field, str]:
    told = {Field.WHAT: what, Field.WHO: who, Field.NARRATIVE: narrative}
    return {field: texts[key] for field, texts in told.items() if texts.get(key)}


def _ids_with(
    field: Field, opened: Iterable[tuple[RecordFacts, Collection[Field]]]
) -> list[uuid.UUID]:
    return [uuid.UUID(record.id) for record, fields in opened if field in fields]


Reader = Callable[[Session, Ids], Texts]


def _first_found(session: Session, ids: Ids, readers: Iterable[Reader]) -> Texts:
    found: Texts = {}
    for reader in readers:
        missing = [key for key in ids if key not in found]
        if not missing:
            break
        found |= reader(session, missing)
    return found


def _visits(session: Session, ids: Ids) -> Texts:
    services: dict[uuid.UUID, list[str]] = defaultdict(list)
    lines = select(VisitServiceLine).where(VisitServiceLine.visit_id.in_(ids))
    for line in session.scalars(lines.order_by(VisitServiceLine.service)):
        services[line.visit_id].append(VISIT_SERVICE_LABELS[VisitService(line.service)])
    rows = session.scalars(select(Visit).where(Visit.record_id.in_(ids)))
    return {row.record_id: _visit_text(row, services[row.record_id]) for row in rows}


def _visit_text(visit: Visit, services: list[str]) -> str:
    purpose = VISIT_PURPOSE_LABELS[visit.purpose]
    others = [service for service in services if service != purpose]
    return f"{purpose}, {visit.minutes} min" + (f". {', '.join(others)}" if others else "")


def _notes(session: Session, ids: Ids) -> Texts:
    rows = session.scalars(select(VisitNote.record_id).where(VisitNote.record_id.in_(ids)))
    return dict.fromkeys(rows, "Note of a support visit")


def _note_texts(session: Session, ids: Ids) -> Texts:
    rows = session.execute(
        select(VisitNote.record_id, VisitNote.text).where(VisitNote.record_id.in_(ids))
    )
    return dict(rows.all())


def _referrals(session: Session, ids: Ids) -> Texts:
    rows = session.execute(
        select(Referral, Organization.name)
        .outerjoin(Organization, Organization.id == Referral.agency_id)
        .where(Referral.record_id.in_(ids))
    )
    return {row.record_id: _referral_text(row, agency) for row, agency in rows}


def _referral_text(referral: Referral, agency: str | None) -> str:
    to = agency or referral.school_provider
    status = REFERRAL_STATUS_LABELS[referral.status].lower()
    text = f"Referred to {to}: {NEED_LABELS[referral.need].lower()}. {status.capitalize()}"
    if referral.access is Access.UNKNOWN:
        return text
    return f"{text}. Service: {ACCESS_LABELS[referral.access].lower()}"


def _attendance(session: Session, ids: Ids) -> Texts:
    rows = session.execute(
        select(AttendanceYear, School.name)
        .join(School, School.id == AttendanceYear.school_id)
        .where(AttendanceYear.record_id.in_(ids))
    )
    return {row.record_id: _attendance_text(row, school) for row, school in rows}


def _attendance_text(year: AttendanceYear, school: str) -> str:
    if not year.days_scheduled:
        return (
            f"{year.school_year}, {school}: {year.days_attended} days attended, rate not available"
        )
    share = round(100 * year.days_attended / year.days_scheduled)
    missed = year.days_scheduled - year.days_attended
    return f"{year.school_year}, {school}: {share} % attended, {missed} days missed"


def _headlines(session: Session, ids: Ids) -> Texts:
    rows = session.execute(
        select(HistoryEntry.record_id, HistoryEntry.headline).where(HistoryEntry.record_id.in_(ids))
    )
    return dict(rows.all())


def _narratives(session: Session, ids: Ids) -> Texts:
    rows = session.execute(
        select(HistoryEntry.record_id, HistoryEntry.narrative).where(
            HistoryEntry.record_id.in_(ids)
        )
    )
    return dict(rows.all())


def _authors(
    session: Session,
    ids: Ids,
    opened: Iterable[tuple[RecordFacts, Collection[Field]]],
) -> Texts:
    wanted = set(ids)
    by_record = {
        uuid.UUID(record.id): uuid.UUID(record.author)
        for record, _fields in opened
        if record.author is not None and uuid.UUID(record.id) in wanted
    }
    rows = session.execute(select(User.id, User.name).where(User.id.in_(set(by_record.values()))))
    names = dict(rows.all())
    return {key: names[author] for key, author in by_record.items()}


WHAT_READERS: tuple[Reader, ...] = (_visits, _notes, _referrals, _attendance, _headlines)
NARRATIVE_READERS: tuple[Reader, ...] = (_note_texts, _narratives)
