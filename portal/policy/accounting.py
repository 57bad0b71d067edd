"""Which lines of the trail each law wants in an accounting of disclosures, and who may be told.

One ledger, one report for each law (docs/decisions/accounting.md). Pure rules over plain values:
nothing here knows a database or a word of any language.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.policy.decision import Decision
from portal.policy.facts import ConsentFacts
from portal.policy.family import may_know_of
from portal.vocabulary import Category, Instrument, SignerKind

HIPAA_YEARS = 6
"""45 CFR 164.528(a)(3): the account reaches back six years from the day it is asked for."""


class Law(StrEnum):
    """Which law a list of disclosures answers to."""

    EVERYTHING = "everything"
    FERPA = "ferpa"
    IDEA = "idea"
    HIPAA = "hipaa"
    CT_HIV = "ct_hiv"


LAW_CITED = {
    Law.EVERYTHING: "",
    Law.FERPA: "34 CFR 99.32",
    Law.IDEA: "34 CFR 300.614",
    Law.HIPAA: "45 CFR 164.528",
    Law.CT_HIV: "CGS 19a-585",
}


class Party(StrEnum):
    """On whose side somebody stands: the student's district, the family, or neither."""

    SCHOOL = "school"
    FAMILY = "family"
    OUTSIDE = "outside"


GIVING = (
    "record.opened",
    "students.listed_across",
    "referral.listed_by_agency",
    "referral.opened_by_link",
    "document.opened",
    "consent.exported",
)
"""Events by which an organization gets to know something of another's records."""

ASKING = ("record.", "student.", "students.", "document.", "referral.listed", "consent.exported")
"""How the events begin by which somebody asks for a record and may be refused."""


@dataclass(frozen=True)
class GroundFacts:
    """A paper that a disclosure rested on. instrument: of a consent, else None.

    by_school: is the giver the student's district? hipaa: does HIPAA bind the giver?
    """

    instrument: Instrument | None
    by_school: bool
    hipaa: bool


@dataclass(frozen=True)
class LineFacts:
    """A line of the trail as a law looks at it.

    grounds: consents and legal bases, without agreements, which open nothing by themselves.
    own: it told nothing but what the reader's own organization holds. emergency: somebody of the
    school's own opened it in a health or safety emergency.
    """

    event: str
    allowed: bool
    at: datetime
    party: Party
    kinds: frozenset[str] = frozenset()
    grounds: tuple[GroundFacts, ...] = ()
    own: bool = False
    emergency: bool = False


def counts(law: Law, line: LineFacts, at: datetime, *, idea: bool) -> bool:
    """Does this law want this line in the list? idea: has the student a program under it?"""
    match law:
        case Law.EVERYTHING:
            return True
        case Law.FERPA:
            return _leaves_the_school(line) or _refused_outside(line) or _in_an_emergency(line)
        case Law.IDEA:
            return idea and _leaves_the_school(line)
        case Law.HIPAA:
            return _given_by_a_provider(line) and line.at >= _six_years_before(at)
    return Category.HIV in line.kinds and _crosses(line)


def _crosses(line: LineFacts) -> bool:
    """Somebody got to know what another organization holds."""
    outside = line.party is Party.OUTSIDE or bool(line.grounds)
    return line.allowed and line.event in GIVING and outside and not line.own


def _leaves_the_school(line: LineFacts) -> bool:
    given_by_others = bool(line.grounds) and not any(g.by_school for g in line.grounds)
    return line.party is Party.OUTSIDE and _crosses(line) and not given_by_others


def _refused_outside(line: LineFacts) -> bool:
    """34 CFR 99.32(a)(1): each request too."""
    asked = line.event.startswith(ASKING)
    return line.party is Party.OUTSIDE and not line.allowed and asked


def _in_an_emergency(line: LineFacts) -> bool:
    """34 CFR 99.32(a)(5): with the threat, which the grant keeps in words."""
    return line.allowed and line.emergency


def _given_by_a_provider(line: LineFacts) -> bool:
    """What HIPAA binds the giver of, without an authorization (164.528(a)(1)(iv) omits those)."""
    return _crosses(line) and any(g.hipaa and g.instrument is None for g in line.grounds)


def _six_years_before(at: datetime) -> datetime:
    year = at.year - HIPAA_YEARS
    leap_day = (at.month, at.day) == (2, 29)
    return at.replace(year=year, day=28) if leap_day else at.replace(year=year)


def is_exempt(line: LineFacts) -> bool:
    """34 CFR 99.32(d)(3): by written consent alone, so FERPA itself does not ask for the line."""
    consents = all(ground.instrument is not None for ground in line.grounds)
    return line.allowed and bool(line.grounds) and consents


# What may be told to whom


@dataclass(frozen=True)
class Reader:
    """For whom a list is made, and whether they may see of the student (`policy.family`)."""

    kind: SignerKind
    id: str
    sees: Decision

    @property
    def key(self) -> tuple[SignerKind, str]:
        """As the rules name a signer."""
        return self.kind, self.id


def closed_kinds(reader: Reader) -> frozenset[str]:
    """Kinds of record that this reader is not told of, whatever a paper says."""
    somebody_else = (reader.kind, "")
    return frozenset(
        kind for kind in Category if not may_know_of(reader.key, somebody_else, kind, reader.sees)
    )


def is_kept_from(reader: Reader, consent: ConsentFacts) -> bool:
    """May this reader not know that there is this consent?

    So it is when they may know of no kind of record on it: a parent of a consent that a
    student gave alone (42 CFR 2.14; CGS 17a-688, 19a-14c).
    """
    signer = (consent.signer_kind, consent.signer)
    return not any(
        may_know_of(reader.key, signer, kind, reader.sees) for kind in consent.categories
    )


def confidential_parties(
    consents: Iterable[tuple[ConsentFacts, bool]], programs: Iterable[str]
) -> frozenset[str]:
    """Organizations whose very asking would tell a reader what they may not know.

    consents: each with whether it is kept from the reader. programs: organizations that are
    substance-use programs. One that a consent known to the reader names is no secret.
    """
    kept: set[str] = set(programs)
    known: set[str] = set()
    for consent, is_kept in consents:
        (kept if is_kept else known).update({consent.discloser, consent.recipient})
    return frozenset(kept - known)
