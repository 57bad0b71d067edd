"""/verify: is this paper one of ours, and does it still stand? For anybody.

About a consent the answer names nobody; an agreement is no secret, and it names the parties.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from portal import clock
from portal.access import genuine
from portal.access.genuine import Verified
from portal.access.unit_of_work import unit_of_work
from portal.agreements.register import verifying as agreements
from portal.config import settings
from portal.errors import Problem
from portal.languages.marks import N_
from portal.policy.papers import Standing
from portal.web.family import pages
from portal.web.family import speech as languages
from portal.web.family.pages import answering, run
from portal.web.family.speech import Speech
from portal.web.register import verified

OFTEN = 60
AWHILE = timedelta(minutes=10)
MOST_ADDRESSES = 10_000
AROUND_A_FILE = 64 * 1024
"""Bytes that a browser writes around a file: the boundaries, and the field for the code."""

NOTHING = Problem(
    N_("There is nothing to check yet."), N_("Choose a file, or type the code."), "file"
)
TOO_LARGE = N_("This file is larger than any paper of ours.")
TOO_OFTEN = (
    N_("A lot was checked from here in a short time."),
    N_("Wait ten minutes, then try again."),
)
BROKEN = Problem(N_("The file did not arrive whole."), N_("Send it once more."), "file")

ANSWERS = {
    Standing.GENUINE: (N_("This paper is genuine"), N_("It is ours, and it still holds."), "ok"),
    Standing.PARTLY_TAKEN_BACK: (
        N_("This paper is genuine, but part of it was taken back"),
        N_("The last part that was taken back: %(day)s."),
        "warn",
    ),
    Standing.ON_HOLD: (
        N_("This paper is genuine, but it is on hold"),
        N_("Nothing may be shared by it for now."),
        "warn",
    ),
    Standing.TAKEN_BACK: (
        N_("This paper is genuine, but it was taken back"),
        N_("Since %(day)s nothing may be shared by it."),
        "bad",
    ),
    Standing.REPLACED: (
        N_("This paper is genuine, but a newer one has replaced it"),
        N_("Since %(day)s nothing may be shared by it."),
        "warn",
    ),
    Standing.ENDED: (
        N_("This paper is genuine, but it has ended"),
        N_("Since %(day)s nothing may be shared by it."),
        "warn",
    ),
    Standing.NOT_OURS: (
        N_("This is not a paper of ours"),
        N_("Or it was changed: even a saved copy with one letter changed is no longer the same."),
        "bad",
    ),
}


class TooLarge(Exception):
    """More came than any paper of ours has."""


@dataclass
class Sieve:
    """Lets an address ask so often in a while; kept in memory, for it protects no secret."""

    _asked: dict[str, deque[datetime]] = field(default_factory=lambda: defaultdict(deque))

    def lets(self, address: str, at: datetime) -> bool:
        """Is this one question more not too many?"""
        if len(self._asked) > MOST_ADDRESSES:
            self._asked.clear()
        asked = self._asked[address]
        while asked and asked[0] <= at - AWHILE:
            asked.popleft()
        if len(asked) >= OFTEN:
            return False
        asked.append(at)
        return True


class Verifying:
    """The pages of whoever holds a paper."""

    def __init__(self) -> None:
        self.sieve = Sieve()

    @answering
    async def verify(self, request: Request) -> Response:
        """Drop a file, or type the code."""
        speech = languages.of(request)
        if request.method != "POST":
            return await run(_page, speech)
        if not self._lets(request):
            return pages.message(speech, 429, N_("Please wait"), *TOO_OFTEN)
        try:
            sent = await _received(request)
        except TooLarge:
            return await run(_page, speech, 413, (_too_large(speech),))
        except FormParserError:
            return await run(_page, speech, 422, (BROKEN,))
        return await run(_answer, speech, sent)

    @answering
    async def code(self, request: Request) -> Response:
        """The address that a receipt's square of dots opens."""
        speech = languages.of(request)
        if not self._lets(request):
            return pages.message(speech, 429, N_("Please wait"), *TOO_OFTEN)
        return await run(_answer, speech, Received(code=request.path_params["code"]))

    def _lets(self, request: Request) -> bool:
        return self.sieve.lets(request.client.host if request.client else "", clock.now())


