"""A QR code that opens a page of the portal, for a letter or a receipt."""

from __future__ import annotations

import io

import segno


def svg(url: str) -> str:
    """The code as a picture with its quiet zone; it survives a fold or a smudge (level M)."""
    if not url.startswith(("https://", "http://")):
        raise ValueError("a code opens a web address")
    drawn = io.BytesIO()
    segno.make_qr(url, error="m").save(
        drawn, kind="svg", xmldecl=False, nl=False, omitsize=True, light="#fff"
    )
    return drawn.getvalue().decode()
