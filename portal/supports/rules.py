"""What a service in place, a need and a strength must say, and how needs and services match.

Pure rules; nothing here reads the database.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.access.words import Words
from portal.errors import Problem
from portal.vocabulary import ServiceEnd, StrengthSource, Tier, WordList

LONGEST_LINE = 200
LONGEST_STRENGTH = 500
YEARS_BACK = 15
MOST_YEARS_AHEAD = 3
_YEAR = timedelta(days=366)


@dataclass(frozen=True)
class ServiceDraft:
    """A service as somebody filled it in. Exactly one of agency_id and provider says from whom.

    service, tier: codes of the district's lists. meets: the need that it meets from its start.
    """

    service: str | None = None
    tier: str = ""
    agency_id: uuid.UUID | None = None
    provider: str = ""
    intensity: str = ""
    data_owner: str = ""
    started_on: date | None = None
    estimated_end: date | None = None
    referral_id: uuid.UUID | None = None
    meets: uuid.UUID | None = None


@dataclass(frozen=True)
class NeedDraft:
    """A need as somebody filled it in. awaited_from: who is to meet it; empty for nobody yet."""

    need: str | None = None
    tier: str = ""
    since_on: date | None = None
    awaited_from: str = ""
    referral_id: uuid.UUID | None = None


@dataclass(frozen=True)
class StrengthDraft:
    """A strength, and in whose words it is told."""

    source: StrengthSource | None = None
    text: str = ""


def service_problems(draft: ServiceDraft, today: date, words: Words) -> list[Problem]:
    """All that is missing or contradictory."""
    found = [*_service(draft, words), *_tier(draft.tier, words), *_start(draft, today)]
    lines = (
        ("Provider", draft.provider),
        ("How much", draft.intensity),
        ("Who answers for its data", draft.data_owner),
    )
    for field, text in lines:
        found += _line(field, text)
    return found


def _service(draft: ServiceDraft, words: Words) -> Iterator[Problem]:
    if not words.has(WordList.VISIT_SERVICE, draft.service):
        yield Problem("No service is chosen.", "Choose the service from the list.", "Service")
    if (draft.agency_id is None) == (not draft.provider.strip()):
        yield Problem(
            "It is not said from whom the service comes.",
            "Choose the partner, or name the person or team in the school.",
            "From whom",
        )


def _tier(tier: str, words: Words) -> Iterator[Problem]:
    if tier and not words.has(WordList.TIER, tier):
        yield Problem("The tier is not on the list.", "Choose it from the list.", "Tier")


def _start(draft: ServiceDraft, today: date) -> Iterator[Problem]:
    yield from _past_day(draft.started_on, today, "Start", "The service")
    if draft.started_on is not None:
        yield from end_problems(draft.started_on, draft.estimated_end, today)


def end_problems(started_on: date, estimated_end: date | None, today: date) -> list[Problem]:
    """Of an estimated end; None is none."""
    if estimated_end is None:
        return []
    if estimated_end < started_on:
        return [
            Problem(
                "The estimated end is before the start.", "Correct one of the two.", "Estimated end"
            )
        ]
    if estimated_end > today + MOST_YEARS_AHEAD * _YEAR:
        return [
            Problem(
                f"The estimated end is more than {MOST_YEARS_AHEAD} years away.",
                "Choose an earlier day; it can be moved later.",
                "Estimated end",
            )
        ]
    return []


def ending_problems(
    started_on: date, ended_on: date | None, reason: ServiceEnd | None, today: date
) -> list[Problem]:
    """Of the end of a service."""
    found = list(_past_day(ended_on, today, "Ended on", "The end"))
    if ended_on is not None and ended_on < started_on:
        found.append(
            Problem("The service would end before it began.", "Correct the day.", "Ended on")
        )
    if reason is None:
        found.append(Problem("No reason is chosen.", "Choose why it ended.", "Why it ended"))
    return found


def need_problems(draft: NeedDraft, today: date, words: Words) -> list[Problem]:
    """All that is missing or contradictory."""
    found = []
    if not words.has(WordList.NEED, draft.need):
        found.append(Problem("No need is chosen.", "Choose the need from the list.", "Need"))
    found += _tier(draft.tier, words)
    found += _past_day(draft.since_on, today, "Since", "The need")
    return [*found, *_line("Awaited from", draft.awaited_from)]


def meeting_problems(since_on: date, met_on: date | None, today: date) -> list[Problem]:
    """Of the day on which a need was met."""
    found = list(_past_day(met_on, today, "Met on", "The day"))
    if met_on is not None and met_on < since_on:
        found.append(
            Problem("The need would be met before it began.", "Correct the day.", "Met on")
        )
    return found


def strength_problems(draft: StrengthDraft) -> list[Problem]:
    """Of a strength."""
    found = []
    if draft.source is None:
        found.append(Problem("It is not said whose words these are.", "Choose whose.", "Whose"))
    if not draft.text.strip():
        found.append(Problem("Nothing is written.", "Write the strength.", "Strength"))
    return [*found, *_line("Strength", draft.text, LONGEST_STRENGTH)]


def _past_day(day: date | None, today: date, field: str, what: str) -> Iterator[Problem]:
    if day is None:
        yield Problem("A day is missing.", "Choose the day.", field)
    elif day > today:
        yield Problem(f"{what} is in the future.", "Choose today or an earlier day.", field)
    elif day < today - YEARS_BACK * _YEAR:
        yield Problem(f"{what} is more than {YEARS_BACK} years ago.", "Correct the day.", field)


def _line(field: str, text: str, most: int = LONGEST_LINE) -> Iterator[Problem]:
    if len(text) > most:
        yield Problem(f"The text has {len(text):,} characters.", f"Shorten it to {most}.", field)
    if "\x00" in text:
        yield Problem(
            "The text has an invisible character that cannot be kept.",
            "Paste it as plain text, or type it.",
            field,
        )


# Which needs are met, by what, and at which tier


class Met(StrEnum):
    """How a need stands. What nobody wrote down is not met."""

    BY_SERVICE = "by_service"
    AT_A_LOWER_TIER = "at_a_lower_tier"
    OTHERWISE = "otherwise"
    SERVICE_ENDED = "service_ended"
    AWAITED = "awaited"
    BY_NOBODY = "by_nobody"


UNMET = frozenset({Met.SERVICE_ENDED, Met.AWAITED, Met.BY_NOBODY})

TIERS = (Tier.TIER_3, Tier.TIER_2, Tier.TIER_1, Tier.NOT_TIERED)
"""In the order of the picture: the most support first. What has no tier is not tiered."""


@dataclass(frozen=True)
class ServiceFacts:
    """What the matching reads of a service in place."""

    record_id: uuid.UUID
    tier: str
    started_on: date
    ended_on: date | None

    def runs(self, today: date) -> bool:
        """Is it in place on this day?"""
        return self.started_on <= today and (self.ended_on is None or self.ended_on >= today)


@dataclass(frozen=True)
class NeedFacts:
    """What the matching reads of a need. awaited: from whom, by the need or by its referral."""

    tier: str
    met_on: date | None
    met_by: uuid.UUID | None
    awaited: str


def stands(need: NeedFacts, services: Iterable[ServiceFacts], today: date) -> Met:
    """How a need stands today. A service that ended, or is not seen, meets nothing any more."""
    service = next((s for s in services if s.record_id == need.met_by), None)
    if service is not None and service.runs(today):
        lower = rank(service.tier) < rank(need.tier)
        return Met.AT_A_LOWER_TIER if lower else Met.BY_SERVICE
    if need.met_by is not None:
        return Met.SERVICE_ENDED
    if need.met_on is not None:
        return Met.OTHERWISE
    return Met.AWAITED if need.awaited else Met.BY_NOBODY


def rank(tier: str) -> int:
    """How much support a tier is; 0 where none is told."""
    order = (Tier.TIER_1, Tier.TIER_2, Tier.TIER_3)
    return order.index(Tier(tier)) + 1 if tier in order else 0


@dataclass(frozen=True)
class TierCount:
    """One row of the picture: at this tier so many needs, services in place, and gaps."""

    tier: Tier
    needs: int
    unmet: int
    services: int


def by_tier(
    needs: Sequence[tuple[str, Met]], services: Iterable[ServiceFacts], today: date
) -> tuple[TierCount, ...]:
    """The picture at one glance; tiers of which nothing is told are left out.

    needs: each one's tier and how it stands.
    """
    running = [tier_of(service.tier) for service in services if service.runs(today)]
    told = [(tier_of(tier), met) for tier, met in needs if met is not Met.OTHERWISE]
    rows = (
        TierCount(
            tier,
            needs=sum(1 for of, _met in told if of is tier),
            unmet=sum(1 for of, met in told if of is tier and met in UNMET),
            services=running.count(tier),
        )
        for tier in TIERS
    )
    return tuple(row for row in rows if row.needs or row.services)


def tier_of(code: str) -> Tier:
    """The tier of a code; what has none, or one that nobody knows, is not tiered."""
    return Tier(code) if code in set(Tier) else Tier.NOT_TIERED
