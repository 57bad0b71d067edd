"""What a partner sees of a student: why, every kind of record open or closed, then each item."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import streamlit as st

from portal.access.contents import Item
from portal.access.gate import OpenCategory, OpenedRecord
from portal.access.lists import StudentLine
from portal.policy.endings import ends_soon
from portal.stewardship.papers.queries import PaperLine
from portal.ui import fhir_link, parts, when
from portal.ui.days import Days
from portal.ui.labels import unlike
from portal.ui.parts import Cell, Tag, esc
from portal.vocabulary import CATEGORY_LABELS, NEVER, PURPOSE_LABELS, Category, Field, Purpose

CHOSEN = "shared-student"
PURPOSE = "shared-purpose"
NOBODY = (
    "No student is shared with you for this purpose. Students appear here when a signed consent "
    "and an agreement name your organization and your administrator puts you on the case team."
)
Ends = Mapping[uuid.UUID, datetime | None]


def choose_purpose() -> Purpose:
    """Why the reader opens records; each consent names the purposes it allows."""
    return st.selectbox(
        "Purpose",
        list(PURPOSE_LABELS),
        format_func=lambda purpose: PURPOSE_LABELS[purpose],
        key=PURPOSE,
        persist_state="session",
    )


def pick(students: Sequence[StudentLine]) -> uuid.UUID | None:
    """The student to open. One who was open and no longer is shared is returned once more.

    The gate then says what happened, and the refusal is written down.
    """
    labels = unlike((student.id, _label(student)) for student in students)
    remembered: uuid.UUID | None = st.session_state.get(CHOSEN)
    lost = remembered is not None and remembered not in labels
    if lost:
        st.session_state.pop(CHOSEN)
    chosen: uuid.UUID | None = st.selectbox(
        "Student",
        list(labels),
        index=None,
        format_func=lambda student: labels.get(student, ""),
        key=CHOSEN,
        placeholder="Choose a student to open the record",
        disabled=not students,
        persist_state="session",
    )
    return remembered if lost else chosen


def students_list(students: Sequence[StudentLine], ends: Ends, days: Days, *, folded: bool) -> None:
    """Everybody who is shared for this purpose, and until when; folded beside an open record."""
    if not students:
        parts.rows([], NOBODY)
        return
    with st.expander(when.counted(len(students), "student"), expanded=not folded):
        parts.rows([_row(line, ends.get(line.id), days) for line in students], NOBODY)


def _name(student: StudentLine) -> str:
    return f"{student.given_name} {student.family_name}"


def _place(grade: str, school: str) -> str:
    return " · ".join(part for part in (f"Grade {grade}" if grade else "", school) if part)


def _label(student: StudentLine) -> str:
    return f"{_name(student)}, grade {student.grade}" if student.grade else _name(student)


def _row(student: StudentLine, end: datetime | None, days: Days) -> tuple[str, str, Cell]:
    return _name(student), _place(student.grade, student.school), _end_tag(end, days)


def _end_tag(end: datetime | None, days: Days) -> Tag:
    if end is None:
        return Tag("no end date")
    if not ends_soon(end, days.now):
        return Tag(f"to {days.last(end)}", "ok")
    left = days.left(end)
    return Tag(f"{when.days(left)} left" if left else "last day", "warn")


def ending_soon(students: Iterable[StudentLine], ends: Ends, days: Days) -> None:
    """Who will close within two weeks, so that the consent can be renewed in time."""
    closing = sorted(
        (end, _name(student))
        for student in students
        if (end := ends.get(student.id)) is not None and ends_soon(end, days.now)
    )
    if not closing:
        return
    left = days.left(closing[0][0])
    first = "today" if left == 0 else f"in {when.days(left)}"
    several = f"soon for {len(closing)} students, first {first}"
    told = " ".join(
        f"After {days.last(end)} you will no longer see {name}." for end, name in closing
    )
    lead = f"Sharing ends {first if len(closing) == 1 else several}."
    parts.notice(f"{lead} {told} Ask the school to renew the consent.", "warn")


def show(record: OpenedRecord, grounds: Sequence[PaperLine], purpose: Purpose, days: Days) -> None:
    """The whole record, as far as it is open."""
    student = record.student
    parts.heading(student.name, _place(student.grade, student.school))
    _why(record, grounds, purpose, days)
    numbers = {paper.id: paper.number for paper in grounds}
    parts.table(
        "What is shared",
        ["Record", "Shared", "Details"],
        _categories(record, numbers, days),
        "",
    )
    for entry in record.open:
        if entry.category is not Category.IDENTITY and entry.items:
            _items(entry, days)
    _notices(record)
    for paper in grounds:
        if paper.kind == "consent":  # its copy goes along with what it opens (42 CFR 2.32)
            fhir_link.take_along(paper.number, uuid.UUID(paper.id))


def _why(record: OpenedRecord, grounds: Sequence[PaperLine], purpose: Purpose, days: Days) -> None:
    told = [_ground(paper, days) for paper in grounds]
    if any(not entry.decision.papers for entry in record.open):
        told.append("Your own organization holds part of this record.")
    body = "".join(f"<p>{esc(text)}</p>" for text in told)
    rules = (
        "Each time you open this record it is written down, and the family can see the list. "
        f"Use it only to {PURPOSE_LABELS[purpose].lower()}. You may not pass it on without "
        "a new consent (34 CFR 99.33)."
    )
    st.html(
        f'<div class="p-notice p-plain"><h3>Why you can see this</h3>{body}'
        f'<p class="p-muted">{esc(rules)}</p></div>'
    )


def _notices(record: OpenedRecord) -> None:
    """What must be told with these records, with the version that the trail names."""
    body = "".join(
        f"<h3>{esc(notice.title)}</h3><p>{esc(notice.text)}</p>"
        f'<p class="p-muted">{esc(notice.law)} · {esc(notice.id)}, '
        f"version {esc(notice.version)}</p>"
        for notice in record.notices
    )
    if body:
        parts.heading("Notices that go along with these records")
        st.html(f'<div class="p-notice p-warn">{body}</div>')


def _ground(paper: PaperLine, days: Days) -> str:
    end = f"to {days.last(paper.ends_at)}" if paper.ends_at else "without an end date"
    if paper.kind == "agreement":
        return f"It rests on agreement {paper.number} with {paper.other_party}, in force {end}."
    if paper.kind != "consent":
        return f"{paper.number}, addressed to {paper.other_party}, in force {end}."
    signed = f" on {days.of(paper.signed_at)}" if paper.signed_at else ""
    until = f"It ends on {days.last(paper.ends_at)}" if paper.ends_at else "It has no end date"
    told = f"{paper.by} signed consent {paper.number}{signed}. {until}, or when it is taken back."
    return f"{told} {_scope(paper)}" if paper.kinds else told


def _scope(paper: PaperLine) -> str:
    """What the consent covers and why: the explanation that goes along (42 CFR 2.32)."""
    kinds = ", ".join(CATEGORY_LABELS[kind].lower() for kind in paper.kinds)
    purposes = ", ".join(PURPOSE_LABELS[purpose].lower() for purpose in paper.purposes)
    return f"It covers: {kinds}. Only to: {purposes}."


def _categories(
    record: OpenedRecord, numbers: Mapping[str, str], days: Days
) -> Iterable[Sequence[Cell]]:
    """Every kind of record, first what is open; name, school and grade have their place above."""
    for entry in record.open:
        if entry.category is not Category.IDENTITY:
            ground = f"{_latest(entry.items, days)}\n{_grounds(entry, numbers, days)}"
            yield [CATEGORY_LABELS[entry.category], Tag("Yes", "ok"), ground]
    for closed in record.closed:
        word = "Never" if closed.category in NEVER else "No"
        why_not = f"{closed.because} {closed.do_next}"
        yield [CATEGORY_LABELS[closed.category], Tag(word), why_not]


def _grounds(entry: OpenCategory, numbers: Mapping[str, str], days: Days) -> str:
    until = entry.decision.until
    papers = [numbers[paper] for paper in entry.decision.papers if paper in numbers]
    # In a preview the consent rests on itself, and has no number yet.
    unnumbered = "This consent" if entry.decision.papers else "Held by your organization"
    ground = ", ".join(sorted(papers)) or unnumbered
    return f"{ground}, to {days.last(until)}" if until else f"{ground}, no end date"


def _latest(items: Sequence[Item], days: Days) -> str:
    if not items:
        return "Nothing yet"
    newest = max(items, key=lambda item: item.when)
    what = newest.parts.get(Field.WHAT, "")
    return f"{days.of(newest.when)}: {what}" if what else days.of(newest.when)


COLUMNS = {Field.WHAT: "What", Field.WHO: "Who", Field.NARRATIVE: "Note"}


STATEMENT = "Statement of disagreement"
"""The family's; it goes along with what they contest (34 CFR 99.21(c)(2))."""


def _items(entry: OpenCategory, days: Days) -> None:
    """The items in full; a part that is open of none has no column."""
    told = [field for field in COLUMNS if any(field in item.parts for item in entry.items)]
    contested = [STATEMENT] if any(item.statement for item in entry.items) else []
    parts.table(
        CATEGORY_LABELS[entry.category],
        ["When", *(COLUMNS[field] for field in told), *contested],
        [
            [
                days.of(item.when),
                *(item.parts.get(field, "") for field in told),
                *(item.statement for _column in contested),
            ]
            for item in entry.items
        ],
        "",
    )
