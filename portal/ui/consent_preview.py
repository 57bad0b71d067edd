"""What would be seen with these ticks: each kind of record counted, and the very screen."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from portal.consents.preview import KindLine, Preview
from portal.ui import parts, shared_record
from portal.ui.days import Days
from portal.ui.parts import Cell, Tag
from portal.vocabulary import CATEGORY_LABELS, Instrument, Purpose


def show(seen: Sequence[tuple[Instrument, Preview]], purpose: Purpose, days: Days) -> None:
    """Each direction: the table first, then the very screen that the partner would have."""
    for instrument, preview in seen:
        with st.container(border=True):
            if instrument is Instrument.FERPA:
                _out(preview, purpose, days)
            else:
                _back(preview)


def _out(preview: Preview, purpose: Purpose, days: Days) -> None:
    parts.heading(
        f"With these ticks the case team of {preview.receiver} would see",
        "Counted in this student's own records, this minute. That you looked is written down.",
    )
    parts.table(
        f"What {preview.giver} would give",
        ["Records", "Ticked", "Would open", "Sees now", "Why closed"],
        [_line(line) for line in preview.lines],
        "",
    )
    if preview.record is None:
        parts.notice(
            "Nothing would open. The family can sign; it opens records from the day an agreement "
            "with this agency is in force, and there is a record.",
            "warn",
        )
        return
    with st.expander(parts.plain(f"The screen of {preview.receiver}")):
        shared_record.show(preview.record, [], purpose, days)


def _back(preview: Preview) -> None:
    parts.heading(
        f"With these ticks {preview.giver} would give us",
        "What they hold is not shown before the family has signed; only what would open.",
    )
    ticked = [line for line in preview.lines if line.ticked]
    parts.table(
        f"From {preview.giver} to {preview.receiver}",
        ["Records", "Would open", "Why closed"],
        [[CATEGORY_LABELS[line.category], _opens(line), line.because] for line in ticked],
        "Nothing is ticked in this direction.",
    )


def _line(line: KindLine) -> list[Cell]:
    counted: Cell = Tag("No", "bad") if line.ticked else ""
    if line.ticked and not line.because:
        counted = Tag(f"{line.opens} of {line.held}", "ok" if line.opens else "plain")
    now: Cell = f"{line.opens_now} of {line.held}" if line.held else "none kept"
    ticked: Cell = Tag("Yes", "ok") if line.ticked else "No"
    return [CATEGORY_LABELS[line.category], ticked, counted, now, line.because]


def _opens(line: KindLine) -> Cell:
    return Tag("No", "bad") if line.because else Tag("Yes", "ok")
