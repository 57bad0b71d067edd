"""Take data out: the right and the purpose, then the rows, then the file, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.access import exports
from portal.access.actor import Actor
from portal.access.exports import Table, Wanted
from portal.errors import NotReady, Problem
from portal.exporting import queries
from portal.languages import catalog as languages
from portal.policy.spans import Span, local_midnight
from portal.policy.tasks import Task
from portal.store.papers import Document
from portal.vocabulary import ExportKind

Rows = Callable[[Session, Actor, Span, datetime], Table]
"""Where the rows of one kind come from: already narrowed to what the person may see."""

OUR_ROWS: dict[ExportKind, Rows] = {
    ExportKind.VISITS: queries.visits,
    ExportKind.REFERRALS: queries.referrals,
    ExportKind.PEOPLE: queries.people,
}
OF_TODAY = frozenset({ExportKind.PEOPLE})
"""Kinds that tell how things stand today, whatever days are asked."""

LONGEST = timedelta(days=366)
FIELD = "From"
MIXED_UP = Problem("The last day is before the first.", "Change one of the two days.", FIELD)
TOO_LONG = Problem("These days are more than a year.", "Take out a year at a time.", FIELD)
NO_DAYS = Problem("The days are missing.", "Choose the first and the last day.", FIELD)


@dataclass(frozen=True)
class DaysAsked:
    """The first day and the last one, both within; None where it was left empty."""

    first: date | None
    last: date | None


def take_out(
    session: Session,
    me: Actor,
    wanted: Wanted,
    days: DaysAsked,
    at: datetime,
    key: str,
    rows: Rows | None = None,
) -> Document:
    """The file, kept; open it at /doc/{id}. rows: for a kind whose rows are another room's.

    Raises Refused without the right or the second factor, NotReady with all that is missing.
    """
    me.may(Task.EXPORT_RECORDS).or_refuse()
    exports.may_ask(session, me, wanted, at)
    span = _span(days, me)
    told = wanted if wanted.kind in OF_TODAY else _with_days(wanted, days)
    table = (rows or OUR_ROWS[wanted.kind])(session, me, span, at)
    return exports.keep_export(session, me, told, table, at, key)


def _span(days: DaysAsked, me: Actor) -> Span:
    if days.first is None or days.last is None:
        raise NotReady([NO_DAYS])
    if days.last < days.first:
        raise NotReady([MIXED_UP])
    if days.last - days.first > LONGEST:
        raise NotReady([TOO_LONG])
    after = days.last + timedelta(days=1)
    return Span(local_midnight(days.first, me.tz), local_midnight(after, me.tz))


def _with_days(wanted: Wanted, days: DaysAsked) -> Wanted:
    first, last = (languages.day(day, languages.ENGLISH) for day in (days.first, days.last) if day)
    asked = {"from": str(days.first), "until": str(days.last)}
    return replace(wanted, period=f"{first} to {last}", asked={**wanted.asked, **asked})
