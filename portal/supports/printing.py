"""A student's record on paper, for use inside the school: a right and an intention, then a PDF.

What is printed is what the gate opens to whoever prints, and no more; the paper is kept, opened
by nobody else, and leaves by /doc/{id}.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.access import documents, exports, gate, trail
from portal.access.actor import Actor
from portal.access.contents import Item
from portal.access.gate import OpenedRecord
from portal.errors import NotReady, Problem
from portal.languages import catalog as languages
from portal.pdf import papers as pdf
from portal.pdf import render
from portal.policy.exports import OF_A_PRINT
from portal.policy.spans import local_midnight
from portal.policy.tasks import Task
from portal.store.papers import Document
from portal.supports import history, queries
from portal.supports.queries import Mark, NeedLine, ServiceLine, Supports
from portal.supports.rules import Met
from portal.supports.words import WITHHELD
from portal.vocabulary import (
    CATEGORY_LABELS,
    EXPORT_PURPOSE_LABELS,
    SERVICE_END_LABELS,
    STRENGTH_SOURCE_LABELS,
    Category,
    DocumentKind,
    ExportPurpose,
    Field,
    Purpose,
)

EVENT = "record.printed"
ENGLISH = languages.ENGLISH
RESTRICTED = "(RESTRICTED)"
CORRECTED = "(CORRECTED)"
WARNING = (
    "Confidential student record. Do not pass it on: it may be used only for what it was printed "
    "for, by people with a legitimate educational interest (34 CFR 99.33). Shred it afterwards."
)


_OFFICIALS = "School officials with a legitimate educational interest, 34 CFR 99.31(a)(1)"
BASES = {
    ExportPurpose.SUPPORT_MEETING: _OFFICIALS,
    ExportPurpose.OWN_WORK: _OFFICIALS,
    ExportPurpose.FAMILY_ASKED: "Right to inspect and review, 34 CFR 99.10",
    ExportPurpose.RECORDS_REQUEST: "As the records officer notes with the request, 34 CFR 99.31",
}
NO_REASON = Problem(
    "It is not said what the print is for.", "Choose what you print it for.", "What for"
)


@dataclass(frozen=True)
class _Sheet:
    """What goes onto the paper."""

    me: Actor
    opened: OpenedRecord
    supports: Supports
    marks: Mapping[uuid.UUID, Mark]
    since: date | None
    why: ExportPurpose
    at: datetime


def print_record(
    session: Session,
    me: Actor,
    student_id: uuid.UUID,
    why: ExportPurpose | None,
    at: datetime,
    *,
    whole: bool = False,
) -> Document:
    """The record that is open to me, as a kept PDF; open it at /doc/{id}.

    whole: with the history that is folded on the page. Raises NotFound or Refused when this
    person may not print, or has taken out much today without the second factor; NotReady without
    an intention.
    """
    gate.open_student(session, me, student_id, Task.PRINT_RECORD, at)
    if why is None or why not in OF_A_PRINT:
        raise NotReady([NO_REASON])
    exports.stay_in_bounds(session, me, DocumentKind.RECORD_PRINT, 0, frozenset({student_id}), at)
    if whole:
        history.open_history(session, me, student_id, at)
    opened = gate.open_record(session, me, student_id, Purpose.COORDINATE, at)
    sheet = _Sheet(
        me=me,
        opened=opened,
        supports=queries.supports_of(session, me, opened, at),
        marks=queries.marks(session, me, opened),
        since=None if whole else history.folded_before(session, me, at),
        why=why,
        at=at,
    )
    return _kept(session, sheet)


def _kept(session: Session, sheet: _Sheet) -> Document:
    """The paper, with its line."""
    me, at, student_id = sheet.me, sheet.at, sheet.opened.student.id
    paper = values(sheet)
    kept = documents.keep(
        session,
        me.id,
        me.organization_id,
        DocumentKind.RECORD_PRINT,
        "student-record.pdf",
        render.MEDIA_TYPE,
        render.make(pdf.order(paper, language=ENGLISH, at=at)),
        at,
        student_id=student_id,
    )
    entry = trail.Entry(
        EVENT,
        True,
        at,
        (student_id,),
        subject=str(kept.id),
        purpose=Purpose.COORDINATE,
        opened=[entry.category for entry in sheet.opened.open],
        detail={"why": str(sheet.why), "entries": len(paper.entries), "sha256": kept.sha256},
    )
    trail.write(session, me, entry)
    return kept


def values(sheet: _Sheet) -> pdf.Record:
    """What the paper prints."""
    me, student = sheet.me, sheet.opened.student
    made_at = languages.instant(sheet.at, me.tz, ENGLISH)
    who = ", ".join(part for part in (me.name, me.title) if part)
    grade = f"Grade {student.grade}" if student.grade else ""
    period = "Every entry that is open to whoever printed this."
    if sheet.since is not None:
        period = f"Entries since {languages.day(sheet.since, ENGLISH)}. What is older is left out."
    return pdf.Record(
        title="Student record",
        number="",
        district=me.organization_name,
        foot=f"Printed by {me.name} on {made_at}. Confidential: do not pass on.",
        mark=f"{me.name} · {made_at}",
        warning=WARNING,
        about=student.name,
        school=", ".join(part for part in (grade, student.school) if part),
        purpose=EXPORT_PURPOSE_LABELS[sheet.why],
        basis=BASES[sheet.why],
        made_by=who,
        made_at=made_at,
        period=period,
        strengths=[
            pdf.Quote(line.text, f"({STRENGTH_SOURCE_LABELS[line.source].lower()})")
            for line in sheet.supports.strengths
        ],
        services=[_service(line) for line in sheet.supports.services],
        needs=[_need(line) for line in sheet.supports.needs],
        entries=[_entry(sheet, item) for item in _printed(sheet)],
        closed=_closed(sheet.opened),
        notices=[
            pdf.Notice(notice.title, notice.text, notice.law, notice.version)
            for notice in sheet.opened.notices
        ],
    )


def _printed(sheet: _Sheet) -> Iterable[Item]:
    """The items but for the name, and for what is folded."""
    first = None if sheet.since is None else local_midnight(sheet.since, sheet.me.tz)
    for item in sheet.opened.items:
        if item.category is not Category.IDENTITY and (first is None or item.when >= first):
            yield item


def _entry(sheet: _Sheet, item: Item) -> pdf.Entry:
    whose = sheet.marks[item.record_id].whose
    told = item.parts.get(Field.NARRATIVE, "")
    if item.restricted and not told:
        told = WITHHELD
    words = [RESTRICTED] if item.restricted else []
    words += [CORRECTED] if item.corrected else []
    kind = CATEGORY_LABELS[item.category]
    return pdf.Entry(
        date=languages.moment(item.when, sheet.me.tz, ENGLISH),
        kind=f"{kind}, of {whose}" if whose else kind,
        what=item.parts.get(Field.WHAT, kind),
        who=item.parts.get(Field.WHO, ""),
        text=told,
        mark=" ".join(words),
        statement=f"Statement of disagreement: {item.statement}" if item.statement else "",
    )


def _service(line: ServiceLine) -> pdf.InPlace:
    until = "no end told"
    if line.ended_on is not None:
        reason = SERVICE_END_LABELS[line.end_reason] if line.end_reason else ""
        until = f"ended {_day(line.ended_on)}. {reason}".strip()
    elif line.estimated_end is not None:
        until = f"{'was to end' if line.overdue else 'about'} {_day(line.estimated_end)}"
    what = f"{line.service}. {line.intensity}" if line.intensity else line.service
    return pdf.InPlace(what, line.provider, line.tier_label, _day(line.started_on), until)


STANDS = {
    Met.BY_SERVICE: "Met",
    Met.AT_A_LOWER_TIER: "Met, at a lower tier",
    Met.OTHERWISE: "Met",
    Met.SERVICE_ENDED: "Unmet: its service ended",
    Met.AWAITED: "Unmet",
    Met.BY_NOBODY: "Unmet, nobody is asked",
}


def _need(line: NeedLine) -> pdf.NeedStands:
    support = line.met_by or (f"awaited from {line.awaited}" if line.awaited else "")
    return pdf.NeedStands(
        line.need, line.tier_label, _day(line.since_on), support, STANDS[line.met]
    )


def _closed(opened: OpenedRecord) -> list[str]:
    return [f"{CATEGORY_LABELS[one.category]}: {one.because}" for one in opened.closed]


def _day(day: date) -> str:
    return languages.day(day, ENGLISH)
