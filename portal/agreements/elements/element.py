"""What an element is, where it applies, and the laws that several of them rest on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from portal.agreements.clauses.articles import Article
from portal.agreements.clauses.conditions import ALWAYS, Condition
from portal.agreements.clauses.types import EVERY_KIND, SHARING
from portal.agreements.content import Content
from portal.vocabulary import AgreementKind


class Rank(StrEnum):
    """Is an agreement without it not issued, or only poorer?"""

    MUST = "must"
    GOOD = "good"


@dataclass(frozen=True)
class Element:
    """One thing that an agreement must, or should, say.

    clauses: carry it together. one_of: one of these does. fields: the paper prints them,
    such as `document.number`. kinds, when: where it applies.
    """

    id: str
    article: Article
    words: str
    citation: str = "a contract"
    rank: Rank = Rank.MUST
    clauses: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    kinds: frozenset[AgreementKind] = EVERY_KIND
    when: Condition = ALWAYS

    def binds(self, content: Content) -> bool:
        """Does it apply to this agreement?"""
        return content.kind in self.kinds and self.when.holds(content)

    def is_met(self, ids: Collection[str]) -> bool:
        """By an agreement with these clauses."""
        chosen = set(ids)
        return chosen >= set(self.clauses) and (not self.one_of or bool(chosen & {*self.one_of}))


CT = "Conn. Gen. Stat. § 10-234bb(a)"
STUDY = "34 CFR 99.31(a)(6)(iii)(C)"
AUDIT = "34 CFR 99.35(a)(3)"
GOOD = "good practice"
STUDIES_IN = SHARING | {AgreementKind.STUDIES}
AUDIT_IN = SHARING | {AgreementKind.AUDIT}
SERVICE_IN = SHARING | {AgreementKind.QSOA}
