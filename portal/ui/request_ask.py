"""Ask for access in writing: the form, one's own requests, and what one can do with each."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from portal.access.actor import Actor
from portal.access.lists import StudentLine, my_students
from portal.access.unit_of_work import unit_of_work
from portal.ui import parts, request_words
from portal.ui.days import Days
from portal.ui.go import go_to
from portal.ui.labels import unlike
from portal.ui.page import telling_problems
from portal.ui.pick_student import CHOSEN, label_of
from portal.vocabulary import (
    INFORMATION_FORM_LABELS,
    UNNAMED_VIEW_LABELS,
    Category,
    InformationForm,
    RequestStatus,
    UnnamedView,
)
from portal.written_requests import queries, rules, service
from portal.written_requests.queries import RequestLine
from portal.written_requests.rules import AskDraft, typed_numbers

FORM, EDITED, DRAFT = "ask-form", "ask-edited", "ask-draft"
OPENED = "ask-open"


def head() -> None:
    """What this page is for, in the policy's words."""
    parts.muted(
        "For information outside the general access of your position. State the precise "
        "information and the legitimate educational need. The Superintendent alone decides "
        "whether, and in what form; the answer comes in writing."
    )


def mine(me: Actor, lines: Sequence[RequestLine], days: Days) -> None:
    """My requests, and the one that is chosen with its letters and buttons."""
    parts.heading("My requests")
    request_words.listed(lines, "You have not asked for anything yet.", applicant=False)
    line = request_words.choose("Open a request", lines, OPENED)
    if line is None:
        return
    request_words.detail(line, days, line.students)
    request_words.papers(line, days)
    if line.history:
        request_words.history(line, days)
    _open_students(line)
    with telling_problems():
        _buttons(me, line, days.now)


def _open_students(line: RequestLine) -> None:
    for student, name in line.opens_now:
        if st.button(f"Open the record of {parts.plain(name)}", key=f"ask-see-{student}"):
            st.session_state[CHOSEN] = student
            go_to("see_student.py")


def _buttons(me: Actor, line: RequestLine, now: datetime) -> None:
    with st.container(horizontal=True):
        draft = line.status is RequestStatus.DRAFT
        if draft and st.button("Go on with it"):
            with unit_of_work() as session:
                found = queries.draft_mine(session, me, line.id)
            _begin(found, line.id)
        waits = draft or line.status is RequestStatus.SUBMITTED
        if waits and st.button("Throw it away" if draft else "Take it back"):
            with unit_of_work() as session:
                service.withdraw(session, me, line.id, now)
            _leave("Taken back.")
        if line.renewable and st.button("Ask for it anew"):
            with unit_of_work() as session:
                again = service.renewal(session, me, line.id, now)
            _begin(again, None)


def _begin(draft: AskDraft | None, edited: uuid.UUID | None) -> None:
    st.session_state[DRAFT], st.session_state[EDITED] = draft, edited
    st.session_state[FORM] = uuid.uuid4().hex
    st.rerun()


def _leave(said: str) -> None:
    for key in (DRAFT, EDITED, FORM):
        st.session_state.pop(key, None)
    parts.flash(said)
    st.rerun()


def form(me: Actor, days: Days) -> None:
    """Write a request, keep it as a draft, or send it."""
    key: str = st.session_state.setdefault(FORM, uuid.uuid4().hex)
    with unit_of_work() as session:
        begun = st.session_state.get(DRAFT) or service.begin(session, me, days.now)
        students = my_students(session, me, days.now)
    edited: uuid.UUID | None = st.session_state.get(EDITED)
    parts.heading("Go on with your draft" if edited else "A new request")
    problems = st.container()
    draft = _fields(begun, students, key)
    with st.container(horizontal=True):
        send = st.button("Send to the Superintendent", type="primary")
        keep = st.button("Keep as a draft")
        if edited and st.button("Leave it", type="tertiary"):
            _leave("The draft is as it was.")
    if not send and not keep:
        return
    with problems, telling_problems():
        with unit_of_work() as session:
            kept = service.save(session, me, edited, draft, days.now, key)
        st.session_state[EDITED], st.session_state[DRAFT] = kept, draft
        if send:
            with unit_of_work() as session:
                service.submit(session, me, kept, days.now)
        request_words.open_next(OPENED, kept)
        _leave("Sent to the Superintendent." if send else "Kept as a draft.")


def _fields(begun: AskDraft, students: Sequence[StudentLine], key: str) -> AskDraft:
    information = st.text_area(rules.INFORMATION, begun.information, key=f"ask-information-{key}")
    need = st.text_area(rules.NEED, begun.need, key=f"ask-need-{key}")
    forms = list(InformationForm)
    form_ = st.radio(
        "In which form",
        forms,
        index=forms.index(begun.form),
        format_func=lambda one: INFORMATION_FORM_LABELS[one],
        key=f"ask-as-{key}",
    )
    if form_ is InformationForm.IDENTIFIED:
        chosen, numbers, kinds = _named(begun, students, key)
        view = None
    else:
        chosen, numbers, kinds, view = (), (), frozenset[Category](), _view(begun, key)
    first, last = st.columns(2)
    return AskDraft(
        information=information or "",
        need=need or "",
        form=form_,
        student_ids=chosen,
        numbers=numbers,
        categories=kinds,
        view=view,
        first=first.date_input("From", begun.first, format="MM/DD/YYYY", key=f"ask-first-{key}"),
        last=last.date_input(
            "Through (at most one school year)",
            begun.last,
            format="MM/DD/YYYY",
            key=f"ask-last-{key}",
        ),
        renews=begun.renews,
    )


Named = tuple[tuple[uuid.UUID, ...], tuple[str, ...], frozenset[Category]]


def _named(begun: AskDraft, students: Sequence[StudentLine], key: str) -> Named:
    labels = unlike((student.id, label_of(student)) for student in students)
    chosen = st.multiselect(
        "Students of yours",
        list(labels),
        [student for student in begun.student_ids if student in labels],
        format_func=lambda student: labels.get(student, ""),
        placeholder="Type a name" if labels else "No student is yours",
        key=f"ask-students-{key}",
    )
    numbers = st.text_area(
        "Other students, by their number",
        "\n".join(begun.numbers),
        help="The SASID or the school's student number, exactly, one a line. You are not told "
        "whether there is such a student.",
        height=80,
        key=f"ask-numbers-{key}",
    )
    kinds = st.multiselect(
        "Kinds of record",
        list(request_words.KIND_LABELS),
        [kind for kind in request_words.KIND_LABELS if kind in begun.categories],
        format_func=lambda kind: request_words.KIND_LABELS[kind],
        placeholder="Choose at least one",
        key=f"ask-kinds-{key}",
    )
    return tuple(chosen), typed_numbers(numbers or ""), frozenset(kinds)


def _view(begun: AskDraft, key: str) -> UnnamedView | None:
    views = list(UnnamedView)
    chosen: UnnamedView | None = st.selectbox(
        "Which view without names",
        views,
        index=views.index(begun.view) if begun.view else None,
        format_func=lambda view: UNNAMED_VIEW_LABELS[view],
        placeholder="Choose a view",
        key=f"ask-view-{key}",
    )
    return chosen
