"""What signing in and looking after accounts ask of the database."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.access.partners import districts_served
from portal.access.sql import within
from portal.policy.decision import Decision, Reason
from portal.policy.people import Managed, Manager, may_empower, may_manage
from portal.policy.signing_in import Step
from portal.store.accounts import (
    Acknowledgment,
    Invitation,
    RecoveryCode,
    SecondFactor,
    ServiceAccount,
    ServiceAccountScope,
    SignInAttempt,
    SignInProvider,
    SignInSubject,
    UserSession,
)
from portal.store.ledger import Installation
from portal.store.oversight import UseFlag
from portal.store.people import User
from portal.store.places import Organization, School
from portal.vocabulary import Level, OrganizationKind, Role, Scope, UseFlagKind


@dataclass(frozen=True)
class LiveSession:
    """A sign-in that holds at this instant.

    factor_at: when a second factor was shown. has_factor: an authenticator is confirmed.
    acknowledged_at: when today's words of confidentiality were last accepted. demo: nobody here
    is real. step: what is still to be done before the portal opens.
    """

    id: uuid.UUID
    user_id: uuid.UUID
    role: Role
    started_at: datetime
    seen_at: datetime
    factor_at: datetime | None
    remote: bool
    has_factor: bool
    acknowledged_at: datetime | None
    demo: bool
    step: Step | None = None


def live_session(
    session: Session, token_sha256: str, at: datetime, words_sha256: str
) -> LiveSession | None:
    """The session with this token, unless it ended, ran out, or its user or organization did.

    words_sha256: of the words of confidentiality that hold today.
    """
    acknowledged = select(func.max(Acknowledgment.given_at)).where(
        Acknowledgment.user_id == UserSession.user_id, Acknowledgment.text_sha256 == words_sha256
    )
    factor = exists().where(
        SecondFactor.user_id == UserSession.user_id, SecondFactor.confirmed_at.is_not(None)
    )
    demo = exists().where(Installation.name == "demo", Installation.value == "true")
    row = session.execute(
        select(
            UserSession.id,
            UserSession.user_id,
            User.role,
            UserSession.started_at,
            UserSession.seen_at,
            UserSession.second_factor_at,
            UserSession.remote,
            factor,
            acknowledged.correlate(UserSession).scalar_subquery(),
            demo,
        )
        .join(User, User.id == UserSession.user_id)
        .join(Organization, Organization.id == User.organization_id)
        .where(
            UserSession.token_sha256 == token_sha256,
            UserSession.ended_at.is_(None),
            UserSession.expires_at > at,
            _active(User, at),
            _active(Organization, at),
        )
    ).one_or_none()
    return None if row is None else LiveSession(*row)


def _active(table: type[User] | type[Organization], at: datetime) -> ColumnElement[bool]:
    return within(table.active_from, table.active_until, at)


def open_sessions(session: Session, user_id: uuid.UUID) -> list[UserSession]:
    """Every session of this person that has not been ended, oldest first."""
    return list(
        session.scalars(
            select(UserSession)
            .where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
            .order_by(UserSession.started_at, UserSession.id)
        )
    )


def sessions_of(session: Session, user_id: uuid.UUID, since: datetime) -> list[UserSession]:
    """Every sign-in of this person since then, ended or not, newest first."""
    return list(
        session.scalars(
            select(UserSession)
            .where(UserSession.user_id == user_id, UserSession.started_at > since)
            .order_by(UserSession.started_at.desc(), UserSession.id)
        )
    )


def factor_of(session: Session, user_id: uuid.UUID) -> SecondFactor | None:
    """This person's authenticator, held until the end of the transaction: one try at a time."""
    return session.scalar(
        select(SecondFactor).where(SecondFactor.user_id == user_id).with_for_update()
    )


def factor_since(session: Session, user_id: uuid.UUID) -> datetime | None:
    """When this person's authenticator was set up; None without one."""
    return session.scalar(select(SecondFactor.confirmed_at).where(SecondFactor.user_id == user_id))


