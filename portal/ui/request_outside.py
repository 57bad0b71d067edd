"""Write down a request from outside, a study's or the Board's; and who consented to a study."""

from __future__ import annotations

import uuid
from datetime import date

import streamlit as st

from portal.access.actor import Actor
from portal.access.unit_of_work import unit_of_work
from portal.ui import parts, request_register, request_words, when
from portal.ui.days import Days
from portal.ui.page import telling_problems
from portal.vocabulary import (
    INFORMATION_FORM_LABELS,
    REQUEST_KIND_LABELS,
    Category,
    InformationForm,
    RequestKind,
)
from portal.written_requests import outside, queries, rules
from portal.written_requests.outside import CLOSED, ConsentDraft
from portal.written_requests.queries import ConsentLine, RequestLine
from portal.written_requests.rules import OutsideDraft

FORM, CONSENT = "outside-form", "outside-consent"
WHOLE, ONE = "The entire Board, by its vote", "A single member"


def form(me: Actor, days: Days) -> None:
    """The form; what it asks for depends on who asks."""
    key: str = st.session_state.setdefault(FORM, uuid.uuid4().hex)
    parts.heading(
        "Write down a request",
        "It goes to the Superintendent, who alone decides (External Requests for Research and "
        "Data).",
    )
    kind = st.selectbox(
        "What kind of request",
        rules.OUTSIDE_KINDS,
        index=None,
        format_func=lambda one: REQUEST_KIND_LABELS[one],
        placeholder="Choose what kind",
        key=f"outside-kind-{key}",
    )
    if kind is None:
        return
    problems = st.container()
    with st.form(f"outside-{kind}-{key}", enter_to_submit=False):
        draft = _fields(kind, days)
        if not st.form_submit_button("Send to the Superintendent", type="primary"):
            return
    with problems, telling_problems():
        with unit_of_work() as session:
            written = outside.write_down(session, me, draft, days.now, key)
        st.session_state.pop(FORM, None)
        request_words.open_next(request_register.OPENED, written)
        parts.flash("Written down, and sent to the Superintendent.")
        st.rerun()


def _fields(kind: RequestKind, days: Days) -> OutsideDraft:
    board, study = kind is RequestKind.BOARD, kind is RequestKind.RESEARCH
    name, organization, address = ("", "", "") if board else _who()
    vote_on, minutes, one_member = _vote(days) if board else (None, "", False)
    information = st.text_area(rules.INFORMATION)
    need = st.text_area(rules.NEED_OUTSIDE)
    forms = [one for one in InformationForm if study or one is not InformationForm.IDENTIFIED]
    chosen = st.selectbox(
        "In which form",
        forms,
        forms.index(InformationForm.AGGREGATE),
        format_func=lambda one: INFORMATION_FORM_LABELS[one],
    )
    statement, kinds, number, file = _study() if study else ({}, frozenset[Category](), "", b"")
    first, last = st.columns(2)
    return OutsideDraft(
        kind=kind,
        name=name,
        organization=organization,
        address=address,
        information=information or "",
        need=need or "",
        form=chosen,
        first=first.date_input("From", days.today, format="MM/DD/YYYY"),
        last=last.date_input(
            "Through (at most one school year)",
            rules.school_year_ends(days.today),
            format="MM/DD/YYYY",
        ),
        categories=kinds if chosen is InformationForm.IDENTIFIED else frozenset(),
        statement=statement,
        agreement_number=number,
        agreement=file,
        vote_on=vote_on,
        minutes=minutes,
        one_member=one_member,
    )


def _who() -> tuple[str, str, str]:
    name = st.text_input(rules.WHO)
    organization = st.text_input(f"{rules.ORGANIZATION} (may be empty)")
    address = st.text_input(rules.ADDRESS)
    return name or "", organization or "", address or ""


def _vote(days: Days) -> tuple[date | None, str, bool]:
    who = st.radio(rules.WHO, (WHOLE, ONE))
    vote_on = st.date_input(
        "Day of the Board's vote", None, max_value=days.today, format="MM/DD/YYYY"
    )
    minutes = st.text_input(rules.MINUTES)
    return vote_on, minutes or "", who == ONE


Study = tuple[dict[str, str], frozenset[Category], str, bytes]


def _study() -> Study:
    parts.subheading("The written statement", "External Requests for Research and Data, item 4.")
    statement = {part: st.text_area(label) or "" for part, label in rules.STATEMENT_PARTS.items()}
    kinds = st.multiselect(
        "Kinds of record, if it is with names",
        list(request_words.KIND_LABELS),
        format_func=lambda kind: request_words.KIND_LABELS[kind],
        placeholder="None",
    )
    number = st.text_input("Number of the formal written agreement")
    file = st.file_uploader(
        "Or the signed agreement (PDF, PNG or JPEG)", type=["pdf", "png", "jpg", "jpeg"]
    )
    content = file.getvalue() if file is not None else b""
    return statement, frozenset(kinds), number or "", content


def consents(me: Actor, line: RequestLine, days: Days) -> None:
    """Of a study with names: whose parents were told, who consented, and one more of them."""
    if not _named(line):
        return
    families(me, line, days)
    if line.status not in CLOSED:
        _consent_form(me, line, days)


def _named(line: RequestLine) -> bool:
    return line.kind is RequestKind.RESEARCH and line.form is InformationForm.IDENTIFIED


def families(me: Actor, line: RequestLine, days: Days) -> None:
    """Of a study with names: whose parents were told, and who consented."""
    if not _named(line):
        return
    with unit_of_work() as session:
        lines = queries.consents(session, me, line.id)
    parts.heading(
        "Notice and consent of families",
        "Without prior notice and a signed consent a student is not in the answer (External "
        "Requests 2, 34 CFR 99.30).",
    )
    parts.table(
        "Families of this study",
        ["Student", "Told on", "Consented on", "Who signed", "What shows it"],
        [_consent_row(one, days) for one in lines],
        "Nobody is written down yet.",
    )


def _consent_row(one: ConsentLine, days: Days) -> tuple[str, str, str, str, str]:
    consented = when.day(one.consented_on, days.today) if one.consented_on else "Not yet"
    return one.student, when.day(one.notified_on, days.today), consented, one.signer, one.evidence


def _consent_form(me: Actor, line: RequestLine, days: Days) -> None:
    key: str = st.session_state.setdefault(CONSENT, uuid.uuid4().hex)
    problems = st.container()
    with st.form(f"consent-{line.id}-{key}", enter_to_submit=False):
        parts.subheading("Write down a family")
        number = st.text_input("SASID or student number")
        told, signed = st.columns(2)
        draft = ConsentDraft(
            number=number or "",
            notified_on=told.date_input("Told on", None, max_value=days.today, format="MM/DD/YYYY"),
            consented_on=signed.date_input(
                "Consented on (empty while only told)",
                None,
                max_value=days.today,
                format="MM/DD/YYYY",
            ),
            signer=st.text_input("Who signed") or "",
            evidence=st.text_input("What shows it") or "",
        )
        if not st.form_submit_button("Save the family"):
            return
    with problems, telling_problems():
        with unit_of_work() as session:
            outside.record_consent(session, me, line.id, draft, days.now)
        st.session_state.pop(CONSENT, None)
        parts.flash("Saved.")
        st.rerun()
