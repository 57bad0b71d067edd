"""Whose accounts a district administrator looks after, and which role fits where."""

from __future__ import annotations

from portal.policy.decision import FULL, Basis, BasisKind, Decision, Reason, allow, refuse
from portal.vocabulary import Level, OrganizationKind, Role

LEVELS_OF_ROLE: dict[Role, tuple[Level, ...]] = {
    Role.SUPPORT_STAFF: (Level.CLINICIAN, Level.COUNSELOR, Level.SPECIAL_EDUCATION),
    Role.TEACHER: (Level.TEACHER,),
    Role.PRINCIPAL: (Level.PRINCIPAL,),
    Role.DISTRICT_ADMIN: (Level.STAFF, Level.SPECIAL_EDUCATION),
    Role.SUPERINTENDENT: (Level.SUPERINTENDENT,),
    Role.CENTRAL_OFFICE: (Level.PERSONNEL, Level.BUDGET, Level.CURRICULUM),
    Role.SECRETARY: (Level.COUNSELOR, Level.SPECIAL_EDUCATION, Level.SUPERINTENDENT),
    Role.AGENCY_STAFF: (Level.STAFF,),
    Role.AGENCY_ADMIN: (Level.AGENCY_ADMIN,),
}
"""The levels that each role may have; the first is what is meant when nothing is said.

A secretary has the level of whom they work for (the policy's lines 2, 8 and 9); those of the
central office have its role (lines 5 to 7). It binds new accounts: a district administrator who
was given the level of an office before there was that role keeps it.
"""

AGENCY_ROLES = (Role.AGENCY_STAFF, Role.AGENCY_ADMIN)
DISTRICT_ROLES = tuple(role for role in Role if role not in AGENCY_ROLES)


def roles_of(kind: OrganizationKind) -> tuple[Role, ...]:
    """The roles that people of such an organization may have."""
    return DISTRICT_ROLES if kind is OrganizationKind.DISTRICT else AGENCY_ROLES


def may_manage(mine: str, theirs: str, their_kind: OrganizationKind) -> Decision:
    """May an administrator of `mine` look after people of `theirs`? Never of another district."""
    if mine == theirs or their_kind is not OrganizationKind.DISTRICT:
        return allow(Basis(BasisKind.OWN, (), FULL))
    return refuse([Reason.USER_UNKNOWN])
