"""What a member of the staff does on a student's page: one form at a time, each with its deed.

A form gives a deed once its button is clicked: what is to be done, and the sentence that says
that it was. The page does it in one transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NoReturn

import streamlit as st
from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.access.unit_of_work import unit_of_work
from portal.access.words import Words
from portal.supports import needs, notes, services, strengths
from portal.supports.queries import Kept, Supports, Waiting
from portal.supports.rules import UNMET, NeedDraft, ServiceDraft, StrengthDraft
from portal.ui import parts
from portal.ui.labels import unlike
from portal.vocabulary import (
    SERVICE_END_LABELS,
    STRENGTH_SOURCE_LABELS,
    ServiceEnd,
    WordList,
)

OPEN = "student-act"
"""In the session: the form that is open, of which student."""

Deed = Callable[[Session, Actor, datetime], str]
WAITS: dict[str, Any] = {"on_change": "ignore"}
IN_SCHOOL = "school"
NONE = ""


class Act(StrEnum):
    """The forms."""

    ADD_STRENGTH = "add_strength"
    REPLACE_STRENGTH = "replace_strength"
    START_SERVICE = "start_service"
    END_SERVICE = "end_service"
    MOVE_END = "move_end"
    ADD_NEED = "add_need"
    MEET_NEED = "meet_need"
    RESTRICT = "restrict"
    PRINT = "print"
    SUMMARY = "summary"


@dataclass(frozen=True)
class Doing:
    """The form that is open. key: its own, so that saving it counts once; given: filled in."""

    act: Act
    student_id: uuid.UUID
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    given: Mapping[str, Any] = field(default_factory=dict)

    def of(self, name: str) -> str:
        """The key of one of its fields."""
        return f"act-{self.key}-{name}"


@dataclass(frozen=True)
class Page:
    """What the forms offer. language: at home, as the roster has it."""

    student_id: uuid.UUID
    supports: Supports
    partners: Mapping[uuid.UUID, str]
    today: date
    usual_end: date
    language: str = ""

    @property
    def words(self) -> Words:
        """The district's drop-downs."""
        return self.supports.words


def begin(act: Act, student_id: uuid.UUID, **given: Any) -> None:
    """Open this form, and close another."""
    st.session_state[OPEN] = Doing(act, student_id, given=given)


def close() -> None:
    """It is done, or not wanted."""
    st.session_state.pop(OPEN, None)


def doing(student_id: uuid.UUID, *acts: Act) -> Doing | None:
    """The open form, where it is one of these and about this student."""
    found: Doing | None = st.session_state.get(OPEN)
    if found is None or found.student_id != student_id or found.act not in acts:
        return None
    return found


def opener(label: str, act: Act, student_id: uuid.UUID, **given: Any) -> None:
    """The button that opens a form."""
    name = "-".join([act, *(str(value) for value in given.values())])
    st.button(
        parts.plain(label),
        key=f"open-{name}",
        on_click=begin,
        args=(act, student_id),
        kwargs=given,
    )


def buttons(doing: Doing, label: str) -> bool:
    with st.container(horizontal=True):
        saved = st.button(label, type="primary", key=doing.of("save"))
        st.button("Cancel", key=doing.of("cancel"), on_click=close)
    return saved


def undo(label: str, kept: Kept, take_back: Callable[..., None]) -> Deed | None:
    """The button that takes back what one has just written; nothing once it is too late."""
    if not kept.undo:
        return None
    clicked = st.button(
        parts.plain(f"Undo: {label}"),
        type="tertiary",
        icon=":material/undo:",
        key=f"undo-{kept.record_id}",
    )

    def deed(session: Session, me: Actor, at: datetime) -> str:
        take_back(session, me, kept.record_id, at)
        return f"Taken back: {label}."

    return deed if clicked else None


# Strengths


