"""A district's words as chips: one tap each, in the district's order, none that is retired."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import streamlit as st

from portal.access.words import Words
from portal.ui import parts
from portal.ui.labels import unlike
from portal.vocabulary import WordList

WAITS: dict[str, Any] = {"on_change": "ignore", "persist_state": "session"}
"""A field that waits in the browser until a button is clicked: a tap runs nothing."""


def one(label: str, words: Words, name: WordList, key: str) -> str | None:
    """The code of the chip that is chosen; None for none."""
    labels = labels_of(words, name)
    if st.session_state.get(key) not in labels:
        st.session_state.pop(key, None)
    chosen: str | None = st.pills(
        label, list(labels), format_func=labels.__getitem__, key=key, wrap=True, **WAITS
    )
    return chosen


def several(label: str, words: Words, name: WordList, key: str) -> tuple[str, ...]:
    """The codes of the chips that are chosen."""
    labels = labels_of(words, name)
    _keep_offered(key, labels)
    chosen = st.pills(
        label,
        list(labels),
        selection_mode="multi",
        format_func=labels.__getitem__,
        key=key,
        wrap=True,
        **WAITS,
    )
    return tuple(chosen or ())


def labels_of(words: Words, name: WordList) -> dict[str, str]:
    """Each code that is offered with its label, shown as the district wrote it."""
    return unlike((word.code, parts.plain(word.label)) for word in words.choices(name))


def meanings(words: Words, names: Collection[WordList]) -> list[str]:
    """What the district says its words mean; words without a definition are left out."""
    return [
        f"{word.label}: {word.definition}"
        for name in names
        for word in words.choices(name)
        if word.definition
    ]


def _keep_offered(key: str, labels: Collection[str]) -> None:
    chosen = st.session_state.get(key)
    if chosen and not set(chosen) <= set(labels):
        st.session_state[key] = [code for code in chosen if code in labels]
