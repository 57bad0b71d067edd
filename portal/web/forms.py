"""What a plain form sent."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

from portal.errors import Refused

LARGEST = 16_384
"""Bytes; a password of 256 characters of four bytes each takes 3,072."""

LARGEST_DRAWN = 96 * 1024
"""Bytes of a form with a drawn signature (`pdf.signature.MOST_BYTES`, and what encodes it)."""


async def read(request: Request) -> dict[str, str]:
    """The fields of the form, exactly as typed; raises Refused for a form too large to be ours."""
    return {name: values[-1] for name, values in (await read_all(request)).items()}


async def read_all(request: Request, largest: int = LARGEST) -> dict[str, list[str]]:
    """The same with every value of each field, as of boxes that share a name."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > largest:
            raise Refused("This form is too long.", "Open the page again and fill it in anew.")
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(body.decode("latin-1"), keep_blank_values=True, errors="replace"):
        found.setdefault(name, []).append(value)
    return found