def strength_acts(page: Page) -> Deed | None:
    """Add one, put one in other words, take one back."""
    lines = page.supports.strengths
    if open_form := doing(page.student_id, Act.ADD_STRENGTH, Act.REPLACE_STRENGTH):
        return _strength_form(page, open_form)
    deeds = []
    with st.container(horizontal=True):
        opener("Add a strength", Act.ADD_STRENGTH, page.student_id)
        if lines:
            opener("Put one in other words", Act.REPLACE_STRENGTH, page.student_id)
        deeds = [undo(_short(line.text), line.kept, strengths.take_back) for line in lines]
    return next((deed for deed in deeds if deed), None)


def _strength_form(page: Page, form: Doing) -> Deed | None:
    changed = None
    if form.act is Act.REPLACE_STRENGTH:
        labels = unlike(
            (line.kept.record_id, _short(line.text)) for line in page.supports.strengths
        )
        chosen = st.selectbox(
            "Which one", list(labels), format_func=labels.__getitem__, key=form.of("which")
        )
        changed = next(
            (line for line in page.supports.strengths if line.kept.record_id == chosen), None
        )
    of = str(changed.kept.record_id) if changed else ""
    sources = list(STRENGTH_SOURCE_LABELS)
    source = st.radio(
        "Whose words",
        sources,
        index=sources.index(changed.source) if changed else 0,
        format_func=STRENGTH_SOURCE_LABELS.__getitem__,
        horizontal=True,
        key=form.of(f"source{of}"),
        **WAITS,
    )
    text = st.text_area(
        "Strength, as it was said",
        value=changed.text if changed else "",
        key=form.of(f"text{of}"),
        help="A parent may read it.",
        **WAITS,
    )
    if not buttons(form, "Save strength"):
        return None
    draft = StrengthDraft(source, text or "")

    def deed(session: Session, me: Actor, at: datetime) -> str:
        if changed is None:
            strengths.add(session, me, page.student_id, draft, at, form.key)
        else:
            kept = changed.kept
            strengths.replace(session, me, kept.record_id, draft, kept.version, at)
        return "Saved: the strength."

    return deed


def _short(text: str, most: int = 40) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


# Services in place


def service_acts(page: Page) -> Deed | None:
    """Start one, end one, move an estimated end, take one back."""
    running = [line for line in page.supports.services if line.ended_on is None]
    if form := doing(page.student_id, Act.START_SERVICE):
        return _start_form(page, form)
    if form := doing(page.student_id, Act.END_SERVICE):
        return _end_form(page, form)
    if form := doing(page.student_id, Act.MOVE_END):
        return _move_form(page, form)
    with st.container(horizontal=True):
        opener("Start a service", Act.START_SERVICE, page.student_id)
        if running:
            opener("End a service", Act.END_SERVICE, page.student_id)
            opener("Change an estimated end", Act.MOVE_END, page.student_id)
        deeds = [
            undo(f"{line.service}, {line.provider}", line.kept, services.take_back)
            for line in running
        ]
    return next((deed for deed in deeds if deed), None)


def _start_form(page: Page, form: Doing) -> Deed | None:
    words = page.words
    service = _word("Service", words, WordList.VISIT_SERVICE, form)
    sources: dict[Any, str] = {IN_SCHOOL: "Somebody in the school", **page.partners}
    source = st.selectbox(
        "From whom", list(sources), format_func=sources.__getitem__, key=form.of("source")
    )
    provider = ""
    if source == IN_SCHOOL:
        provider = st.text_input("Person or team", key=form.of("provider"), max_chars=200, **WAITS)
    tier = _word("Tier of support (optional)", words, WordList.TIER, form, optional=True)
    intensity = st.text_input(
        "How much and how often (optional)",
        key=form.of("intensity"),
        max_chars=200,
        placeholder="30 minutes, weekly",
        **WAITS,
    )
    data_owner = st.text_input(
        "Who keeps its data (optional)", key=form.of("owner"), max_chars=200, **WAITS
    )
    left, right = st.columns(2)
    started = left.date_input(
        "Start", value=page.today, format="MM/DD/YYYY", key=form.of("start"), **WAITS
    )
    ends = right.date_input(
        "Estimated end",
        value=page.usual_end,
        format="MM/DD/YYYY",
        key=form.of("end"),
        help="Filled in with the last school day of the year.",
        **WAITS,
    )
    meets = _which_need(page, form)
    if not buttons(form, "Start the service"):
        return None
    draft = ServiceDraft(
        service=service,
        tier=tier or "",
        agency_id=None if source == IN_SCHOOL else source,
        provider=provider or "",
        intensity=intensity or "",
        data_owner=data_owner or "",
        started_on=started,
        estimated_end=ends,
        meets=meets,
    )

    def deed(session: Session, me: Actor, at: datetime) -> str:
        services.start(session, me, page.student_id, draft, at, form.key)
        return f"Started: {words.label(WordList.VISIT_SERVICE, service or '')}."

    return deed


