"""What changed in a text, word by word; old and new whole when little of it stayed."""

from __future__ import annotations

from difflib import SequenceMatcher

import streamlit as st

from portal.ui.parts import esc

ALIKE = 0.5
"""Below this much in common single words read as confetti."""


def draw(old: str, new: str) -> None:
    """The new text with what was taken out struck through and what came in underlined."""
    st.html(f'<div class="p-change">{markup(old, new)}</div>')


def markup(old: str, new: str) -> str:
    """The same as HTML. A screen reader is told in words what is struck out and what is new."""
    before, after = old.split(), new.split()
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < ALIKE:
        return f"<p>{_out(old)}</p><p>{_in(new)}</p>"
    told = []
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            told.append(esc(" ".join(before[i:j])))
            continue
        told += [_out(" ".join(before[i:j]))] if j > i else []
        told += [_in(" ".join(after[k:m]))] if m > k else []
    return f"<p>{' '.join(told)}</p>"


def _out(text: str) -> str:
    return f'<del><span class="p-heard">Taken out: </span>{esc(text)}</del>'


def _in(text: str) -> str:
    return f'<ins><span class="p-heard">New: </span>{esc(text)}</ins>'
