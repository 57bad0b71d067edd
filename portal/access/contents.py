"""What the items on the shelf say, read for open fields only.

Every kind of record is told in the same four parts: what, when, who, narrative.
A part that is not open is not read, and absent from the answer.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, defer

from portal.access import telling
from portal.access.words import Words, words_of_each
from portal.policy.facts import RecordFacts
from portal.store.people import User
from portal.store.places import Organization, School
from portal.store.records import (
    AttendanceYear,
    HistoryEntry,
    Record,
    Referral,
    Visit,
    VisitNote,
    VisitServiceLine,
)
from portal.store.support import (
    AmendmentRequest,
    Correction,
    DataAnswer,
    DataPointVersion,
    Handover,
    ServiceGiven,
    Strength,
    StudentNeed,
    StudentService,
)
from portal.vocabulary import Category, Field


@dataclass(frozen=True)
class Item:
    """One open record. `parts` holds the open parts only; `when` is its event instant.

    restricted: where its narrative is not open, that is why. written, approved: when it was
    written down, and approved by a second person. corrected: it said something else before.
    statement: that of whoever disagrees with it, with its day (34 CFR 99.21(b)(2)).
    """

    record_id: uuid.UUID
    category: Category
    when: datetime
    parts: Mapping[Field, str]
    restricted: bool = False
    written: datetime | None = None
    approved: datetime | None = None
    corrected: bool = False
    statement: str = ""


Ids = Collection[uuid.UUID]
Texts = dict[uuid.UUID, str]
Opened = Sequence[tuple[RecordFacts, Collection[Field]]]


@dataclass(frozen=True)
class _Shelf:
    """What is asked once, however many items there are: rows, and the words of districts."""

    session: Session
    rows: Mapping[uuid.UUID, _Row]
    words: Mapping[uuid.UUID, Words]

    def words_for(self, key: uuid.UUID) -> Words:
        """The words of the district of this record."""
        return self.words[self.rows[key].district_id]


@dataclass(frozen=True)
class _Row:
    district_id: uuid.UUID
    written: datetime | None
    approved: datetime | None
    corrected: bool


def read(
    session: Session, opened: Iterable[tuple[RecordFacts, Collection[Field]]]
) -> tuple[Item, ...]:
    """The open records told in their open parts, newest first."""
    opened = list(opened)
    if not opened:
        return ()
    shelf = _shelf(session, [uuid.UUID(record.id) for record, _fields in opened])
    ids = {field: _ids_with(field, opened) for field in Field}
    kinds = {uuid.UUID(record.id): record.category for record, _fields in opened}
    what, narrative = _told(shelf, kinds, ids[Field.WHAT], set(ids[Field.NARRATIVE]))
    who = _authors(session, ids[Field.WHO], opened)
    statements = _statements(session, opened)
    items = [
        _item(record, shelf, statements, _parts(uuid.UUID(record.id), what, who, narrative))
        for record, _fields in opened
    ]
    return tuple(sorted(items, key=lambda item: (item.when, item.record_id), reverse=True))


def _item(
    record: RecordFacts, shelf: _Shelf, statements: Texts, parts: Mapping[Field, str]
) -> Item:
    key = uuid.UUID(record.id)
    row = shelf.rows[key]
    return Item(
        record_id=key,
        category=Category(record.category),
        when=record.event,
        parts=parts,
        restricted=record.restricted,
        written=row.written,
        approved=row.approved,
        corrected=row.corrected,
        statement=statements.get(key, ""),
    )


def _shelf(session: Session, ids: Ids) -> _Shelf:
    corrected = exists().where(
        Correction.record_id == Record.id, Correction.field.not_in(OF_THE_WHOLE)
    )
    rows = session.execute(
        select(
            Record.id, Record.district_id, Record.written_at, Record.approved_at, corrected
        ).where(Record.id.in_(ids))
    )
    found = {
        key: _Row(district, written, approved, has_other)
        for key, district, written, approved, has_other in rows
    }
    districts = {row.district_id for row in found.values()}
    return _Shelf(session, found, words_of_each(session, districts))


OF_THE_WHOLE = ("removed", "restored", "approved", "amendment", "statement")
"""Corrections that change nothing of what a record says."""


def _parts(key: uuid.UUID, what: Texts, who: Texts, narrative: Texts) -> dict[Field, str]:
    told = {Field.WHAT: what, Field.WHO: who, Field.NARRATIVE: narrative}
    return {field: texts[key] for field, texts in told.items() if texts.get(key)}


def _ids_with(field: Field, opened: Opened) -> list[uuid.UUID]:
    return [uuid.UUID(record.id) for record, fields in opened if field in fields]


Reader = Callable[[_Shelf, Ids], Texts]


def _told(
    shelf: _Shelf, categories: Mapping[uuid.UUID, str], ids: Ids, in_full: Ids
) -> tuple[Texts, Texts]:
    """What each is, and the narrative of those open in full, kind by kind until all are found."""
    what: Texts = {}
    narrative: Texts = {}
    for category, tells_what, tells_narrative in KINDS:
        missing = [key for key in ids if key not in what and category in (None, categories[key])]
        if not missing:
            continue
        found = tells_what(shelf, missing)
        what |= found
        wanted = [key for key in found if key in in_full]
        if tells_narrative and wanted:
            narrative |= tells_narrative(shelf, wanted)
    return what, narrative


def _statements(session: Session, opened: Opened) -> Texts:
    """Every statement of disagreement, with whatever part of the record is told (99.21(c)).

    Not with a restricted record of which no text is open: a statement may repeat the text.
    """
    told = [
        uuid.UUID(record.id)
        for record, fields in opened
        if not record.restricted or Field.NARRATIVE in fields
    ]
    request = AmendmentRequest
    rows = session.execute(
        select(request.record_id, request.statement, request.statement_on)
        .where(request.record_id.in_(told), request.statement != "")
        .order_by(request.statement_on, request.id)
    )
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    for key, statement, day in rows:
        found[key].append(f"{telling.day(day)}: {statement}" if day else statement)
    return {key: "\n\n".join(statements) for key, statements in found.items()}


def _visits(shelf: _Shelf, ids: Ids) -> Texts:
    services: dict[uuid.UUID, list[str]] = defaultdict(list)
    lines = select(VisitServiceLine).where(VisitServiceLine.visit_id.in_(ids))
    for line in shelf.session.scalars(lines):
        services[line.visit_id].append(line.service)
    rows = shelf.session.scalars(select(Visit).where(Visit.record_id.in_(ids)))
    return {
        row.record_id: telling.visit(
            row, sorted(services[row.record_id]), shelf.words_for(row.record_id)
        )
        for row in rows
    }


def _notes(shelf: _Shelf, ids: Ids) -> Texts:
    rows = shelf.session.scalars(select(VisitNote.record_id).where(VisitNote.record_id.in_(ids)))
    return dict.fromkeys(rows, "Note of a support visit")


def _note_texts(shelf: _Shelf, ids: Ids) -> Texts:
    rows = shelf.session.execute(
        select(VisitNote.record_id, VisitNote.text).where(VisitNote.record_id.in_(ids))
    )
    return dict(rows.all())


def _referrals(shelf: _Shelf, ids: Ids) -> Texts:
    rows = shelf.session.execute(
        select(Referral, Organization.name)
        .outerjoin(Organization, Organization.id == Referral.agency_id)
        .where(Referral.record_id.in_(ids))
    )
    return {
        row.record_id: telling.referral(row, agency, shelf.words_for(row.record_id))
        for row, agency in rows
    }


def _services(shelf: _Shelf, ids: Ids) -> Texts:
    rows = shelf.session.execute(
        select(StudentService, Organization.name)
        .options(defer(StudentService.intensity), defer(StudentService.data_owner))
        .outerjoin(Organization, Organization.id == StudentService.agency_id)
        .where(StudentService.record_id.in_(ids))
    )
    return {
        row.record_id: telling.service(row, agency, shelf.words_for(row.record_id))
        for row, agency in rows
    }


def _service_details(shelf: _Shelf, ids: Ids) -> Texts:
    rows = shelf.session.execute(
        select(StudentService.record_id, StudentService.intensity, StudentService.data_owner).where(
            StudentService.record_id.in_(ids)
        )
    )
    return {key: telling.service_details(intensity, owner) for key, intensity, owner in rows}


def _needs(shelf: _Shelf, ids: Ids) -> Texts:
    rows = shelf.session.scalars(select(StudentNeed).where(StudentNeed.record_id.in_(ids)))
    return {row.record_id: telling.need(row, shelf.words_for(row.record_id)) for row in rows}


def _given(shelf: _Shelf, ids: Ids) -> Texts:
    """Without the strategies: those are the narrative, and read for it alone."""
    rows = shelf.session.execute(
        select(
            ServiceGiven.record_id,
            ServiceGiven.attendance,
            ServiceGiven.status,
            ServiceGiven.corrects,
        ).where(ServiceGiven.record_id.in_(ids))
    )
    return {
        key: telling.given(attendance, status, corrects)
        for key, attendance, status, corrects in rows
    }


def _strategies(shelf: _Shelf, ids: Ids) -> Texts:
    rows = shelf.session.execute(
        select(ServiceGiven.record_id, ServiceGiven.strategies, ServiceGiven.reason).where(
            ServiceGiven.record_id.in_(ids)
        )
    )
    return {key: telling.strategies(strategies, reason) for key, strategies, reason in rows}


def _strengths(shelf: _Shelf, ids: Ids) -> Texts:
    rows = shelf.session.execute(
        select(Strength.record_id, Strength.source).where(Strength.record_id.in_(ids))
    )
    return {key: telling.strength(source) for key, source in rows}


def _strength_texts(shelf: _Shelf, ids: Ids) -> Texts:
    rows = shelf.session.execute(
        select(Strength.record_id, Strength.text).where(Strength.record_id.in_(ids))
    )
    return dict(rows.all())


def _handovers(shelf: _Shelf, ids: Ids) -> Texts:
    rows = shelf.session.scalars(select(Handover.record_id).where(Handover.record_id.in_(ids)))
    return dict.fromkeys(rows, "Hand-over to the next member of the staff")


def _handover_answers(shelf: _Shelf, ids: Ids) -> Texts:
    rows = shelf.session.execute(
        select(Handover.record_id, Handover.answers).where(Handover.record_id.in_(ids))
    )
    return {key: telling.handover(answers) for key, answers in rows}


def _questions(shelf: _Shelf, ids: Ids) -> Texts:
    """As it was asked then, whatever the question has become since."""
    rows = shelf.session.execute(
        select(DataAnswer.record_id, DataPointVersion.labels)
        .join(DataPointVersion, DataPointVersion.id == DataAnswer.version_id)
        .where(DataAnswer.record_id.in_(ids))
    )
    return {key: telling.in_english(labels) for key, labels in rows}


def _answers(shelf: _Shelf, ids: Ids) -> Texts:
    rows = shelf.session.execute(
        select(DataAnswer.record_id, DataAnswer.value, DataPointVersion)
        .join(DataPointVersion, DataPointVersion.id == DataAnswer.version_id)
        .where(DataAnswer.record_id.in_(ids))
    )
    return {key: telling.answer(value, version) for key, value, version in rows}


def _attendance(shelf: _Shelf, ids: Ids) -> Texts:
    rows = shelf.session.execute(
        select(AttendanceYear, School.name)
        .join(School, School.id == AttendanceYear.school_id)
        .where(AttendanceYear.record_id.in_(ids))
    )
    return {row.record_id: telling.attendance(row, school) for row, school in rows}


def _headlines(shelf: _Shelf, ids: Ids) -> Texts:
    rows = shelf.session.execute(
        select(HistoryEntry.record_id, HistoryEntry.headline).where(HistoryEntry.record_id.in_(ids))
    )
    return dict(rows.all())


def _narratives(shelf: _Shelf, ids: Ids) -> Texts:
    rows = shelf.session.execute(
        select(HistoryEntry.record_id, HistoryEntry.narrative).where(
            HistoryEntry.record_id.in_(ids)
        )
    )
    return dict(rows.all())


def _authors(
    session: Session,
    ids: Ids,
    opened: Opened,
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


KINDS: tuple[tuple[Category | None, Reader, Reader | None], ...] = (
    (Category.VISITS, _visits, None),
    (Category.VISIT_NOTES, _notes, _note_texts),
    (Category.VISIT_NOTES, _strengths, _strength_texts),
    (Category.VISIT_NOTES, _handovers, _handover_answers),
    (Category.REFERRALS, _referrals, None),
    (Category.SERVICE_STATUS, _services, _service_details),
    (Category.SERVICE_STATUS, _needs, None),
    (Category.SERVICE_STATUS, _given, _strategies),
    (Category.ATTENDANCE, _attendance, None),
    (None, _headlines, _narratives),
    (None, _questions, _answers),
)
"""Each kind of item: its category, or None for any; what it is; its narrative if it has one."""
