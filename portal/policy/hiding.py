"""Counts of a whole and its parts, out of which no small part can be worked out.

    root = whole("all", {("north",): Leaf(...), ("south",): Leaf(...)})
    shown = told(root)          # Shown: every count, or None where it is not told

A part of fewer than six students is not told; where staff are counted too, nor is one of fewer
than three of them. Next to the whole, one missing part is no secret: parts that are large enough
are hidden beside it, the smallest first, until nobody can say of a hidden part more than that it
is small: neither who knows the table alone, nor who also knows which parts are hidden for being
small (the program is open) and how many students there are in all. Where that cannot be had, the
whole is not told either. A filter chooses among what is told and never makes a new sum.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.policy.groups import FEWEST_STAFF, FEWEST_STUDENTS, Told

Ranges = tuple[tuple[int, int], ...]
"""Whole numbers from one to another, both among them; ascending, and never touching."""


@dataclass(frozen=True)
class Leaf:
    """A part that has no parts: which students and staff, and what else is summed up of them.

    staff: None where the table is not of anybody's work. amounts: minutes, units, …
    of: out of how many students these are, where the others are told by that too.
    """

    students: frozenset[Hashable]
    staff: frozenset[Hashable] | None = None
    amounts: tuple[int, ...] = ()
    of: int | None = None


@dataclass(frozen=True)
class Part:
    """A part with its parts. students: a student counts once in each leaf; people: once."""

    code: str
    students: int
    people: int
    staff: int | None
    amounts: tuple[int, ...]
    of: int | None
    parts: tuple[Part, ...] = ()

    @property
    def too_small(self) -> bool:
        """By itself, may it not be told?"""
        if self.people < FEWEST_STUDENTS:
            return True
        if self.staff is not None and self.staff < FEWEST_STAFF:
            return True
        return self.of is not None and self.of - self.students < FEWEST_STUDENTS


@dataclass(frozen=True)
class Shown:
    """A part as it is told: None for each count that is not."""

    code: str
    students: Told
    amounts: tuple[Told, ...]
    parts: tuple[Shown, ...] = ()


def whole(code: str, leaves: Mapping[tuple[str, ...], Leaf]) -> Part:
    """The tree of these leaves by their paths, which are all of one length; in the order given."""
    gathered = list(leaves.values())
    branches: dict[str, dict[tuple[str, ...], Leaf]] = {}
    for path, leaf in leaves.items():
        if path:
            branches.setdefault(path[0], {})[path[1:]] = leaf
    working = [leaf.staff for leaf in gathered if leaf.staff is not None]
    out_of = [leaf.of for leaf in gathered if leaf.of is not None]
    return Part(
        code,
        students=sum(len(leaf.students) for leaf in gathered),
        people=len(frozenset[Hashable]().union(*(leaf.students for leaf in gathered))),
        staff=len(frozenset[Hashable]().union(*working)) if working else None,
        amounts=tuple(map(sum, zip(*(leaf.amounts for leaf in gathered), strict=True))),
        of=sum(out_of) if out_of else None,
        parts=tuple(whole(name, below) for name, below in branches.items()),
    )


def told(part: Part) -> Shown:
    """What of it is told; nothing at all where the whole cannot be."""
    return _told(part) or _hidden(part)


def _told(part: Part) -> Shown | None:
    if part.too_small:
        return None
    open_ = {below.code: shown for below in part.parts if (shown := _told(below))}
    while not _kept_secret([below for below in part.parts if below.code not in open_]):
        if not open_:
            return None
        _size, smallest = min((one.students, one.code) for one in part.parts if one.code in open_)
        del open_[smallest]
    parts = tuple(open_.get(below.code) or _hidden(below) for below in part.parts)
    return Shown(part.code, part.students, part.amounts, parts)


def _hidden(part: Part) -> Shown:
    return Shown(part.code, None, (None,) * len(part.amounts), tuple(map(_hidden, part.parts)))


def _kept_secret(hidden: Sequence[Part]) -> bool:
    """Their sum is known to whoever subtracts. May each, and each below it, be of six sizes?"""
    together = sum(part.students for part in hidden)
    return _undecided(hidden, ((together, together),), together + FEWEST_STUDENTS)


def _undecided(parts: Sequence[Part], together: Ranges, most: int) -> bool:
    ranges = [_possible(part, most) for part in parts]
    for place, part in enumerate(parts):
        others = _sums(ranges[:place] + ranges[place + 1 :])
        left = _merged((a - d, b - c) for a, b in together for c, d in others)
        sizes = _both(ranges[place], left)
        if _many(sizes) < min(FEWEST_STUDENTS, _many(ranges[place])):
            return False
        if part.parts and not _undecided(part.parts, sizes, most):
            return False
    return True


def _possible(part: Part, most: int) -> Ranges:
    """How large it may be, for whoever knows whether it is too small. At most `most`."""
    by_itself = _by_itself(part, most if part.of is None else min(most, part.of))
    if not part.parts:
        return by_itself
    return _both(by_itself, _sums([_possible(below, most) for below in part.parts]))


def _by_itself(part: Part, top: int) -> Ranges:
    if not part.too_small:
        large = top if part.of is None else min(top, part.of - FEWEST_STUDENTS)
        return _merged([(FEWEST_STUDENTS, large)])
    if part.staff is not None or part.people < FEWEST_STUDENTS <= part.students:
        return ((0, top),)
    found = [(0, min(FEWEST_STUDENTS - 1, top))]
    if part.of is not None:
        found.append((max(FEWEST_STUDENTS, part.of - FEWEST_STUDENTS + 1), top))
    return _merged(found)


# Numbers as ranges


def _sums(ranges: Iterable[Ranges]) -> Ranges:
    """What one number of each can add up to."""
    found: Ranges = ((0, 0),)
    for more in ranges:
        found = _merged([(a + c, b + d) for a, b in found for c, d in more])
    return found


def _merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    found: list[tuple[int, int]] = []
    for low, high in sorted(pair for pair in ranges if pair[0] <= pair[1]):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return tuple(found)


def _both(one: Ranges, other: Ranges) -> Ranges:
    """The numbers in both."""
    return _merged((max(a, c), min(b, d)) for a, b in one for c, d in other)


def _many(ranges: Ranges) -> int:
    return sum(high - low + 1 for low, high in ranges)
