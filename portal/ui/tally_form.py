"""The form that counts screenings without names, and one's own totals."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

import streamlit as st

from portal.policy.undo import UNDO_WITHIN
from portal.ui import parts, when
from portal.ui.chips import WAITS
from portal.ui.labels import unlike
from portal.visits import tally
from portal.visits.queries import TallyLine
from portal.visits.tally import GRADES, TOOLS, TallyDraft

FORM = "tally-form"
COLUMNS = ("Screened", "Positive", "Brief intervention", "Referred")
FEW = 5
AUGUST = 8


def form_key() -> str:
    """The random key of the form on the screen; its saving counts once."""
    key: str = st.session_state.setdefault(FORM, uuid.uuid4().hex)
    return key


def key_of(name: str) -> str:
    """The key of a field of the form on the screen."""
    return f"tally-{form_key()}-{name}"


def begin_anew() -> None:
    """An empty form."""
    st.session_state[FORM] = uuid.uuid4().hex


def since(today: date) -> date:
    """The first of August before today: when the school year's count begins."""
    return date(today.year if today.month >= AUGUST else today.year - 1, AUGUST, 1)


def fields(schools: Sequence[tuple[uuid.UUID, str]], today: date) -> TallyDraft:
    """Draw the fields, and tell what they say."""
    tool = st.pills(
        "Tool", list(TOOLS), format_func=TOOLS.__getitem__, key=key_of("tool"), wrap=True, **WAITS
    )
    places = unlike(schools)
    school = st.selectbox(
        "School (optional)",
        list(places),
        index=None,
        format_func=places.__getitem__,
        key=key_of("school"),
        **WAITS,
    )
    grade = st.selectbox("Grade (optional)", list(GRADES), index=None, key=key_of("grade"), **WAITS)
    on = st.date_input(
        "Day, if not today", value=None, format="MM/DD/YYYY", key=key_of("on"), **WAITS
    )
    numbers = [_number(column) for column in COLUMNS]
    return TallyDraft(
        tool=tool,
        screened=numbers[0],
        positive=numbers[1] or 0,
        intervened=numbers[2] or 0,
        referred=numbers[3] or 0,
        on=on or today,
        grade=grade or "",
        school_id=school,
    )


def _number(column: str) -> int | None:
    number: int | None = st.number_input(
        column, value=None, min_value=0, step=1, key=key_of(column), **WAITS
    )
    return number


def totals(mine: Sequence[TallyLine], today: date) -> None:
    """My own totals: of this month, and since August."""
    month = [line for line in mine if line.on >= today.replace(day=1)]
    parts.heading("Your own totals", "Only you see them here.")
    for caption, lines in ((f"{today:%B}", month), (f"Since {since(today):%B %Y}", mine)):
        parts.table(
            caption,
            ["Tool", *COLUMNS],
            [
                [TOOLS.get(total.tool, total.tool), *(f"{number:,}" for number in total.counts)]
                for total in tally.totals(lines)
            ],
            f"{caption}: nothing counted.",
        )


def latest(mine: Sequence[TallyLine], now: datetime, today: date) -> uuid.UUID | None:
    """My last counts; one that is younger than ten minutes can be taken back: its id."""
    parts.subheading("Counted last")
    if not mine:
        st.html('<p class="p-empty">Nothing yet. Your counts appear here.</p>')
    clicked = None
    for line in mine[:FEW]:
        parts.row(_head(line), when.day(line.on, today), f"{line.counts[0]:,}")
        if now < line.written_at + UNDO_WITHIN and st.button(
            "Undo", type="tertiary", icon=":material/undo:", key=f"tally-undo-{line.id}"
        ):
            clicked = line.id
    return clicked


def _head(line: TallyLine) -> str:
    tool = TOOLS.get(line.tool, line.tool)
    return f"{tool} · grade {line.grade}" if line.grade else tool
