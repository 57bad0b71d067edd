"""What changed from one agreement to another: its clauses as printed, and its facts.

    compare(Side(old, library, printed), Side(new, …))     # -> Comparison

People compare what is printed, so every field is filled in. Numbers of articles are left out:
they follow by themselves when an article comes or goes. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from jinja2.exceptions import TemplateError

from portal.agreements import printing, textual
from portal.agreements.changed_facts import FactChange, fact_changes
from portal.agreements.clauses import wording
from portal.agreements.clauses.articles import ARTICLE_TITLES, Article
from portal.agreements.clauses.library import Library, Standing
from portal.agreements.printing import Printed
from portal.agreements.textual import Piece
from portal.errors import BadFile
from portal.word.values import Values

ITEM = "* "
"""Begins a paragraph that is an item of a list, as in the wording of the library."""


class How(StrEnum):
    """What became of a clause. Rewritten: old and new are better read whole."""

    ADDED = "added"
    TAKEN_OUT = "taken_out"
    REWORDED = "reworded"
    REWRITTEN = "rewritten"


HOW_LABELS = {
    How.ADDED: "Added",
    How.TAKEN_OUT: "Taken out",
    How.REWORDED: "Reworded",
    How.REWRITTEN: "Rewritten",
}


@dataclass(frozen=True)
class ParagraphChange:
    """A paragraph before and after, None where it is not there; pieces: word by word."""

    old: str | None
    new: str | None
    pieces: tuple[Piece, ...] = ()

    @property
    def is_same(self) -> bool:
        """Nothing changed in it."""
        return textual.plain(self.old or "") == textual.plain(self.new or "")


@dataclass(frozen=True)
class ClauseChange:
    """A clause that differs. article: the heading it stands under, in words.

    old, new: its paragraphs as printed; empty where it is not there. paragraphs: side by side.
    """

    id: str
    title: str
    article: str
    how: How
    old: tuple[str, ...]
    new: tuple[str, ...]
    paragraphs: tuple[ParagraphChange, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """All that differs, clauses in the order of the paper."""

    clauses: tuple[ClauseChange, ...]
    facts: tuple[FactChange, ...]

    @property
    def is_empty(self) -> bool:
        """Do both say the same?"""
        return not self.clauses and not self.facts


@dataclass(frozen=True)
class Said:
    """A clause as an agreement prints it."""

    id: str
    title: str
    article: Article
    paragraphs: tuple[str, ...]


def compare(old: Printed, new: Printed, library: Library) -> Comparison:
    """Everything that differs between two agreements, or two versions of one."""
    before, after = said(old, library), said(new, library)
    places = list(Article)
    order = {id_: n for n, id_ in enumerate(library.current)}
    ids = sorted(
        {*before, *after},
        key=lambda id_: (places.index(_of(id_, before, after).article), order.get(id_, 0)),
    )
    changes = (_clause_change(id_, before, after) for id_ in ids)
    return Comparison(tuple(c for c in changes if c is not None), fact_changes(old, new))


def said(printed: Printed, library: Library) -> dict[str, Said]:
    """Every clause of an agreement, by id, as it is printed."""
    facts = _facts(printed, library)
    return {
        standing.clause.id: Said(
            standing.clause.id,
            standing.clause.title,
            standing.clause.article,
            paragraphs_of(standing, facts),
        )
        for standing in library.standing(printed.content)
    }


def said_exactly(printed: Printed, library: Library) -> dict[str, Said]:
    """The same with the articles' numbers, as in the very document."""
    facts = printing.facts_of(printed, library)
    return {
        s.clause.id: Said(s.clause.id, s.clause.title, s.clause.article, paragraphs_of(s, facts))
        for s in library.standing(printed.content)
    }


def paragraphs_of(standing: Standing, facts: Values) -> tuple[str, ...]:
    """A wording filled in; where its tags are broken, as it was typed."""
    try:
        told = wording.printed(standing.text, facts)
    except (BadFile, TemplateError):
        return standing.text
    return tuple(f"{ITEM if p.is_item else ''}{p.text}" for p in told)


def _facts(printed: Printed, library: Library) -> Values:
    """Without what is different in every version: its number, its day, the articles' numbers."""
    same = replace(printed, version=1, written_on=date.min, template=None)
    facts = printing.facts_of(same, library)
    return {**facts, "at": {a: f"“{ARTICLE_TITLES[a]}”" for a in Article}}


def _of(id_: str, before: Mapping[str, Said], after: Mapping[str, Said]) -> Said:
    return after.get(id_) or before[id_]


def _clause_change(
    id_: str, before: Mapping[str, Said], after: Mapping[str, Said]
) -> ClauseChange | None:
    told = _of(id_, before, after)
    old = before[id_].paragraphs if id_ in before else ()
    new = after[id_].paragraphs if id_ in after else ()
    return clause_change(told, old, new, gone=id_ not in after, fresh=id_ not in before)


def clause_change(
    told: Said,
    old: tuple[str, ...],
    new: tuple[str, ...],
    *,
    gone: bool = False,
    fresh: bool = False,
) -> ClauseChange | None:
    """How a clause changed; None when it says the same."""
    article = ARTICLE_TITLES[told.article]
    if gone or fresh:
        how = How.TAKEN_OUT if gone else How.ADDED
        return ClauseChange(told.id, told.title, article, how, old, new, _whole(old, new))
    if [textual.plain(text) for text in old] == [textual.plain(text) for text in new]:
        return None
    rewritten = textual.is_rewritten(old, new)
    how = How.REWRITTEN if rewritten else How.REWORDED
    side_by_side = _whole(old, new) if rewritten else tuple(_paragraphs(old, new))
    return ClauseChange(told.id, told.title, article, how, old, new, side_by_side)


def _whole(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[ParagraphChange, ...]:
    return (
        *(ParagraphChange(text, None) for text in old),
        *(ParagraphChange(None, text) for text in new),
    )


def _paragraphs(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[ParagraphChange]:
    for i, k in textual.paired(old, new):
        before = old[i] if i is not None else None
        after = new[k] if k is not None else None
        both = before is not None and after is not None
        yield ParagraphChange(
            before, after, textual.pieces(before or "", after or "") if both else ()
        )
