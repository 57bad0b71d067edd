"""Who is asked a data point, and from when on a consent opens its answers."""

from __future__ import annotations

from datetime import timedelta

from portal.policy.data_points import is_asked, told_from
from portal.vocabulary import Level
from tests.policy.values import T

BEFORE = T - timedelta(days=30)


def test_without_levels_everybody_is_asked() -> None:
    assert is_asked(Level.CLINICIAN, ())


def test_with_levels_only_who_may_see_the_answer_is_asked() -> None:
    assert is_asked(Level.CLINICIAN, {Level.CLINICIAN})
    assert not is_asked(Level.COUNSELOR, {Level.CLINICIAN})


def test_families_are_told_from_when_it_becomes_shareable() -> None:
    assert told_from(None, was_shared=False, is_shared=True, at=T) == T
    assert told_from(BEFORE, was_shared=True, is_shared=True, at=T) == BEFORE


def test_what_stays_inside_is_told_to_nobody_and_later_anew() -> None:
    inside = told_from(BEFORE, was_shared=True, is_shared=False, at=T)

    assert inside is None
    assert told_from(inside, was_shared=False, is_shared=True, at=T) == T