def recovery_codes(session: Session, user_id: uuid.UUID) -> list[RecoveryCode]:
    """Those not used yet."""
    return list(
        session.scalars(
            select(RecoveryCode)
            .where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
            .order_by(RecoveryCode.id)
        )
    )


def last_acknowledgment(session: Session, user_id: uuid.UUID) -> Acknowledgment | None:
    """The newest acknowledgment of confidentiality, of whichever words."""
    return session.scalar(
        select(Acknowledgment)
        .where(Acknowledgment.user_id == user_id)
        .order_by(Acknowledgment.given_at.desc(), Acknowledgment.id)
        .limit(1)
    )


def hold_user(session: Session, user_id: uuid.UUID) -> None:
    """Two sign-ins of one person at one instant wait for each other here."""
    session.execute(select(User.id).where(User.id == user_id).with_for_update())


def flag_of_day(
    session: Session, user_id: uuid.UUID, kind: UseFlagKind, day: date
) -> UseFlag | None:
    """What is already written down of this kind for this person on this day."""
    return session.scalar(
        select(UseFlag).where(UseFlag.user_id == user_id, UseFlag.kind == kind, UseFlag.day == day)
    )


SIGN_IN_FLAGS = (UseFlagKind.UNUSUAL_SIGN_IN, UseFlagKind.SHARED_ACCOUNT)


def sign_in_flags(session: Session, user_id: uuid.UUID) -> list[UseFlag]:
    """This person's sign-ins that were not as usual, newest first."""
    return list(
        session.scalars(
            select(UseFlag)
            .where(UseFlag.user_id == user_id, UseFlag.kind.in_(SIGN_IN_FLAGS))
            .order_by(UseFlag.found_at.desc(), UseFlag.kind)
        )
    )


def flags_of_session(session: Session, user_id: uuid.UUID, session_id: str) -> list[UseFlagKind]:
    """What was unusual of this one sign-in."""
    return [
        row.kind
        for row in sign_in_flags(session, user_id)
        if row.detail.get("session") == session_id
    ]


def session_with_token(session: Session, token_sha256: str) -> UserSession | None:
    """The session row of this token, ended or not."""
    return session.scalar(select(UserSession).where(UserSession.token_sha256 == token_sha256))


def user_named(session: Session, username: str) -> User | None:
    """The one user with this name, whatever its capitals; None when it is not exactly one."""
    found = session.scalars(select(User).where(func.lower(User.username) == username)).all()
    return found[0] if len(found) == 1 else None


def failures_of_name(session: Session, name_key: str, since: datetime, address: str = "") -> int:
    """Wrong tries for this name since then, and since its last right one.

    address: only those from there.
    """
    of = [SignInAttempt.name_key == name_key]
    if address:
        of.append(SignInAttempt.address == address)
    last_right = (
        select(func.max(SignInAttempt.at)).where(*of, SignInAttempt.succeeded).scalar_subquery()
    )
    later = or_(last_right.is_(None), SignInAttempt.at > last_right)
    return _count(session, and_(*of, later), since)


def was_right_here(session: Session, name_key: str, address: str, since: datetime) -> bool:
    """Was a try for this name right from this address since then?"""
    found = select(SignInAttempt.id).where(
        SignInAttempt.name_key == name_key,
        SignInAttempt.address == address,
        SignInAttempt.succeeded,
        SignInAttempt.at > since,
    )
    return session.scalar(found.limit(1)) is not None


def failures_of_address(session: Session, address: str, since: datetime) -> int:
    """Wrong tries from this address since then, for whichever names."""
    return _count(session, SignInAttempt.address == address, since)


def _count(session: Session, of: ColumnElement[bool], since: datetime) -> int:
    wrong = select(func.count()).where(
        of, SignInAttempt.succeeded.is_(False), SignInAttempt.at > since
    )
    return session.scalar(wrong) or 0


def open_invitations(session: Session, user_id: uuid.UUID) -> list[Invitation]:
    """This person's invitations not yet used or withdrawn."""
    return list(
        session.scalars(
            select(Invitation)
            .where(Invitation.user_id == user_id, Invitation.used_at.is_(None))
            .order_by(Invitation.made_at, Invitation.id)
        )
    )


