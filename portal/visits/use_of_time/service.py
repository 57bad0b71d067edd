"""A person's own use of time: read by nobody else, and kept as a file that opens to them alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import documents, my_time, sheets, trail
from portal.access.actor import Actor
from portal.access.words import Words, words_of
from portal.policy.tasks import Task
from portal.store.papers import Document
from portal.visits.use_of_time import rules
from portal.visits.use_of_time.rules import Counted
from portal.vocabulary import (
    ATTENDANCE_LABELS,
    VISIT_FORMAT_LABELS,
    DocumentKind,
    VisitFormat,
    WordList,
)
from portal.word_lists import ASCA_LABELS, SBCH_LABELS, SBCH_UNIT, SOCIAL_WORK_LABELS

COLUMNS = (
    "Date",
    "Began",
    "Minutes",
    "Minutes of my time",
    f"Units of {SBCH_UNIT} minutes",
    "Attendance",
    "Group or one to one",
    "How",
    "Purpose",
    "Services",
    "Use of time (ASCA)",
    "School social work (CSDE)",
    "School Based Child Health",
    "Name",
    "Credential",
    "Organization",
)


def my_year(session: Session, me: Actor, year: int) -> list[Counted]:
    """My visits of the school year that began in that calendar year. No student is in it."""
    me.may(Task.SEE_MY_TIME).or_refuse()
    begin, end = rules.bounds(year, me.tz)
    words = words_of(session, me.organization_id)
    return rules.counted(my_time.my_visits(session, me, begin, end), words)


def make_file(session: Session, me: Actor, year: int, at: datetime) -> Document:
    """That year as a kept CSV, with a line in the trail; open it at /doc/{id}."""
    words = words_of(session, me.organization_id)
    found = my_year(session, me, year)
    kept = documents.keep(
        session,
        me.id,
        me.organization_id,
        DocumentKind.USE_OF_TIME,
        f"use-of-time-{rules.named(year)}.csv",
        sheets.MEDIA_TYPE,
        sheets.written(COLUMNS, _rows(found, me, words)),
        at,
    )
    told = {"year": rules.named(year), "visits": len(found), "sha256": kept.sha256}
    entry = trail.Entry("time.exported", True, at, subject=str(kept.id), detail=told)
    trail.write(session, me, entry)
    return kept


def _rows(found: Iterable[Counted], me: Actor, words: Words) -> Iterable[list[str]]:
    for one in found:
        visit = one.visit
        local = visit.at.astimezone(ZoneInfo(me.tz))
        group = VisitFormat.GROUP if visit.group else VisitFormat.ONE_TO_ONE
        yield [
            local.date().isoformat(),
            f"{local:%H:%M}",
            str(visit.minutes),
            str(one.mine),
            str(one.units),
            ATTENDANCE_LABELS[visit.attendance],
            VISIT_FORMAT_LABELS[group],
            words.label(WordList.VISIT_MODE, visit.mode),
            words.label(WordList.VISIT_PURPOSE, visit.purpose),
            "; ".join(words.label(WordList.VISIT_SERVICE, code) for code in visit.services),
            _label(ASCA_LABELS, one.asca),
            _label(SOCIAL_WORK_LABELS, one.social_work),
            _label(SBCH_LABELS, one.sbch),
            me.name,
            visit.credential,
            me.organization_name,
        ]


def _label(labels: Mapping[Any, str], code: str) -> str:
    return labels.get(code, code)
