"""Signing in: who is signed in, factors, tries, flags and welcome links."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from portal.access.sql import within
from portal.policy.signing_in import Step
from portal.store.accounts import (
    Acknowledgment,
    Invitation,
    RecoveryCode,
    SecondFactor,
    SignInAttempt,
    UserSession,
)
from portal.store.ledger import Installation
from portal.store.oversight import UseFlag
from portal.store.people import User
from portal.store.places import Organization
from portal.vocabulary import Role, UseFlagKind


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
            active(User, at),
            active(Organization, at),
        )
    ).one_or_none()
    return None if row is None else LiveSession(*row)


def active(table: type[User] | type[Organization], at: datetime) -> ColumnElement[bool]:
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
            active(User, at),
            active(Organization, at),
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])
