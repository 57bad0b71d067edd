"""What a worker takes away from itself before it reads a file from elsewhere.

Memory, time, new files, open files and with them every connection: what a hostile file could
want of the process it no longer has. Each limit is one that a process cannot raise again.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys
from typing import IO

MEMORY = 2**30
"""Bytes of address space."""

WRITABLE = 0
"""Bytes that it may write to a file."""


def pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Where orders come from and answers go to; what a library prints is no answer."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return sys.stdin.buffer, answers


def give_up(memory: int = MEMORY) -> None:
    """Open nothing more, write nothing, start nothing, grow no further. On Windows: nothing."""
    with contextlib.suppress(ImportError):
        resource = importlib.import_module("resource")
        for name, most in (
            ("RLIMIT_AS", memory),
            ("RLIMIT_FSIZE", WRITABLE),
            ("RLIMIT_CORE", 0),
            ("RLIMIT_NPROC", 0),
            ("RLIMIT_NOFILE", _first_free()),
        ):
            resource.setrlimit(getattr(resource, name), (most, most))


def _first_free() -> int:
    """One more than the highest of the open files, so that none can be opened beside them."""
    free = os.dup(0)
    os.close(free)
    return free


def end_after(seconds: float) -> None:
    """The portal ends a worker that is late; this is for when the portal itself is gone. 0: no."""
    if hasattr(signal, "setitimer"):  # not on Windows
        signal.setitimer(signal.ITIMER_REAL, seconds)
