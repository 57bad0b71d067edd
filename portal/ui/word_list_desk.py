"""A district's drop-downs: the list, and the form of one word or of a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from portal.access.words import Words
from portal.directory.word_lists.rules import (
    CROSSWALKS,
    LONGEST_DEFINITION,
    LONGEST_LABEL,
)
from portal.languages.catalog import ENGLISH, available
from portal.ui import parts
from portal.ui.labels import unlike
from portal.ui.parts import Cell, Tag
from portal.vocabulary import CLOSED_LISTS, WORD_LIST_LABELS, WordList
from portal.word_lists import (
    ASCA_LABELS,
    COUNTED_LISTS,
    SBCH_LABELS,
    SOCIAL_WORK_LABELS,
    Word,
)

CHOSEN_LIST, CHOSEN_WORD, TURN = "words-list", "words-word", "words-turn"
NEW = ""
"""The code of a word that is not there yet."""

PLACES: Mapping[str, Mapping[str, str]] = {
    "asca": {str(code): label for code, label in ASCA_LABELS.items()},
    "social_work": {str(code): label for code, label in SOCIAL_WORK_LABELS.items()},
    "sbch": {str(code): label for code, label in SBCH_LABELS.items()},
}


@dataclass(frozen=True)
class Filled:
    """What was filled in. shown: the word as it was on the screen; None for a new one."""

    word: Word
    shown: Word | None


def choose_list() -> WordList:
    """Which drop-down."""
    chosen: WordList = st.selectbox(
        "Which list",
        list(WORD_LIST_LABELS),
        format_func=lambda name: WORD_LIST_LABELS[name],
        key=CHOSEN_LIST,
    )
    return chosen


def table(name: WordList, words: Words) -> None:
    """Every word in its order, the retired ones too; below, folded, how it counts."""
    others = [code for code in available() if code != ENGLISH]
    parts.table(
        WORD_LIST_LABELS[name],
        ["Word", "Meaning", *(available()[code] for code in others), "Offered"],
        [
            [
                word.label,
                word.definition,
                *(word.told_in(language) for language in others),
                _offered(word),
            ]
            for word in words.all(name)
        ],
        "No word yet.",
    )
    if name in COUNTED_LISTS:
        with st.expander("How each word counts"):
            _counts(name, words)


def _counts(name: WordList, words: Words) -> None:
    columns = ["Word", *(label for label, _codes in CROSSWALKS.values())]
    if name is WordList.VISIT_PURPOSE:
        columns.append("Implies the service")
    parts.table(
        "Crosswalk", columns, [_line(name, word, words) for word in words.all(name)], "No word yet."
    )


def _line(name: WordList, word: Word, words: Words) -> list[Cell]:
    cells: list[Cell] = [word.label]
    cells += [labels.get(getattr(word, field), "") for field, labels in PLACES.items()]
    if name is WordList.VISIT_PURPOSE:
        cells.append(words.label(WordList.VISIT_SERVICE, word.implies) if word.implies else "")
    return cells


def _offered(word: Word) -> Tag:
    return Tag("Retired") if word.retired else Tag("Offered", "ok")


def choose_word(name: WordList, words: Words) -> Word | None:
    """The word to work on; None for a new one, where the list takes one."""
    labels = unlike(
        (word.code, f"{word.label} (retired)" if word.retired else word.label)
        for word in words.all(name)
    )
    if name not in CLOSED_LISTS:
        labels[NEW] = "A new word"
    key = f"{CHOSEN_WORD}-{name}"
    if st.session_state.get(key) not in labels:
        st.session_state.pop(key, None)
    code: str = st.selectbox("Word", list(labels), format_func=lambda code: labels[code], key=key)
    return words.lists[name].get(code)


def form(name: WordList, word: Word | None, words: Words) -> Filled | None:
    """The word as it was filled in, once Save is clicked.

    What was on the screen when the form was drawn is remembered, so that somebody else's change
    is noticed; the list above shows that change by then, and the next click counts.
    """
    key = _key(name, word)
    shown: Word | None = st.session_state.setdefault(f"{key}-shown", word)
    with st.form(key):
        label = st.text_input(
            "English", word.label if word else "", max_chars=LONGEST_LABEL, key=f"{key}-en"
        )
        labels = _translations(word, key)
        definition = st.text_area(
            "Meaning, shown where the word is chosen (optional)",
            word.definition if word else "",
            max_chars=LONGEST_DEFINITION,
            height=100,
            key=f"{key}-definition",
        )
        implies = _implied(word, words, key) if name is WordList.VISIT_PURPOSE else ""
        places = _crosswalk(word, key) if name in COUNTED_LISTS else {}
        clicked = st.form_submit_button("Save word", type="primary", shortcut="ctrl+s")
    if not clicked:
        return None
    st.session_state[f"{key}-shown"] = word
    told = Word(
        shown.code if shown else NEW,
        label or "",
        labels,
        definition or "",
        implies=implies,
        own=shown.own if shown else True,
        retired=shown.retired if shown else False,
        **places,
    )
    return Filled(told, shown)


def begin_anew() -> None:
    """Show what is kept now, not what was typed."""
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def _key(name: WordList, word: Word | None) -> str:
    return f"words-{st.session_state.get(TURN, 0)}-{name}-{word.code if word else NEW}"


def _translations(word: Word | None, key: str) -> dict[str, str]:
    """The district's own labels; what is left empty is the portal's translation, or English."""
    told = {}
    for code, own_name in available().items():
        if code == ENGLISH:
            continue
        usual = word.told_in(code) if word and code not in word.labels else ""
        text = st.text_input(
            f"{own_name} (optional)",
            word.labels.get(code, "") if word else "",
            max_chars=LONGEST_LABEL,
            placeholder=usual or None,
            key=f"{key}-{code}",
        )
        if text:
            told[code] = text
    return told


def _implied(word: Word | None, words: Words, key: str) -> str:
    labels = {NEW: "None"} | {
        service.code: service.label for service in words.choices(WordList.VISIT_SERVICE)
    }
    return _chosen("Implies the service", labels, word.implies if word else "", f"{key}-implies")


def _crosswalk(word: Word | None, key: str) -> dict[str, str]:
    return {
        field: _chosen(
            label, {NEW: "None", **PLACES[field]}, getattr(word, field, ""), f"{key}-{field}"
        )
        for field, (label, _codes) in CROSSWALKS.items()
    }


def _chosen(label: str, labels: Mapping[str, str], now: str, key: str) -> str:
    codes = list(labels)
    chosen: str = st.selectbox(
        label,
        codes,
        index=codes.index(now) if now in labels else 0,
        format_func=lambda code: labels[code],
        key=key,
    )
    return chosen
