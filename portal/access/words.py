"""A district's words: its drop-downs as it wants them, and the labels of the codes on its shelf.

    words = words_of(session, me.organization_id)
    words.choices(WordList.NEED)
    words.label(WordList.NEED, referral.need)

Words tell nothing about anybody, so nothing is noted. A code that no list knows any more is
told by its own letters: what was stored is never hidden.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.store.support import Term
from portal.vocabulary import WordList
from portal.word_lists import SHIPPED, Word

ENGLISH = "en"


@dataclass(frozen=True)
class Words:
    """All drop-downs of one district, each in its order, the retired words among them."""

    lists: Mapping[WordList, Mapping[str, Word]]

    def all(self, name: WordList) -> tuple[Word, ...]:
        """Every word of a list, retired ones too."""
        return tuple(self.lists[name].values())

    def choices(self, name: WordList) -> tuple[Word, ...]:
        """The words that are offered now, in the district's order."""
        return tuple(word for word in self.all(name) if not word.retired)

    def codes(self, name: WordList) -> tuple[str, ...]:
        """Their codes."""
        return tuple(word.code for word in self.choices(name))

    def has(self, name: WordList, code: str | None) -> bool:
        """Is this code offered now?"""
        return code in self.codes(name)

    def label(self, name: WordList, code: str, language: str = ENGLISH) -> str:
        """What people read for this code; empty for none."""
        word = self.lists[name].get(code)
        return word.told_in(language) if word else code.replace("_", " ").capitalize()

    def implied(self, purpose: str) -> str:
        """The code of the service that a purpose implies, while that is offered; else empty."""
        word = self.lists[WordList.VISIT_PURPOSE].get(purpose)
        if word is None or not self.has(WordList.VISIT_SERVICE, word.implies):
            return ""
        return word.implies


def words_of(session: Session, district_id: uuid.UUID) -> Words:
    """The words of a district (or the shipped ones, for an organization that has none)."""
    return words_of_each(session, [district_id])[district_id]


def words_of_each(session: Session, districts: Iterable[uuid.UUID]) -> dict[uuid.UUID, Words]:
    """The words of several districts, by one question."""
    rows: dict[uuid.UUID, list[Term]] = {district: [] for district in districts}
    for row in session.scalars(select(Term).where(Term.district_id.in_(rows))):
        rows[row.district_id].append(row)
    return {district: _words_with(terms) for district, terms in rows.items()}


def _words_with(terms: Collection[Term]) -> Words:
    if not terms:
        return AS_SHIPPED
    by_list: dict[WordList, list[Term]] = {name: [] for name in WordList}
    for term in terms:
        by_list[term.list].append(term)
    return Words({name: _merged(SHIPPED[name], by_list[name]) for name in WordList})


def _merged(shipped: Iterable[Word], rows: Iterable[Term]) -> dict[str, Word]:
    """Shipped words at their places, those the district edited in their stead and order."""
    placed = {word.code: (place * 10, word) for place, word in enumerate(shipped, start=1)}
    for row in rows:
        placed[row.code] = (row.position, _word(row))
    ordered = sorted(placed.values(), key=lambda both: (both[0], both[1].code))
    return {word.code: word for _place, word in ordered}


def _word(row: Term) -> Word:
    return Word(
        code=row.code,
        label=row.labels.get(ENGLISH, row.code),
        labels={language: text for language, text in row.labels.items() if language != ENGLISH},
        definition=row.definition,
        implies=row.implies,
        asca=row.asca,
        social_work=row.social_work,
        sbch=row.sbch,
        own=row.own,
        retired=row.retired_at is not None,
    )


AS_SHIPPED = Words({name: _merged(SHIPPED[name], ()) for name in WordList})
"""The words of a district that edited none."""
