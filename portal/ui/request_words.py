"""A written request in words: how it stands, what it says, its letters and its history."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

import streamlit as st

from portal.policy.written_requests import GRANTABLE
from portal.ui import parts, when
from portal.ui.days import Days
from portal.ui.labels import unlike
from portal.ui.parts import Tag
from portal.vocabulary import (
    CATEGORY_LABELS,
    INFORMATION_FORM_LABELS,
    REQUEST_KIND_LABELS,
    REQUEST_STATUS_LABELS,
    UNNAMED_VIEW_LABELS,
    Category,
    RequestEventKind,
    RequestStatus,
)
from portal.written_requests.queries import Happening, RequestLine
from portal.written_requests.rules import STATEMENT_PARTS

KIND_OF_TAG = {
    RequestStatus.SUBMITTED: "warn",
    RequestStatus.GRANTED: "ok",
    RequestStatus.PARTLY_GRANTED: "ok",
    RequestStatus.REFUSED: "bad",
}
EVENT_LABELS = {
    RequestEventKind.SUBMITTED: "Sent to the Superintendent",
    RequestEventKind.DECIDED: "Decided",
    RequestEventKind.NOTIFIED: "Mail sent to the applicant",
    RequestEventKind.RENEWED: "Asked anew",
    RequestEventKind.WITHDRAWN: "Taken back",
    RequestEventKind.ENDED: "Ended",
    RequestEventKind.ANSWERED: "Answered",
    RequestEventKind.PARENTS_NOTIFIED: "A family and the study",
}
PAPERS = {
    RequestEventKind.SUBMITTED: "Open the agreement that was brought",
    RequestEventKind.ENDED: "Open the letter of the end (PDF)",
    RequestEventKind.ANSWERED: "Open the answer (PDF)",
}
KIND_LABELS = {category: CATEGORY_LABELS[category] for category in GRANTABLE}


def tag(line: RequestLine) -> Tag:
    """How it stands, in one word or two; while it waits, since when."""
    if line.status is RequestStatus.SUBMITTED:
        return Tag(f"Waits, {when.days(line.days)}", KIND_OF_TAG[line.status])
    return stands(line.status)


def stands(status: RequestStatus) -> Tag:
    """A status as a tag."""
    return Tag(REQUEST_STATUS_LABELS[status], KIND_OF_TAG.get(status, "plain"))


def listed(lines: Sequence[RequestLine], empty: str, *, applicant: bool) -> None:
    """Requests, one a row."""
    parts.rows([(_head(line, applicant=applicant), _first(line), tag(line)) for line in lines],
               empty)  # fmt: skip


def _head(line: RequestLine, *, applicant: bool) -> str:
    return f"{line.number} · {line.applicant}" if applicant else line.number


def _first(line: RequestLine, most: int = 120) -> str:
    return _shortened(" ".join(line.information.split()) or "Nothing written yet", most)


def _shortened(text: str, most: int = 120) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def choose(label: str, lines: Sequence[RequestLine], key: str) -> RequestLine | None:
    """The request that is chosen; the only one by itself."""
    labels = unlike((line.id, f"{line.number} · {_first(line, 60)}") for line in lines)
    if wanted := st.session_state.pop(_next(key), None):
        st.session_state[key] = wanted
    if st.session_state.get(key) not in labels:
        st.session_state.pop(key, None)
    if not lines:
        return None
    chosen: uuid.UUID | None = st.selectbox(
        label,
        list(labels),
        index=0 if len(labels) == 1 else None,
        format_func=lambda request: labels.get(request, ""),
        placeholder="Choose a request",
        key=key,
        persist_state="session",
    )
    return next((line for line in lines if line.id == chosen), None)


def open_next(key: str, request: uuid.UUID) -> None:
    """Choose this request when the page runs again."""
    st.session_state[_next(key)] = request


def _next(key: str) -> str:
    return f"{key}-next"


def detail(line: RequestLine, days: Days, students: Sequence[str]) -> None:
    """All that the request says, and what was decided."""
    told = [
        ("Who asks", ", ".join(filter(None, (line.applicant, line.organization, line.address)))),
        ("What kind", REQUEST_KIND_LABELS[line.kind]),
        ("Precisely what", line.information),
        ("What for", line.need),
        ("In which form", _form(line)),
        ("Term", _term(line.first, line.last, days)),
        ("Students", "; ".join(students)),
        ("Kinds of record", kinds(line.categories)),
        *((label, line.statement.get(part, "")) for part, label in STATEMENT_PARTS.items()),
        ("Agreement", line.agreement_number),
        ("The Board's instruction", line.board_vote),
        ("Renews", line.renews),
        *_decided(line, days),
    ]
    parts.table(f"Request {line.number}", ["What", "Words"], [row for row in told if row[1]], "")


def _form(line: RequestLine) -> str:
    form = INFORMATION_FORM_LABELS[line.form]
    return f"{form}: {UNNAMED_VIEW_LABELS[line.view]}" if line.view else form


def _term(first: date, last: date, days: Days) -> str:
    return f"{when.day(first, days.today)} through {when.day(last, days.today)}"


def kinds(categories: Sequence[Category]) -> str:
    """Kinds of record in words."""
    return ", ".join(CATEGORY_LABELS[category] for category in categories)


def _decided(line: RequestLine, days: Days) -> list[tuple[str, str]]:
    if line.decided_at is None:
        return []
    ended = line.status is RequestStatus.ENDED  # only what was granted ends
    decided = RequestStatus.GRANTED if ended else line.status
    told = [
        ("Decision", f"{REQUEST_STATUS_LABELS[decided]}, {days.of(line.decided_at)}"),
        ("The reason", line.reason),
    ]
    if line.decided_until and line.decided_form:
        told += [
            ("Granted form", INFORMATION_FORM_LABELS[line.decided_form]),
            ("Granted kinds", kinds(line.granted)),
            ("Granted through", when.day(line.decided_until, days.today)),
            ("Required to be released", line.foia),
        ]
    return told


def papers(line: RequestLine, days: Days) -> None:
    """The letters and the other papers, to be opened."""
    if line.letter_id:
        parts.document("Open the letter of the decision (PDF)", line.letter_id)
    if line.letter_docx_id:
        parts.document("Open the letter as a Word file", line.letter_docx_id)
    for happening in line.history:
        if happening.document_id and (label := PAPERS.get(happening.kind)):
            told = ", ".join(filter(None, (days.of(happening.at), _of(happening))))
            parts.document(f"{label}, {told}", happening.document_id)


def _of(happening: Happening) -> str:
    """Which tables an answer holds, so that two of one day are not alike; "" of another paper."""
    return _shortened(happening.note) if happening.kind is RequestEventKind.ANSWERED else ""


def history(line: RequestLine, days: Days) -> None:
    """What happened to it, in order."""
    with st.expander("What happened"):
        parts.listed(
            " · ".join(
                filter(None, (when.moment(one.at, days.now, days.tz), EVENT_LABELS[one.kind],
                              one.by, one.note))
            )
            for one in line.history
        )  # fmt: skip
