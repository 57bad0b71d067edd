"""Who may see which numbers without names: by level (the policy's lines 5 to 7 and 9), or by a
decided written request (line 10), for its term."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from portal.policy.decision import FULL, Basis, BasisKind, Decision, Reason, allow, refuse
from portal.policy.levels import LEVELS
from portal.policy.spans import Span
from portal.vocabulary import Level, UnnamedView


@dataclass(frozen=True)
class UnnamedGrantFacts:
    """A view that a decided request opens to this person."""

    view: UnnamedView
    span: Span


def may_see_numbers(
    level: Level, grants: Iterable[UnnamedGrantFacts], view: UnnamedView, at: datetime
) -> Decision:
    """May somebody of this level, who was granted this, see the view at this instant?"""
    if view in LEVELS[level].views:
        return allow(Basis(BasisKind.OWN, (), FULL))
    if any(grant.view is view and grant.span.contains(at) for grant in grants):
        return allow(Basis(BasisKind.GRANT, (), FULL))
    return refuse([Reason.NO_SUCH_NUMBERS])
