"""The facts on which a clause may depend: it is asked for only where its condition holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from portal.agreements.content import Content, Line
from portal.vocabulary import (
    GATE_BASES,
    SPECIAL,
    AgreementKind,
    Category,
    LineBasis,
    ServiceTier,
)


@dataclass(frozen=True)
class Condition:
    """words: completes a sentence, such as `when a record of HIV is listed`; empty for always."""

    words: str
    holds: Callable[[Content], bool]


def lines(content: Content) -> Iterator[Line]:
    """Every line of every schedule."""
    return (line for terms in content.partners for line in terms.lines)


def lists(content: Content, *categories: Category) -> bool:
    """Does some schedule list one of these kinds?"""
    return any(line.category in categories for line in lines(content))


def rests_on(content: Content, *bases: LineBasis) -> bool:
    """Does some line of a schedule rest on one of these bases?"""
    return any(line.basis in bases for line in lines(content))


ALWAYS = Condition("", lambda _content: True)

SEVERAL = Condition("when there are several partners", lambda c: len(c.partners) > 1)

HIPAA = Condition(
    "when a partner is a health care provider under HIPAA",
    lambda c: any(terms.is_hipaa for terms in c.partners),
)

PART2 = Condition(
    "when a partner runs a substance use program, or such records are listed",
    lambda c: any(terms.is_part2 for terms in c.partners) or lists(c, Category.SUD),
)

SCHOOL_OFFICIAL = Condition(
    "when a partner acts for the district, or a line rests on the school-official exception",
    lambda c: (
        any(terms.acts_for_district for terms in c.partners)
        or rests_on(c, LineBasis.SCHOOL_OFFICIAL)
    ),
)

OWN_ACCOUNT = Condition(
    "when a partner treats students on its own account",
    lambda c: any(not terms.acts_for_district for terms in c.partners),
)

HIPAA_FOR_DISTRICT = Condition(
    "when a health care provider acts for the district",
    lambda c: any(terms.is_hipaa and terms.acts_for_district for terms in c.partners),
)

CHILD_WELFARE = Condition(
    "when a line rests on the child-welfare exception",
    lambda c: rests_on(c, LineBasis.CHILD_WELFARE),
)

STUDY = Condition(
    "when the agreement, or a line of it, is for a study",
    lambda c: c.kind is AgreementKind.STUDIES or rests_on(c, LineBasis.STUDIES),
)

AUDIT = Condition(
    "when the agreement, or a line of it, is for an audit or evaluation",
    lambda c: c.kind is AgreementKind.AUDIT or rests_on(c, LineBasis.AUDIT),
)

PART2_SERVICE = Condition(
    "when the agreement, or a line of it, is for services to a Part 2 program",
    lambda c: c.kind is AgreementKind.QSOA or rests_on(c, LineBasis.PART_2_SERVICE),
)

OUTSIDE_THE_GATE = Condition(
    "when a line rests on a basis that the portal does not open records on",
    lambda c: rests_on(c, *(basis for basis in LineBasis if basis not in GATE_BASES)),
)

HIV = Condition("when HIV-related information is listed", lambda c: lists(c, Category.HIV))

PSYCHIATRIC = Condition(
    "when mental health treatment is listed", lambda c: lists(c, Category.PSYCHIATRIC)
)

OWN_CARE = Condition(
    "when care that a minor sought alone is listed",
    lambda c: lists(c, Category.OWN_CARE, Category.SUD),
)

SENSITIVE = Condition("when a sensitive kind is listed", lambda c: lists(c, *SPECIAL))

EXTRA_SENSITIVE = Condition(
    "when the parties name further sensitive kinds", lambda c: bool(c.extra_sensitive)
)

TELEHEALTH = Condition(
    "when a service is given by telehealth",
    lambda c: any(service.telehealth for terms in c.partners for service in terms.services),
)

CRISIS = Condition(
    "when a crisis service is listed",
    lambda c: any(
        service.tier is ServiceTier.CRISIS for terms in c.partners for service in terms.services
    ),
)

BOARD_VOTE = Condition(
    "when the board of education has voted", lambda c: c.board_vote_on is not None
)
