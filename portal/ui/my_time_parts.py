"""My use of time: which year, how much of it went where, and the file of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from portal.access.exported import Mine
from portal.ui import export_form, parts
from portal.ui.days import Days
from portal.ui.when import counted, length
from portal.visits.use_of_time import rules
from portal.visits.use_of_time.rules import Counted
from portal.vocabulary import ExportKind, ExportPurpose

FORM = "time-take"


@dataclass(frozen=True)
class Asked:
    """What for a file is wanted. key: of the form, so that a second click makes no second file."""

    purpose: ExportPurpose | None
    words: str
    key: str


def choose_year(today: date) -> int:
    """This school year or the one before."""
    now = rules.year_of(today)
    chosen: int = st.segmented_control(
        "School year", [now, now - 1], default=now, format_func=rules.named, required=True
    )
    return chosen


def totals(visits: Sequence[Counted]) -> None:
    """How many, how long, and the table by use of time."""
    every = sum(one.mine for one in visits)
    parts.strip(
        [
            ("Visits", [str(len(visits))]),
            ("Time", [length(every)]),
            ("Direct and indirect services", [f"{rules.main_percent(visits)} %"]),
            ("Units of 15 minutes", [str(sum(one.units for one in visits))]),
        ]
    )
    parts.table(
        f"Use of time (ASCA), {counted(len(visits), 'visit')}",
        ["Use of time", "Time", "Share"],
        [
            [share.label, length(share.minutes), f"{share.percent} %"]
            for share in rules.shares(visits)
        ],
        "No visit of this year yet. They appear here once you log them.",
    )
    parts.muted(
        "Each visit counts where its purpose counts; see What the words mean. A group counts once. "
        "The ASCA National Model asks for 80 % or more in direct and indirect services together."
    )


def ask(visits: Sequence[Counted]) -> Asked | None:
    """The form for the file, folded away; what was filled in, once its button is pressed."""
    token = st.session_state.setdefault(FORM, uuid.uuid4().hex)
    with st.expander("Make a file of each visit"), st.form(f"{token}-form", border=False):
        purpose, words = export_form.what_for(token, ExportKind.USE_OF_TIME)
        if not st.form_submit_button("Make a file of each visit", disabled=not visits):
            return None
    return Asked(purpose, words, token)


def begin_again() -> None:
    """Empty the form once its file is made."""
    st.session_state[FORM] = uuid.uuid4().hex


def still_open(taken: Sequence[Mine], days: Days) -> None:
    """The files that I made in the last day, if there are any."""
    if mine := [one for one in taken if one.kind is ExportKind.USE_OF_TIME]:
        export_form.still_open(mine, days)
