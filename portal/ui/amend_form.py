"""The forms about a family's request to amend a record: asked, decided, heard, stated."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import streamlit as st

from portal.corrections.amendments.queries import Asker, RequestLine
from portal.corrections.amendments.rules import (
    OPEN,
    STANDING_LABELS,
    HearingDraft,
    RequestDraft,
    Standing,
)
from portal.policy.corrections import AMEND_WITHIN
from portal.ui import parts, when
from portal.ui.labels import unlike
from portal.ui.parts import Cell, Tag
from portal.vocabulary import (
    AMENDMENT_DECISION_LABELS,
    CATEGORY_LABELS,
    AmendmentDecision,
    Category,
)

WAYS = {
    AmendmentDecision.AMENDED: "Amended: the record says now what they asked for",
    AmendmentDecision.REFUSED: "Not amended",
}
OPENED = "amend-open"
"""In the session: the request that is open."""

KINDS = {Standing.ASKED: "warn", Standing.HEARING_ASKED: "warn"}


@dataclass(frozen=True)
class Decided:
    """A decision as somebody filled it in."""

    decision: AmendmentDecision | None
    reason: str


def head() -> None:
    """What this page is for, and which clock is the law's and which is ours."""
    parts.title("Requests to amend a record")
    parts.muted(
        "A parent, or a student who holds the rights, may ask to change a record that they find "
        "wrong, misleading or too private (34 CFR 99.20). The law asks for an answer within a "
        f"reasonable time; our own clock is {AMEND_WITHIN.days} days."
    )


def new(
    record_id: uuid.UUID, askers: Sequence[Asker], key: str, today: date
) -> RequestDraft | None:
    """The form that writes a request down; what was filled in when Save is clicked."""
    parts.heading("Write down a request", "In their words, as they said or wrote it.")
    if not askers:
        parts.muted(
            "Nobody of the family may ask for this record now. "
            "The page Families says who holds the rights."
        )
        return None
    labels = unlike((asker, asker.name) for asker in askers)
    with st.form(f"amend-new-{key}", enter_to_submit=False):
        asker = st.selectbox("Who asks", list(labels), format_func=lambda one: labels.get(one, ""))
        asked_on = st.date_input("Asked on", value=today, max_value=today, format="MM/DD/YYYY")
        wants = st.text_area("What they want changed, and why")
        if not st.form_submit_button("Save the request", type="primary"):
            return None
    return RequestDraft(
        record_id=record_id,
        asked_by=asker.guardian_id,
        by_student=asker.guardian_id is None,
        asked_on=asked_on,
        wants=wants or "",
    )


def listed(lines: Sequence[RequestLine], now: datetime, tz: str) -> uuid.UUID | None:
    """The requests of my students, those that wait first; the one that is chosen."""
    parts.rows(
        [(line.student, _below(line, now, tz), _tag(line)) for line in lines],
        "No request. A family's request begins at the record, on the student's page.",
    )
    if not lines:
        return None
    labels = unlike(
        (line.request_id, f"{line.student} · {_record(line, now, tz)}") for line in lines
    )
    chosen: uuid.UUID | None = st.selectbox(
        "Open a request",
        list(labels),
        index=0 if len(labels) == 1 else None,
        format_func=lambda key: labels.get(key, ""),
        placeholder="Choose a request",
        key=OPENED,
        persist_state="session",
    )
    return chosen


def _day(day: date, now: datetime, tz: str) -> str:
    return when.day(day, when.local_day(now, tz))


def _below(line: RequestLine, now: datetime, tz: str) -> str:
    asked = f"asked by {line.asked_by}, {_day(line.asked_on, now, tz)}"
    return f"{_record(line, now, tz)} · {asked}"


def _record(line: RequestLine, now: datetime, tz: str) -> str:
    label = CATEGORY_LABELS[Category(line.category)]
    return f"{label} of {when.day_of(line.happened_at, now, tz)}"


