"""What a plain form sent."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

from portal.errors import Refused

LARGEST = 16_384
"""Bytes; a password of 256 characters of four bytes each takes 3,072."""


async def read(request: Request) -> dict[str, str]:
    """The fields of the form, exactly as typed; raises Refused for a form too large to be ours."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise Refused("This form is too long.", "Open the page again and fill it in anew.")
    fields = parse_qsl(body.decode("latin-1"), keep_blank_values=True, errors="replace")
    return dict(fields)
