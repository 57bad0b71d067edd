"""Two texts of an agreement side by side: what was taken out and what came, in words and marks.

Marks are `<del>` and `<ins>`, struck through and underlined, each with a word that is read aloud.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from portal.agreements.changed_facts import TURN_LABELS, FactChange, Turn
from portal.agreements.compare import (
    HOW_LABELS,
    ITEM,
    ClauseChange,
    How,
    ParagraphChange,
)
from portal.agreements.returned import Outside
from portal.agreements.textual import Mark
from portal.ui import parts
from portal.ui.parts import Tag, esc

KINDS = {How.ADDED: "ok", How.TAKEN_OUT: "bad", How.REWORDED: "info", How.REWRITTEN: "warn"}
TURNS = {Turn.WIDER: "warn", Turn.NARROWER: "info", Turn.ADDED: "ok", Turn.TAKEN_OUT: "bad"}


def clause(change: ClauseChange, old: str, new: str) -> None:
    """One clause: before at the left, now at the right; old, new: what these columns are."""
    tag = Tag(HOW_LABELS[change.how], KINDS[change.how]).markup
    lines = "".join(_pair(pair, old, new) for pair in change.paragraphs)
    st.html(
        f'<h3 class="p-clause">{esc(change.title)} {tag}</h3>'
        f'<p class="p-muted">{esc(change.article)}</p>'
        f'<div class="p-sides">{lines}</div>'
    )


def _pair(pair: ParagraphChange, old: str, new: str) -> str:
    return _side(old, _old(pair)) + _side(new, _new(pair))


def _side(label: str, told: str) -> str:
    inner = told or '<span class="p-muted">Nothing</span>'
    return f'<div><span class="p-side">{esc(label)}</span>{inner}</div>'


def _old(pair: ParagraphChange) -> str:
    if pair.old is None:
        return ""
    if pair.is_same:
        return _paragraph(pair.old, esc(_bare(pair.old)))
    if not pair.pieces:
        return _paragraph(pair.old, _out(_bare(pair.old)))
    told = "".join(
        _out(p.text) if p.mark is Mark.OUT else esc(p.text)
        for p in pair.pieces
        if p.mark is not Mark.IN
    )
    return _paragraph(pair.old, told)


def _new(pair: ParagraphChange) -> str:
    if pair.new is None:
        return ""
    if pair.is_same:
        return _paragraph(pair.new, esc(_bare(pair.new)))
    if not pair.pieces:
        return _paragraph(pair.new, _in(_bare(pair.new)))
    told = "".join(
        _in(p.text) if p.mark is Mark.IN else esc(p.text)
        for p in pair.pieces
        if p.mark is not Mark.OUT
    )
    return _paragraph(pair.new, told)


def _paragraph(source: str, told: str) -> str:
    return f'<p class="p-item">{told}</p>' if source.startswith(ITEM) else f"<p>{told}</p>"


def _bare(paragraph: str) -> str:
    return paragraph.removeprefix(ITEM)


def _out(text: str) -> str:
    return f'<del><span class="p-aloud">taken out: </span>{esc(text)}</del>'


def _in(text: str) -> str:
    return f'<ins><span class="p-aloud">added: </span>{esc(text)}</ins>'


def facts(changes: Sequence[FactChange]) -> None:
    """Dates, partners, schedules, days and signers that differ."""
    parts.table(
        "Facts that differ",
        ["What", "Before", "Now", "Change"],
        [
            [
                c.label,
                c.old or "—",
                c.new or "—",
                Tag(TURN_LABELS[c.turn], TURNS.get(c.turn, "plain")),
            ]
            for c in changes
        ],
        "No date, partner, line of a schedule, number of days or signer differs.",
    )


def outside(changes: Sequence[Outside]) -> None:
    """What a returned file changed beside the clauses."""
    if not changes:
        return
    parts.notice(
        "The file also differs outside the clauses. Nothing of that changes the agreement: "
        "what you agree to, change in the draft.",
        "warn",
    )
    parts.table(
        "Changed outside the clauses",
        ["Where", "As sent", "As it came back"],
        [[c.where, c.old or "—", c.new or "—"] for c in changes],
        "",
    )
