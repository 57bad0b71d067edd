"""What went wrong on our side: a short code for the person, the cause in the log under that code.

The log gets the kind of error and where it happened, never its message: a
message may quote a name, a note or the parameters of a query.
"""

from __future__ import annotations

import logging
import secrets
import traceback

logger = logging.getLogger("portal")


def report(error: BaseException) -> str:
    """Log the failure without anybody's data; returns its code, such as 7F3A."""
    code = secrets.token_hex(2).upper()
    logger.error("failure %s: %s\n%s", code, _kinds(error), _places(error))
    return code


def _kinds(error: BaseException) -> str:
    kinds = [type(error).__qualname__]
    while error.__cause__ is not None:
        error = error.__cause__
        kinds.append(type(error).__qualname__)
    return " from ".join(kinds)


def _places(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return "\n".join(f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames)
