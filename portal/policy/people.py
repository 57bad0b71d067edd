"""Who looks after whose accounts, and which role fits where.

Pure rules. Which districts an agency serves is read by `access.partners`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

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

HEADS = (Role.DISTRICT_ADMIN, Role.SUPERINTENDENT, Role.AGENCY_ADMIN)
"""Whom the operator may let in at the command line; they let everybody else in."""

AGENCY_ROLES = (Role.AGENCY_STAFF, Role.AGENCY_ADMIN)
DISTRICT_ROLES = tuple(role for role in Role if role not in AGENCY_ROLES)


def roles_of(kind: OrganizationKind) -> tuple[Role, ...]:
    """The roles that people of such an organization may have."""
    return DISTRICT_ROLES if kind is OrganizationKind.DISTRICT else AGENCY_ROLES


@dataclass(frozen=True)
class Manager:
    """Whoever looks after accounts."""

    id: str
    organization: str
    role: Role


@dataclass(frozen=True)
class Managed:
    """Whose account it is, or is to be (then id is empty).

    districts: those that an agency serves, see `serves`; of nobody in a district.
    """

    organization: str
    kind: OrganizationKind
    role: Role
    districts: frozenset[str] = frozenset()
    id: str = ""


@dataclass(frozen=True)
class Tie:
    """A paper between a district and an agency, from its first draft on.

    over: when its last day is past or it stopped early, whichever is first. discarded: it never
    came to anything.
    """

    district: str
    over: datetime | None = None
    discarded: bool = False


def serves(ties: Iterable[Tie], at: datetime) -> frozenset[str]:
    """The districts that an agency serves: with which it has an agreement that is not over.

    A draft counts, so that its signer can be let in before there is anything to sign.
    """
    return frozenset(
        tie.district for tie in ties if not tie.discarded and (tie.over is None or at < tie.over)
    )


def may_manage(me: Manager, them: Managed) -> Decision:
    """May they see this account, sign it out, end it, open it again?

    A district's administrator looks after its own people, a superintendent's account apart, and
    after an agency that serves this district and no other: who looks after an agency's accounts
    can read what the agency holds, and that is not one district's alone when it serves two.
    """
    if me.organization == them.organization:
        above = them.role is Role.SUPERINTENDENT and me.role is not Role.SUPERINTENDENT
        return refuse([Reason.SUPERINTENDENTS_ACCOUNT]) if above else _yes()
    a_partner = them.kind is not OrganizationKind.DISTRICT and me.organization in them.districts
    if me.role is not Role.DISTRICT_ADMIN or not a_partner:
        return refuse([Reason.USER_UNKNOWN])
    if them.districts != {me.organization}:
        return refuse([Reason.AGENCY_SERVES_SEVERAL])
    return _yes()


def may_empower(me: Manager, them: Managed) -> Decision:
    """May they add such an account, let its owner set a password, or change what it may do?

    Without a mail server the link is read off the screen by whoever makes it, who could then be
    that person. So nobody gets one of those who decide about them: of administrators, who review
    one another, and of superintendents; and nobody gets their own past the present password.
    """
    decision = may_manage(me, them)
    if not decision:
        return decision
    if me.id == them.id:
        return refuse([Reason.ABOUT_ONESELF])
    if me.role is Role.DISTRICT_ADMIN and them.role is Role.DISTRICT_ADMIN:
        return refuse([Reason.DECIDES_ABOUT_YOU])
    return _yes()


def roles_to_give(mine: Role, kind: OrganizationKind) -> tuple[Role, ...]:
    """The roles that whoever has mine may give to people of such a place, if they look after it."""
    place = "mine" if kind is OrganizationKind.DISTRICT or mine in AGENCY_ROLES else "a partner"
    me = Manager("me", "mine", mine)
    they = {role: Managed(place, kind, role, frozenset({"mine"})) for role in roles_of(kind)}
    return tuple(role for role, them in they.items() if may_empower(me, them))


def may_let_in(district: str, them: Managed) -> Decision:
    """May a command that runs by this district's token add this head, or make their link?

    Its own heads, and those of an agency that serves it, or that serves nobody yet.
    """
    agency = them.kind is not OrganizationKind.DISTRICT
    served = agency and (not them.districts or district in them.districts)
    return _yes() if served or them.organization == district else refuse([Reason.USER_UNKNOWN])


def _yes() -> Decision:
    return allow(Basis(BasisKind.OWN, (), FULL))
