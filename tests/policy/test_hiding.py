"""Counts of a whole and its parts: no small part can be worked out of what is told.

The attacker here is written apart from the rule: he tries every size that each hidden part may
have, knowing the whole table, how it is made, and which parts were hidden for being small.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.policy.hiding import Leaf, Part, Shown, told, whole

FEW = 6


def leaf(students: int, staff: int | None = None, of: int | None = None) -> Leaf:
    workers = None if staff is None else frozenset(range(staff))
    return Leaf(frozenset(object() for _ in range(students)), workers, (students * 10,), of)


def table(*sizes: int, staff: int | None = None, of: int | None = None) -> Shown:
    leaves = {(f"school {n}",): leaf(size, staff, of) for n, size in enumerate(sizes)}
    return told(whole("all", leaves))


def students(shown: Shown) -> tuple[int | None, ...]:
    return (shown.students, *(part.students for part in shown.parts))


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ((10, 20, 30), (60, 10, 20, 30)),
        ((6, 20), (26, 6, 20)),
        ((5, 20, 30), (55, None, None, 30)),  # the next smallest is hidden beside it
        ((0, 20, 30), (50, None, None, 30)),  # that there was nobody is as telling as one
        ((1, 5, 9, 30), (45, None, None, None, 30)),
        ((5, 6), (11, None, None)),  # 0 and 11, 1 and 10, … 5 and 6: six ways
        ((4, 6), (None, None, None)),  # 0 and 10, … 4 and 6: five only
        ((5, 5), (None, None, None)),  # 10 = 5 + 5 is no secret to who knows that both are small
        ((5, 5, 30), (40, None, None, None)),
        ((5,), (None, None)),
        ((2, 3), (None, None, None)),
        ((), (None,)),
    ],
)
def test_a_small_part_is_hidden_and_what_would_tell_it(sizes, shown):
    assert students(table(*sizes)) == shown


def test_the_work_of_fewer_than_three_is_not_told():
    two, three = table(20, 20, staff=2), table(20, 20, staff=3)

    assert students(two) == (None, None, None)
    assert students(three) == (40, 20, 20)
    mixed = {("a",): leaf(20, 2), ("b",): leaf(20, 3), ("c",): leaf(30, 3)}
    assert students(told(whole("all", mixed))) == (70, None, None, 30)


def test_that_almost_all_are_something_is_not_told_either():
    assert students(table(20, 21, of=40)) == (41, 20, 21)
    assert students(table(34, 20, 21, of=40)) == (75, 34, 20, 21)
    assert students(table(35, 20, 21, of=40)) == (76, None, None, 21)


def test_amounts_are_told_with_the_students_and_hidden_with_them():
    shown = table(5, 20, 30)

    assert shown.amounts == (550,)
    assert [part.amounts for part in shown.parts] == [(None,), (None,), (300,)]


def test_below_what_is_hidden_nothing_is_told():
    leaves = {
        ("north", "3"): leaf(4),
        ("north", "4"): leaf(9),
        ("south", "3"): leaf(2),
        ("south", "4"): leaf(1),
        ("harbor", "9"): leaf(30),
    }
    shown = told(whole("all", leaves))
    north, south, harbor = shown.parts

    assert (shown.students, north.students, south.students, harbor.students) == (46, None, None, 30)
    assert [part.students for part in (*north.parts, *south.parts)] == [None] * 4
    assert [part.students for part in harbor.parts] == [30]


def test_a_student_of_two_parts_is_one_person():
    same = frozenset({"one", "two", "three"})
    shown = told(whole("all", {("a",): Leaf(same), ("b",): Leaf(same), ("c",): Leaf(same)}))

    assert shown.students is None  # nine entries, and three people


def of(students: int, others: int) -> Leaf:
    return leaf(students, of=students + others)


def everything(shown: Shown) -> list[int | None]:
    """What is told of it and of all below, from the top down."""
    return [shown.students, *(told_ for part in shown.parts for told_ in everything(part))]


FOUR, TWO = Leaf(frozenset("abcd"), None, (4,)), Leaf(frozenset("ab"), None, (2,))
SIX, ONE_OF_SIX = Leaf(frozenset("abcdef"), None, (6,), 6), Leaf(frozenset("a"), None, (1,), 6)


@pytest.mark.parametrize(
    ("leaves", "shown"),
    [
        # hidden perhaps for the few who worked there: each may be of any size
        ({("a",): leaf(1, 4), ("b",): leaf(5, 4)}, [6, None, None]),
        # of two at most two are something: so of the ten it is four to six
        ({("a", "3"): of(2, 0), ("a", "4"): of(4, 6)}, [None] * 4),
        ({("a", "3"): of(2, 0), ("b", "3"): of(4, 6)}, [None] * 5),
        # 1 to 5 of 13: 8 of them would be too many
        ({("a", "3"): of(1, 12), ("a", "4"): of(5, 0)}, [None] * 4),
        ({("a",): of(2, 10), ("b",): of(5, 9)}, [None] * 3),
        # hidden beside the one: six or seven of the thirteen, which is all that can be
        ({("a", "3"): of(6, 7), ("b", "3"): of(1, 0)}, [7, None, None, None, None]),
        # all but five, or five at most: both ends of what may be count
        ({("a", "3"): of(7, 5), ("a", "4"): of(0, 6)}, [7, 7, None, None]),
        ({("a",): of(6, 4), ("b",): of(0, 10)}, [6, None, None]),
        # nine in all, of whom four at most are the others': five to nine, one size too few
        ({("a", "3"): of(8, 2), ("a", "4"): of(1, 0), ("b", "3"): of(0, 4)}, [None] * 6),
        # six entries, and four people
        (
            {("a", "3"): leaf(2), ("b", "3"): leaf(0), ("b", "4"): FOUR, ("b", "5"): TWO},
            [8, *[None] * 6],
        ),
        # six people of twelve and one of them twice: less than six entries they cannot be
        ({("a", "3"): SIX, ("a", "4"): ONE_OF_SIX, ("b", "3"): of(0, 5)}, [None] * 6),
    ],
)
def test_what_may_be_worked_out_from_the_others_is_hidden(leaves, shown):
    assert everything(told(whole("all", leaves))) == shown


def test_a_table_sums_up_the_same_of_each_part():
    with pytest.raises(ValueError, match="shorter"):
        whole("all", {("a",): Leaf(frozenset("x"), None, (1, 2)), ("b",): TWO})


# The attacker


def sizes_of(part: Part, most: int) -> Iterator[int]:
    """Every size that a leaf may have for whoever knows whether it was hidden for being small."""
    for size in range((most if part.of is None else min(most, part.of)) + 1):
        if replace(part, students=size, people=size).too_small == part.too_small:
            yield size


def worlds(part: Part, shown: Shown, most: int) -> Iterator[tuple[int, ...]]:
    """Every way in which the leaves below can be as large as the table allows."""
    if not part.parts:
        told_one = [shown.students] if shown.students is not None else None
        yield from ((size,) for size in told_one or sizes_of(part, most))
        return
    below = [list(worlds(p, s, most)) for p, s in zip(part.parts, shown.parts, strict=True)]
    for choice in product(*below):
        flat = tuple(size for leaves in choice for size in leaves)
        if shown.students is not None and sum(flat) != shown.students:
            continue
        if replace(part, students=sum(flat), people=sum(flat)).too_small == part.too_small:
            yield flat


def hidden_leaves(part: Part, shown: Shown) -> list[tuple[Part, bool]]:
    if not part.parts:
        return [(part, shown.students is None)]
    pairs = zip(part.parts, shown.parts, strict=True)
    return [leaf_ for p, s in pairs for leaf_ in hidden_leaves(p, s)]


small = st.integers(0, 14)
flat = st.lists(small, min_size=1, max_size=4).map(
    lambda sizes: {(f"{n}",): leaf(size) for n, size in enumerate(sizes)}
)
of_many = st.lists(st.tuples(small, small), min_size=1, max_size=3).map(
    lambda pairs: {(f"{n}",): leaf(a, of=a + b) for n, (a, b) in enumerate(pairs)}
)
deep = st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=2), min_size=1, max_size=2).map(
    lambda schools: {
        (f"{n}", f"{m}"): leaf(size)
        for n, grades in enumerate(schools)
        for m, size in enumerate(grades)
    }
)


@given(st.one_of(flat, of_many, deep))
def test_of_a_hidden_part_nobody_can_say_more_than_that_it_is_small(leaves):
    root = whole("all", leaves)
    shown = told(root)
    if shown.students is None:
        assert all(hidden for _part, hidden in hidden_leaves(root, shown))
        return
    possible = list(worlds(root, shown, root.students))
    assert possible
    for place, (part, hidden) in enumerate(hidden_leaves(root, shown)):
        if hidden:
            sizes = {world[place] for world in possible}
            assert len(sizes) >= min(FEW, len(set(sizes_of(part, root.students))))


@given(st.one_of(flat, of_many, deep))
def test_nothing_small_is_told_and_every_total_is_true(leaves):
    root = whole("all", leaves)

    def check(part: Part, shown: Shown) -> None:
        assert shown.students in (None, part.students)
        assert shown.students is None or not part.too_small
        assert all((amount is None) == (shown.students is None) for amount in shown.amounts)
        for below, below_shown in zip(part.parts, shown.parts, strict=True):
            assert below_shown.students is None or shown.students is not None
            check(below, below_shown)

    check(root, told(root))
