"""The addresses of families, and of whoever holds a paper."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from portal.web.family import pages
from portal.web.family import speech as languages
from portal.web.family.keeping import Keeping
from portal.web.family.signing import Signing
from portal.web.family.verifying import Verifying

BOTH = ["GET", "POST"]
ANY = ["GET", "POST", "PUT", "DELETE"]
UNDER = ("consent", "family", "verify")


def family_routes() -> list[BaseRoute]:
    """All of them."""
    signing, keeping, verifying = Signing(), Keeping(), Verifying()
    return [
        Route("/consent/{token}", signing.landing, methods=BOTH),
        Route("/consent/{token}/check", signing.check, methods=BOTH),
        Route("/consent/{token}/no", signing.no, methods=BOTH),
        Route("/consent/{token}/said-no", signing.said_no),
        Route("/consent/{token}/hand-over", signing.hand_over, methods=BOTH),
        Route("/consent/{token}/logo", signing.logo),
        Route("/consent/{token}/{key}", signing.question, methods=BOTH),
        Route("/family/{token}", keeping.start, methods=BOTH),
        Route("/family/{token}/signed", keeping.signed),
        Route("/family/{token}/take-back", keeping.take_back, methods=BOTH),
        Route("/family/{token}/seen/{handle}", keeping.seen),
        Route("/family/{token}/list/{handle}", keeping.listed),
        Route("/family/{token}/paper/{document_id}", keeping.paper),
        Route("/family/{token}/leave", keeping.leave, methods=["POST"]),
        Route("/verify", verifying.verify, methods=BOTH),
        Route("/verify/{code}", verifying.code),
        *(Route(f"/{under}/{{rest:path}}", nothing_here, methods=ANY) for under in UNDER),
    ]


async def nothing_here(request: Request) -> Response:
    """Nothing else under these addresses is anybody's; without this Streamlit would answer."""
    speech = languages.of(request)
    if request.method not in ("GET", "HEAD"):
        return pages.message(speech, 405, pages.NOT_OPEN, *pages.NO_PAGE)
    return pages.message(speech, 404, *pages.NO_PAGE_TITLED)
