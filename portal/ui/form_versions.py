"""The versions of a consent form: which is in use, which is a draft, which is recalled."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from portal.consents.forms.definition import Definition
from portal.consents.forms.elements import ELEMENTS
from portal.consents.forms.questions import Question
from portal.errors import Problem
from portal.store.consents import ConsentFormRecall, ConsentFormVersion
from portal.ui import parts, when
from portal.ui.days import Days
from portal.ui.parts import Cell, Tag
from portal.vocabulary import FORM_KIND_LABELS, FormKind

KIND = "form-kind"
Versions = Sequence[tuple[ConsentFormVersion, ConsentFormRecall | None]]


def choose_kind() -> FormKind:
    """Which of the forms; the single-purpose ones may be joined with nothing else."""
    kinds: list[FormKind] = [*FormKind]
    return st.selectbox(
        "Form",
        kinds,
        format_func=lambda kind: FORM_KIND_LABELS[kind],
        key=KIND,
        persist_state="session",
    )


def table(versions: Versions, counts: Mapping[uuid.UUID, int], days: Days) -> None:
    """Each version with where it stands, and how many consents go on under it."""
    newest = next((row.id for row, recall in versions if row.published_at and not recall), None)
    parts.table(
        "Versions",
        ["Version", "Where it stands", "Published", "Consents that go on under it"],
        [
            [
                str(row.version),
                _tag(row, recall, newest),
                days.of(row.published_at) if row.published_at else "",
                str(counts.get(row.id, 0)) if row.published_at else "",
            ]
            for row, recall in versions
        ],
        "The form that comes with the portal is in use. Write the next version to make it yours.",
    )


def _tag(
    row: ConsentFormVersion, recall: ConsentFormRecall | None, newest: uuid.UUID | None
) -> Cell:
    if recall is not None:
        return Tag(f"Recalled: lacks {element_words(recall.element)}", "bad")
    if row.published_at is None:
        return Tag("Draft")
    return Tag("In use", "ok") if row.id == newest else Tag("Replaced")


def element_words(element_id: str) -> str:
    """An element of the law in words, with its citation."""
    found = next((e for e in ELEMENTS if e.id == element_id), None)
    return f"{found.words} ({found.citation})" if found else element_id


@dataclass(frozen=True)
class Recalling:
    """A version to recall, with the element that it lacks."""

    version_id: uuid.UUID
    element: str


def recall(versions: Versions, counts: Mapping[uuid.UUID, int]) -> Recalling | None:
    """Recall a published version, once the button is clicked."""
    published = {row.id: row for row, gone in versions if row.published_at and not gone}
    if not published:
        return None
    with st.expander("Recall a version"):
        chosen = st.selectbox(
            "Version",
            list(published),
            index=None,
            format_func=lambda key: f"Version {published[key].version}",
            key="form-recall-version",
        )
        words = {element.id: f"{element.words} ({element.citation})" for element in ELEMENTS}
        lacks = st.selectbox(
            "What does it lack, that the law requires?",
            list(words),
            index=None,
            format_func=lambda key: words[key],
            key="form-recall-element",
        )
        closes = counts.get(chosen, 0) if chosen else 0
        parts.notice(
            f"From then on {when.counted(closes, 'consent')} signed on this version "
            f"{'opens' if closes == 1 else 'open'} nothing. It cannot be undone: each family signs "
            "anew, on a version that has what was missing.",
            "warn",
        )
        if st.button("Recall this version", key="form-recall"):
            return Recalling(chosen or uuid.UUID(int=0), lacks or "")
    return None


def _where(field: str) -> str:
    """An element of the law in its own words; else the field as its file names it."""
    found = next((e for e in ELEMENTS if e.id == field), None)
    return found.words if found else field


def stands_against(problems: Sequence[Problem], advice: Sequence[Problem]) -> None:
    """What keeps the draft from being published, each with its field and citation; then advice."""
    if problems:
        parts.table(
            f"Before it can be published ({len(problems)})",
            ["Where", "What is wrong", "What to do"],
            [[_where(problem.field), problem.what, problem.do_next] for problem in problems],
            "",
        )
    else:
        parts.notice("Nothing keeps this draft from being published.", "ok")
    if advice:
        parts.table(
            "Advice",
            ["Where", "What would be better", "What to do"],
            [[_where(problem.field), problem.what, problem.do_next] for problem in advice],
            "",
        )


def as_read(questions: Sequence[Question]) -> None:
    """Each page that a family would see, in its order."""
    for place, question in enumerate(questions, start=1):
        with st.container(border=True):
            parts.heading(
                f"{place}. {question.title.words}", question.help.words if question.help else ""
            )
            if question.choices:
                parts.listed(
                    f"{'___ ' if choice.initials else '☐ '}{choice.words.words}"
                    + (f" ({choice.more.words})" if choice.more else "")
                    for choice in question.choices
                )
            for _statement, said in question.told:
                parts.say(said.words)


def choose_language(definition: Definition, names: Mapping[str, str]) -> str:
    """One of the languages of this form that the portal has."""
    codes = [code for code in definition.languages if code in names] or ["en"]
    return st.selectbox(
        "In which language",
        codes,
        format_func=lambda code: names.get(code, code),
        key="form-language",
    )
