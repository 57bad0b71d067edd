"""The addresses that an agreement's papers and e-mails point to; `portal.web` answers at them."""

from __future__ import annotations

from urllib.parse import quote

from portal.config import settings


def start() -> str:
    """The portal's own address, without a slash at its end."""
    return settings().public_url.rstrip("/")


def verify_url(number: str) -> str:
    """Where anybody asks whether an agreement is genuine and how it stands."""
    return f"{start()}/verify/{quote(number, safe='')}"


def signing_url() -> str:
    """Where a signer who has signed in finds what waits for them."""
    return f"{start()}/sign_agreement"
