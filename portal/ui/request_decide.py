"""The Superintendent's desk for written requests: read on one screen, decide, look after, end."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from portal.access.actor import Actor
from portal.access.onlookers import Onlooker, who_can_see
from portal.access.requested import Named, Use
from portal.access.unit_of_work import unit_of_work
from portal.ui import parts, request_answer, request_mail, request_outside, request_words, when
from portal.ui.days import Days
from portal.ui.page import telling_problems
from portal.ui.student_onlookers import WHY_LABELS
from portal.vocabulary import (
    CATEGORY_LABELS,
    INFORMATION_FORM_LABELS,
    UNNAMED_VIEW_LABELS,
    Category,
    InformationForm,
    RequestKind,
    UnnamedView,
)
from portal.written_requests import deciding, rules
from portal.written_requests.queries import RequestLine
from portal.written_requests.rules import DecisionDraft

KEY = "decide-key"
OPENED, RUNNING = "decide-open", "decide-running"
WAYS = {True: "Grant, as below", False: "Refuse"}


@dataclass(frozen=True)
class About:
    """Whom a request is about, and for each of them who sees the page already."""

    people: Sequence[Named]
    missing: Sequence[str]
    onlookers: dict[uuid.UUID, Sequence[Onlooker]]


def waiting(me: Actor, lines: Sequence[RequestLine], days: Days) -> None:
    """The worklist, the oldest first, and the request that is chosen on one screen."""
    parts.heading("Waiting for you", "The oldest first.")
    request_words.listed(lines, "No request waits.", applicant=True)
    line = request_words.choose("Decide a request", lines, OPENED)
    if line is None:
        return
    with telling_problems():
        about = _about(me, line, days)
        request_words.detail(line, days, _students(about))
        request_words.papers(line, days)
        request_outside.families(me, line, days)
        _seen_already(about)
        request_words.history(line, days)
        _decide(me, line, about, days)


def _about(me: Actor, line: RequestLine, days: Days) -> About:
    with unit_of_work() as session:
        opened = deciding.open_request(session, me, line.id, days.now)
        seen = {one.id: who_can_see(session, me, one.id, days.now) for one in opened.people}
    return About(opened.people, opened.missing, dict(seen))


def _students(about: About) -> list[str]:
    missing = [f"no student of the district has the number {n}" for n in about.missing]
    return [_label(one) for one in about.people] + missing


def _label(one: Named) -> str:
    told = [one.name, f"grade {one.grade}" if one.grade else "", _asked_by(one)]
    told.append("conflict of interest on file" if one.locked else "")
    return ", ".join(part for part in told if part)


def _asked_by(one: Named) -> str:
    return f"asked for by the number {one.number}" if one.number else ""


def _seen_already(about: About) -> None:
    for one in about.people:
        people = about.onlookers[one.id]
        many = when.counted(len(people), "person sees", "people see")
        with st.expander(f"{many} {parts.plain(one.name)} already"):
            parts.listed(
                f"{person.name}, {person.title or person.organization}: {WHY_LABELS[person.why]}"
                for person in people
            )


def _decide(me: Actor, line: RequestLine, about: About, days: Days) -> None:
    key: str = st.session_state.setdefault(KEY, uuid.uuid4().hex)
    problems = st.container()
    with st.form(f"decide-{line.id}-{key}", enter_to_submit=False):
        parts.subheading(
            "Decide",
            "In your sole discretion and in accordance with applicable law. Grant all of it, or "
            "take away what you do not grant. The letter is made with it.",
        )
        draft = _draft(line, about)
        if not st.form_submit_button("Make the decision", type="primary"):
            return
    with problems, telling_problems():
        with unit_of_work() as session:
            told = deciding.decide(session, me, line.id, draft, days.now, key)
        st.session_state.pop(KEY, None)
        parts.flash(
            f"{line.number} is decided; the letter is kept. {request_mail.post(me, told, days)}"
        )
        st.rerun()


def _draft(line: RequestLine, about: About) -> DecisionDraft:
    grant = st.radio("Decision", list(WAYS), None, format_func=lambda way: WAYS[way])
    forms = list(InformationForm)
    form = st.selectbox(
        "Form",
        forms,
        forms.index(line.form),
        format_func=lambda one: INFORMATION_FORM_LABELS[one],
    )
    students = _which_students(line, about)
    kinds = _which_kinds(line)
    view = _which_view(line)
    last = st.date_input("Last day", line.last, format="MM/DD/YYYY")
    foia = _foia(line)
    reason = st.text_area(f"{rules.REASON} (it stands in the letter)")
    confirmed = st.text_input(f"Type {line.number} to confirm")
    return DecisionDraft(
        grant=grant,
        reason=reason or "",
        confirmed=confirmed or "",
        form=form,
        students=students,
        categories=kinds,
        view=view,
        last=last,
        foia=foia,
    )


def _which_students(line: RequestLine, about: About) -> frozenset[uuid.UUID]:
    if line.kind is not RequestKind.STAFF or not about.people:
        return frozenset()
    labels = {one.id: _label(one) for one in about.people}
    free = [one.id for one in about.people if not one.locked]
    chosen = st.multiselect(
        "Students", list(labels), free, format_func=lambda one: labels.get(one, "")
    )
    return frozenset(chosen)


def _which_kinds(line: RequestLine) -> frozenset[Category]:
    if not line.categories:
        return frozenset()
    asked = list(line.categories)
    chosen = st.multiselect(
        "Kinds of record", asked, asked, format_func=lambda kind: CATEGORY_LABELS[kind]
    )
    return frozenset(chosen)


def _which_view(line: RequestLine) -> UnnamedView | None:
    if line.kind is not RequestKind.STAFF:
        return None
    views = list(UnnamedView)
    chosen: UnnamedView | None = st.selectbox(
        "View, for a form without names",
        views,
        views.index(line.view) if line.view else None,
        format_func=lambda view: UNNAMED_VIEW_LABELS[view],
        placeholder="None",
    )
    return chosen


def _foia(line: RequestLine) -> str:
    if line.kind is not RequestKind.OUTSIDE:
        return ""
    return (
        st.text_area(
            "What the Connecticut Freedom of Information Act requires to be released",
            help="The policy releases information only to the extent that CGS 1-15 et seq., now "
            "1-200 and following, requires; the answer names it.",
        )
        or ""
    )


def running(me: Actor, lines: Sequence[RequestLine], days: Days) -> None:
    """What is granted and not over: what was opened under it, its answer, and its end."""
    parts.heading("Granted", "Each ends by itself; those that end first at the top.")
    request_words.listed(lines, "Nothing is granted now.", applicant=True)
    line = request_words.choose("Look at a grant", lines, RUNNING)
    if line is None:
        return
    with telling_problems():
        request_words.detail(line, days, ())
        request_words.papers(line, days)
        if line.kind is RequestKind.STAFF:
            _used(_use(me, line, days), days)
        else:
            request_answer.ask(me, line, days)
        _end(me, line, days)


def _use(me: Actor, line: RequestLine, days: Days) -> Sequence[Use]:
    with unit_of_work() as session:
        return deciding.uses(session, me, line.id, days.now)


def _used(uses: Sequence[Use], days: Days) -> None:
    parts.table(
        "What was opened under it",
        ["When", "Student", "Kinds of record"],
        [
            (
                when.moment(use.at, days.now, days.tz),
                use.student,
                ", ".join(CATEGORY_LABELS[Category(kind)] for kind in use.kinds),
            )
            for use in uses
        ],
        "Nothing was opened under it yet.",
    )


def _end(me: Actor, line: RequestLine, days: Days) -> None:
    problems = st.container()
    with st.form(f"end-{line.id}", enter_to_submit=False):
        parts.subheading("End it before its day", "It closes at once; a letter tells why.")
        reason = st.text_area(rules.REASON)
        confirmed = st.text_input(f"Type {line.number} to end it")
        if not st.form_submit_button("End it"):
            return
    with problems, telling_problems():
        with unit_of_work() as session:
            told = deciding.end(session, me, line.id, reason or "", confirmed or "", days.now)
        parts.flash(
            f"{line.number} has ended; the letter is kept. {request_mail.post(me, told, days)}"
        )
        st.rerun()
