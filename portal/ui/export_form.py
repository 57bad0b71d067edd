"""Take out data: what, from which days, as which file, and what for; and what still opens."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from portal.access.actor import Actor
from portal.access.exported import Mine
from portal.access.exports import MOST_ROWS, MOST_ROWS_ON_PAPER, Wanted
from portal.exporting.service import OF_TODAY, DaysAsked, Rows
from portal.policy import exports as rules
from portal.stewardship.queries import trail_as_table
from portal.ui import parts, when
from portal.ui.days import Days
from portal.ui.parts import Cell, Link
from portal.vocabulary import (
    EXPORT_KIND_LABELS,
    EXPORT_PURPOSE_LABELS,
    EXPORT_SHAPE_LABELS,
    ExportKind,
    ExportPurpose,
    ExportShape,
)

FORM = "export-form"

ROWS_OF: dict[ExportKind, Rows] = {ExportKind.TRAIL: trail_as_table}
"""Kinds whose rows another room has: the page joins the two."""

WHAT_IS_IN_IT = {
    ExportKind.VISITS: "Each visit with its day, student, purpose, minutes and attendance. "
    "No note, and not who held it.",
    ExportKind.REFERRALS: "Each referral with its day, student, agency, need, and what came of it. "
    "No note, and not who sent it.",
    ExportKind.TRAIL: "Every opening of a record and every refusal, as Disclosures shows them.",
    ExportKind.PEOPLE: "Who has an account today, with role, level of access and building.",
}


@dataclass(frozen=True)
class Asked:
    """What was filled in. key: of the form, so that a second click takes nothing out twice."""

    wanted: Wanted
    days: DaysAsked
    key: str

    @property
    def rows(self) -> Rows | None:
        """Where the rows come from, when not from the room of exports."""
        return ROWS_OF.get(self.wanted.kind)


def ask(me: Actor, days: Days) -> Asked | None:
    """The form; what was filled in, once its button is pressed."""
    token = st.session_state.setdefault(FORM, uuid.uuid4().hex)
    kinds = rules.kinds_for(me.role, me.level)
    if not kinds:
        parts.muted("Your level of access has nothing that can be taken out.")
        return None
    kind = st.selectbox(
        "What", kinds, format_func=lambda one: EXPORT_KIND_LABELS[one], key=f"{token}-kind"
    )
    parts.muted(WHAT_IS_IN_IT[kind])
    with st.form(f"{token}-form", border=False):
        asked_days = _days(kind, days, token)
        shape, purpose, words = stated(token, kind)
        if not st.form_submit_button("Take out", type="primary"):
            return None
    wanted = Wanted(kind, shape, purpose, words)
    return Asked(wanted, asked_days, token)


def stated(token: str, kind: ExportKind) -> tuple[ExportShape, ExportPurpose | None, str]:
    """As which file, and what for: the fields of a form that takes a table out."""
    shape = st.segmented_control(
        "As",
        [ExportShape.CSV, ExportShape.PDF],
        default=ExportShape.CSV,
        format_func=lambda one: EXPORT_SHAPE_LABELS[one],
        required=True,
        key=f"{token}-shape",
    )
    return shape or ExportShape.CSV, *what_for(token, kind)


def what_for(token: str, kind: ExportKind) -> tuple[ExportPurpose | None, str]:
    """The purpose from the list, and in one's own words: the fields of any such form."""
    purpose: ExportPurpose | None = st.selectbox(
        rules.FIELD_PURPOSE,
        rules.purposes_of(kind),
        index=None,
        format_func=lambda one: EXPORT_PURPOSE_LABELS[one],
        placeholder="Choose a purpose",
        key=f"{token}-purpose",
    )
    words = st.text_area(
        rules.FIELD_WORDS,
        max_chars=rules.LONGEST_PURPOSE,
        help="Who will use it, for what. It is printed on the file. Name no student.",
        key=f"{token}-words",
    )
    return purpose, words


def _days(kind: ExportKind, days: Days, token: str) -> DaysAsked:
    if kind in OF_TODAY:
        return DaysAsked(days.today, days.today)
    first, last = st.columns(2, wrap=True)
    began: date | None = first.date_input(
        "From", _year_began(days.today), format="MM/DD/YYYY", key=f"{token}-first"
    )
    ended: date | None = last.date_input(
        "Until, that day too", days.today, format="MM/DD/YYYY", key=f"{token}-last"
    )
    return DaysAsked(began, ended)


def _year_began(today: date) -> date:
    """A school year begins on the first of July (CGS 10-259)."""
    return date(today.year if today.month >= 7 else today.year - 1, 7, 1)


def begin_again() -> None:
    """Empty the form once its file is made."""
    st.session_state[FORM] = uuid.uuid4().hex


def rules_in_words(*, asks_for_second_factor: bool) -> None:
    """What taking out costs: said before, not after."""
    parts.listed(
        [
            "Each file has your name, the moment and the purpose on every page, and a number.",
            "That you took it out is kept with the record of every student in it.",
            "It opens to you alone, for one day, and only while all of its students are yours.",
            f"At most {MOST_ROWS:,} rows at once, on paper {MOST_ROWS_ON_PAPER:,}.",
            _much(asks_for_second_factor),
        ]
    )
    if asks_for_second_factor:
        parts.plain_page("Show my second factor", "/code?next=/export_records")


def _much(asks: bool) -> str:
    more = f"More than {rules.MANY_STUDENTS} students or {rules.MANY_ROWS} rows on one day"
    if asks:
        return f"{more}: show your second factor shortly before. A person looks at it afterwards."
    return f"{more}: a person looks at it afterwards. No second factor is asked for here."


def still_open(taken: Sequence[Mine], days: Days) -> None:
    """What I took out in the last day."""
    parts.heading("Taken out in the last day")
    parts.table(
        "Files that still open",
        ["File", "What", "How much", "Made"],
        [_line(one, days) for one in taken],
        "Nothing. A file that you take out can be opened from here for one day.",
    )


def _line(one: Mine, days: Days) -> list[Cell]:
    much = when.counted(one.rows, "row")
    if one.students:
        much += f", {when.counted(one.students, 'student')}"
    return [
        Link(f"Open {one.number}", f"/doc/{one.document_id}"),
        f"{EXPORT_KIND_LABELS[one.kind]}, {EXPORT_SHAPE_LABELS[one.shape]}",
        much,
        when.moment(one.made_at, days.now, days.tz),
    ]
