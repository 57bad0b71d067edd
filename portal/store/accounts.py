"""Sessions, tries to sign in, invitations, second factors. Of a token only the SHA-256 is kept."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Base, Code, Key, reference
from portal.vocabulary import Scope, SessionHow


class UserSession(Base):
    """One sign-in; it ends everywhere at once when `ended_at` is set.

    second_factor_at: when the second factor was shown; null while it was not. remote: from
    outside the district's own networks.
    """

    __tablename__ = "user_session"

    id: Mapped[Key]
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[uuid.UUID] = reference("portal_user")
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(60), default="")
    agent: Mapped[str] = mapped_column(default="")
    how: Mapped[SessionHow] = mapped_column(Code(SessionHow), default=SessionHow.PASSWORD)
    second_factor_at: Mapped[datetime | None]
    remote: Mapped[bool] = mapped_column(default=False)


class SignInAttempt(Base):
    """A try to sign in, by folded name and by address, known to us or not."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index(None, "name_key", "at"), Index(None, "address", "at"))

    id: Mapped[Key]
    name_key: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(60), default="")
    at: Mapped[datetime]
    succeeded: Mapped[bool]


class Invitation(Base):
    """A link to set one's password: works once, until `expires_at`, made by an administrator.

    made_by is null when the command line made it.
    """

    __tablename__ = "invitation"

    id: Mapped[Key]
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[uuid.UUID] = reference("portal_user")
    made_by: Mapped[uuid.UUID | None] = reference("portal_user", index=False)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SecondFactor(Base):
    """A person's authenticator (TOTP, RFC 6238): its secret, encrypted with the portal's key.

    confirmed_at: null until the first code was right. last_step: the newest 30-second step whose
    code was used; none is taken twice.
    """

    __tablename__ = "second_factor"

    user_id: Mapped[uuid.UUID] = reference("portal_user", primary_key=True, index=False)
    secret: Mapped[str]
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)


class RecoveryCode(Base):
    """A code that stands in for the authenticator once, when it is lost."""

    __tablename__ = "recovery_code"

    id: Mapped[Key]
    user_id: Mapped[uuid.UUID] = reference("portal_user")
    code_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Acknowledgment(Base):
    """A person has read and accepted the duty of confidentiality; it lasts for a year.

    text_sha256: of the words they read.
    """

    __tablename__ = "acknowledgment"

    id: Mapped[Key]
    user_id: Mapped[uuid.UUID] = reference("portal_user")
    version: Mapped[str] = mapped_column(String(20))
    text_sha256: Mapped[str] = mapped_column(String(64))
    given_at: Mapped[datetime]


class SignInProvider(Base):
    """A district's single sign-on (OpenID Connect). client_secret is encrypted.

    required: its people may not sign in by password. trusts_second_factor: it asks for one of
    its own, and says so (`amr`). tried_at: when an administrator came back from it as they
    should; active_from: null while it is still being tried.
    """

    __tablename__ = "sign_in_provider"

    id: Mapped[Key]
    organization_id: Mapped[uuid.UUID] = reference("organization")
    name: Mapped[str]
    issuer: Mapped[str]
    client_id: Mapped[str]
    client_secret: Mapped[str]
    required: Mapped[bool] = mapped_column(default=False)
    trusts_second_factor: Mapped[bool] = mapped_column(default=False)
    tried_at: Mapped[datetime | None]
    active_from: Mapped[datetime | None]
    active_until: Mapped[datetime | None]


class SignInSubject(Base):
    """Who somebody is at their provider: the `sub` of its tokens, learned at the first sign-in."""

    __tablename__ = "sign_in_subject"
    __table_args__ = (UniqueConstraint("provider_id", "subject"),)

    id: Mapped[Key]
    provider_id: Mapped[uuid.UUID] = reference("sign_in_provider", index=False)
    subject: Mapped[str] = mapped_column(String(255))
    user_id: Mapped[uuid.UUID] = reference("portal_user")
    bound_at: Mapped[datetime]


class ServiceAccount(Base):
    """A token for the command line, of a program and not of a person, and what it may do."""

    __tablename__ = "service_account"

    id: Mapped[Key]
    organization_id: Mapped[uuid.UUID] = reference("organization")
    name: Mapped[str]
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    made_by: Mapped[uuid.UUID | None] = reference("portal_user", index=False)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class ServiceAccountScope(Base):
    """One thing that a service account may do."""

    __tablename__ = "service_account_scope"

    account_id: Mapped[uuid.UUID] = reference("service_account", primary_key=True, index=False)
    scope: Mapped[Scope] = mapped_column(Code(Scope), primary_key=True)