def _tag(line: RequestLine) -> Cell:
    label = STANDING_LABELS[line.standing]
    if line.standing is not Standing.ASKED:
        return Tag(label, KINDS.get(line.standing, "plain"))
    waiting = f"{label}, {when.days(line.days)}"
    return Tag(f"{waiting}, late" if line.late else waiting, "bad" if line.late else "warn")


def detail(line: RequestLine, now: datetime, tz: str) -> None:
    """What was asked, decided, heard and stated, with the letters to the family."""
    parts.heading(line.student, _below(line, now, tz))
    told: list[tuple[str, str]] = [("They ask", line.wants)]
    if line.standing in OPEN:
        told.append(("Our clock", f"A decision by {_day(line.due, now, tz)}"))
    if line.reason:
        told.append(("Decided", line.reason))
    if line.hearing_asked_on:
        told.append(("Hearing asked for", _day(line.hearing_asked_on, now, tz)))
    if line.hearing_held_on:
        held = f"{_day(line.hearing_held_on, now, tz)}, by {line.hearing_by}"
        told += [("Hearing held", held), ("Decided there", line.hearing_reason)]
    if line.statement and line.statement_on:
        told.append((f"Statement, {_day(line.statement_on, now, tz)}", line.statement))
    parts.table("The request", ["What", "Words"], told, "")
    if line.letter_id:
        parts.document("Open the letter of the decision (PDF)", line.letter_id)
    if line.hearing_letter_id:
        parts.document("Open the letter after the hearing (PDF)", line.hearing_letter_id)


def decide(line: RequestLine) -> Decided | None:
    """The decision and why; when Save is clicked."""
    with st.form(f"amend-decide-{line.request_id}", enter_to_submit=False):
        parts.subheading("Decide", "A letter to the family is made with it, in their language.")
        decision = st.radio("Decision", list(WAYS), format_func=lambda way: WAYS[way], index=None)
        reason = st.text_area("What was changed, or why not (it stands in the letter)")
        if not st.form_submit_button("Save the decision", type="primary"):
            return None
    return Decided(decision, reason or "")


def hearing_asked(line: RequestLine, today: date) -> date | None:
    """The day on which they asked for a hearing; when Save is clicked."""
    with st.form(f"amend-ask-hearing-{line.request_id}", enter_to_submit=False):
        parts.subheading("The family asks for a hearing", "34 CFR 99.21(a)")
        asked_on = st.date_input("Asked on", value=today, max_value=today, format="MM/DD/YYYY")
        clicked = st.form_submit_button("Save the request for a hearing")
    return asked_on if clicked else None


def hearing(line: RequestLine, today: date) -> HearingDraft | None:
    """What the hearing decided; when Save is clicked."""
    with st.form(f"amend-hearing-{line.request_id}", enter_to_submit=False):
        parts.subheading(
            "The hearing",
            "Held by somebody without an interest in its outcome; its decision rests on what was "
            "shown there (34 CFR 99.22). Neither the author of the record nor whoever refused "
            "writes it down.",
        )
        held_on = st.date_input("Held on", value=today, max_value=today, format="MM/DD/YYYY")
        held_by = st.text_input("Held by")
        decision = st.radio(
            "Decision",
            list(AmendmentDecision),
            format_func=lambda way: AMENDMENT_DECISION_LABELS[way],
            index=None,
        )
        reason = st.text_area("What was shown, and why it was decided so")
        if not st.form_submit_button("Save the hearing", type="primary"):
            return None
    return HearingDraft(held_on, held_by or "", decision, reason or "")


def statement(line: RequestLine) -> str | None:
    """The family's own words; when Save is clicked."""
    with st.form(f"amend-statement-{line.request_id}", enter_to_submit=False):
        parts.subheading(
            "Statement of disagreement",
            "In the family's words. It stays with the record and is shown with it to everybody "
            "who gets the record (34 CFR 99.21(c)). It cannot be changed afterwards.",
        )
        text = st.text_area("Statement")
        clicked = st.form_submit_button("Put the statement into the record")
    return (text or "") if clicked else None
