"""A template and its values become one PDF, or thousands of them one after another."""

from __future__ import annotations

import atexit
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.errors import PortalError
from portal.pdf.pool import Pool
from portal.pdf.values import as_json
from portal.word.values import clean

MEDIA_TYPE = "application/pdf"

NAME = re.compile(r"[a-z_]+")
LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_]([A-Z]{2}))?")


@dataclass(frozen=True)
class Order:
    """One paper to be made. language: such as `es` or `pt-BR`; at: when it is made, aware."""

    template: str
    values: Mapping[str, Any]
    title: str
    author: str
    language: str
    at: datetime


def render(
    template: str,
    values: Mapping[str, Any],
    *,
    title: str,
    author: str,
    language: str,
    at: datetime,
) -> bytes:
    """The paper, tagged; the same input gives the same bytes on every machine.

    template: its name in templates/pdf, without `.typ`. Raises NotReady when it could not
    be made in time, and BadFile when the template is at fault.
    """
    return make(Order(template, values, title, author, language, at))


def make(order: Order, pool: Pool | None = None) -> bytes:
    """The paper that was ordered; see `render`."""
    if not NAME.fullmatch(order.template):
        raise ValueError("a template is a name in templates/pdf")
    if not (language := LANGUAGE.fullmatch(order.language)):
        raise ValueError("a language is two or three small letters, such as es or pt-BR")
    meta = {
        "title": clean(order.title),
        "author": clean(order.author),
        "language": language[1],
        "region": language[2] or "",
    }
    seconds = int(order.at.timestamp())
    return (pool or workers()).make(order.template, as_json(order.values), meta, seconds)


def render_many(orders: Iterable[Order], pool: Pool | None = None) -> Iterator[bytes | PortalError]:
    """Each paper in turn, or why it could not be made; the rest is made all the same.

    Takes from `orders` only a few ahead, so that thousands need no more memory than ten.
    To go on after a stop, order those that are not yet kept.
    """
    pool = pool or workers()
    ahead: deque[Future[bytes | PortalError]] = deque()
    with ThreadPoolExecutor(pool.processes) as threads:
        try:
            for order in orders:
                ahead.append(threads.submit(_tried, order, pool))
                if len(ahead) > 2 * pool.processes:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            for waiting in ahead:
                waiting.cancel()


def _tried(order: Order, pool: Pool) -> bytes | PortalError:
    try:
        return make(order, pool)
    except PortalError as error:
        return error


_WORKERS = Pool()
atexit.register(_WORKERS.close)


def workers() -> Pool:
    """The pool of this process; none of its workers runs before the first paper."""
    return _WORKERS
