"""The addresses that are ours and not Streamlit's."""

from __future__ import annotations

import uuid
from collections.abc import Collection

import anyio.to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from portal import clock, failures
from portal.access import actor, documents
from portal.access.unit_of_work import reading, unit_of_work
from portal.accounts.queries import LiveSession
from portal.errors import NotFound, PortalError
from portal.store import migrate
from portal.store.papers import Document
from portal.web import plain
from portal.web.account import account
from portal.web.calendar import calendar
from portal.web.family.routes import ANY, family_routes, nothing_here
from portal.web.fhir import fhir_consent
from portal.web.files import file
from portal.web.partner.routes import partner_routes
from portal.web.register.routes import register_routes
from portal.web.sign_in import SignIn
from portal.web.single_sign_on import SingleSignOn
from portal.web.steps import Steps

ASSETS = plain.HERE / "assets"
ONE_DAY = "public, max-age=86400"


def routes(pages: Collection[str]) -> list[BaseRoute]:
    """All of them. pages: the addresses of Streamlit's pages."""
    sign_in, steps = SignIn(pages), Steps(pages)
    single = SingleSignOn(sign_in.where)
    both = ["GET", "POST"]
    return [
        Route("/login", sign_in.login, methods=both),
        Route("/sso/{provider}/start", single.start),
        Route("/sso/{provider}/back", single.back),
        Route("/try-sign-in/{provider}", single.try_it),
        Route("/logout", sign_in.logout, methods=both),
        Route("/password", sign_in.password, methods=both),
        Route("/welcome/{token:path}", sign_in.welcome, methods=both),
        Route("/unlock", steps.unlock, methods=both),
        Route("/code", steps.code, methods=both),
        Route("/authenticator", steps.authenticator, methods=both),
        Route("/recovery-codes", steps.recovery_codes, methods=both),
        Route("/confidentiality", steps.confidentiality, methods=both),
        Route("/account", account, methods=both),
        Route("/doc/{document_id:path}", document),
        Route("/fhir/consent/{consent_id:path}", fhir_consent, methods=both),
        Route("/calendar/{secret}", calendar),
        Route("/calendar/{rest:path}", nothing_here, methods=ANY),
        Route("/healthz", health),
        Route("/favicon.png", icon),
        Route("/today", first_page),  # Streamlit serves its first page at / only
        Mount("/assets", Assets(directory=ASSETS)),
        *family_routes(),
        *register_routes(),
        *partner_routes(),
    ]


class Assets(StaticFiles):
    """The style and the typeface of plain pages; the browser keeps them for a day."""

    def file_response(self, *args: object, **options: object) -> Response:
        """The file, with its time to live."""
        response = super().file_response(*args, **options)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = ONE_DAY
        return response


async def health(_request: Request) -> Response:
    """200 when the database answers and has today's tables."""
    return await anyio.to_thread.run_sync(_health)


def _health() -> Response:
    try:
        current = migrate.is_current(reading())
    except SQLAlchemyError as error:
        code = failures.report(error)
        return PlainTextResponse(f"The database does not answer. Code 503 {code}", 503)
    if not current:
        return PlainTextResponse("The database waits for `portal migrate`. Code 503 OLD", 503)
    return PlainTextResponse("The portal is open.")


async def document(request: Request) -> Response:
    """The way in which a kept file leaves."""
    try:
        found = await anyio.to_thread.run_sync(
            _open, request.state.held, request.path_params["document_id"]
        )
    except NotFound as missing:
        return plain.message(404, "Document not found", missing.what, missing.do_next)
    except PortalError as refusal:
        return plain.refused(refusal)
    return file(found.file_name, found.media_type, found.content)


def _open(held: LiveSession, document_id: str) -> Document:
    try:
        key = uuid.UUID(document_id)
    except ValueError:
        raise documents.NOT_FOUND from None
    with unit_of_work() as session:
        me = actor.load(session, held.user_id, clock.now(), held.id)
        if me is None:
            raise documents.NOT_FOUND
        return documents.open_document(session, me, key, clock.now())


async def icon(_request: Request) -> Response:
    """The picture in the browser's tab."""
    return FileResponse(ASSETS / "icon.png")


async def first_page(_request: Request) -> Response:
    """The first page is at /."""
    return RedirectResponse("/", 303)
