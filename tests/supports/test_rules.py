"""What a service, a need and a strength must say, and how needs match services. Plain values."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.access.words import AS_SHIPPED
from portal.supports import rules
from portal.supports.rules import Met, NeedDraft, NeedFacts, ServiceDraft, ServiceFacts
from portal.vocabulary import Need, ServiceEnd, StrengthSource, Tier, VisitService

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
GOOD = ServiceDraft(
    service=VisitService.INDIVIDUAL_COUNSELING, provider="Ana Counts", started_on=TODAY
)
NEED = NeedDraft(need=Need.ANXIETY_OR_WORRY, since_on=TODAY)


def fields(problems: list) -> list[str]:
    return [problem.field for problem in problems]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"service": None}, "Service"),
        ({"service": "gossip"}, "Service"),
        ({"provider": "  "}, "From whom"),
        ({"agency_id": uuid.uuid4()}, "From whom"),
        ({"tier": "tier_9"}, "Tier"),
        ({"started_on": None}, "Start"),
        ({"started_on": TODAY + DAY}, "Start"),
        ({"started_on": date(1999, 1, 1)}, "Start"),
        ({"estimated_end": TODAY - DAY}, "Estimated end"),
        ({"estimated_end": date(2036, 1, 1)}, "Estimated end"),
        ({"intensity": "x" * 50_000}, "How much"),
        ({"data_owner": "a\x00b"}, "Who answers for its data"),
    ],
)
def test_a_service_says_what_it_must(changes: dict, field: str) -> None:
    assert fields(rules.service_problems(replace(GOOD, **changes), TODAY, AS_SHIPPED)) == [field]


def test_a_complete_service_and_need_have_no_problem() -> None:
    complete = replace(GOOD, tier=Tier.TIER_2, estimated_end=TODAY)

    assert rules.service_problems(complete, TODAY, AS_SHIPPED) == []
    assert rules.need_problems(NEED, TODAY, AS_SHIPPED) == []


def test_a_need_says_which_and_since_when() -> None:
    empty = rules.need_problems(NeedDraft(tier="x"), TODAY, AS_SHIPPED)

    assert fields(empty) == ["Need", "Tier", "Since"]


def test_an_end_has_a_day_after_the_start_and_a_reason() -> None:
    assert fields(rules.ending_problems(TODAY, TODAY - DAY, None, TODAY)) == [
        "Ended on",
        "Why it ended",
    ]
    assert rules.ending_problems(TODAY, TODAY, ServiceEnd.OTHER, TODAY) == []
    assert fields(rules.meeting_problems(TODAY, TODAY - DAY, TODAY)) == ["Met on"]


def test_a_strength_has_words_and_whose_they_are() -> None:
    empty = rules.strength_problems(rules.StrengthDraft())
    long = rules.strength_problems(rules.StrengthDraft(StrengthSource.STAFF, "x" * 501))

    assert fields(empty) == ["Whose", "Strength"]
    assert fields(long) == ["Strength"]


SERVICE = ServiceFacts(uuid.uuid4(), Tier.TIER_2, TODAY - DAY, None)
BY = {"met_on": TODAY - DAY, "met_by": SERVICE.record_id}
UNMET = NeedFacts(Tier.TIER_2, None, None, "")


@pytest.mark.parametrize(
    ("need", "service", "met"),
    [
        (UNMET, SERVICE, Met.BY_NOBODY),
        (replace(UNMET, awaited="Riverside Clinic"), SERVICE, Met.AWAITED),
        (replace(UNMET, **BY), SERVICE, Met.BY_SERVICE),
        (replace(UNMET, tier=Tier.TIER_3, **BY), SERVICE, Met.AT_A_LOWER_TIER),
        (replace(UNMET, tier=Tier.TIER_3, **BY), replace(SERVICE, tier=""), Met.AT_A_LOWER_TIER),
        (replace(UNMET, tier="", **BY), SERVICE, Met.BY_SERVICE),
        (replace(UNMET, **BY), replace(SERVICE, ended_on=TODAY - DAY), Met.SERVICE_ENDED),
        (replace(UNMET, **BY), replace(SERVICE, ended_on=TODAY), Met.BY_SERVICE),
        (replace(UNMET, **BY), replace(SERVICE, record_id=uuid.uuid4()), Met.SERVICE_ENDED),
        (replace(UNMET, met_on=TODAY), SERVICE, Met.OTHERWISE),
    ],
)
def test_how_a_need_stands(need: NeedFacts, service: ServiceFacts, met: Met) -> None:
    assert rules.stands(need, [service], TODAY) is met


def test_the_picture_counts_needs_and_services_of_each_tier_the_most_support_first() -> None:
    needs = [
        (Tier.TIER_3, Met.BY_NOBODY),
        (Tier.TIER_3, Met.AT_A_LOWER_TIER),
        ("", Met.AWAITED),
        (Tier.TIER_1, Met.OTHERWISE),
    ]
    services = [SERVICE, replace(SERVICE, ended_on=TODAY - DAY), replace(SERVICE, tier="own")]

    assert [
        (row.tier, row.needs, row.unmet, row.services)
        for row in rules.by_tier(needs, services, TODAY)
    ] == [
        (Tier.TIER_3, 2, 1, 0),
        (Tier.TIER_2, 0, 0, 1),
        (Tier.NOT_TIERED, 1, 1, 1),
    ]
