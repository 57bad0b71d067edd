"""Who holds the right to consent, at the edges of a childhood."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.policy.facts import PaperFacts, StudentFacts
from portal.policy.rights import is_eligible, kinds_of, majority_at, majority_day
from portal.policy.spans import Span
from portal.vocabulary import KIND_OF_FORM, FormKind
from tests.policy.values import DAY, TICK, T, facts_about, world_with

HERE = "America/New_York"
LUIS = StudentFacts("luis", date(2013, 5, 5), HERE)


@pytest.mark.parametrize(
    ("born", "comes_of_age"),
    [
        ("2013-05-05", "2031-05-05"),
        ("2008-02-29", "2026-03-01"),  # no 29 February in 2026
        ("2008-02-28", "2026-02-28"),
        ("2008-03-01", "2026-03-01"),
        ("2004-02-29", "2022-03-01"),
        ("1984-02-29", "2002-03-01"),
        ("2008-12-31", "2026-12-31"),
        ("9990-01-01", "9999-12-31"),  # the calendar ends before
    ],
)
def test_a_person_comes_of_age_on_the_18th_birthday(born, comes_of_age):
    assert majority_day(date.fromisoformat(born)) == date.fromisoformat(comes_of_age)


@pytest.mark.parametrize("form", FormKind)
def test_a_consent_is_about_what_it_ticks_and_about_what_its_form_is_made_for(form):
    [consent] = facts_about(world_with(), "rita", "luis").consents
    single = replace(consent, categories=frozenset({"visits"}), paper=PaperFacts(form=form))
    kind = KIND_OF_FORM.get(form)

    assert kinds_of(single) == {"visits"} | ({str(kind)} if kind else set())


@given(born=st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_nobody_comes_of_age_before_18_years_or_a_day_later_than_the_birthday(born):
    day = majority_day(born)

    assert day.year == born.year + 18
    assert (day.month, day.day) == (born.month, born.day) or (
        (born.month, born.day, day.month, day.day) == (2, 29, 3, 1)
    )


@pytest.mark.parametrize(
    ("born", "tz", "utc"),
    [
        ("2008-11-20", HERE, "2026-11-20T05:00"),
        ("2008-07-04", HERE, "2026-07-04T04:00"),
        ("2008-02-29", HERE, "2026-03-01T05:00"),
        ("1999-10-15", "America/Sao_Paulo", "2017-10-15T03:00"),  # born into a skipped midnight
    ],
)
def test_the_right_passes_at_local_midnight(born, tz, utc):
    midnight = datetime.fromisoformat(utc).replace(tzinfo=UTC)

    assert majority_at(date.fromisoformat(born), tz) == midnight


def test_a_student_is_eligible_from_the_18th_birthday():
    turns_18 = majority_at(LUIS.born, HERE)

    assert not is_eligible(LUIS, turns_18 - TICK)
    assert is_eligible(LUIS, turns_18)
    assert is_eligible(LUIS, turns_18 + TICK)


def test_a_student_at_college_is_eligible_at_any_age_for_as_long_as_it_lasts():
    at_college = replace(LUIS, postsecondary=Span(T, T + DAY))

    assert [is_eligible(at_college, t) for t in (T - TICK, T, T + DAY - TICK, T + DAY)] == [
        False,
        True,
        True,
        False,
    ]


def test_without_a_birth_date_only_college_can_tell():
    unknown = replace(LUIS, born=None)

    assert not is_eligible(unknown, T)
    assert is_eligible(replace(unknown, postsecondary=Span(T)), T)
