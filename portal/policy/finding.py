"""Whom a list or a search of one's own students may show.

A student may be hidden: lists and searches leave them out, for everybody but the people who
teach, counsel, serve or evaluate them, and but for whoever types the exact SASID. Hidden from
browsing is not refused: by its number the record opens as the gate says. `access.visible` says
the same as a SELECT.
"""

from __future__ import annotations

from datetime import datetime

from portal.policy.decision import FULL, Basis, BasisKind, Decision, Reason, allow, refuse
from portal.policy.facts import Facts
from portal.policy.gate import names_by_grant, standing_problems
from portal.policy.levels import LEVELS
from portal.vocabulary import RelationKind

KNOWS_THEM = frozenset(
    {
        RelationKind.CLASS,
        RelationKind.COUNSELOR,
        RelationKind.SERVICE,
        RelationKind.EVALUATION,
    }
)
"""The relations by which somebody finds a hidden student as any other."""


def may_find_by_grant(facts: Facts, district: str, at: datetime) -> Decision:
    """May the list of whose page one may open show this student by a written grant?

    Whoever was granted a hidden student's records was told of them by name.
    """
    reasons = standing_problems(facts, at)
    if facts.user.organization != district or not names_by_grant(facts, at):
        reasons.append(Reason.NO_RELATION)
    return refuse(reasons) if reasons else allow(Basis(BasisKind.OWN, (), FULL))


def may_find(facts: Facts, district: str, at: datetime, *, by_number: bool = False) -> Decision:
    """May a list show this student, who belongs to `district`? by_number: asked by the SASID."""
    reasons = standing_problems(facts, at)
    if facts.user.organization != district or not LEVELS[facts.user.level].reaches(facts, at):
        reasons.append(Reason.NO_RELATION)
    if not by_number and is_hidden(facts, at) and not _knows(facts, at):
        reasons.append(Reason.HIDDEN_FROM_LISTS)
    return refuse(reasons) if reasons else allow(Basis(BasisKind.OWN, (), FULL))


def is_hidden(facts: Facts, at: datetime) -> bool:
    """Is the student hidden at t?"""
    return any(span.contains(at) for span in facts.hidden)


def _knows(facts: Facts, at: datetime) -> bool:
    return any(r.kind in KNOWS_THEM and r.span.contains(at) for r in facts.relations)
