"""The address of the links that agencies are mailed."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from portal.web.partner.pages import answer, nothing_here

ANY = ["GET", "POST", "PUT", "DELETE"]


def partner_routes() -> list[BaseRoute]:
    """All of them."""
    return [
        Route("/answer/{token}", answer, methods=["GET", "POST"]),
        Route("/answer/{rest:path}", nothing_here, methods=ANY),
    ]
