"""How the portal and a worker process speak: pieces of bytes, each with its length before it."""

from __future__ import annotations

import struct
from typing import IO

LENGTH = struct.Struct(">I")

MADE, FAILED = b"+", b"-"
"""The first byte of an answer; what was made follows, or what was said against it."""


def send(stream: IO[bytes], payload: bytes) -> None:
    """Write one piece, at once."""
    stream.write(LENGTH.pack(len(payload)))
    stream.write(payload)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """The next piece; None when the other side has gone, even in the middle of one."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    payload = stream.read(length)
    return payload if len(payload) == length else None