def _which_need(page: Page, form: Doing) -> uuid.UUID | None:
    unmet = [need for need in page.supports.needs if need.met in UNMET]
    if not unmet:
        return None
    labels = unlike((need.kept.record_id, need.need) for need in unmet)
    chosen: uuid.UUID | None = st.selectbox(
        "Which need it meets (optional)",
        list(labels),
        index=None,
        format_func=labels.__getitem__,
        key=form.of("meets"),
        **WAITS,
    )
    return chosen


def _word(
    label: str, words: Words, name: WordList, form: Doing, *, optional: bool = False
) -> str | None:
    codes = list(words.codes(name))
    given = form.given.get(name)
    chosen: str | None = st.selectbox(
        label,
        codes,
        index=codes.index(given) if given in codes else None,
        format_func=lambda code: words.label(name, code),
        key=form.of(name),
        required=not optional,
        **WAITS,
    )
    return chosen


def _which_service(page: Page, form: Doing) -> Any:
    running = [line for line in page.supports.services if line.ended_on is None]
    labels = unlike((line.kept.record_id, f"{line.service}, {line.provider}") for line in running)
    chosen = st.selectbox(
        "Which service", list(labels), format_func=labels.__getitem__, key=form.of("which")
    )
    return next((line for line in running if line.kept.record_id == chosen), None)


def _end_form(page: Page, form: Doing) -> Deed | None:
    line = _which_service(page, form)
    ended = st.date_input(
        "Last day", value=page.today, format="MM/DD/YYYY", key=form.of("ended"), **WAITS
    )
    reason: ServiceEnd | None = st.selectbox(
        "Why it ended",
        list(SERVICE_END_LABELS),
        index=None,
        format_func=SERVICE_END_LABELS.__getitem__,
        key=form.of("reason"),
        **WAITS,
    )
    if not buttons(form, "End the service") or line is None:
        return None

    def deed(session: Session, me: Actor, at: datetime) -> str:
        services.end(session, me, line.kept.record_id, ended, reason, line.kept.version, at)
        return f"Ended: {line.service}."

    return deed


def _move_form(page: Page, form: Doing) -> Deed | None:
    line = _which_service(page, form)
    of = str(line.kept.record_id) if line else ""
    ends = st.date_input(
        "Estimated end (empty: none)",
        value=line.estimated_end if line else None,
        format="MM/DD/YYYY",
        key=form.of(f"end{of}"),
        **WAITS,
    )
    if not buttons(form, "Save the estimated end") or line is None:
        return None

    def deed(session: Session, me: Actor, at: datetime) -> str:
        services.move_end(session, me, line.kept.record_id, ends, line.kept.version, at)
        return f"Saved: the estimated end of {line.service}."

    return deed


# Needs


def need_acts(page: Page) -> Deed | None:
    """Write one down, open one from a referral, say that one is met, take one back."""
    lines = page.supports.needs
    if form := doing(page.student_id, Act.ADD_NEED):
        return _need_form(page, form)
    if form := doing(page.student_id, Act.MEET_NEED):
        return _meet_form(page, form)
    with st.container(horizontal=True):
        opener("Write down a need", Act.ADD_NEED, page.student_id)
        if any(line.met in UNMET for line in lines):
            opener("A need is met", Act.MEET_NEED, page.student_id)
        for waiting in page.supports.waiting:
            _offer(page, waiting)
        deeds = [undo(line.need, line.kept, needs.take_back) for line in lines]
    return next((deed for deed in deeds if deed), None)


