"""What is told to a family, in its language, with the English text of record beside it.

Which sentences are told follows from who gives what: the gate later asks for exactly these
(`policy.statements`), so what is not told here stays closed there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from portal.consents.forms.definition import SECTION_OF, Definition, Text
from portal.languages.catalog import ENGLISH, catalog, filled
from portal.languages.marks import N_
from portal.policy import statements as law
from portal.vocabulary import Category, Statement


@dataclass(frozen=True)
class Said:
    """One text as it was shown. record: the English of record, for the same values.

    language: of `words`; English where there is no translation. translator, version: who
    made which state of the translation; empty for English.
    """

    words: str
    record: str
    language: str
    translator: str = ""
    version: str = ""


@dataclass(frozen=True)
class Partner:
    """Somebody who gets records, or gives them. hipaa, part2: which laws bind what it gives."""

    id: str
    name: str
    hipaa: bool = False
    part2: bool = False


def say(text: Text | str, language: str, values: Mapping[str, str]) -> Said:
    """A text of a form, or a label of the portal, in this language.

    The district's own translation comes before the catalog's; English comes last.
    """
    english = text if isinstance(text, str) else text.en
    record = filled(english, values)
    own = None if isinstance(text, str) else text.translations.get(language)
    if own is not None:
        return Said(filled(own.text, values), record, language, own.translator, own.version)
    spoken = catalog(language)
    if spoken.language == ENGLISH or not spoken.has(english):
        return Said(record, record, ENGLISH)
    words = spoken.gettext(english, **values)
    return Said(words, record, spoken.language, spoken.translator, spoken.version)


THE_SCHOOL = N_("the school")


def office(definition: Definition, language: str) -> str:
    """Where a family takes a consent back; a form that names no office means the school."""
    return definition.office.office or catalog(language).gettext(THE_SCHOOL)


TOLD_OF_WHAT_A_PARTNER_GIVES = frozenset({Statement.BECOMES_SCHOOL_RECORD})
TOLD_OF_HIV = frozenset({Statement.HIV_NOTICE})
TOLD_BY_LAW = frozenset(
    {
        *law.OF_A_HIPAA_DISCLOSER,
        *law.OF_A_PART2_DISCLOSER,
        *(statement for told in law.OF_A_CATEGORY.values() for statement in told),
    }
) - {Statement.REVOKE}
"""Told only where the discloser, or a kind of record, asks for it. Taking back: always."""


def told(
    definition: Definition,
    partner: Partner,
    out: Collection[Category],
    back: Collection[Category],
    *,
    subject: bool = False,
) -> tuple[Statement, ...]:
    """The sentences that a signer is told, in the form's order.

    out: what the school may give to this partner; back: what the partner may give; subject:
    that it may give what a single-purpose form is about.
    """
    gives = bool(back) or subject
    kinds = {*out, *back}
    wanted = set(Statement) - TOLD_BY_LAW - TOLD_OF_HIV - TOLD_OF_WHAT_A_PARTNER_GIVES
    wanted |= TOLD_OF_WHAT_A_PARTNER_GIVES if gives else set()
    wanted |= TOLD_OF_HIV if Category.HIV in kinds else set()
    for category in out:
        wanted |= set(law.required(category, hipaa=False, part2=False))
    if gives:
        for category in back or (Category.SERVICE_STATUS,):
            wanted |= set(law.required(category, hipaa=partner.hipaa, part2=partner.part2))
    wanted |= _all_of_a_single_one(definition)
    printed = [statement for statement in Statement if definition.prints(statement)]
    return tuple(
        sorted(
            (statement for statement in printed if statement in wanted),
            key=lambda statement: definition.sections.index(SECTION_OF[statement]),
        )
    )


def _all_of_a_single_one(definition: Definition) -> set[Statement]:
    """A single-purpose form tells all that it has: each of its sentences is there for it."""
    return set(definition.statements) if definition.subject is not None else set()
