"""How a kept file leaves: to be kept, never shown by the browser."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from portal.web.headers import FILE_POLICY


def file(name: str, media_type: str, content: bytes) -> Response:
    """It is somebody's file, and no page of ours."""
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "Content-Security-Policy": FILE_POLICY,
            "Cache-Control": "no-store",
        },
    )
