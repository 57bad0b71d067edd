"""Choose a student by typing a few letters of the name or the last four of the SASID."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from unicodedata import combining, normalize

import streamlit as st

from portal.access.lists import StudentLine
from portal.ui.labels import unlike

PLACEHOLDER = "Type a name or the last 4 of the SASID"
CHOSEN = "student-chosen"
"""Where the student whose page is open is remembered; other pages may set it."""


def pick_student(
    students: Sequence[StudentLine], key: str, recent: Sequence[uuid.UUID] = (), *, wait: bool
) -> uuid.UUID | None:
    """The chosen student's id. recent: shown first, in this order.

    wait: hold the choice in the browser until a button is clicked, as in a form.
    Only students on the list can be chosen, whatever the browser sends.
    """
    ordered = recent_first(students, recent)
    labels = unlike((student.id, label_of(student)) for student in ordered)
    if st.session_state.get(key) not in labels:
        st.session_state.pop(key, None)
    chosen: uuid.UUID | None = st.selectbox(
        "Student",
        list(labels),
        index=None,
        format_func=lambda student: labels.get(student, ""),
        key=key,
        placeholder=PLACEHOLDER,
        required=True,
        on_change="ignore" if wait else "rerun",
        persist_state="session",
    )
    return chosen


def label_of(student: StudentLine) -> str:
    """The list is searched by what it shows, so a name with accents shows without them too."""
    name = f"{student.family_name}, {student.given_name}"
    plain = "".join(c for c in normalize("NFKD", name) if not combining(c))
    told = (
        name if name == normalize("NFC", plain) else f"{name} ({plain})",
        f"Grade {student.grade}" if student.grade else "",
        student.school,
        f"…{student.sasid_tail}" if student.sasid_tail else "",
    )
    return " · ".join(part for part in told if part)


def recent_first(students: Sequence[StudentLine], recent: Sequence[uuid.UUID]) -> list[StudentLine]:
    rank = {student_id: place for place, student_id in enumerate(recent)}
    return sorted(students, key=lambda student: rank.get(student.id, len(rank)))
