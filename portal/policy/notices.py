"""Which notices must go along with records, by whose records they are and of which kind.

A notice is a text of record in English, with a version of its own: whoever gives records logs
both, so that it can be shown years later what a recipient was told. Texts are in our own words
where the law's are not at hand, and quoted only where they are; a changed text gets a new
version, never the old one. No legal advice: counsel supplies the statutory words where a law
prescribes them (docs/decisions/notices.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from portal.languages.marks import N_
from portal.policy.facts import Facts, RecordFacts
from portal.vocabulary import Category, Instrument, OrganizationKind


@dataclass(frozen=True)
class Notice:
    """One text that travels with records. id and version stay what they are for good."""

    id: str
    version: str
    title: str
    text: str
    law: str


@dataclass(frozen=True)
class Given:
    """What is about to be given. hipaa, part2: which laws bind whoever gives it."""

    categories: frozenset[str]
    instrument: Instrument
    hipaa: bool
    part2: bool


FERPA = Notice(
    "ferpa-99.33",
    "2026-1",
    N_("Do not pass school records on"),
    N_(
        "Use these records only for the purpose that the consent names. Do not show them or "
        "give them to anybody else unless the parent, or the student who is 18 or in college, "
        "consents first. Return or destroy them when the consent says so. Whoever breaks this "
        "rule can be kept from school records for five years."
    ),
    "34 CFR 99.33(a), (d), (e)",
)

HIPAA = Notice(
    "hipaa-164.508",
    "2026-1",
    N_("Health facts given by authorization"),
    N_(
        "A health care provider gives these facts because the patient, or whoever may act for "
        "the patient, signed an authorization. Use them only as it allows. At the school they "
        "are school records, and HIPAA may no longer protect them."
    ),
    "45 CFR 164.508(c)(2)(iii)",
)

PART2 = Notice(
    "part2-2.32",
    "2026-1",
    N_("Records of care for alcohol or drug use"),
    # The meaning of 42 CFR 2.32(a)(1), not its words: they were not at hand.
    N_(
        "Federal rules protect this record. Nobody may use it, or tell what is in it, in a case "
        "or a hearing against the patient, unless the patient consents to that or a court orders "
        "it. Nobody may pass it on for another reason unless the consent or those rules allow "
        "it. A general consent to release health records is not enough. A copy of the consent, "
        "or a clear account of what it covers, goes along."
    ),
    "42 CFR 2.32(a), (b)",
)

PART2_LINE = Notice(
    "part2-2.32-line",
    "2026-1",
    N_("Records of care for alcohol or drug use, in one line"),
    N_("42 CFR part 2 prohibits unauthorized use or disclosure of these records."),
    "42 CFR 2.32(a)",
)
"""The rule's own short form; by itself enough for a recipient."""

OF_SUBSTANCE_USE = frozenset({PART2.id, PART2_LINE.id})
"""Ids of the notices that tell by themselves that there are such records."""

HIV = Notice(
    "ct-19a-585",
    "2026-1",
    N_("HIV-related information"),
    # A paraphrase. CGS 19a-585(a) prescribes the words: counsel supplies them, and they get a
    # version of their own. Until then this text only says what they mean.
    N_(
        "State law keeps this information confidential. It may not be passed on unless the "
        "person it is about consents to just that in writing, or unless that law allows it. A "
        "general consent to release records is not enough."
    ),
    "CGS 19a-585(a)",
)


def _school_gives(given: Given) -> bool:
    """34 CFR 99.33(d): whenever education records leave by consent."""
    return given.instrument is Instrument.FERPA


def _provider_gives(given: Given) -> bool:
    """45 CFR 164.508(c)(2)(iii)."""
    return given.instrument is Instrument.HIPAA and given.hipaa


def _of_substance_use(given: Given) -> bool:
    """Whatever a program gives, and these records from whomever (42 CFR 2.32; CGS 17a-688)."""
    return Category.SUD in given.categories or (
        given.instrument is Instrument.HIPAA and given.part2
    )


def _of_hiv(given: Given) -> bool:
    """CGS 19a-585: whoever gives it."""
    return Category.HIV in given.categories


WHEN: tuple[tuple[Notice, Callable[[Given], bool]], ...] = (
    (FERPA, _school_gives),
    (HIPAA, _provider_gives),
    (PART2, _of_substance_use),
    (PART2_LINE, _of_substance_use),
    (HIV, _of_hiv),
)
"""Each notice with the rule that asks for it, in the order in which they are printed."""


BY_ID = {notice.id: notice for notice, _rule in WHEN}
"""Each notice as it reads today; an older version of it had other words."""


def notices_for(
    categories: Collection[str], *, instrument: Instrument, hipaa: bool = False, part2: bool = False
) -> tuple[Notice, ...]:
    """The notices that go along when these kinds of record are given.

    instrument: FERPA when the school gives them, HIPAA when a partner does. hipaa, part2: is
    whoever gives them a health care provider, or a substance-use program?
    """
    given = Given(frozenset(str(kind) for kind in categories), instrument, hipaa, part2)
    return tuple(notice for notice, asked in WHEN if asked(given))


def notices_with(facts: Facts, opened: Iterable[RecordFacts]) -> tuple[Notice, ...]:
    """The notices that go along with records opened to this user, by whose they are; each once.

    None with those of the user's own organization.
    """
    kinds: dict[str, set[str]] = defaultdict(set)
    for record in opened:
        if record.custodian != facts.user.organization:
            kinds[record.custodian].add(record.category)
    found: dict[Notice, None] = {}
    for custodian in sorted(kinds):
        giver = facts.organizations[custodian]
        school = giver.kind is OrganizationKind.DISTRICT
        instrument = Instrument.FERPA if school else Instrument.HIPAA
        told = notices_for(
            kinds[custodian], instrument=instrument, hipaa=giver.hipaa, part2=giver.part2
        )
        found |= dict.fromkeys(told)
    return tuple(found)
