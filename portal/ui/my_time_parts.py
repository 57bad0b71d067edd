"""My use of time: which year, and how much of it went where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from portal.ui import parts
from portal.ui.when import counted, length
from portal.visits.use_of_time import rules
from portal.visits.use_of_time.rules import Counted


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
