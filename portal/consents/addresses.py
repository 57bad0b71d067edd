"""The addresses that papers, letters and e-mails point to; `portal.web` answers at them.

What is told apart by an address alone: a token, which opens nothing by itself, and the code of
a receipt. No address names a student or a school record.
"""

from __future__ import annotations

from urllib.parse import quote

from portal.config import settings


def start() -> str:
    """The portal's own address, without a slash at its end; whoever reads a letter compares it."""
    return settings().public_url.rstrip("/")


def consent_url(token: str) -> str:
    """Where a family answers a request."""
    return f"{start()}/consent/{quote(token, safe='')}"


def family_url(token: str) -> str:
    """Where a family looks after what it signed: a copy, who saw what, taking it back."""
    return f"{start()}/family/{quote(token, safe='')}"


def verify_url(code: str) -> str:
    """Where anybody who holds a receipt checks that it is genuine."""
    return f"{start()}/verify/{quote(code, safe='')}"
