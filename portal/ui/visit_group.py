"""A group session: one form, and for each student a visit of their own.

What is told of one student stands under that student's name and goes to that student's record
alone; there is no note of the whole group, for it would tell of one child in another's record.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence

import streamlit as st

from portal.access.lists import StudentLine
from portal.collecting.rules import Point
from portal.ui import data_point_fields, parts
from portal.ui.chips import WAITS
from portal.ui.labels import unlike
from portal.ui.pick_student import label_of, recent_first
from portal.ui.visit_more import attendance
from portal.visits.rules import MOST_IN_A_GROUP, Seat

KeyOf = Callable[[str], str]
Answers = dict[uuid.UUID, str]


def choose(
    first: uuid.UUID | None,
    students: Sequence[StudentLine],
    recent: Sequence[uuid.UUID],
    key_of: KeyOf,
) -> list[StudentLine]:
    """Who was in the group: the first student, and the others."""
    labels = unlike((line.id, label_of(line)) for line in recent_first(students, recent))
    lines = {line.id: line for line in students}
    others = _others(labels, key_of("others"))
    parts.muted(
        "Each student gets a visit of their own; none names another. Purpose, minutes and "
        "services are the same for all. A note is about one student alone."
    )
    return [lines[chosen] for chosen in dict.fromkeys([*([first] if first else []), *others])]


def seats(
    students: Sequence[StudentLine], points: Sequence[Point], key_of: KeyOf
) -> tuple[tuple[Seat, ...], dict[uuid.UUID, Answers]]:
    """Of each student: who came, a note, and the answers to the district's own questions."""
    answers: dict[uuid.UUID, Answers] = {}
    seated = []
    for line in students:
        name = parts.plain(f"{line.given_name} {line.family_name}")
        with st.container(border=True):
            came = attendance(key_of(f"came-{line.id}"), name)
            with st.expander(f"Note on {name} (optional)", key=key_of(f"fold-{line.id}")):
                note = st.text_area(f"Note on {name}", key=key_of(f"note-{line.id}"), **WAITS)
            answers[line.id] = data_point_fields.fields(points, key_of(f"dp-{line.id}"))
        seated.append(Seat(line.id, came, note or ""))
    return tuple(seated), answers


def _others(labels: dict[uuid.UUID, str], key: str) -> list[uuid.UUID]:
    chosen = st.session_state.get(key)
    if chosen and not set(chosen) <= set(labels):
        st.session_state[key] = [student for student in chosen if student in labels]
    return st.multiselect(
        "Others in the group",
        list(labels),
        format_func=lambda student: labels.get(student, ""),
        key=key,
        placeholder="Type a name",
        max_selections=MOST_IN_A_GROUP,
        persist_state="session",
    )
