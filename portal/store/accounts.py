"""Sessions, tries to sign in and invitations. Of a token only the SHA-256 is kept."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Base, Key, reference


class UserSession(Base):
    """One sign-in; it ends everywhere at once when `ended_at` is set."""

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
