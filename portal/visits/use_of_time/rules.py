"""How visits count in the crosswalks. Pure rules.

A visit's place is its purpose's; where that has none, the first of its services that has one.
A group of several students is one visit of each of them and counts once in the person's time.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.access.my_time import MyVisit
from portal.access.words import Words
from portal.policy.spans import local_midnight
from portal.vocabulary import WordList
from portal.word_lists import ASCA_LABELS, SBCH_UNIT, Asca

MAIN = tuple(code for code in Asca if code.startswith(("direct", "indirect")))
"""Direct and indirect services, which ASCA wants to be the main part of the time."""

YEAR_BEGINS = (7, 1)


@dataclass(frozen=True)
class Counted:
    """A visit with its places. mine: minutes of the person's time; 0 for a group's others."""

    visit: MyVisit
    mine: int
    asca: str
    social_work: str
    sbch: str

    @property
    def units(self) -> int:
        """Whole units of the visit."""
        return self.visit.minutes // SBCH_UNIT


def counted(visits: Iterable[MyVisit], words: Words) -> list[Counted]:
    """Each visit with its places, in the same order."""
    found, groups = [], set[uuid.UUID]()
    for visit in visits:
        again = visit.group is not None and visit.group in groups
        if visit.group is not None:
            groups.add(visit.group)
        places = {field: place(field, visit, words) for field in ("asca", "social_work", "sbch")}
        found.append(Counted(visit, 0 if again else visit.minutes, **places))
    return found


def place(field: str, visit: MyVisit, words: Words) -> str:
    """The code of a visit in this crosswalk (a field of Word), or "" where it has none."""
    return next((code for code in _places(field, visit, words) if code), "")


def _places(field: str, visit: MyVisit, words: Words) -> Iterator[str]:
    purpose = words.lists[WordList.VISIT_PURPOSE].get(visit.purpose)
    yield getattr(purpose, field, "")
    for code in visit.services:
        yield getattr(words.lists[WordList.VISIT_SERVICE].get(code), field, "")


@dataclass(frozen=True)
class Share:
    """Minutes of one use of time, and their part of all, in whole percent."""

    label: str
    minutes: int
    percent: int


def shares(visits: Sequence[Counted]) -> list[Share]:
    """By ASCA's use of time in its order, and what has no place in it last; no empty ones."""
    every = sum(one.mine for one in visits)
    codes = {**{str(code): label for code, label in ASCA_LABELS.items()}, "": "No place in it"}
    told = {code: sum(one.mine for one in visits if one.asca == code) for code in codes}
    return [
        Share(codes[code], minutes, percent(minutes, every))
        for code, minutes in told.items()
        if minutes
    ]


def main_percent(visits: Sequence[Counted]) -> int:
    """Direct and indirect together, in percent of the whole."""
    return percent(
        sum(one.mine for one in visits if one.asca in MAIN), sum(one.mine for one in visits)
    )


def percent(part: int, whole: int) -> int:
    """In whole percent, halves upward; 0 of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else 0


def year_of(today: date) -> int:
    """The calendar year in which the school year of this day began, on 1 July."""
    return today.year if (today.month, today.day) >= YEAR_BEGINS else today.year - 1


def bounds(year: int, tz: str) -> tuple[datetime, datetime]:
    """From when until before when that school year is."""
    first = date(year, *YEAR_BEGINS)
    return local_midnight(first, tz), local_midnight(first.replace(year=year + 1), tz)


def named(year: int) -> str:
    """Such as 2026-27."""
    return f"{year}-{(year + 1) % 100:02}"
