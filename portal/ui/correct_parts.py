"""Beside the form that corrects a record: the record as it stands, its three times, its history."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from portal.access.words import Words
from portal.corrections.queries import Correctable, HistoryLine, RemovedLine
from portal.policy.undo import UNDO_WITHIN
from portal.ui import correct_words, parts, when
from portal.ui.labels import unlike
from portal.ui.parts import esc
from portal.vocabulary import CATEGORY_LABELS, Category, Field

JUST_REMOVED = "correct-removed"
WHY_REMOVE = "Why is it removed?"
WHY_RESTORE = "Why is it restored?"


@dataclass(frozen=True)
class Removed:
    """What was removed last on this page, for its Undo."""

    record_id: uuid.UUID
    at: datetime


def head(found: Correctable, now: datetime, tz: str) -> None:
    """Whose record, what it says, and when it happened, was written down and approved."""
    category = CATEGORY_LABELS[found.item.category]
    parts.title("Correct a record", f"{found.student} · {category}")
    written = f"{when.moment(found.written_at, now, tz)}" if found.written_at else "Not known"
    approved = "Not approved"
    if found.approved_at is not None:
        approved = f"{when.moment(found.approved_at, now, tz)}, {found.approved_by}"
    parts.strip(
        [
            ("Happened", [when.moment(found.item.when, now, tz)]),
            ("Written down", [f"{written}, {found.author}" if found.author else written]),
            ("Approved", [approved]),
        ]
    )
    parts.say(found.item.parts.get(Field.WHAT, category))
    if found.item.parts.get(Field.NARRATIVE):
        parts.say(found.item.parts[Field.NARRATIVE])


def history(lines: Sequence[HistoryLine], words: Words, now: datetime, tz: str) -> None:
    """Who changed what, when and why, the last change first."""
    parts.heading("History", "What it said before is kept. Whoever may open the record sees this.")
    parts.table(
        "Changes of this record",
        ["When", "Who", "What", "Before", "After", "Why"],
        [_history_row(line, words, now, tz) for line in lines],
        "Nothing has been changed since it was written down.",
    )


def _history_row(line: HistoryLine, words: Words, now: datetime, tz: str) -> list[str]:
    of_note = line.of_part and line.field in correct_words.OF_ALL
    what = correct_words.part(line.field)
    values = [
        correct_words.told(line.field, value, words, now, tz) for value in (line.old, line.new)
    ]
    return [
        when.moment(line.at, now, tz),
        line.by,
        f"{what} (what belongs to it)" if of_note else what,
        *values,
        line.reason,
    ]


def approve(found: Correctable) -> bool:
    """The button of a second person; was it clicked?"""
    return found.may_approve and st.button("Approve what it says now", icon=":material/verified:")


def remove(found: Correctable) -> str | None:
    """Why it is to be removed, when that is clicked; else None."""
    if not found.may_remove:
        return None
    with st.expander("Remove this record"):
        parts.muted(
            "Nobody will see it any more, and nothing is deleted: you can undo this for ten "
            "minutes, and an administrator can restore it."
        )
        reason = ""
        if found.needs_reason_to_remove:
            reason = st.text_input(WHY_REMOVE, key=f"remove-why-{found.item.record_id}") or ""
        clicked = st.button("Remove it", icon=":material/delete:")
    return reason if clicked else None


def remember_removed(record_id: uuid.UUID, now: datetime) -> None:
    """Offer Undo for this from the next run on."""
    st.session_state[JUST_REMOVED] = Removed(record_id, now)


def just_removed(now: datetime) -> uuid.UUID | None:
    """Say that it was removed, and offer Undo for ten minutes; the record when that is clicked."""
    last: Removed | None = st.session_state.get(JUST_REMOVED)
    if last is None or now >= last.at + UNDO_WITHIN:
        return None
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(f'<div class="p-status" role="status">{esc("Removed")}</div>', width="content")
        clicked = st.button("Undo", type="tertiary", icon=":material/undo:")
    return last.record_id if clicked else None


def forget_removed() -> None:
    """There is nothing to undo any more."""
    st.session_state.pop(JUST_REMOVED, None)


def to_restore(
    lines: Sequence[RemovedLine], now: datetime, tz: str
) -> tuple[uuid.UUID, str] | None:
    """What was removed in the last year; one of them with the reason, when Restore is clicked."""
    parts.heading("Removed records", "Of the last year. Nothing was deleted.")
    parts.table(
        "Removed records",
        ["Student", "Record", "Removed", "By", "Why"],
        [
            [
                line.student,
                f"{CATEGORY_LABELS[Category(line.category)]}, "
                f"{when.day_of(line.happened_at, now, tz)}",
                when.moment(line.removed_at, now, tz),
                line.by,
                line.reason,
            ]
            for line in lines
        ],
        "Nothing was removed.",
    )
    if not lines:
        return None
    labels = unlike(
        (line.record_id, f"{line.student} · {when.moment(line.removed_at, now, tz)}")
        for line in lines
    )
    chosen = st.selectbox(
        "Which one?",
        list(labels),
        index=None,
        format_func=lambda key: labels.get(key, ""),
        placeholder="Choose a removed record",
    )
    reason = st.text_input(WHY_RESTORE)
    clicked = st.button("Restore it", disabled=chosen is None, icon=":material/restore:")
    return (chosen, reason or "") if clicked and chosen else None
