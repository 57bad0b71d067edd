"""A family at its phone: a link that Ana sent, and what a browser without a script can do."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from httpx import Response
from starlette.testclient import TestClient

from portal.consents.requests import service
from portal.consents.requests.drafts import Channel, RequestDraft
from portal.consents.requests.service import Sent
from portal.vocabulary import Category, Purpose, SignerKind
from tests import factories as make
from tests.people import NOW
from tests.web.conftest import Site

BORN = {"month": "5", "day": "5", "year": "2013"}
"""Luis's birth date, as his mother types it."""

TOLD = frozenset({Category.ATTENDANCE, Category.VISITS, Category.VISIT_NOTES})


@dataclass
class Phone:
    """A browser and the page that it shows; follows redirects like one."""

    browser: TestClient
    site: Site
    answer: Response | None = None
    went: list[str] = field(default_factory=list)

    def get(self, path: str) -> Response:
        """Open an address."""
        return self._arrive(self.browser.get(path))

    def post(self, path: str, **form: Any) -> Response:
        """Press a button of a form."""
        return self._arrive(self.browser.post(path, data=form))

    def _arrive(self, answer: Response) -> Response:
        self.went = [str(answer.url)]
        while answer.status_code == 303:
            answer = self.browser.get(answer.headers["location"])
            self.went.append(str(answer.url))
        self.answer = answer
        return answer

    @property
    def text(self) -> str:
        """The page as it reads, without its marks."""
        assert self.answer is not None
        body = re.sub(r"<[^>]+>", " ", self.answer.text.split("<main")[1])
        return " ".join(body.replace("&#39;", "'").split())

    @property
    def at(self) -> str:
        """The address without its host and without what follows a question mark."""
        return self.went[-1].partition("8501")[2].partition("?")[0]


@pytest.fixture
def asked(site: Site) -> Callable[..., Sent]:
    """A request to Luis's mother about Riverside Clinic, sent by Ana."""

    def ask(**changes: Any) -> Sent:
        cast = site.db.cast
        values: dict[str, Any] = {
            "signer_kind": SignerKind.GUARDIAN,
            "signer_id": cast.maria.id,
            "student_ids": (cast.luis.id,),
            "partner_ids": (cast.riverside.id,),
            "out": TOLD,
            "purposes": frozenset({Purpose.COORDINATE}),
            "records_from": date(2026, 1, 1),
            "starts_on": NOW.date(),
            "channel": Channel.LETTER,
        }
        me = site.db.who(cast.ana)
        with site.db.writing() as session:
            draft = RequestDraft(**values | changes)
            return service.ask(session, me, draft, NOW, str(uuid.uuid4()))

    return ask


@pytest.fixture
def some_records(site: Site) -> None:
    """Something on Luis's shelf."""
    cast = site.db.cast
    with site.db.writing() as session:
        for _ in range(3):
            make.record(session, cast.luis, Category.VISITS, NOW, author=cast.ana)


@pytest.fixture
def phone(site: Site) -> Phone:
    """A browser of the family's own."""
    return Phone(site.browser(), site)


def come_in(phone: Phone, sent: Sent, **more: str) -> Response:
    """Open the link and prove who one is."""
    phone.get(f"/consent/{sent.token}")
    return phone.post(f"/consent/{sent.token}", **BORN | more)


def sign(phone: Phone, sent: Sent, **form: str) -> Response:
    """From the link to the signature, with attendance and visits ticked."""
    come_in(phone, sent)
    phone.post(f"/consent/{sent.token}/records-1", out=["attendance", "visits"])
    values = {"name": "Maria Sample", "agree": "yes"} | form
    return phone.post(f"/consent/{sent.token}/check", **values)
