"""Numbers without names on a page: which view and month, the filters, the table and its bars."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from portal.access.months import Month, in_words
from portal.policy.groups import FEWEST_STAFF, FEWEST_STUDENTS, Told
from portal.ui import parts
from portal.ui.parts import esc
from portal.unnamed import service
from portal.unnamed.service import Line
from portal.unnamed.tables import GRADE, SCHOOL, Sheet, of_view
from portal.vocabulary import UNNAMED_VIEW_LABELS, UnnamedView

MOST_BARS = 12
HIDDEN = (
    f"* is fewer than {FEWEST_STUDENTS} students, none among them, or a count beside which such a "
    "number could be worked out. What is below a hidden count is not listed. Months count once "
    "they are over."
)
STAFF_HIDDEN = f" A building where fewer than {FEWEST_STAFF} of the staff did it is hidden too."


def choose(views: Sequence[UnnamedView], months: Sequence[Month]) -> tuple[Sheet, Month]:
    """Which view, table and month."""
    view = views[0]
    if len(views) > 1:
        view = st.segmented_control(
            "View",
            views,
            default=view,
            format_func=UNNAMED_VIEW_LABELS.__getitem__,
            required=True,
            key="numbers-view",
        )
    left, right = st.columns(2)
    sheets = {sheet.code: sheet for sheet in of_view(view)}
    code = left.selectbox(
        "Table",
        list(sheets),
        format_func=lambda code: sheets[code].title,
        key=f"numbers-table-{view}",
    )
    by_name = {month.name: month for month in months}
    name = right.selectbox("Month", list(by_name), format_func=in_words, key="numbers-month")
    return sheets[code], by_name[name]


def proper_use(view: UnnamedView) -> None:
    """The policy's sentence, where numbers of a building could be taken for somebody's."""
    if view is not UnnamedView.CURRICULUM:
        parts.proper_use()


def show(sheet: Sheet, table: Sequence[Line]) -> None:
    """The table as far as the filters leave it, its bars, and what the stars mean."""
    parts.heading(sheet.title, sheet.below)
    shown = service.narrowed(sheet, table, filters(sheet, table, "numbers"))
    _bars(service.bars(shown))
    counts(sheet, shown, sheet.title)
    stars(sheet.view)


def stars(view: UnnamedView) -> None:
    """What the stars in the tables of a view mean."""
    parts.muted(HIDDEN + (STAFF_HIDDEN if view is UnnamedView.PERSONNEL else ""))


def columns(sheet: Sheet) -> tuple[str, ...]:
    """The heads of its columns: what its rows are of, and what is counted."""
    of = ", ".join(part.lower() for part in sheet.parts).capitalize()
    return (of, "Students", *sheet.amounts)


def counts(sheet: Sheet, shown: Sequence[Line], caption: str) -> None:
    """One row below the other, each set in below the row that it is a part of."""
    if not shown:
        st.html('<p class="p-empty">Nothing of this is large enough to be told.</p>')
        return
    body = "".join(
        f'<tr><th scope="row" class="p-in-{row.depth}">{esc(row.name)}</th>'
        + "".join(f"<td>{_told(count)}</td>" for count in row.counts)
        + "</tr>"
        for row in service.set_in(shown)
    )
    head = "".join(f'<th scope="col">{esc(name)}</th>' for name in columns(sheet))
    st.html(
        f'<div class="p-scroll" role="region" tabindex="0" aria-label="{esc(caption)}">'
        f'<table class="p-table"><caption>{esc(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def filters(sheet: Sheet, table: Sequence[Line], key: str) -> dict[str, str | None]:
    """The school and the grade that are chosen, where the table has them; key: begins theirs."""
    chosen: dict[str, str | None] = {}
    for column, part in zip(st.columns(2), (SCHOOL, GRADE), strict=True):
        names = service.choices(sheet, table, part)
        if names:
            chosen[part] = column.selectbox(
                part, names, None, key=f"{key}-{sheet.code}-{part}", placeholder="All"
            )
    return chosen


def staff(lines: Sequence[tuple[str, str, str, int]]) -> None:
    """Staff by building, role and title."""
    parts.heading(
        "Staff by building, role and title",
        "By class, caseload or a principal's building, as the month ended; whoever works in two "
        "buildings counts in each. The portal keeps titles and no certificates.",
    )
    parts.table(
        "Staff by building, role and title",
        ["Building", "Role", "Title", "Staff"],
        [[building, role, title or "No title", str(many)] for building, role, title, many in lines],
        "There was no staff yet.",
    )


def _told(count: Told) -> str:
    return "*" if count is None else f"{count:,}"


def _bars(bars: Sequence[tuple[str, int]]) -> None:
    """A picture of what the table tells beside it, so screen readers leave it out."""
    if len(bars) < 2:
        return
    longest = max(count for _name, count in bars)
    rows = "".join(
        f'<div class="p-bar"><span>{esc(name)}</span>'
        f'<div class="p-meter"><div style="width:{100 * count // longest}%"></div></div>'
        f"<span>{count:,}</span></div>"
        for name, count in bars[:MOST_BARS]
    )
    st.html(f'<div class="p-bars" aria-hidden="true">{rows}</div>')
