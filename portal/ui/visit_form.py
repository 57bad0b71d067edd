"""The form of a visit with its inline referral: what is typed stays until it is saved.

Every field's key carries the form's own key. A saved form gets a new one, so its
fields are empty, and a second click on the old form's button finds no button.
Most fields wait in the browser until a button is clicked: a tap runs nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import streamlit as st

from portal.access.actor import Actor
from portal.access.lists import StudentLine
from portal.access.words import Words
from portal.collecting.rules import Point
from portal.referrals.rules import ReferralDraft
from portal.ui import (
    chips,
    data_point_fields,
    parts,
    referral_fields,
    timer,
    visit_group,
    visit_more,
)
from portal.ui.chips import WAITS
from portal.ui.focus import focus_first_field
from portal.ui.pick_student import pick_student
from portal.ui.referral_fields import Choices
from portal.visits.rules import Seat, VisitDraft
from portal.visits.timer import Timer
from portal.vocabulary import WordList

Answers = dict[uuid.UUID, str]
FORM = "visit-form"
INSIDE = "visit-fields"
CHIPS = (5, 10, 15, 20, 30, 45, 60)
KEPT_FOR_ANOTHER = (
    *("purpose", "minutes", "other", "services", "began", "ended"),
    *(WordList.VISIT_MODE, WordList.VISIT_PLACE, WordList.TIER),
)


@dataclass(frozen=True)
class Filled:
    """What the form says now. referral: None unless one is added.

    seats: of a group. answers: to the district's own questions, by student.
    """

    visit: VisitDraft
    referral: ReferralDraft | None
    group: bool = False
    seats: tuple[Seat, ...] = ()
    answers: Mapping[uuid.UUID, Answers] = field(default_factory=dict)


@dataclass(frozen=True)
class Offered:
    """What the form offers to choose from. first: students, the last seen first, then my own.

    referring: what a referral within it offers. points: the district's own questions that are
    asked with a visit.
    """

    students: Sequence[StudentLine]
    first: Sequence[uuid.UUID]
    referring: Choices
    words: Words
    timer: Timer
    points: Sequence[Point] = ()


def form_key() -> str:
    """The random key of the form on the screen; its saving counts once."""
    key: str = st.session_state.setdefault(FORM, uuid.uuid4().hex)
    return key


def key_of(name: str) -> str:
    """The key of a field of the form on the screen."""
    return f"visit-{form_key()}-{name}"


def begin_for(student_id: uuid.UUID) -> None:
    """Start with this student chosen."""
    st.session_state[key_of("student")] = student_id


def begin_anew(*, same: bool) -> None:
    """An empty form; with `same`, for another student, all but who, note and referral stay."""
    old = key_of("")
    kept = {name: st.session_state.get(old + name) for name in KEPT_FOR_ANOTHER if same}
    for key in [key for key in st.session_state if str(key).startswith(old)]:
        del st.session_state[key]
    st.session_state[FORM] = uuid.uuid4().hex
    st.session_state.update({key_of(name): value for name, value in kept.items() if value})


def fields(offered: Offered, me: Actor) -> Filled:
    """Draw the fields, and tell what they say."""
    words = offered.words
    with st.container(key=INSIDE, gap="xsmall"):
        with st.container(key="visit-student"):
            student = pick_student(
                offered.students, key_of("student"), offered.first, wait=not _on("group")
            )
        visit = VisitDraft(
            student_id=student,
            purpose=chips.one("Purpose of visit", words, WordList.VISIT_PURPOSE, key_of("purpose")),
            minutes=_minutes(offered.timer),
            services=chips.several(
                "Services provided", words, WordList.VISIT_SERVICE, key_of("services")
            ),
        )
        if _is_nurse(me):
            visit = replace(visit, disposition=visit_more.disposition(words, key_of))
        return _optional(visit, offered, me)


def buttons() -> str:
    """The two ways to save; "save", "same", or empty while neither is clicked."""
    with st.container(horizontal=True, key="visit-buttons"):
        save = st.button("Save visit", type="primary", key=key_of("save"), shortcut="ctrl+s")
        same = st.button("Save, same for another student", key=key_of("same"))
    focus_first_field(inside="visit-student", form=form_key())
    return "same" if same else "save" if save else ""


def _optional(visit: VisitDraft, offered: Offered, me: Actor) -> Filled:
    """What a visit may say beside the four fields; all of it is folded or switched off."""
    group, answers = _on("group"), {}
    if not group:
        told = data_point_fields.fields(offered.points, key_of("dp"))
        answers = {visit.student_id: told} if visit.student_id else {}
        visit = _note(visit)
    visit = replace(visit, follow_up=visit_more.follow_up(key_of))
    outside = visit_more.Told(of_each_student=group, nurse=_is_nurse(me))
    visit = visit_more.fields(visit, offered.words, me.tz, key_of, outside)
    referral = None
    if not group:
        referral = referral_fields.fields(visit.student_id, offered.referring, key_of)
    seats: tuple[Seat, ...] = ()
    if group:
        students = visit_group.choose(visit.student_id, offered.students, offered.first, key_of)
        seats, answers = visit_group.seats(students, offered.points, key_of)
    return Filled(visit, referral, group, seats, answers)


def _on(name: str) -> bool:
    return bool(st.session_state.get(key_of(name)))


def _is_nurse(me: Actor) -> bool:
    """A nurse tells after each visit where the student went."""
    return "nurse" in me.title.casefold()


def _minutes(running: Timer) -> int | None:
    """The chips, with the timer's own minutes among them."""
    key = key_of("minutes")
    if running.minutes and key not in st.session_state:
        st.session_state[key] = running.minutes
    choices = sorted({*CHIPS, *(m for m in (running.minutes, st.session_state.get(key)) if m)})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen: int | None = st.segmented_control("Minutes", choices, key=key, wrap=True, **WAITS)
        timer.timer(running, key)
    return chosen


def _note(visit: VisitDraft) -> VisitDraft:
    key = key_of("note")
    begun = bool(st.session_state.get(key))
    with st.expander("Add a short note (optional)", begun, key=key_of("fold-note")):
        parts.muted("Keep it brief and factual. A parent may ask to read it.")
        note = st.text_area("Note", key=key, **WAITS) or ""
        restricted = st.checkbox(
            "Restricted: only you and the few who must may read the text",
            key=key_of("restricted"),
            **WAITS,
        )
    return replace(visit, note=note, restricted=restricted)