@dataclass
class Received:
    """What was sent: of a file only its digest and its size are kept, while it comes in."""

    code: str = ""
    size: int = 0
    sha256: str = ""


def _too_large(speech: Speech) -> Problem:
    return Problem(
        speech.t(TOO_LARGE),
        speech.t(N_("Choose one of at most %(num)s megabytes."), num=settings().upload_megabytes),
        "file",
    )


async def _received(request: Request) -> Received:
    """The form, read as it comes; raises TooLarge before a large file has come whole."""
    most = settings().upload_megabytes * 1024 * 1024
    if int(_digits(request.headers.get("content-length", ""))) > most + AROUND_A_FILE:
        raise TooLarge
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or b"boundary" not in options:
        raise FormParserError("not a form with a file")
    return await _Parts(most).read(options[b"boundary"], request.stream())


def _digits(text: str) -> str:
    return text if text.isascii() and text.isdecimal() and len(text) < 20 else "0"


class _Parts:
    """The parts of the form: a file is hashed and forgotten, the code is kept."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.seen = 0
        self.size = 0
        self.hash = hashlib.sha256()
        self.code = bytearray()
        self._header = bytearray()
        self._value = bytearray()
        self._name = b""

    async def read(self, boundary: bytes, stream: AsyncIterator[bytes]) -> Received:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._field,
                "on_header_value": self._told,
                "on_header_end": self._header_end,
                "on_part_data": self._data,
            },
        )
        async for chunk in stream:
            self.seen += len(chunk)
            if self.size > self.most or self.seen > self.most + AROUND_A_FILE:
                raise TooLarge
            if chunk:
                parser.write(chunk)
        parser.finalize()
        if self.size > self.most:
            raise TooLarge
        sha256 = self.hash.hexdigest() if self.size else ""
        return Received(bytes(self.code).decode(errors="replace").strip(), self.size, sha256)

    def _begin(self) -> None:
        self._name = b""

    def _field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _told(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            _kind, options = parse_options_header(bytes(self._value))
            self._name = options.get(b"name", b"")
        self._header.clear()
        self._value.clear()

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._name == b"file":
            self.size += end - start
            self.hash.update(data[start:end])
        elif self._name == b"code" and len(self.code) < 200:
            self.code += data[start : min(end, start + 200)]


def _page(speech: Speech, status: int = 200, problems: tuple[Problem, ...] = ()) -> Response:
    return pages.page(
        "verify.html", speech, status, problems=problems, most=settings().upload_megabytes
    )


def _answer(speech: Speech, sent: Received) -> Response:
    if not sent.sha256 and not sent.code.strip():
        return _page(speech, 422, (NOTHING,))
    at = clock.now()
    with unit_of_work() as session:
        found = _agreement(session, sent, at) or _consent(session, sent, at)
    if isinstance(found, Verified):
        return _of_consent(found, speech)
    told = verified.answer(found, at, speech)
    return pages.page("verified_agreement.html", speech, answer=told)


def _agreement(session: Session, sent: Received, at: datetime) -> agreements.Verified | None:
    if sent.sha256:
        return agreements.by_file(session, sent.sha256, at)
    return agreements.by_number(session, sent.code, at)


def _consent(session: Session, sent: Received, at: datetime) -> Verified:
    if sent.sha256:
        return genuine.by_hash(session, sent.sha256, at)
    return genuine.by_code(session, sent.code, at)


def _of_consent(found: Verified, speech: Speech) -> Response:
    title, told, color = ANSWERS[found.standing]
    return pages.page(
        "verified.html", speech, title=speech.t(title), told=_told(told, found, speech), color=color
    )


def _told(text: str, found: Verified, speech: Speech) -> str:
    if found.at is None:
        return speech.t(text)
    return speech.t(text, day=speech.moment(found.at, found.tz))
