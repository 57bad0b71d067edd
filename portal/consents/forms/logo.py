"""What counts as a district's logo: a small PNG or JPEG that no page can choke on."""

from __future__ import annotations

from collections.abc import Iterator

from portal.errors import Problem
from portal.policy.papers import scan_type

MOST_BYTES = 100 * 1024
MOST_PIXELS = 2000
"""A side. A few bytes can unfold to a picture that fills the memory."""

_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""The markers of a JPEG that tell its size."""


def logo_problems(logo: bytes) -> Iterator[Problem]:
    """Why this cannot be printed above a form; none for an empty one."""
    if not logo:
        return
    if len(logo) > MOST_BYTES:
        yield Problem(
            f"The logo has {len(logo) // 1024} kilobytes; at most {MOST_BYTES // 1024} are taken.",
            "Save it smaller.",
            "logo",
        )
        return
    size = _size(logo)
    if size is None:
        yield Problem(
            "The logo is no PNG and no JPEG that can be read.", "Save it as PNG or JPEG.", "logo"
        )
    elif not all(0 < side <= MOST_PIXELS for side in size):
        yield Problem(
            f"The logo is {size[0]} by {size[1]} pixels; a side may have {MOST_PIXELS}.",
            "Save it smaller.",
            "logo",
        )


def _size(logo: bytes) -> tuple[int, int] | None:
    kind = scan_type(logo)
    ending = kind.ending if kind else ""
    if ending == ".png":
        return _png(logo)
    return _jpeg(logo) if ending == ".jpg" else None


def _png(logo: bytes) -> tuple[int, int] | None:
    if len(logo) < 24 or logo[12:16] != b"IHDR":
        return None
    return int.from_bytes(logo[16:20], "big"), int.from_bytes(logo[20:24], "big")


def _jpeg(logo: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(logo) and logo[at] == 0xFF:
        if logo[at + 1] in _FRAMES:
            height, width = logo[at + 5 : at + 7], logo[at + 7 : at + 9]
            return int.from_bytes(width, "big"), int.from_bytes(height, "big")
        at += 2 + int.from_bytes(logo[at + 2 : at + 4], "big")
    return None
