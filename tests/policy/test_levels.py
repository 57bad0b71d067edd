"""The table of levels, read beside the district's policy: same rows, same order."""

from __future__ import annotations

import pytest

from portal.policy.levels import LEVELS
from portal.vocabulary import Level

OF_THE_POLICY = [
    # level, named records, support records
    ("teacher", True, False),
    ("counselor", True, True),
    ("clinician", True, True),
    ("principal", True, True),
    ("personnel", False, False),
    ("budget", False, False),
    ("curriculum", False, False),
    ("special_education", True, True),
    ("superintendent", True, True),
]
OF_NO_DISTRICT = [("staff", False, False), ("agency_admin", False, False)]


def test_the_levels_stand_in_the_order_of_the_policy():
    rows = [(str(level), scope.identified, scope.support) for level, scope in LEVELS.items()]

    assert rows == OF_THE_POLICY + OF_NO_DISTRICT


def test_every_level_has_its_row():
    assert list(LEVELS) == list(Level)


@pytest.mark.parametrize("level", Level)
def test_a_level_says_in_words_whom_it_sees(level):
    scope = LEVELS[level]

    assert scope.students
    assert (scope.students == "nobody by name") == (not scope.identified)


def test_support_records_are_for_levels_that_see_names():
    assert all(scope.identified for scope in LEVELS.values() if scope.support)
