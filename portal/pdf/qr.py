"""A QR code that opens a page of the portal, for a letter or a receipt."""

from __future__ import annotations

import io

import segno


def svg(url: str) -> str:
    """The code as a picture with its quiet zone; it survives a fold or a smudge (level M)."""
    if not url.startswith(("https://", "http://")):
        raise ValueError("a code opens a web address")
    return svg_of(url)


def svg_of(text: str) -> str:
    """Any text as such a picture: an authenticator's secret begins with otpauth:// ."""
    drawn = io.BytesIO()
    segno.make_qr(text, error="m").save(
        drawn, kind="svg", xmldecl=False, nl=False, omitsize=True, light="#fff"
    )
    return drawn.getvalue().decode()
