"""How long each kind of data is kept, and what of it may be destroyed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.errors import Problem
from portal.policy.decision import FULL, Basis, BasisKind, Reason, allow
from portal.policy.keeping import (
    BY_CODE,
    SHIPPED,
    VisitFacts,
    due_on,
    latest_event,
    may_be_second,
    may_destroy,
    problems,
    schedule,
)
from portal.vocabulary import KeptFrom

DAY = timedelta(days=1)

YEARS_AND_LEAST = {
    "cumulative": (50, KeptFrom.LEFT_DISTRICT, 50),
    "special_education": (6, KeptFrom.GRADUATED, 6),
    "support": (6, KeptFrom.LEFT_DISTRICT, 6),
    "consents": (6, KeptFrom.CONSENT_ENDED, 6),
    "papers": (6, KeptFrom.CREATED, 6),
    "agreements": (6, KeptFrom.AGREEMENT_ENDED, 6),
    "disclosures": (None, KeptFrom.CREATED, None),
    "with_record": (None, KeptFrom.CREATED, None),
    "requests": (6, KeptFrom.CREATED, 6),
    "oversight": (6, KeptFrom.CREATED, 6),
    "accounts": (None, KeptFrom.ACCOUNT_ENDED, None),
    "sign_ins": (1, KeptFrom.CREATED, 1),
    "links": (1, KeptFrom.CREATED, 0),
    "drafts": (1, KeptFrom.CREATED, 0),
    "counts": (None, KeptFrom.CREATED, 0),
    "settings": (None, KeptFrom.CREATED, None),
}
"""Written a second time, so that a change is made on purpose. None: for ever."""

SUPPORT, FOR_EVER = BY_CODE["support"], BY_CODE["disclosures"]


def test_each_kind_is_kept_as_long_as_is_written_here() -> None:
    shipped = {line.code: (line.years, line.kept_from, line.least) for line in SHIPPED}

    assert shipped == YEARS_AND_LEAST
    assert {line.code for line in SHIPPED if line.destroyed} == {
        "support",
        "sign_ins",
        "links",
        "drafts",
    }


def test_a_period_is_told_in_words() -> None:
    assert SUPPORT.period == "6 years from the day the student left the district"
    assert BY_CODE["links"].period == "1 year from the day it was written"
    assert FOR_EVER.period == "For ever"


def test_a_district_has_its_own_years_and_reason_and_else_what_is_shipped() -> None:
    own = schedule({"support": (7, "The Board"), "links": (None, "The Board too")})
    changed = {line.code: line for line in own if line not in SHIPPED}

    assert [line.code for line in own] == list(YEARS_AND_LEAST)
    assert changed == {
        "support": replace(SUPPORT, years=7, authority="The Board"),
        "links": replace(BY_CODE["links"], years=None, authority="The Board too"),
    }
    assert schedule({}) == SHIPPED


NO_REASON = Problem("No reason is given.", "Name the law, or say in a few words why.", "Why")
TOO_LONG = Problem("The reason is too long.", "Shorten it to 500.", "Why")
NO_NUMBER = Problem("That is no number of years.", "Write one from 0 to 100.", "Years")


def at_least(code: str, how_long: str) -> Problem:
    return Problem(
        f"This is kept {how_long}: {BY_CODE[code].authority}.",
        "Keep it longer, or leave it as it is.",
        "Years",
    )


@pytest.mark.parametrize(
    ("code", "years", "authority", "found"),
    [
        ("support", 6, "The Board", []),
        ("support", 100, "The Board", []),
        ("support", None, "The Board", []),
        ("support", 5, "The Board", [at_least("support", "at least 6 years")]),
        ("support", 101, "The Board", [NO_NUMBER]),
        ("support", -1, " ", [NO_REASON, NO_NUMBER, at_least("support", "at least 6 years")]),
        ("links", 0, "The Board", []),
        ("links", -1, "The Board", [NO_NUMBER, at_least("links", "at least 0 years")]),
        ("links", 1, "", [NO_REASON]),
        ("links", 1, "x" * 500, []),
        ("links", 1, f" {'x' * 500} ", []),
        ("links", 1, "x" * 501, [TOO_LONG]),
        ("disclosures", None, "The Board", []),
        ("disclosures", 100, "The Board", [at_least("disclosures", "for ever")]),
        (
            "gossip",
            1,
            "The Board",
            [Problem("There is no such kind of data.", "Choose one from the list.", "What")],
        ),
    ],
)
def test_a_district_keeps_longer_as_it_likes_and_not_shorter_than_the_law(
    code: str, years: int | None, authority: str, found: list[Problem]
) -> None:
    assert problems(code, years, authority) == found


@pytest.mark.parametrize(
    ("event", "due"),
    [
        (date(2020, 11, 20), date(2026, 11, 20)),
        (date(2020, 2, 29), date(2026, 3, 1)),
        (date(9993, 1, 1), date(9999, 1, 1)),
        (date(9994, 1, 1), None),
        (None, None),
    ],
)
def test_a_period_ends_on_its_day(event: date | None, due: date | None) -> None:
    assert due_on(SUPPORT, event) == due
    assert due_on(FOR_EVER, event) is None


@pytest.mark.parametrize(
    ("today", "latest"),
    [
        (date(2026, 11, 20), date(2020, 11, 20)),
        (date(2024, 2, 29), date(2018, 2, 28)),
        (date(7, 1, 1), date(1, 1, 1)),
        (date(6, 1, 1), None),
    ],
)
def test_looked_at_from_its_end_a_period_began_on_its_day(today: date, latest: date | None) -> None:
    assert latest_event(SUPPORT, today) == latest
    assert latest_event(FOR_EVER, today) is None


def test_a_second_person_is_somebody_else() -> None:
    assert may_be_second("sue", "dina") == allow(Basis(BasisKind.OWN, (), FULL))
    assert may_be_second("sue", "sue").codes == (Reason.OWN_RECORD,)


LEFT = date(2020, 11, 20)
OVER = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("facts", "today", "goes"),
    [
        (VisitFacts(LEFT), OVER, True),
        (VisitFacts(LEFT), OVER + DAY, True),
        (VisitFacts(LEFT), OVER - DAY, False),
        (VisitFacts(None), OVER, False),
        (VisitFacts(LEFT, held=True), OVER, False),
        (VisitFacts(LEFT, asked=True), OVER, False),
        (VisitFacts(LEFT, corrected=True), OVER, False),
        (VisitFacts(LEFT, contested=True), OVER, False),
        (VisitFacts(LEFT, referred=True), OVER, False),
    ],
)
def test_a_visit_goes_when_its_time_is_over_and_nothing_keeps_it(
    facts: VisitFacts, today: date, goes: bool
) -> None:
    assert may_destroy(SUPPORT, facts, today) is goes
