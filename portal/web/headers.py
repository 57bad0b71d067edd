"""The headers of every answer: what the browser may load, keep and tell others.

Streamlit needs its one inline script, whose hash is taken from its own index.html at the
start, and inline styles. Our plain pages bring a stricter policy of their own.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders

from portal.config import settings

INDEX = Path(streamlit.__file__).parent / "static" / "index.html"

PLAIN_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
SIGNING_POLICY = f"{PLAIN_POLICY}; script-src 'self'"
"""Of the one plain page that has a script: the pad to draw a signature on."""

FILE_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TWO_YEARS = "max-age=63072000"
KEPT_BY_BROWSERS = ("/static/", "/assets/")


@cache
def streamlit_policy() -> str:
    """What Streamlit's own page may load: nothing from anywhere else."""
    return (
        f"default-src 'self'; script-src 'self' {_script_hashes()} 'wasm-unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self'; frame-src 'self'; worker-src 'self' blob:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def _script_hashes() -> str:
    scripts = re.findall(r"<script>(.*?)</script>", INDEX.read_text(encoding="utf-8"), re.DOTALL)
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def secure(headers: MutableHeaders, path: str) -> None:
    """Complete the headers of an answer to `path`; a stricter policy already set is kept."""
    headers.update(ALWAYS)
    headers.setdefault("Content-Security-Policy", streamlit_policy())
    if not path.startswith(KEPT_BY_BROWSERS) or "cache-control" not in headers:
        headers["Cache-Control"] = "no-store"
    if settings().secure_cookies:
        headers["Strict-Transport-Security"] = TWO_YEARS
        _secure_cookies(headers)


def _secure_cookies(headers: MutableHeaders) -> None:
    cookies = headers.getlist("set-cookie")
    if not cookies:
        return
    del headers["set-cookie"]
    for cookie in cookies:
        marked = cookie if "; secure" in cookie.lower() else f"{cookie}; Secure"
        headers.append("set-cookie", marked)
