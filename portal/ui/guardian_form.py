"""A student's family: the table of rights and orders, and the two forms that change them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import streamlit as st

from portal.directory.guardians.queries import CollegeLine, GuardianLine, OrderLine, RightLine
from portal.directory.guardians.rules import CollegeDraft, EndDraft, GuardianDraft, OrderDraft
from portal.policy.spans import Span
from portal.ui import parts
from portal.ui.days import Days
from portal.ui.labels import unlike
from portal.ui.parts import Cell, Tag
from portal.vocabulary import COURT_RIGHT_LABELS, RELATIONSHIP_LABELS

FORM = "guardian-form"
WAITS: dict[str, Any] = {"on_change": "ignore"}


def begin_anew() -> None:
    """Empty both forms."""
    st.session_state[FORM] = uuid.uuid4().hex


def _key(name: str) -> str:
    return f"guardian-{st.session_state.setdefault(FORM, uuid.uuid4().hex)}-{name}"


def table(family: Sequence[GuardianLine], days: Days) -> None:
    """Each adult: how related, how to reach them, since when they hold rights, and orders."""
    parts.table(
        "Family",
        ["Name", "Relation", "Contact", "Educational rights", "May sign today", "Court orders"],
        [_row(line, days) for line in family],
        "Nobody is listed yet. Add a parent or guardian below.",
    )


def _row(line: GuardianLine, days: Days) -> list[Cell]:
    rights = "\n".join(_right(right, days) for right in line.rights)
    return [
        line.name,
        RELATIONSHIP_LABELS[line.relationship],
        ", ".join(part for part in (line.phone, line.email, line.language) if part),
        rights or "None",
        Tag("Yes", "ok") if line.holds_now else Tag("No", "bad"),
        "; ".join(_order(order, days) for order in line.orders),
    ]


def _right(right: RightLine, days: Days) -> str:
    told = [_span(right.span, days), right.evidence]
    if right.written_by:
        told.append(f"written down by {right.written_by}")
    if right.ended_how:
        told.append(f"ended: {right.ended_how} ({right.ended_by})")
    return ", ".join(part for part in told if part)


def college(line: CollegeLine | None, days: Days) -> None:
    """That the rights are the student's, because of college."""
    if line is not None:
        parts.notice(
            f"Attends a postsecondary institution {_span(line.span, days)}: the rights are the "
            f"student's own on these days, at any age (34 CFR 99.5). {line.evidence}, written "
            f"down by {line.written_by}."
        )


def _span(span: Span, days: Days) -> str:
    until = f" to {days.last(span.end)}" if span.end else ""
    return f"since {days.of(span.start)}{until}"


def _order(order: OrderLine, days: Days) -> str:
    limits = COURT_RIGHT_LABELS[order.limits].lower()
    told = f"limits {limits} {_span(order.span, days)} ({order.document_reference})"
    return f"{told}, read by {order.checked_by}"


def new_guardian(student_id: uuid.UUID) -> GuardianDraft | None:
    """An adult to add, once the button is clicked."""
    parts.heading("Add a parent or guardian")
    name = st.text_input("Name", key=_key("name"), max_chars=200, **WAITS)
    relationship = st.selectbox(
        "Relation",
        list(RELATIONSHIP_LABELS),
        index=None,
        format_func=RELATIONSHIP_LABELS.__getitem__,
        key=_key("relation"),
        **WAITS,
    )
    phone = st.text_input("Phone (optional)", key=_key("phone"), max_chars=60, **WAITS)
    email = st.text_input("E-mail (optional)", key=_key("email"), max_chars=254, **WAITS)
    since = st.date_input(
        "Holds the rights since (empty: today)",
        value=None,
        format="MM/DD/YYYY",
        key=_key("since"),
        **WAITS,
    )
    until = st.date_input(
        "Holds them until (empty: no end)",
        value=None,
        format="MM/DD/YYYY",
        key=_key("rights-until"),
        **WAITS,
    )
    evidence = st.text_input(
        "What shows the right, for anyone but a parent or guardian",
        key=_key("evidence"),
        max_chars=200,
        help="A surrogate's letter of appointment; the order that gives an agency custody; for a "
        "relative, what shows that they act as the parent. Without it a relative may not sign.",
        **WAITS,
    )
    if not st.button("Add to family", type="primary", key=_key("add")):
        return None
    return GuardianDraft(
        student_id,
        name or "",
        relationship,
        email or "",
        phone or "",
        rights_from=since,
        rights_until=until,
        evidence=evidence or "",
    )


def right_to_end(student_id: uuid.UUID, family: Sequence[GuardianLine]) -> EndDraft | None:
    """A change of custody to write down, once the button is clicked."""
    parts.heading("End a right", "A change of custody, or the end of a surrogate's term.")
    labels = unlike((line.id, line.name) for line in family)
    guardian = st.selectbox(
        "Whose right",
        list(labels),
        index=None,
        format_func=labels.__getitem__,
        key=_key("ending"),
        **WAITS,
    )
    last = st.date_input(
        "Last day of the right", value=None, format="MM/DD/YYYY", key=_key("last"), **WAITS
    )
    reason = st.text_input(
        "Why, and which paper shows it", key=_key("reason"), max_chars=200, **WAITS
    )
    if not st.button("End this right", key=_key("end")):
        return None
    return EndDraft(student_id, guardian, last, reason or "")


def new_college(student_id: uuid.UUID) -> CollegeDraft | None:
    """College attendance to write down, once the button is clicked."""
    parts.heading("College", "A student who attends holds the rights at any age (34 CFR 99.5).")
    first = st.date_input(
        "First day of classes", value=None, format="MM/DD/YYYY", key=_key("college"), **WAITS
    )
    last = st.date_input(
        "Last day (empty: goes on)",
        value=None,
        format="MM/DD/YYYY",
        key=_key("college-until"),
        **WAITS,
    )
    evidence = st.text_input(
        "What shows that they attend", key=_key("college-evidence"), max_chars=200, **WAITS
    )
    if not st.button("Write down college", key=_key("college-save")):
        return None
    return CollegeDraft(student_id, first, last, evidence or "")


def new_order(student_id: uuid.UUID, family: Sequence[GuardianLine]) -> OrderDraft | None:
    """A court order to write down, once the button is clicked."""
    parts.heading(
        "Write down a court order", "A protection order about a home is not a custody order."
    )
    labels = unlike((line.id, line.name) for line in family)
    guardian = st.selectbox(
        "Guardian",
        list(labels),
        index=None,
        format_func=labels.__getitem__,
        key=_key("guardian"),
        **WAITS,
    )
    limits = st.selectbox(
        "Limits",
        list(COURT_RIGHT_LABELS),
        index=None,
        format_func=COURT_RIGHT_LABELS.__getitem__,
        key=_key("limits"),
        **WAITS,
    )
    first = st.date_input("From", value=None, format="MM/DD/YYYY", key=_key("from"), **WAITS)
    last = st.date_input(
        "Until (empty: no end)", value=None, format="MM/DD/YYYY", key=_key("until"), **WAITS
    )
    document = st.text_input(
        "Document: court and docket number", key=_key("document"), max_chars=200, **WAITS
    )
    if not st.button("Write down order", key=_key("order")):
        return None
    return OrderDraft(student_id, guardian, limits, first, last, document or "")
