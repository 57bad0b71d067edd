"""Correct a visit with its note: what it said before is kept, and two people do not collide."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import corrections
from portal.access.actor import Actor
from portal.access.corrections import NOT_FOUND, Change, Found
from portal.access.words import Words, words_of
from portal.errors import NotReady, Problem
from portal.policy.corrections import may_edit, needs_reason, reason_problems
from portal.store.records import Record, Visit, VisitNote, VisitServiceLine
from portal.visits import queries, rules
from portal.visits.rules import VisitDraft
from portal.vocabulary import Attendance, Category, VisitMode, WordList

NOTE = "note"
LISTS = {
    "purpose": WordList.VISIT_PURPOSE,
    "missed_reason": WordList.MISSED_REASON,
    "disposition": WordList.DISPOSITION,
    "tier": WordList.TIER,
    "place": WordList.VISIT_PLACE,
}
"""Of a visit's parts, those that are a code of a word list; all but the purpose may be empty."""

LABELS = {
    "purpose": "Purpose",
    "minutes": "Minutes",
    "began": "Began",
    "services": "Services",
    "mode": "Mode",
    "attendance": "Attendance",
    "missed_reason": "Reason for missing it",
    "disposition": "Afterwards",
    "tier": "Tier",
    "place": "Place",
    NOTE: "Note",
}
"""What a form calls each part, and a problem with it."""

CONCERNS = {
    "attendance": ("Minutes", "Reason", "Services", "Disposition"),
    "missed_reason": ("Reason",),
    "disposition": ("Disposition",),
}
"""Which of the rules' problems a change may cause, where that is not the part's own label."""

NOTE_REMOVED = Problem(
    "Somebody else removed the note of this visit.",
    "Ask the district's administrator whether it can be restored.",
    LABELS[NOTE],
)


@dataclass(frozen=True)
class VisitValues:
    """All that can be corrected of a visit. began: an aware instant; services: codes, sorted."""

    purpose: str
    minutes: int
    began: datetime
    services: tuple[str, ...]
    mode: VisitMode
    attendance: Attendance
    missed_reason: str
    disposition: str
    tier: str
    place: str
    note: str

    def told(self) -> dict[str, str]:
        """Each part as it is kept in a correction."""
        values = {part.name: getattr(self, part.name) for part in fields(self)}
        values["began"] = self.began.isoformat()
        values["services"] = " ".join(sorted(self.services))
        return {name: str(value) for name, value in values.items()}

    def changes_to(self, other: VisitValues) -> dict[str, Change]:
        """What differs in `other`, by part."""
        old, new = self.told(), other.told()
        return {name: Change(name, old[name], new[name]) for name in old if old[name] != new[name]}


@dataclass(frozen=True)
class Revisable:
    """A visit as it stands, for the form; needs_reason: a change has to say why."""

    visit_id: uuid.UUID
    version: int
    values: VisitValues
    needs_reason: bool


def revisable(session: Session, me: Actor, visit_id: uuid.UUID, at: datetime) -> Revisable:
    """The visit that this person may correct now.

    Raises NotFound for what is not open to them in full, Refused when it is for another to do.
    """
    found, visit = _open(session, me, visit_id, at)
    return Revisable(
        visit_id=visit_id,
        version=found.record.version,
        values=_values(session, found.record, visit),
        needs_reason=needs_reason(str(me.id), found.written, at),
    )


def revise(
    session: Session,
    me: Actor,
    visit_id: uuid.UUID,
    version: int,
    wanted: VisitValues,
    reason: str,
    at: datetime,
) -> tuple[str, ...]:
    """Change the visit, and tell which parts were changed; none when it says all that already.

    version: as the form was drawn. Raises ChangedMeanwhile when somebody saved since,
    NotReady with every problem of what is new: what was right when it was written may stay.
    """
    found, visit = _open(session, me, visit_id, at)
    before = _values(session, found.record, visit)
    changes = before.changes_to(wanted)
    if not changes:
        return ()
    words = words_of(session, me.organization_id)
    problems = _problems(session, me, found, wanted, changes, words, at)
    if found.record.version == version:
        needed = needs_reason(str(me.id), found.written, at)
        problems += reason_problems(reason, needed=needed)
    if problems:
        raise NotReady(problems)
    corrections.claim(session, found.record, version)
    _change_visit(session, found.record, visit, wanted, changes)
    of_visit = [change for name, change in changes.items() if name != NOTE]
    corrections.write_down(session, me, found.record, of_visit, reason.strip(), at)
    _change_note(session, me, found.record, wanted, changes, reason.strip(), at)
    corrections.note(session, me, found, "visit.corrected", sorted(changes), at)
    return tuple(changes)


