"""Counts of groups: small ones are not told, and no total gives them away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.policy.groups import FEWEST_STAFF, FEWEST_STUDENTS, Group, group_table, told

ROWS, COLUMNS = ("crisis", "check_in", "health"), ("2026-09", "2026-10")


@pytest.mark.parametrize(
    ("group", "count"),
    [
        (Group(40, 6, 3), 40),
        (Group(40, 5, 3), None),  # fewer than six students
        (Group(40, 6, 2), None),  # of two, each knows the other's share
        (Group(40, 30, 1), None),
        (Group(0, 0, 0), None),
    ],
)
def test_a_small_group_is_not_told(group: Group, count: int | None) -> None:
    assert told(group) == count


def test_totals_are_told_only_of_what_is_told() -> None:
    large = Group(10, 8, 4)
    groups = {(row, column): large for row in ROWS for column in COLUMNS}
    whole = group_table(groups, ROWS, COLUMNS)
    assert [row.total for row in whole.rows] == [20, 20, 20]
    assert (whole.totals, whole.total) == ((30, 30), 60)

    del groups["health", "2026-10"]
    table = group_table(groups, ROWS, COLUMNS)
    assert [row.total for row in table.rows] == [20, 20, None]
    assert (table.totals, table.total) == ((30, None), None)
    assert table.tells_something


def test_an_empty_table_tells_nothing() -> None:
    assert not group_table({}, ROWS, COLUMNS).tells_something
    nothing = group_table({}, (), COLUMNS)
    assert (nothing.totals, nothing.total) == ((), None)


groups = st.builds(Group, st.integers(0, 50), st.integers(0, 9), st.integers(0, 5))
cells = st.sampled_from([(row, column) for row in ROWS for column in COLUMNS])


@given(st.dictionaries(cells, groups), cells, st.integers(0, 50))
def test_whatever_a_small_group_counts_the_table_is_the_same(found, cell, other) -> None:
    hidden = Group(7, FEWEST_STUDENTS - 1, FEWEST_STAFF)
    one = group_table(found | {cell: hidden}, ROWS, COLUMNS)
    two = group_table(
        found | {cell: Group(other, FEWEST_STUDENTS, FEWEST_STAFF - 1)}, ROWS, COLUMNS
    )

    assert one == two
