"""The Student Data Collection Template: the list of data points, and the form of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

import streamlit as st

from portal.collecting.rules import (
    ENGLISH,
    LONGEST_HELP,
    LONGEST_LABEL,
    Asking,
    Choice,
    DataPointDraft,
    Point,
)
from portal.languages.catalog import available
from portal.policy.data_points import NO_ANSWERS
from portal.policy.levels import LEVELS
from portal.ui import parts
from portal.ui.labels import unlike
from portal.ui.parts import Tag
from portal.vocabulary import (
    ANSWER_KIND_LABELS,
    ASKED_WHERE_LABELS,
    CATEGORY_LABELS,
    LEVEL_LABELS,
    NEVER,
    AnswerKind,
    AskedWhere,
    Category,
    Level,
)

CHOSEN, TURN = "points-chosen", "points-turn"
NEW = "new"
KINDS = [kind for kind in Category if kind not in NO_ANSWERS]
USUAL_KIND = Category.VISITS


@dataclass(frozen=True)
class Filled:
    """What was filled in. shown: the data point as it was on the screen; None for a new one."""

    draft: DataPointDraft
    shown: Point | None


def table(points: Sequence[Point]) -> None:
    """Every data point in the order in which it is asked, the retired ones too."""
    columns = [
        "Question",
        "Answer",
        "Asked",
        "Kind of record",
        "Who may see it",
        "Goes to",
        "State",
    ]
    parts.table(
        f"{len(points)} data points",
        columns,
        [
            [
                point.label,
                _answer(point.asking),
                ASKED_WHERE_LABELS[point.draft.asked],
                CATEGORY_LABELS[point.draft.category] if point.draft.category else "",
                _levels(point.draft),
                _goes_to(point.draft),
                Tag("Retired") if point.retired else Tag("Asked", "ok"),
            ]
            for point in points
        ],
        "None yet. Add a question below; it is then asked with visits or on the student's page.",
    )


def _answer(asking: Asking) -> str:
    told = ANSWER_KIND_LABELS[asking.kind]
    if asking.kind is AnswerKind.CHOICE:
        told = ", ".join(choice.told_in(ENGLISH) for choice in asking.choices)
    if asking.low is not None and asking.high is not None:
        told = f"{told}, {asking.low} to {asking.high}"
    return f"{told} (required)" if asking.required else told


def _levels(draft: DataPointDraft) -> str:
    if not draft.levels:
        return "Whoever may see this kind of record"
    return ", ".join(label for level, label in LEVEL_LABELS.items() if level in draft.levels)


def _goes_to(draft: DataPointDraft) -> str:
    told = ["the family"] if draft.with_family else []
    told += ["partners by consent"] if draft.shared else []
    return ", ".join(told).capitalize() or "Nobody outside"


def choose(points: Sequence[Point]) -> Point | None:
    """The data point to work on; None for a new one."""
    labels = unlike(
        (str(point.id), f"{point.label} (retired)" if point.retired else point.label)
        for point in points
    )
    labels = {NEW: "A new data point", **labels}
    if st.session_state.get(CHOSEN) not in labels:
        st.session_state.pop(CHOSEN, None)
    chosen = st.selectbox(
        "Data point", list(labels), format_func=lambda key: labels[key], key=CHOSEN
    )
    return next((point for point in points if str(point.id) == chosen), None)


def form(point: Point | None) -> Filled | None:
    """The data point as it was filled in, once Save is clicked.

    What was on the screen when the form was drawn is remembered, so that somebody else's change
    is noticed; the list above shows that change by then, and the next click counts.
    """
    key = f"point-{st.session_state.get(TURN, 0)}-{point.id if point else NEW}"
    shown: Point | None = st.session_state.setdefault(f"{key}-shown", point)
    draft = point.draft if point else _empty()
    kind = st.selectbox(
        "What the answer is",
        list(ANSWER_KIND_LABELS),
        index=list(ANSWER_KIND_LABELS).index(draft.asking.kind),
        format_func=lambda kind: ANSWER_KIND_LABELS[kind],
        key=f"{key}-kind",
    )
    fixed = point is not None and point.answered
    with st.form(key):
        asking = _asking(replace(draft.asking, kind=kind), key)
        told = _standing(draft, asking, key, fixed=fixed)
        clicked = st.form_submit_button("Save data point", type="primary", shortcut="ctrl+s")
    if not clicked:
        return None
    st.session_state[f"{key}-shown"] = point
    return Filled(told, shown)


def begin_anew() -> None:
    """Show what is kept now, not what was typed."""
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def _empty() -> DataPointDraft:
    asking = Asking(AnswerKind.CHOICE, {})
    return DataPointDraft(asking, AskedWhere.STUDENT, USUAL_KIND)


# The question


def _asking(now: Asking, key: str) -> Asking:
    labels = {}
    for code, own_name in available().items():
        label = "The question, in English" if code == ENGLISH else f"In {own_name} (optional)"
        told = st.text_input(
            label, now.labels.get(code, ""), max_chars=LONGEST_LABEL, key=f"{key}-label-{code}"
        )
        labels[code] = told or ""
    explained = st.text_input(
        "Explanation for whoever answers (optional)",
        now.help,
        max_chars=LONGEST_HELP,
        key=f"{key}-help",
    )
    choices = _choices(now, key) if now.kind is AnswerKind.CHOICE else ()
    low, high = _bounds(now, key)
    required = st.checkbox("An answer is required", now.required, key=f"{key}-required")
    return Asking(now.kind, labels, explained or "", choices, low, high, required)


def _choices(now: Asking, key: str) -> tuple[Choice, ...]:
    """One answer a line; the same line of each language is the same answer."""
    columns: dict[str, list[str]] = {}
    for code, own_name in available().items():
        same = f"The same in {own_name} (optional)"
        label = "The answers, one a line" if code == ENGLISH else same
        told = st.text_area(
            label,
            "\n".join(choice.labels.get(code, "") for choice in now.choices).rstrip(),
            height=100,
            max_chars=4000,
            key=f"{key}-choices-{code}",
        )
        columns[code] = [line.strip() for line in (told or "").rstrip().split("\n")]
    lines = zip_longest(*columns.values(), fillvalue="")
    every = (dict(zip(columns, line, strict=True)) for line in lines)
    return tuple(
        Choice({code: text for code, text in line.items() if text})
        for line in every
        if any(line.values())
    )


def _bounds(now: Asking, key: str) -> tuple[int | None, int | None]:
    if now.kind not in (AnswerKind.NUMBER, AnswerKind.SCALE):
        return None, None
    left, right = st.columns(2)
    optional = "" if now.kind is AnswerKind.SCALE else " (optional)"
    with left:
        low = st.number_input(f"Lowest{optional}", value=now.low, step=1, key=f"{key}-low")
    with right:
        high = st.number_input(f"Highest{optional}", value=now.high, step=1, key=f"{key}-high")
    return (
        None if low is None else int(low),
        None if high is None else int(high),
    )


# Where it is asked, and who may see the answers


def _standing(now: DataPointDraft, asking: Asking, key: str, *, fixed: bool) -> DataPointDraft:
    asked = st.radio(
        "Where it is asked",
        list(ASKED_WHERE_LABELS),
        index=list(ASKED_WHERE_LABELS).index(now.asked),
        format_func=lambda where: ASKED_WHERE_LABELS[where],
        horizontal=True,
        disabled=fixed,
        key=f"{key}-asked",
    )
    category = st.selectbox(
        "Kind of record",
        KINDS,
        index=KINDS.index(now.category) if now.category in KINDS else None,
        format_func=lambda kind: CATEGORY_LABELS[kind],
        disabled=fixed,
        help="The gate opens the answers as it opens this kind. Once answered, it stays.",
        key=f"{key}-category",
    )
    levels = st.multiselect(
        "Who may see the answers (nobody chosen: whoever may see this kind of record)",
        _inside(),
        sorted(now.levels, key=_inside().index),
        format_func=lambda level: LEVEL_LABELS[level],
        key=f"{key}-levels",
    )
    with_family = st.checkbox(
        "May stand in what is handed to the family", now.with_family, key=f"{key}-family"
    )
    shared = st.checkbox(
        "May go to partners whose agreement and consent open this kind of record",
        now.shared,
        disabled=category in NEVER,
        help="Consent forms name it from now on. A consent signed before does not open it.",
        key=f"{key}-shared",
    )
    return DataPointDraft(asking, asked, category, frozenset(levels), with_family, shared)


def _inside() -> list[Level]:
    """The levels of a district that see records of students by name."""
    return [
        level
        for level in LEVEL_LABELS
        if level in LEVELS and LEVELS[level].identified and level not in OUTSIDE
    ]


OUTSIDE = frozenset({Level.STAFF, Level.AGENCY_ADMIN})
