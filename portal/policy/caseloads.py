"""Who may have which students on a caseload: the kinds that open something at each level."""

from __future__ import annotations

from datetime import datetime

from portal.policy.decision import FULL, Basis, BasisKind, Decision, Reason, allow, refuse
from portal.policy.facts import UserFacts
from portal.vocabulary import Level, RelationKind, Role

KINDS_OF_LEVEL: dict[Level, tuple[RelationKind, ...]] = {
    Level.COUNSELOR: (RelationKind.COUNSELOR,),
    Level.CLINICIAN: (RelationKind.SERVICE, RelationKind.EVALUATION),
}
"""The first is what is meant when nothing is said. Classes come from the roster alone."""

CASELOAD = tuple(kind for kinds in KINDS_OF_LEVEL.values() for kind in kinds)


def may_carry(person: UserFacts, district: str, at: datetime) -> Decision:
    """May this person have a caseload in this district at t?"""
    ours = person.organization == district and person.active.contains(at)
    if ours and person.level in KINDS_OF_LEVEL:
        return allow(Basis(BasisKind.OWN, (), FULL))
    return refuse([Reason.NOT_OUR_STAFF])


def may_take_over(person: UserFacts, role: Role, district: str, at: datetime) -> Decision:
    """May this person take students over, with what is told of them? A secretary only reads."""
    if role is Role.SECRETARY:
        return refuse([Reason.NOT_OUR_STAFF])
    return may_carry(person, district, at)


def may_hand_over(role: Role, me: str, whose: str) -> Decision:
    """May this person hand over this caseload? Their own; a principal, a colleague's too.

    Whether each student is within reach is asked besides (`policy.tasks.may_do_for`).
    """
    if me == whose or role is Role.PRINCIPAL:
        return allow(Basis(BasisKind.OWN, (), FULL))
    return refuse([Reason.NO_RELATION])