def invitation(session: Session, token_sha256: str, at: datetime) -> tuple[Invitation, User] | None:
    """The invitation with this token and whom it is for, unless it is used or has run out."""
    row = session.execute(
        select(Invitation, User)
        .join(User, User.id == Invitation.user_id)
        .join(Organization, Organization.id == User.organization_id)
        .where(
            Invitation.token_sha256 == token_sha256,
            Invitation.used_at.is_(None),
            Invitation.expires_at > at,
            _active(User, at),
            _active(Organization, at),
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def provider(
    session: Session, provider_id: uuid.UUID, at: datetime, *, also_untried: bool = False
) -> SignInProvider | None:
    """A district's single sign-on, while it is live. also_untried: or still being set up."""
    live = and_(_active(Organization, at), _is_live(at))
    wanted = or_(live, SignInProvider.active_until.is_(None)) if also_untried else live
    return session.scalar(
        select(SignInProvider)
        .join(Organization, Organization.id == SignInProvider.organization_id)
        .where(SignInProvider.id == provider_id, wanted)
    )


def _is_live(at: datetime) -> ColumnElement[bool]:
    begun = SignInProvider.active_from <= at
    over = SignInProvider.active_until
    return and_(begun, or_(over.is_(None), over > at))


def provider_of(session: Session, organization_id: uuid.UUID) -> SignInProvider | None:
    """The single sign-on that this district has or is setting up."""
    return session.scalar(
        select(SignInProvider)
        .where(
            SignInProvider.organization_id == organization_id,
            SignInProvider.active_until.is_(None),
        )
        .order_by(SignInProvider.id)
        .limit(1)
    )


def live_providers(session: Session, at: datetime) -> list[tuple[uuid.UUID, str]]:
    """Every single sign-on that people may use now, by its name."""
    rows = session.execute(
        select(SignInProvider.id, SignInProvider.name)
        .join(Organization, Organization.id == SignInProvider.organization_id)
        .where(_active(Organization, at), _is_live(at))
        .order_by(SignInProvider.name, SignInProvider.id)
    )
    return [(key, name) for key, name in rows]


def required_provider(
    session: Session, organization_id: uuid.UUID, at: datetime
) -> SignInProvider | None:
    """The single sign-on that people of this organization must use instead of a password."""
    return session.scalar(
        select(SignInProvider)
        .where(
            SignInProvider.organization_id == organization_id,
            SignInProvider.required,
            _is_live(at),
        )
        .order_by(SignInProvider.id)
        .limit(1)
    )


def subject(session: Session, provider_id: uuid.UUID, sub: str) -> SignInSubject | None:
    """Whose `sub` this is at the provider."""
    return session.scalar(
        select(SignInSubject).where(
            SignInSubject.provider_id == provider_id, SignInSubject.subject == sub
        )
    )


def subject_of(
    session: Session, provider_id: uuid.UUID, user_id: uuid.UUID
) -> SignInSubject | None:
    """Who this person is at the provider."""
    return session.scalar(
        select(SignInSubject).where(
            SignInSubject.provider_id == provider_id, SignInSubject.user_id == user_id
        )
    )


def subjects_of(session: Session, user_id: uuid.UUID) -> list[SignInSubject]:
    """Who this person is, at every provider."""
    return list(session.scalars(select(SignInSubject).where(SignInSubject.user_id == user_id)))


def subjects_at(session: Session, provider_id: uuid.UUID) -> list[SignInSubject]:
    """Everybody whom this provider is known to name."""
    return list(
        session.scalars(select(SignInSubject).where(SignInSubject.provider_id == provider_id))
    )


def user_with_address(
    session: Session, organization_id: uuid.UUID, email: str, at: datetime
) -> User | None:
    """The one active person of this organization with the address; None when it is not one."""
    found = session.scalars(
        select(User).where(
            User.organization_id == organization_id,
            or_(func.lower(User.username) == email, func.lower(User.email) == email),
            _active(User, at),
        )
    ).all()
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class PersonLine:
    """One line of the list of people.

    has_factor: an authenticator is set up. acknowledged_at: when confidentiality was last accepted.
    seen_at: when they were last in; None when never. since: when the account began. bound: their
    district's own sign-in knows them. invited_until: how long a welcome link still works.
    manage: may I end this account, sign it out? empower: and make its link, change what it may do?
    """

    id: uuid.UUID
    name: str
    username: str
    role: Role
    organization: str
    active: bool
    has_password: bool
    has_factor: bool
    acknowledged_at: datetime | None
    kind: OrganizationKind
    level: Level
    school_id: uuid.UUID | None
    since: datetime
    seen_at: datetime | None
    bound: bool
    invited_until: datetime | None
    manage: Decision
    empower: Decision


def people(session: Session, me: Actor, at: datetime, search: str = "") -> list[PersonLine]:
    """The people of my organization and of the partners I look after, by organization and name."""
    places = _looked_after(session, me, at)
    rows = session.execute(
        select(
            User.id,
            User.name,
            User.username,
            User.role,
            Organization.name,
            and_(_active(User, at), _active(Organization, at)),
            User.password_hash.is_not(None),
            exists().where(SecondFactor.user_id == User.id, SecondFactor.confirmed_at.is_not(None)),
            _newest(Acknowledgment.given_at, Acknowledgment.user_id == User.id),
            Organization.kind,
            User.level,
            User.school_id,
            User.active_from,
            _newest(UserSession.seen_at, UserSession.user_id == User.id),
            exists().where(SignInSubject.user_id == User.id),
            _newest(
                Invitation.expires_at,
                Invitation.user_id == User.id,
                Invitation.used_at.is_(None),
                Invitation.expires_at > at,
            ),
            Organization.id,
        )
        .join(Organization, Organization.id == User.organization_id)
        .where(Organization.id.in_(places), User.name.icontains(search, autoescape=True))
        .order_by(Organization.id != me.organization_id, Organization.name, User.name, User.id)
    )
    found = []
    for *values, place in rows:
        key, role, kind = values[0], values[3], values[9]
        them = Managed(str(place), kind, role, places[place], str(key))
        by = manager(me)
        values += (may_manage(by, them), may_empower(by, them))
        found.append(PersonLine(*values))
    return found


def manager(me: Actor) -> Manager:
    """Me, as whoever looks after accounts."""
    return Manager(str(me.id), str(me.organization_id), me.role)


def managed(session: Session, organization: Organization, role: Role, at: datetime) -> Managed:
    """Somebody of this organization in this role, as the rules about accounts read them."""
    served = districts_served(session, at, agency=organization.id)
    districts = served.get(organization.id, frozenset())
    return Managed(str(organization.id), organization.kind, role, districts)


def _looked_after(session: Session, me: Actor, at: datetime) -> dict[uuid.UUID, frozenset[str]]:
    """Where I look after accounts, each with the districts that it serves; my own place too."""
    mine: dict[uuid.UUID, frozenset[str]] = {me.organization_id: frozenset()}
    return mine | {
        agency: them.districts
        for agency, them in _agencies(session, at)
        if (may_manage(manager(me), them))
    }


def _agencies(session: Session, at: datetime) -> list[tuple[uuid.UUID, Managed]]:
    """Every agency that serves a district, as the rules read anybody of it."""
    kind, role = OrganizationKind.PROVIDER, Role.AGENCY_STAFF
    served = districts_served(session, at).items()
    return [(key, Managed(str(key), kind, role, districts)) for key, districts in served]


def _newest(instant: Any, *of: ColumnElement[bool]) -> Any:
    return select(func.max(instant)).where(*of).correlate(User).scalar_subquery()


@dataclass(frozen=True)
class Place:
    """An organization whose people I look after."""

    id: uuid.UUID
    name: str
    kind: OrganizationKind


def organizations(session: Session, me: Actor, at: datetime) -> list[Place]:
    """Where I may add people: my own organization first, then the active partners by name."""
    places = _looked_after(session, me, at)
    rows = session.execute(
        select(Organization.id, Organization.name, Organization.kind)
        .where(
            Organization.id.in_(places),
            or_(Organization.id == me.organization_id, _active(Organization, at)),
        )
        .order_by(Organization.id != me.organization_id, Organization.name, Organization.id)
    )
    return [Place(*row) for row in rows]


def of_several(session: Session, me: Actor, at: datetime) -> list[tuple[str, str]]:
    """Active partners of mine that serve another district too, by name, and who to ask of each.

    Their administrators' names with a comma between; empty when there is none yet.
    """
    shared = [
        agency
        for agency, them in _agencies(session, at)
        if Reason.AGENCY_SERVES_SEVERAL in may_manage(manager(me), them).codes
    ]
    rows = session.execute(
        select(Organization.id, Organization.name, User.name)
        .outerjoin(
            User,
            and_(
                User.organization_id == Organization.id,
                User.role == Role.AGENCY_ADMIN,
                _active(User, at),
            ),
        )
        .where(Organization.id.in_(shared), _active(Organization, at))
        .order_by(Organization.name, Organization.id, User.name, User.id)
    )
    asked: dict[uuid.UUID, tuple[str, list[str]]] = {}
    for key, name, person in rows:
        asked.setdefault(key, (name, []))[1].extend([person] if person else [])
    return [(name, ", ".join(people)) for name, people in asked.values()]


def schools(session: Session, me: Actor) -> list[tuple[uuid.UUID, str]]:
    """The schools of my district, by name."""
    rows = session.execute(
        select(School.id, School.name)
        .where(School.district_id == me.organization_id)
        .order_by(School.name, School.id)
    )
    return [(key, name) for key, name in rows]


def service_account(session: Session, token_sha256: str) -> ServiceAccount | None:
    """The service account of this token, ended or not."""
    return session.scalar(select(ServiceAccount).where(ServiceAccount.token_sha256 == token_sha256))


def service_accounts(
    session: Session, organization_id: uuid.UUID, at: datetime
) -> list[ServiceAccount]:
    """The accounts of this district that neither were ended nor have run out, by name."""
    return list(
        session.scalars(
            select(ServiceAccount)
            .where(
                ServiceAccount.organization_id == organization_id,
                ServiceAccount.ended_at.is_(None),
                ServiceAccount.expires_at > at,
            )
            .order_by(ServiceAccount.name, ServiceAccount.id)
        )
    )


def scopes(
    session: Session, accounts: Sequence[ServiceAccount]
) -> dict[uuid.UUID, tuple[Scope, ...]]:
    """What each of these accounts may do, in the order of the closed list."""
    found: dict[uuid.UUID, set[Scope]] = {account.id: set() for account in accounts}
    rows = select(ServiceAccountScope).where(ServiceAccountScope.account_id.in_(found))
    for row in session.scalars(rows):
        found[row.account_id].add(row.scope)
    return {key: tuple(s for s in Scope if s in theirs) for key, theirs in found.items()}


def names(session: Session, users: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The names of these people."""
    rows = session.execute(select(User.id, User.name).where(User.id.in_(users)))
    return {row.id: row.name for row in rows}


def anybody_can_sign_in(session: Session) -> bool:
    """Has anybody a password, or any program a token?"""
    for known in (
        select(User.id).where(User.password_hash.is_not(None)),
        select(ServiceAccount.id),
    ):
        if session.scalar(known.limit(1)) is not None:
            return True
    return False


def installation(session: Session, name: str) -> str:
    """A fact about this installation; empty when it is not noted."""
    row = session.get(Installation, name)
    return row.value if row else ""


def is_demo(session: Session) -> bool:
    """Is every person in this installation made up?"""
    return installation(session, "demo") == "true"


def district(session: Session, code: str) -> Organization | None:
    """The district with this reporting code."""
    return session.scalar(
        select(Organization).where(
            Organization.code == code, Organization.kind == OrganizationKind.DISTRICT
        )
    )


def agencies_named(session: Session, name: str) -> Sequence[Organization]:
    """The agencies of this name, whatever its capitals."""
    return session.scalars(
        select(Organization)
        .where(
            Organization.kind != OrganizationKind.DISTRICT,
            func.lower(Organization.name) == name.strip().lower(),
        )
        .order_by(Organization.id)
    ).all()
