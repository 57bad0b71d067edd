"""What must be read again but not by whoever reads the database: sealed with the portal's key.

    kept = keys.seal("the client's secret", Kept.CLIENT_SECRET, at)
    keys.unseal(kept, Kept.CLIENT_SECRET, at)

Each kind has a key of its own, derived from PORTAL_SECRET_KEY (HKDF-SHA256, RFC 5869), so that
what was sealed as one is never taken for another. Sealed with Fernet: AES-128-CBC and HMAC-SHA256.
Whoever changes PORTAL_SECRET_KEY has these entered anew.
"""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from enum import StrEnum

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.config import settings


class Kept(StrEnum):
    """What is sealed."""

    CLIENT_SECRET = "client_secret"  # noqa: S105
    SIGN_IN_UNDER_WAY = "sign_in_under_way"
    SECOND_FACTOR = "second_factor"


class NotOurs(ValueError):
    """This was not sealed here, not as this kind, not with today's key, or too long ago."""


def seal(text: str, kind: Kept, at: datetime) -> str:
    """The text, unreadable, with the instant of its sealing (ASCII)."""
    return _box(kind).encrypt_at_time(text.encode(), int(at.timestamp())).decode()


def unseal(kept: str, kind: Kept, at: datetime, within: timedelta | None = None) -> str:
    """What was sealed. within: how long ago at most. Raises NotOurs."""
    box, now = _box(kind), int(at.timestamp())
    try:
        token = kept.encode("ascii")
        if within is None:
            return box.decrypt(token).decode()
        return box.decrypt_at_time(token, int(within.total_seconds()), now).decode()
    except (InvalidToken, UnicodeError) as error:
        raise NotOurs from error


def _box(kind: Kept) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"portal {kind}".encode())
    return Fernet(base64.urlsafe_b64encode(derived.derive(settings().secret_key.encode())))
