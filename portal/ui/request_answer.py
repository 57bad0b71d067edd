"""Make the answer to a request from outside: which tables of Numbers it holds, seen before."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import streamlit as st

from portal.access.actor import Actor
from portal.access.months import Month, in_words
from portal.access.unit_of_work import unit_of_work
from portal.access.unnamed import open_views
from portal.errors import NotReady
from portal.ui import parts, unnamed_table
from portal.ui.days import Days
from portal.ui.page import telling_problems
from portal.unnamed import service
from portal.unnamed.service import Line
from portal.unnamed.tables import GRADE, Sheet, of_view
from portal.vocabulary import UNNAMED_VIEW_LABELS, InformationForm, UnnamedView
from portal.written_requests import answering, counted
from portal.written_requests.counted import Counted, CountedRow
from portal.written_requests.queries import RequestLine

KEY = "answer-key"
NAMED_ANSWER = (
    "The answer holds the granted kinds of record of every student whose family was told and has "
    "consented, and of nobody else."
)
COUNTED_ANSWER = (
    "Choose the tables that tell what was asked for. They stand below as the answer will have "
    "them; an answer holds the tables of one view."
)
MANAGERS = "Support visits by purpose and month"


def ask(me: Actor, line: RequestLine, days: Days) -> None:
    """Which tables, where it is one of counts; and the button that makes the answer."""
    key: str = st.session_state.setdefault(KEY, uuid.uuid4().hex)
    named = line.decided_form is InformationForm.IDENTIFIED
    parts.subheading("Answer it", NAMED_ANSWER if named else COUNTED_ANSWER)
    with telling_problems():
        tables = () if named else _tables(me, days, key)
        if not st.button("Make the answer", type="primary"):
            return
        with unit_of_work() as session:
            answering.answer(session, me, line.id, days.now, key, tables)
        st.session_state.pop(KEY, None)
        parts.flash("The answer is made; open it below and hand it over.")
        st.rerun()


def _tables(me: Actor, days: Days, key: str) -> Sequence[Counted]:
    """The tables that are chosen, each shown; none while nothing is chosen."""
    with unit_of_work() as session:
        views = open_views(session, me, days.now)
    view: UnnamedView | str | None = st.selectbox(
        "Numbers to answer with",
        [MANAGERS, *views],
        None,
        format_func=lambda one: UNNAMED_VIEW_LABELS.get(one, one),
        placeholder="Choose the numbers",
        key=f"answer-view-{key}",
    )
    if view is None:
        return ()
    if not isinstance(view, UnnamedView):
        return (_by_month(me, days),)
    return _of_view(me, view, days, key)


def _by_month(me: Actor, days: Days) -> Counted:
    with unit_of_work() as session:
        table = counted.by_month(session, me, days.now)
    rows = [[row.name, *map(counted.count_words, row.counts)] for row in table.rows]
    parts.muted(table.below)
    parts.table(table.caption, table.columns, rows, "")
    parts.muted(answering.SMALL)
    return table


def _of_view(me: Actor, view: UnnamedView, days: Days, key: str) -> list[Counted]:
    sheets = {sheet.code: sheet for sheet in of_view(view)}
    months = {month.name: month for month in service.months(me, days.now)}
    left, right = st.columns(2)
    codes = left.multiselect(
        "Tables",
        list(sheets),
        format_func=lambda code: sheets[code].title,
        placeholder="Choose tables",
        key=f"answer-tables-{view}-{key}",
    )
    names = right.multiselect(
        "Months",
        list(months),
        list(months)[:1],
        format_func=in_words,
        placeholder="Choose months",
        key=f"answer-months-{key}",
    )
    unnamed_table.proper_use(view)
    if len(codes) * len(names) > counted.MOST_TABLES:
        raise NotReady([counted.TOO_MANY])  # before so many are read
    chosen = sorted((months[name] for name in names), key=lambda month: month.name)
    found = [table for code in codes for table in _of_months(me, sheets[code], chosen, days, key)]
    if found:
        unnamed_table.stars(view)
    return found


def _of_months(
    me: Actor, sheet: Sheet, months: Sequence[Month], days: Days, key: str
) -> list[Counted]:
    """One table for each month, all with the same school and grade."""
    with unit_of_work() as session:
        tables = {
            month.name: service.lines(session, me, sheet, month, days.now) for month in months
        }
    parts.subheading(sheet.title, sheet.below)
    every = [line for table in tables.values() for line in table]
    chosen = unnamed_table.filters(sheet, every, f"answer-{key}")
    return [_shown(sheet, month, table, chosen) for month, table in tables.items()]


def _shown(
    sheet: Sheet, month: str, table: Sequence[Line], chosen: dict[str, str | None]
) -> Counted:
    """The table on the page, and as the value that the answer holds: the same rows."""
    lines = service.narrowed(sheet, table, chosen)
    narrowed = {part: name for part, name in chosen.items() if name}
    of = (in_words(month), *(_words(*one) for one in narrowed.items()))
    caption = ", ".join((sheet.title, *of))
    unnamed_table.counts(sheet, lines, caption)
    return Counted(
        code=sheet.code,
        view=sheet.view,
        months=(month,),
        caption=caption,
        below=sheet.below,
        columns=unnamed_table.columns(sheet),
        rows=[CountedRow(row.name, row.depth, row.counts) for row in service.set_in(lines)],
        chosen=narrowed,
    )


def _words(part: str, name: str) -> str:
    return f"grade {name}" if part == GRADE else name
