"""How much of a student the trail tells its reader."""

from __future__ import annotations

from enum import StrEnum

from portal.policy.levels import LEVELS
from portal.vocabulary import Level


class Naming(StrEnum):
    """How a student appears in the trail."""

    NAME = "name"
    NUMBER = "number"
    NOTHING = "nothing"


def how_to_name(level: Level, *, reached: bool) -> Naming:
    """By name to a support level that reaches the student; to one that does not, by number.

    To a level that never sees identified records, and to one that may not know of
    support records (a clinic's opening tells of treatment), a student is only that.
    """
    if not LEVELS[level].support:
        return Naming.NOTHING
    return Naming.NAME if reached else Naming.NUMBER