def _offer(page: Page, waiting: Waiting) -> None:
    given = {
        WordList.NEED.value: waiting.need,
        "referral": waiting.referral_id,
        "awaited": waiting.provider,
        "since": waiting.sent_on,
    }
    st.button(
        parts.plain(f"Open a need from {waiting.number}: {waiting.need_label}"),
        key=f"open-need-{waiting.number}",
        on_click=begin,
        args=(Act.ADD_NEED, page.student_id),
        kwargs=given,
    )


def _need_form(page: Page, form: Doing) -> Deed | None:
    need = _word("Need", page.words, WordList.NEED, form)
    tier = _word("Tier of support (optional)", page.words, WordList.TIER, form, optional=True)
    since = st.date_input(
        "Since",
        value=form.given.get("since", page.today),
        format="MM/DD/YYYY",
        key=form.of("since"),
        **WAITS,
    )
    awaited = st.text_input(
        "From whom support is awaited (optional)",
        value=form.given.get("awaited", ""),
        key=form.of("awaited"),
        max_chars=200,
        **WAITS,
    )
    if not buttons(form, "Save need"):
        return None
    draft = NeedDraft(need, tier or "", since, awaited or "", form.given.get("referral"))

    def deed(session: Session, me: Actor, at: datetime) -> str:
        needs.write_down(session, me, page.student_id, draft, at, form.key)
        return f"Saved: the need, {page.words.label(WordList.NEED, need or '').lower()}."

    return deed


def _meet_form(page: Page, form: Doing) -> Deed | None:
    unmet = [need for need in page.supports.needs if need.met in UNMET]
    labels = unlike((need.kept.record_id, need.need) for need in unmet)
    chosen = st.selectbox(
        "Which need", list(labels), format_func=labels.__getitem__, key=form.of("which")
    )
    line = next((need for need in unmet if need.kept.record_id == chosen), None)
    running = [one for one in page.supports.services if one.runs(page.today)]
    by: dict[Any, str] = {NONE: "No service in place, or it went away by itself"}
    by |= unlike((one.kept.record_id, f"{one.service}, {one.provider}") for one in running)
    met_by = st.selectbox(
        "Met by", list(by), format_func=by.__getitem__, key=form.of("by"), **WAITS
    )
    met_on = st.date_input(
        "Met on", value=page.today, format="MM/DD/YYYY", key=form.of("on"), **WAITS
    )
    if not buttons(form, "Save that it is met") or line is None:
        return None
    kept = line.kept

    def deed(session: Session, me: Actor, at: datetime) -> str:
        service = met_by or None
        needs.meet(session, me, kept.record_id, met_on, service, kept.version, at)
        return f"Saved: {line.need} is met."

    return deed


# Notes


def note_acts(page: Page, notes_of: Mapping[uuid.UUID, str]) -> Deed | None:
    """Restrict a note. notes_of: those that may be, by what tells them apart."""
    if not notes_of:
        return None
    form = doing(page.student_id, Act.RESTRICT)
    if form is None:
        opener("Restrict a note", Act.RESTRICT, page.student_id)
        return None
    labels = unlike(notes_of.items())
    chosen = st.selectbox(
        "Which note", list(labels), format_func=labels.__getitem__, key=form.of("which"), **WAITS
    )
    parts.notice(
        "From then on its text is read by its author, the principal and the superintendent only. "
        "That it is there stays shown. This cannot be undone.",
        "warn",
    )
    if not buttons(form, "Restrict this note") or chosen is None:
        return None

    def deed(session: Session, me: Actor, at: datetime) -> str:
        notes.restrict(session, me, chosen, at)
        return "The note is restricted."

    return deed


def do(deed: Deed, me: Actor, now: datetime) -> NoReturn:
    """Do it, say so in the status line, and draw the page anew."""
    with unit_of_work() as session:
        said = deed(session, me, now)
    close()
    parts.flash(said)
    st.rerun()


def first(deeds: Sequence[Deed | None]) -> Deed | None:
    """The deed that was asked for."""
    return next((deed for deed in deeds if deed), None)
