"""A district's own data points: who is asked, and what a consent signed earlier does not open."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from portal.vocabulary import Category, Level

NO_ANSWERS = frozenset({Category.IDENTITY, Category.MANDATED_REPORT})
"""Kinds of record that no answer is: names come from the roster, and no report is kept here."""


def is_asked(level: Level, levels: Collection[Level]) -> bool:
    """Is somebody of this level asked? levels: those that may see the answers; empty: all."""
    return not levels or level in levels


def told_from(
    before: datetime | None, *, was_shared: bool, is_shared: bool, at: datetime
) -> datetime | None:
    """From when on families are told of a data point, and so from when a consent opens it.

    It begins anew when what stayed inside becomes shareable: a family that signed in between
    was not told of it.
    """
    if not is_shared:
        return None
    return before if was_shared else at
