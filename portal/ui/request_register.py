"""The register of all written requests, for whoever keeps it and for an auditor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from portal.access.actor import Actor
from portal.access.unit_of_work import unit_of_work
from portal.ui import parts, request_words, when
from portal.ui.days import Days
from portal.ui.parts import Cell
from portal.vocabulary import (
    REQUEST_KIND_LABELS,
    REQUEST_STATUS_LABELS,
    RequestKind,
    RequestStatus,
)
from portal.written_requests import queries
from portal.written_requests.queries import RequestLine

SINCE = {"Last 12 months": 365, "Last 30 days": 30, "From the beginning": None}
OPENED = "register-open"
SHORT = {
    RequestKind.STAFF: "Staff",
    RequestKind.OUTSIDE: "Outside",
    RequestKind.RESEARCH: "Research",
    RequestKind.BOARD: "Board",
}
NAMED = frozenset({RequestKind.STAFF})


def show(me: Actor, days: Days) -> RequestLine | None:
    """The filters, the requests that pass them, and the one that is chosen."""
    lines = _filtered(me, days)
    waits = sum(line.status is RequestStatus.SUBMITTED for line in lines)
    parts.muted(f"{when.counted(len(lines), 'request')}, {waits} of them waiting")
    columns = ["Number", "Kind", "Who asks", "Sent", "Days", "Stands", "Through"]
    rows = [_row(line, days) for line in lines]
    parts.table("The requests, the newest first", columns, rows, "No request is like that.")
    line = request_words.choose("Open a request", lines, OPENED)
    if line is not None:
        request_words.detail(line, days, ())
        if line.kind not in NAMED:
            request_words.papers(line, days)
        request_words.history(line, days)
    return line


def _filtered(me: Actor, days: Days) -> Sequence[RequestLine]:
    typed, kind, status, since = st.columns([3, 3, 3, 2], wrap=True)
    text = typed.text_input("Number, applicant or words", max_chars=80, key="register-typed")
    kinds = kind.multiselect(
        "Kind",
        list(RequestKind),
        format_func=lambda one: REQUEST_KIND_LABELS[one],
        placeholder="All",
        key="register-kinds",
    )
    statuses = status.multiselect(
        "Stands",
        [one for one in RequestStatus if one is not RequestStatus.DRAFT],
        format_func=lambda one: REQUEST_STATUS_LABELS[one],
        placeholder="All",
        key="register-statuses",
    )
    back = SINCE[since.selectbox("Sent", list(SINCE), key="register-since")]
    first = days.today - timedelta(days=back) if back else None
    with unit_of_work() as session:
        return queries.register(session, me, days.now, kinds, statuses, first, text or "")


def _row(line: RequestLine, days: Days) -> list[Cell]:
    return [
        line.number,
        SHORT[line.kind],
        ", ".join(filter(None, (line.applicant, line.organization))),
        days.of(line.submitted_at) if line.submitted_at else "",
        str(line.days),
        request_words.tag(line),
        when.day(line.decided_until, days.today) if line.decided_until else "",
    ]
