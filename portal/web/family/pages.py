"""The family's pages: templates with their texts in one language, and the strictest headers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine
from functools import cache, wraps
from typing import Any, TypeVar

import anyio.to_thread
import jinja2
from anyio import CapacityLimiter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from portal import failures
from portal.access.unit_of_work import reading, unit_of_work
from portal.accounts import queries
from portal.errors import NotFound, PortalError, Problem
from portal.languages.catalog import catalog
from portal.languages.marks import N_
from portal.web import plain
from portal.web.family import speech as languages
from portal.web.family.speech import Speech
from portal.web.headers import PLAIN_POLICY, SIGNING_POLICY

T = TypeVar("T")

_threads = CapacityLimiter(20)

NO_LINK = N_("This link does not work")
NOT_OPEN = N_("This page is not open to you")
OUR_MISTAKE = (
    N_("Something went wrong on our side. Nothing you had saved was lost."),
    N_("Try again. If it happens again, tell the school this code."),
)
LOST = (
    N_("The records cannot be reached just now. Nothing you had saved was lost."),
    N_("Try again in a minute. If it stays so, tell the school this code."),
)
NO_PAGE = (N_("There is no such page."), N_("Open the link again."))
NO_PAGE_TITLED = (N_("There is no such page"), *NO_PAGE)
TOO_LONG = (N_("This form is too long."), N_("Open the page again and fill it in anew."))


async def run(work: Callable[..., T], *values: Any) -> T:
    """The work in a thread of its own: it asks the database."""
    return await anyio.to_thread.run_sync(work, *values, limiter=_threads)


@cache
def _environment(language: str) -> jinja2.Environment:
    spoken = catalog(language)
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(plain.HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(  # type: ignore[attr-defined]
        spoken.gettext,
        spoken.ngettext,
        newstyle=True,
    )
    return made


def page(
    template: str,
    speech: Speech,
    status: int = 200,
    *,
    drawing: bool = False,
    problems: Collection[Problem] = (),
    **values: Any,
) -> Response:
    """A page in this language. drawing: it has the script of the pad."""
    with unit_of_work(reading()) as session:
        demo = queries.is_demo(session)
    return _respond(
        template, speech, status, drawing=drawing, problems=problems, demo=demo, **values
    )


def _respond(
    template: str, speech: Speech, status: int, *, drawing: bool = False, **values: Any
) -> Response:
    told = {"office": None, "logo": "", "form": "", "district": "", "query": "", **values}
    text = (
        _environment(speech.code)
        .get_template(f"family/{template}")
        .render(
            told,
            s=speech,
            language=speech.code,
            direction=speech.catalog.direction,
            languages=languages.offered(),
            drawing=drawing,
        )
    )
    policy = SIGNING_POLICY if drawing else PLAIN_POLICY
    response = HTMLResponse(text, status, {"Content-Security-Policy": policy})
    languages.remember(response, speech)
    return response


def message(
    speech: Speech, status: int, title: str, what: str, do_next: str, code: str = ""
) -> Response:
    """A page that only says something; it asks nothing of the database. English texts come in."""
    return _respond(
        "message.html",
        speech,
        status,
        problems=(),
        demo=False,
        title=speech.t(title),
        what=speech.t(what),
        do_next=speech.t(do_next),
        code=code or str(status),
    )


def told(speech: Speech, error: PortalError) -> Response:
    """What one of the portal's own errors says, in this language."""
    if isinstance(error, NotFound):
        return message(speech, 404, NO_LINK, error.what, error.do_next)
    return message(speech, 403, NOT_OPEN, error.what, error.do_next)


def failed(speech: Speech, error: Exception) -> Response:
    """Our own mistake, or a lost database: a code that the log knows too."""
    code = failures.report(error)
    title = N_("There is a problem with the service")
    if isinstance(error, plain.LOST):
        return message(speech, 503, title, *LOST, f"503 {code}")
    return message(speech, 500, title, *OUR_MISTAKE, code)


def go(address: str, speech: Speech) -> Response:
    """To another page of ours, which speaks the same language."""
    response = RedirectResponse(address, 303)
    languages.remember(response, speech)
    return response


Handler = Callable[[Any, Request], Coroutine[Any, Any, Response]]


def answering(handler: Handler) -> Handler:
    """A route whose every answer, errors too, is a page in the family's language."""

    @wraps(handler)
    async def answer(self: Any, request: Request) -> Response:
        try:
            return await handler(self, request)
        except PortalError as known:
            return told(languages.of(request), known)
        except Exception as error:
            return failed(languages.of(request), error)

    return answer
