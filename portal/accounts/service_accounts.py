"""Service accounts: a token for the command line, of a program and not of a person.

Least privilege: an account may do what its scopes name, for its own district, until it ends,
and that is within a year. Of the token only the SHA-256 is kept; it is shown once.
Who may make them: an administrator on the page Service accounts; at the command line a service
account of the scope `accounts`, and then none with more scopes than its own.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from portal.access import trail
from portal.access.actor import Actor
from portal.accounts import queries
from portal.accounts.service import new_token, token_hash
from portal.errors import NotFound, NotReady, Problem
from portal.policy.tasks import Task
from portal.store.accounts import ServiceAccount, ServiceAccountScope
from portal.store.places import Organization
from portal.vocabulary import Scope

LONGEST_DAYS = 365
LONGEST_NAME = 60
NOT_THERE = NotFound("There is no such service account.", "Choose one of the list.")


class Unfit(StrEnum):
    """Why a token is not taken."""

    NO_TOKEN = "NO_TOKEN"  # noqa: S105
    UNKNOWN_TOKEN = "UNKNOWN_TOKEN"  # noqa: S105
    ENDED = "ENDED"
    EXPIRED = "EXPIRED"
    OTHER_SCOPE = "OTHER_SCOPE"
    OTHER_DISTRICT = "OTHER_DISTRICT"


@dataclass(frozen=True)
class Draft:
    """An account to make; days: how long it lasts."""

    name: str
    scopes: frozenset[Scope]
    days: int


@dataclass(frozen=True)
class Maker:
    """In whose name an account is made: a person, or a service account that has these scopes."""

    organization_id: uuid.UUID
    person: Actor | None = None
    scopes: frozenset[Scope] = frozenset(Scope)


@dataclass(frozen=True)
class Admitted:
    """A service account whose token was taken."""

    id: uuid.UUID
    name: str
    organization_id: uuid.UUID
    organization_name: str
    district_code: str
    scopes: frozenset[Scope]


@dataclass(frozen=True)
class Line:
    """One line of the list."""

    id: uuid.UUID
    name: str
    scopes: tuple[Scope, ...]
    made_at: datetime
    made_by: str
    expires_at: datetime
    last_used_at: datetime | None


def make(session: Session, me: Actor, draft: Draft, at: datetime) -> str:
    """The token of a new account of my district: shown now, and never again."""
    me.may(Task.KEEP_SERVICE_ACCOUNTS).or_refuse()
    return make_for(session, Maker(me.organization_id, me), draft, at)


def make_for(session: Session, maker: Maker, draft: Draft, at: datetime) -> str:
    """The same, by whoever the command line found entitled; raises NotReady with each problem."""
    open_now = queries.service_accounts(session, maker.organization_id, at)
    taken = {account.name.casefold() for account in open_now}
    if problems := _problems(draft, maker.scopes, taken):
        raise NotReady(problems)
    token = new_token()
    account = ServiceAccount(
        organization_id=maker.organization_id,
        name=draft.name.strip(),
        token_sha256=token_hash(token),
        made_by=maker.person.id if maker.person else None,
        made_at=at,
        expires_at=at + timedelta(days=draft.days),
    )
    session.add(account)
    session.flush()
    for scope in sorted(draft.scopes):
        session.add(ServiceAccountScope(account_id=account.id, scope=scope))
    told = {"name": account.name, "scopes": sorted(draft.scopes), "days": draft.days}
    entry = trail.Entry("service_account.made", True, at, subject=str(account.id), detail=told)
    trail.write(session, maker.person, entry)
    return token


def listed(session: Session, me: Actor, at: datetime) -> list[Line]:
    """The open accounts of my district, by name."""
    me.may(Task.KEEP_SERVICE_ACCOUNTS).or_refuse()
    return lines(session, me.organization_id, at)


def lines(session: Session, organization_id: uuid.UUID, at: datetime) -> list[Line]:
    """The open accounts of a district, by name."""
    found = queries.service_accounts(session, organization_id, at)
    scopes = queries.scopes(session, found)
    makers = queries.names(session, [row.made_by for row in found if row.made_by])
    return [
        Line(
            row.id,
            row.name,
            scopes[row.id],
            row.made_at,
            makers.get(row.made_by, "") if row.made_by else "",
            row.expires_at,
            row.last_used_at,
        )
        for row in found
    ]


def end(session: Session, me: Actor, account_id: uuid.UUID, at: datetime) -> None:
    """End an account of my district: its token opens nothing from this instant on."""
    me.may(Task.KEEP_SERVICE_ACCOUNTS).or_refuse()
    row = session.get(ServiceAccount, account_id)
    if row is None:
        raise NOT_THERE
    end_for(session, Maker(me.organization_id, me), row, at)


def end_for(session: Session, maker: Maker, row: ServiceAccount, at: datetime) -> None:
    """The same, by whoever the command line found entitled."""
    if row.organization_id != maker.organization_id or row.ended_at is not None:
        raise NOT_THERE
    row.ended_at = at
    told = {"name": row.name}
    entry = trail.Entry("service_account.ended", True, at, subject=str(row.id), detail=told)
    trail.write(session, maker.person, entry)


def admitted(session: Session, token: str, scope: Scope, at: datetime) -> Admitted | Unfit:
    """The account of this token when it may do this now; why not otherwise. Both are written."""
    row = queries.service_account(session, token_hash(token)) if token else None
    if row is None:
        return _refused(session, Unfit.UNKNOWN_TOKEN if token else Unfit.NO_TOKEN, scope, at)
    found = _account(session, row)
    if row.ended_at is not None:
        return _refused(session, Unfit.ENDED, scope, at, found)
    if row.expires_at <= at:
        return _refused(session, Unfit.EXPIRED, scope, at, found)
    if scope not in found.scopes:
        return _refused(session, Unfit.OTHER_SCOPE, scope, at, found)
    row.last_used_at = at
    _write(session, "service_account.used", scope, at, found)
    return found


def is_needed(session: Session) -> bool:
    """Do commands need a token? Not in a demonstration, and not before anybody can sign in."""
    return not queries.is_demo(session) and queries.anybody_can_sign_in(session)


def _account(session: Session, row: ServiceAccount) -> Admitted:
    district = session.get_one(Organization, row.organization_id)
    return Admitted(
        row.id,
        row.name,
        district.id,
        district.name,
        district.code or "",
        frozenset(queries.scopes(session, [row])[row.id]),
    )


def _refused(
    session: Session, why: Unfit, scope: Scope, at: datetime, found: Admitted | None = None
) -> Unfit:
    _write(session, "service_account.refused", scope, at, found, why)
    return why


def _write(
    session: Session,
    event: str,
    scope: Scope,
    at: datetime,
    found: Admitted | None,
    why: Unfit | None = None,
) -> None:
    entry = trail.Entry(
        event,
        why is None,
        at,
        subject=str(found.id) if found else "",
        codes=[str(why)] if why else [],
        detail={"scope": str(scope)},
        by=found.name if found else "",
        organization=(found.organization_id, found.organization_name) if found else None,
    )
    trail.write(session, None, entry)


def _problems(draft: Draft, most: Collection[Scope], taken: Collection[str]) -> Sequence[Problem]:
    found = []
    name = draft.name.strip()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        found.append(Problem("The name is missing.", "Say which program it is for.", field="name"))
    elif name.casefold() in taken:
        found.append(
            Problem("There is one of this name already.", "End it, or name it so.", field="name")
        )
    if not draft.scopes:
        found.append(
            Problem("Nothing is ticked that it may do.", "Choose the least.", field="scopes")
        )
    elif not draft.scopes <= frozenset(most):
        found.append(
            Problem("It may not do more than you may.", "Choose fewer scopes.", field="scopes")
        )
    if not 0 < draft.days <= LONGEST_DAYS:
        found.append(
            Problem("It must end within a year.", f"Choose 1 to {LONGEST_DAYS} days.", field="days")
        )
    return found
