"""The addresses of the page of agreements."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from portal.web.family.routes import ANY, nothing_here
from portal.web.register.pages import Register


def register_routes() -> list[BaseRoute]:
    """All of them."""
    register = Register()
    return [
        Route("/agreements", register.listed),
        Route("/agreements/{number}", register.one),
        Route("/agreements/{number}/word", register.word),
        Route("/agreements/{number}/pdf", register.pdf),
        Route("/agreements/{rest:path}", nothing_here, methods=ANY),
    ]
