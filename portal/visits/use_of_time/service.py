"""A person's own use of time: read by nobody else, and taken out by nobody else.

It leaves like any other data: for a stated purpose, marked, written down, open for a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.access import exports, my_time
from portal.access.actor import Actor
from portal.access.exports import Table, Wanted
from portal.access.words import Words, words_of
from portal.policy.tasks import Task
from portal.store.papers import Document
from portal.visits.use_of_time import rules
from portal.visits.use_of_time.rules import Counted
from portal.vocabulary import (
    ATTENDANCE_LABELS,
    VISIT_FORMAT_LABELS,
    ExportKind,
    ExportPurpose,
    ExportShape,
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


def take_out(
    session: Session,
    me: Actor,
    year: int,
    purpose: ExportPurpose | None,
    in_words: str,
    at: datetime,
    key: str,
) -> Document:
    """That year as a kept CSV, open to me for a day at /doc/{id}.

    Raises Refused, and NotReady without a purpose or a visit.
    """
    found = my_year(session, me, year)
    rows = [*_rows(found, me, words_of(session, me.organization_id))]
    of = {"year": rules.named(year)}
    wanted = Wanted(ExportKind.USE_OF_TIME, ExportShape.CSV, purpose, in_words, asked=of)
    return exports.keep_export(session, me, wanted, Table(COLUMNS, rows), at, key)


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
