"""Plain pages: HTML without a script, from templates that escape whatever they are given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
from sqlalchemy.exc import InterfaceError, OperationalError
from starlette.responses import HTMLResponse

from portal import failures
from portal.access.unit_of_work import reading, unit_of_work
from portal.accounts import queries
from portal.errors import PortalError
from portal.web.headers import PLAIN_POLICY

HERE = Path(__file__).resolve().parent

templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

LOST = (OperationalError, InterfaceError)
"""What SQLAlchemy raises when the database does not answer."""


def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page that says, in a demonstration, that it is one."""
    with unit_of_work(reading()) as session:
        demo = queries.is_demo(session)
    return _respond(template, status, demo=demo, **values)


def _respond(template: str, status: int, **values: Any) -> HTMLResponse:
    text = templates.get_template(template).render(values)
    return HTMLResponse(text, status, {"Content-Security-Policy": PLAIN_POLICY})


def message(status: int, title: str, what: str, do_next: str, code: str = "") -> HTMLResponse:
    """A page that only says something; it asks nothing of the database."""
    return _respond(
        "message.html",
        status,
        demo=False,
        title=title,
        what=what,
        do_next=do_next,
        code=code or str(status),
    )


def not_found() -> HTMLResponse:
    """There is no such page."""
    return message(
        404,
        "Page not found",
        "There is no page at this address.",
        "Check the address, or start again from the first page.",
    )


def refused(error: PortalError, status: int = 403) -> HTMLResponse:
    """What somebody may not do, and what they can."""
    return message(status, "This page is not open to you", error.what, error.do_next)


def failed(error: Exception) -> HTMLResponse:
    """Our own mistake, or a lost database: a code that the log knows too."""
    code = failures.report(error)
    if isinstance(error, LOST):
        return message(
            503,
            "There is a problem with the service",
            "The portal cannot reach its records just now. Nothing you had saved was lost.",
            "Try again in a minute. If it stays so, tell your administrator the code.",
            f"503 {code}",
        )
    return message(
        500,
        "There is a problem with the service",
        "Something went wrong on our side. Nothing you had saved was lost.",
        "Try again. If it happens again, tell your administrator the code.",
        code,
    )
