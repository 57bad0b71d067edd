"""Take out a table of numbers without names: as which file and what for; what still opens."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from portal.access.exported import Mine
from portal.access.exports import Table, Wanted
from portal.access.months import Month
from portal.ui import export_form
from portal.ui.days import Days
from portal.unnamed.service import Line
from portal.unnamed.tables import Sheet
from portal.vocabulary import ExportKind

FORM = "numbers-take"


@dataclass(frozen=True)
class Asked:
    """What was filled in. key: of the form, so that a second click takes nothing out twice."""

    wanted: Wanted
    key: str


def ask(sheet: Sheet, month: Month) -> Asked | None:
    """The form, folded away; what was filled in, once its button is pressed."""
    token = st.session_state.setdefault(FORM, uuid.uuid4().hex)
    with st.expander("Take out this table"), st.form(f"{token}-form", border=False):
        shape, purpose, words = export_form.stated(token, ExportKind.NUMBERS)
        if not st.form_submit_button("Take out"):
            return None
    of = {"table": sheet.code, "month": month.name}
    return Asked(Wanted(ExportKind.NUMBERS, shape, purpose, words, month.name, of), token)


def table_of(sheet: Sheet, lines: Sequence[Line]) -> Table:
    """The whole table as the page has it, stars too; nobody is in it."""
    return Table(
        (*sheet.parts, "Students", *sheet.amounts),
        [
            (*line.path, *("*" if count is None else str(count) for count in line.counts))
            for line in lines
        ],
    )


def begin_again() -> None:
    """Empty the form once its file is made."""
    st.session_state[FORM] = uuid.uuid4().hex


def still_open(taken: Sequence[Mine], days: Days) -> None:
    """The tables that I took out in the last day, if there are any."""
    if tables := [one for one in taken if one.kind == ExportKind.NUMBERS]:
        export_form.still_open(tables, days)
