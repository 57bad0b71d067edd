"""What a clause of the library is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.agreements.clauses.articles import Article
from portal.agreements.clauses.conditions import ALWAYS, Condition
from portal.vocabulary import LISTS_FOR_THE_GATE, AgreementKind

EVERY_KIND = frozenset(AgreementKind)
AGREEMENTS = EVERY_KIND - {AgreementKind.DATA_USE}
"""All but the letter, to which the terms of the agreement above it apply."""

MOU_ONLY = frozenset({AgreementKind.MOU})
SHARING = LISTS_FOR_THE_GATE
"""The kinds whose schedule the portal reads."""

BESIDE_THE_GATE = EVERY_KIND - LISTS_FOR_THE_GATE
"""The kinds that are a basis of their own and open nothing in the portal."""


class Need(StrEnum):
    """Must it stand, does it usually, or only when somebody chooses it?"""

    REQUIRED = "required"
    USUAL = "usual"
    OPTIONAL = "optional"


@dataclass(frozen=True)
class Clause:
    """One clause in one version. A changed wording is a new version, never the old one.

    id: stays for good; a bookmark `clause_<id>` marks it in Word, so it has at most 33
    characters. text: the binding words, paragraph by paragraph, in the tag language (`wording`).
    citation: where the law asks for it or speaks of it; may be empty. required_by: that law in
    words, empty where only good practice asks. plain: the same for a reader in a hurry; it does
    not bind. alternatives: name of a group of which at most one clause stands, and exactly one
    where they are required; the first of the library is the usual one. kinds: where it may
    stand. required_in: those of the kinds in which a required clause may not be left out, in the
    others it is usual; empty means all. when: the fact without which it is neither usual nor
    required. own: a district's own.
    retired: stays readable, and is offered no more.
    """

    id: str
    article: Article
    title: str
    text: tuple[str, ...]
    plain: str
    version: int = 1
    citation: str = ""
    required_by: str = ""
    need: Need = Need.REQUIRED
    alternatives: str = ""
    kinds: frozenset[AgreementKind] = EVERY_KIND
    required_in: frozenset[AgreementKind] = frozenset()
    when: Condition = ALWAYS
    own: bool = False
    retired: bool = False

    def is_required_in(self, kind: AgreementKind) -> bool:
        """In agreements of this kind, where its condition holds."""
        return self.need is Need.REQUIRED and kind in self.kinds & (self.required_in or self.kinds)