def _open(session: Session, me: Actor, visit_id: uuid.UUID, at: datetime) -> tuple[Found, Visit]:
    found = corrections.open_one(session, me, visit_id, at)
    visit = session.get(Visit, visit_id)
    if visit is None:
        raise NOT_FOUND
    note = queries.note_of(session, visit_id)
    if note is not None and not _is_sealed(session, note):
        corrections.open_one(session, me, note.record_id, at)
    contested = corrections.is_contested(session, [visit_id, note.record_id if note else visit_id])
    decision = may_edit(str(me.id), me.role, found.written, asked=contested)
    corrections.require(session, me, found, decision, at)
    return found, visit


def _values(session: Session, record: Record, visit: Visit) -> VisitValues:
    note = queries.note_of(session, visit.record_id)
    shown = note is not None and not _is_sealed(session, note)
    return VisitValues(
        purpose=visit.purpose,
        minutes=visit.minutes,
        began=record.event_at,
        services=queries.services_of(session, visit.record_id),
        mode=visit.mode,
        attendance=visit.attendance,
        missed_reason=visit.missed_reason,
        disposition=visit.disposition,
        tier=visit.tier,
        place=visit.place,
        note=note.text if note is not None and shown else "",
    )


def _is_sealed(session: Session, note: VisitNote) -> bool:
    return session.get_one(Record, note.record_id).sealed_from is not None


# What may not be said


def _problems(
    session: Session,
    me: Actor,
    found: Found,
    wanted: VisitValues,
    changes: Mapping[str, Change],
    words: Words,
    at: datetime,
) -> list[Problem]:
    """The rules of logging, for the parts that are new."""
    draft = VisitDraft(
        student_id=found.student.id,
        purpose=wanted.purpose,
        minutes=wanted.minutes,
        services=wanted.services,
        began=wanted.began,
        note=wanted.note,
        mode=wanted.mode,
        attendance=wanted.attendance,
        missed_reason=wanted.missed_reason,
        disposition=wanted.disposition,
        tier=wanted.tier,
        place=wanted.place,
    )
    entered, left = queries.time_in_school(session, found.student.id)
    known = rules.Known(found.student.born, entered, me.tz, left)
    new = {field for name in changes for field in CONCERNS.get(name, (LABELS[name],))}
    told = [p for p in rules.problems(draft, at, known, words) if p.field in new]
    if NOTE in changes and _removed_by_another(session, me, found):
        told.append(NOTE_REMOVED)
    return told


def _removed_by_another(session: Session, me: Actor, found: Found) -> bool:
    note = queries.note_of(session, found.record.id)
    if note is None or not _is_sealed(session, note):
        return False
    row = session.get_one(Record, note.record_id)
    return corrections.written(session, row).removed_by != str(me.id)


# The change itself


def _change_visit(
    session: Session,
    record: Record,
    visit: Visit,
    wanted: VisitValues,
    changes: Mapping[str, Change],
) -> None:
    for name in changes.keys() - {NOTE, "began", "services"}:
        setattr(visit, name, getattr(wanted, name))
    record.event_at = wanted.began
    if "services" in changes:
        stored = set(queries.services_of(session, visit.record_id))
        for service in stored - set(wanted.services):
            line = session.get_one(VisitServiceLine, (visit.record_id, service))
            session.delete(line)
        session.add_all(
            VisitServiceLine(visit_id=visit.record_id, service=service)
            for service in set(wanted.services) - stored
        )
    session.flush()


def _change_note(
    session: Session,
    me: Actor,
    record: Record,
    wanted: VisitValues,
    changes: Mapping[str, Change],
    reason: str,
    at: datetime,
) -> None:
    """The note is a record of its own: it gets its own corrections, and moves with the visit."""
    note = queries.note_of(session, record.id)
    if note is None:
        if wanted.note.strip():
            _add_note(session, me, record, wanted, reason, at)
        return
    row = session.get_one(Record, note.record_id)
    told = [changes[name] for name in ("began", NOTE) if name in changes]
    if not told:
        return
    row.event_at = wanted.began
    if NOTE in changes and not wanted.note.strip():
        row.sealed_from = at
        told.append(Change(corrections.REMOVED, "", ""))
    elif NOTE in changes:
        told[-1] = Change(NOTE, note.text, wanted.note)
        row.sealed_from, note.text = None, wanted.note
    row.version += 1
    corrections.write_down(session, me, row, told, reason, at)


def _add_note(
    session: Session, me: Actor, visit: Record, wanted: VisitValues, reason: str, at: datetime
) -> None:
    note = Record(
        id=uuid.uuid4(),
        district_id=visit.district_id,
        student_id=visit.student_id,
        custodian_id=visit.custodian_id,
        category=Category.VISIT_NOTES,
        event_at=visit.event_at,
        author_id=me.id,
        written_at=at,
    )
    session.add(note)
    session.flush()
    session.add(VisitNote(record_id=note.id, visit_id=visit.id, text=wanted.note))
    corrections.write_down(session, me, note, [Change(NOTE, "", wanted.note)], reason, at)
