"""Caseloads: whose, which students, and who is added or taken off."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

import streamlit as st

from portal.access.assignable import StudentLine
from portal.directory.caseloads.queries import CarrierLine, CaseloadLine
from portal.directory.caseloads.rules import CaseloadDraft
from portal.policy.caseloads import KINDS_OF_LEVEL
from portal.ui import parts
from portal.ui.days import Days
from portal.ui.labels import unlike
from portal.vocabulary import RelationKind

KIND_LABELS = {
    RelationKind.COUNSELOR: "Counselor",
    RelationKind.SERVICE: "Served",
    RelationKind.EVALUATION: "To be evaluated",
}
NOBODY = "Nobody of the staff is a counselor or a clinician yet. The roster or People adds them."
UNNAMED = (
    "Your level of access does not name these students. You see the end of their SASID, or of "
    "the district's own number where they have no SASID yet."
)


def choose_carrier(carriers: Sequence[CarrierLine]) -> CarrierLine | None:
    """Whose caseload to look at."""
    labels = unlike((line, _carrier(line)) for line in carriers)
    by_label = {label: line for line, label in labels.items()}
    chosen = st.selectbox(
        "Staff", list(by_label), index=None, key="caseload-staff", placeholder="Choose a colleague"
    )
    return by_label.get(chosen or "")


def _carrier(line: CarrierLine) -> str:
    return f"{line.name} · {line.title}" if line.title else line.name


def overview(carriers: Sequence[CarrierLine]) -> None:
    """How many students each has: of those whom I may assign."""
    parts.table(
        "Counselors and clinicians",
        ["Name", "Title", "Students"],
        [[line.name, line.title, str(line.students)] for line in carriers],
        NOBODY,
    )


def table(person: CarrierLine, lines: Sequence[CaseloadLine], days: Days) -> None:
    """The students on one caseload."""
    parts.table(
        f"Caseload of {person.name}",
        ["Student", "Grade", "School", "As", "Since"],
        [
            [
                line.student.name or f"…{line.student.number_tail}",
                line.student.grade,
                line.student.school,
                KIND_LABELS[line.kind],
                days.of(line.starts_at),
            ]
            for line in lines
        ],
        "No student of yours is on this caseload yet.",
    )
    if any(not line.student.name for line in lines):
        parts.muted(UNNAMED)


def add_form(
    person: CarrierLine, students: Sequence[StudentLine], taken: Sequence[CaseloadLine]
) -> CaseloadDraft | None:
    """Choose a student to add, and as what; the draft once the button is clicked."""
    has = {line.student.id for line in taken}
    labels = unlike((free.id, student_label(free)) for free in students if free.id not in has)
    student = _choose("Student to add", labels, "caseload-add")
    kind = _choose_kind(KINDS_OF_LEVEL[person.level])
    if not st.button("Add to caseload", type="primary", key="caseload-assign"):
        return None
    return CaseloadDraft(person.id, student, kind)


def _choose_kind(kinds: Sequence[RelationKind]) -> RelationKind | None:
    """As what: asked only where there is more than one answer; None for the usual one."""
    if len(kinds) < 2:
        return None
    chosen: RelationKind | None = st.segmented_control(
        "As", kinds, default=kinds[0], format_func=lambda k: KIND_LABELS[k], key="caseload-kind"
    )
    return chosen


def end_form(lines: Sequence[CaseloadLine]) -> uuid.UUID | None:
    """Choose a student to take off; the relation to end once the button is clicked."""
    if not lines:
        return None
    labels = unlike(
        (line.relation_id, f"{student_label(line.student)} · {KIND_LABELS[line.kind].lower()}")
        for line in lines
    )
    relation = _choose("Student to take off", labels, "caseload-off")
    if relation is None:
        parts.muted("Choose a student first.")
        return None
    return relation if st.button("Take off caseload", key="caseload-end") else None


def _choose(label: str, labels: Mapping[uuid.UUID, str], key: str) -> uuid.UUID | None:
    by_label = {text: chosen for chosen, text in labels.items()}
    chosen = st.selectbox(
        label, list(by_label), index=None, key=key, placeholder="Type a name or the end of a number"
    )
    return by_label.get(chosen or "")


def student_label(student: StudentLine) -> str:
    """Name, grade, school and the end of the number: as much as is open."""
    told = (
        student.name,
        f"Grade {student.grade}" if student.grade else "",
        student.school,
        f"…{student.number_tail}" if student.number_tail else "",
    )
    return " · ".join(part for part in told if part)
