"""What most visits need not say: another time, how and where, and that a student did not come.

It stays folded, so that the fast form does not grow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from portal.access.words import Words
from portal.ui import chips, parts
from portal.ui.chips import WAITS
from portal.visits.rules import FollowUpDraft, VisitDraft
from portal.vocabulary import ATTENDANCE_LABELS, Attendance, VisitMode, WordList

KeyOf = Callable[[str], str]
FOLD = "More: a group, another time, by phone, did not come …"
DISPOSITION = "After the visit (health office)"


@dataclass(frozen=True)
class Told:
    """What is told outside the fold: who came, of each student; where they went, by a nurse."""

    of_each_student: bool
    nurse: bool


def fields(visit: VisitDraft, words: Words, tz: str, key_of: KeyOf, told: Told) -> VisitDraft:
    """The visit with what the fold says."""
    with st.expander(FOLD, key=key_of("fold-more")):
        st.toggle("Group: several students at once", key=key_of("group"), persist_state="session")
        if not told.of_each_student:
            visit = replace(visit, attendance=attendance(key_of("attendance")))
        why = _chip("Why late or not (optional)", words, WordList.MISSED_REASON, key_of)
        visit = _time(visit, tz, key_of)
        mode = _chip("How (in person, if not said)", words, WordList.VISIT_MODE, key_of)
        place = _chip("Where", words, WordList.VISIT_PLACE, key_of)
        tier = _chip("Tier of support", words, WordList.TIER, key_of)
        if not told.nurse:
            visit = replace(visit, disposition=disposition(words, key_of))
    mode = mode or VisitMode.IN_PERSON
    return replace(visit, missed_reason=why, mode=mode, place=place, tier=tier)


def disposition(words: Words, key_of: KeyOf) -> str:
    """Where the student went from the health office."""
    return _chip(DISPOSITION, words, WordList.DISPOSITION, key_of)


def _chip(label: str, words: Words, name: WordList, key_of: KeyOf) -> str:
    return chips.one(label, words, name, key_of(name)) or ""


def attendance(key: str, label: str = "Did the student come?") -> Attendance:
    """Came, late or not at all; what nobody says is that they came."""
    chosen: Attendance | None = st.segmented_control(
        label,
        list(ATTENDANCE_LABELS),
        default=Attendance.ATTENDED,
        format_func=lambda code: ATTENDANCE_LABELS[code],
        key=key,
        wrap=True,
        **WAITS,
    )
    return Attendance(chosen) if chosen else Attendance.ATTENDED


def follow_up(key_of: KeyOf) -> FollowUpDraft:
    """When to come back to the student, and what about."""
    planned = bool(st.session_state.get(key_of("due")))
    with st.expander("Plan a follow-up (optional)", planned, key=key_of("fold-follow-up")):
        day = st.date_input(
            "Follow up on", value=None, format="MM/DD/YYYY", key=key_of("due"), **WAITS
        )
        about = st.text_input("What about (optional)", key=key_of("about"), **WAITS)
        parts.muted("It appears on your own Today page. Nobody else reads it.")
    return FollowUpDraft(day, about or "")


def _time(visit: VisitDraft, tz: str, key_of: KeyOf) -> VisitDraft:
    minutes = st.number_input(
        "Minutes, if none of the above", value=None, step=1, key=key_of("other"), **WAITS
    )
    began = _when("Began", key_of("began"), tz)
    ended = _when("Ended (optional, in place of the minutes)", key_of("ended"), tz)
    length = minutes if minutes is not None else visit.minutes
    return replace(visit, minutes=length, began=began, ended=ended)


def _when(label: str, key: str, tz: str) -> datetime | None:
    told: datetime | None = st.datetime_input(
        label, value=None, format="MM/DD/YYYY", step=300, key=key, **WAITS
    )
    return told and told.replace(tzinfo=ZoneInfo(tz))
