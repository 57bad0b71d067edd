"""The last days of a consent by a form: the usual one, and the latest. Days are included."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from portal.consents.forms.definition import Definition, TermEnd
from portal.consents.rules import end_of_school_year


def usual_day(definition: Definition, start: date) -> date:
    """The last day that is proposed for a consent that starts on this one."""
    term, latest = definition.term, latest_day(definition, start)
    if term.ends is TermEnd.SCHOOL_YEAR or term.months is None:
        return min(end_of_school_year(start), latest)
    return min(_last_day(start, term.months), latest)


def latest_day(definition: Definition, start: date) -> date:
    """The last day that may be chosen at all."""
    return _last_day(start, definition.most_months)


def _last_day(start: date, months: int) -> date:
    """The day before the same day so many months later; in a short month, before its end."""
    year, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + year, month + 1
    after = date(year, month, min(start.day, monthrange(year, month)[1]))
    return after - timedelta(days=1)
