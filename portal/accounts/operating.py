"""What the operator does with accounts at the command line, where nobody in the portal may.

The first administrator of a district, a superintendent, the first administrator of an agency that
serves several districts; and a new link, or a lost second factor, of any of them.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import trail
from portal.accounts import passwords, people, queries, second_factor, service
from portal.errors import NotFound, NotReady, Problem
from portal.policy.people import HEADS, LEVELS_OF_ROLE
from portal.store.people import User
from portal.store.places import Organization
from portal.vocabulary import Level, OrganizationKind, Role

NO_DISTRICT = NotFound(
    "There is no district with this code.", "Give its name, too, to make it: --district-name."
)
NO_AGENCY = NotFound(
    "There is not exactly one agency of this name.",
    "Write the name as the portal has it, or bring the agency in by `portal import agencies`.",
)
NOT_A_HEAD = NotFound(
    "Nobody with an account signs in by this address as an administrator or a superintendent.",
    "Write the address as in the list of People; whoever else it is, an administrator helps them.",
)


@dataclass(frozen=True)
class FirstAdmin:
    """The first administrator of a district, as the command line names them."""

    district_code: str
    district_name: str
    name: str
    email: str
    level: Level = Level.STAFF


def create_admin(session: Session, draft: FirstAdmin, password: str, at: datetime) -> User:
    """Make a district administrator, and the district when it is new; refuses a name in use."""
    problems = [
        *people.naming_problems(session, draft.name, draft.email),
        *passwords.problems(password, (draft.name, draft.email, draft.district_name)),
    ]
    if draft.level not in LEVELS_OF_ROLE[Role.DISTRICT_ADMIN]:
        problems.append(Problem("An administrator cannot have this level.", "Leave it out."))
    if problems:
        raise NotReady(problems)
    place = district(session, draft.district_code, draft.district_name, at)
    admin = _add(session, place.id, Role.DISTRICT_ADMIN, draft.level, draft, at)
    admin.password_hash = passwords.hashed(password)
    return admin


@dataclass(frozen=True)
class Head:
    """A superintendent or an agency's administrator, as the command line names them."""

    organization_id: uuid.UUID
    role: Role
    name: str
    email: str


def add_head(session: Session, draft: Head, at: datetime) -> User:
    """Add a superintendent or an agency's administrator; `link` lets them in.

    Raises NotReady for a name or an address that cannot be, or is somebody's.
    """
    if problems := people.naming_problems(session, draft.name, draft.email):
        raise NotReady(problems)
    level = LEVELS_OF_ROLE[draft.role][0]
    return _add(session, draft.organization_id, draft.role, level, draft, at)


def _add(
    session: Session,
    organization_id: uuid.UUID,
    role: Role,
    level: Level,
    named: FirstAdmin | Head,
    at: datetime,
) -> User:
    user = User(
        organization_id=organization_id,
        username=service.fold(named.email),
        name=named.name.strip(),
        email=named.email.strip(),
        role=role,
        level=level,
        active_from=at,
    )
    session.add(user)
    session.flush()
    told = {"role": str(role), "level": str(level)}
    entry = trail.Entry("account.added", True, at, subject=str(user.id), detail=told)
    trail.write(session, None, entry)
    return user


def head(session: Session, address: str) -> User:
    """The administrator or superintendent who signs in by this address; raises NotFound."""
    user = queries.user_named(session, service.fold(address))
    if user is None or user.role not in HEADS:
        raise NOT_A_HEAD
    return user


def link(session: Session, user: User, at: datetime) -> str:
    """The address of a link to set a password, which works once; earlier ones stop working.

    Raises Refused for whoever signs in by their district's own sign-in and nothing else.
    """
    if provider := people.signs_in_with(session, user, at):
        raise people.signs_in_elsewhere(user, provider)
    token, made = people.new_link(session, user.id, None, at)
    told = {"invitation": made}
    entry = trail.Entry("account.invited", True, at, subject=str(user.id), detail=told)
    trail.write(session, None, entry)
    return people.address_of(token)


def reset_second_factor(session: Session, user: User, at: datetime) -> None:
    """Take away a lost authenticator and its recovery codes; the person is out everywhere.

    Raises NotReady when there is none.
    """
    if not second_factor.forget(session, user.id, at):
        raise NotReady([people.NO_SECOND_FACTOR])
    told = {"sessions": service.end_all_sessions(session, user.id, at)}
    entry = trail.Entry("account.second_factor_reset", True, at, subject=str(user.id), detail=told)
    trail.write(session, None, entry)


def agency(session: Session, name: str) -> Organization:
    """The one agency of this name; raises NotFound."""
    found = queries.agencies_named(session, name)
    if len(found) != 1:
        raise NO_AGENCY
    return found[0]


def district(session: Session, code: str, name: str, at: datetime) -> Organization:
    """The district with this code, made when it is new; raises NotFound without a name for it."""
    found = queries.district(session, code)
    if found is not None:
        return found
    if not name.strip():
        raise NO_DISTRICT
    made = Organization(
        kind=OrganizationKind.DISTRICT, name=name.strip(), code=code, active_from=at
    )
    session.add(made)
    session.flush()
    return made
