"""In which language a page speaks: as chosen, as the link says, as the browser asks."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from babel.lists import format_list
from starlette.requests import Request
from starlette.responses import Response

from portal.config import settings
from portal.languages import catalog as languages
from portal.languages.catalog import ENGLISH, Catalog, catalog

COOKIE = "family-language"
A_YEAR = 365 * 86_400
ASKED_FOR = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True)
class Speech:
    """One language, with its texts. link: for which link it is remembered."""

    catalog: Catalog
    link: str = ""

    @property
    def code(self) -> str:
        """Such as `es`."""
        return self.catalog.language

    def t(self, text: str, **values: object) -> str:
        """A text in this language."""
        return self.catalog.gettext(text, **values)

    def day(self, told: date | None) -> str:
        """A day in words; empty when there is none."""
        return languages.day(told, self.code) if told else ""

    def moment(self, at: datetime, tz: str) -> str:
        """An instant in words, on the clock of this zone."""
        return languages.moment(at, tz, self.code)

    def list(self, things: list[str]) -> str:
        """Several things as a sentence names them."""
        return format_list(things, locale=self.code)


@cache
def offered() -> dict[str, str]:
    """The languages that have every text, each with its own name."""
    return {code: name for code, name in languages.available().items() if catalog(code).complete}


def of(request: Request, of_link: str = "") -> Speech:
    """The language of this page. of_link: in which the school wrote to this family."""
    link = _mark(request.path_params.get("token", ""))
    kept, _, kept_for = request.cookies.get(COOKIE, "").partition(".")
    asked = ASKED_FOR.findall(request.headers.get("accept-language", "")[:200].lower())
    here = kept if kept_for == link else ""
    for code in (request.query_params.get("lang", ""), here, of_link, kept, *asked[:10]):
        if code in offered():
            return Speech(catalog(code), link)
    return Speech(catalog(ENGLISH), link)


def chosen(request: Request, code: str) -> Speech:
    """The language that a button of this page asks for."""
    return Speech(catalog(code), _mark(request.path_params.get("token", "")))


def _mark(token: str) -> str:
    """By what a link is known again; on a tablet of the school the next one has its own."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()[:8]


def remember(response: Response, speech: Speech) -> None:
    """The next page of this link speaks the same language, also when it tells of a mistake."""
    response.set_cookie(
        COOKIE,
        f"{speech.code}.{speech.link}",
        path="/",
        max_age=A_YEAR,
        httponly=True,
        samesite="lax",
        secure=settings().secure_cookies,
    )
