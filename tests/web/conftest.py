"""The gate and our routes, with a stand-in behind them that says what reached it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from portal.accounts import passwords
from portal.app import say_no
from portal.policy.tasks import Task
from portal.store.people import User
from portal.web.gate import Gate
from portal.web.routes import routes
from tests import factories as make
from tests.pages.conftest import PortalDb, cast_file, portal_db
from tests.people import NOW

__all__ = ["cast_file", "portal_db"]

PASSWORD = "harbor lantern quiet maple"
PAGES = {"/": Task.SEE_TODAY, "/log_visit": Task.LOG_VISIT, "/manage_people": Task.MANAGE_PEOPLE}
HERE = "http://localhost:8501"


async def behind(request: Request) -> Response:
    """What Streamlit would have been told."""
    if request.url.path == "/static/breaks":
        raise ValueError("Luis Sample was here")
    answer = JSONResponse({k: v for k, v in request.headers.items() if k.startswith("x-portal")})
    answer.set_cookie("_streamlit_xsrf", "abc")
    if request.url.path.startswith("/static/"):
        answer.headers["Cache-Control"] = "public, immutable, max-age=31536000"
    return answer


@dataclass(frozen=True)
class Site:
    """The portal's addresses, on the database of `db`."""

    db: PortalDb
    app: Starlette

    def browser(self) -> TestClient:
        """A browser that has not signed in."""
        return TestClient(
            self.app,
            HERE,
            follow_redirects=False,
            headers={"Origin": HERE, "Accept": "text/html"},
        )

    def signed_in(self, user: User) -> TestClient:
        """A browser in which this person has signed in."""
        browser = self.browser()
        answer = browser.post("/login", data={"username": user.username, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return browser


@pytest.fixture
def site(portal_db: PortalDb, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The site; Ana, Tom and Dina have passwords, and everybody has accepted confidentiality."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", quick)
    passwords.nobodys_hash.cache_clear()
    with portal_db.writing() as session:
        for user in (portal_db.cast.ana, portal_db.cast.tom, portal_db.cast.dina):
            session.get_one(User, user.id).password_hash = passwords.hashed(PASSWORD)
        for user in session.scalars(select(User)).all():
            make.acknowledgment(session, user, NOW)
    everything = [*routes(PAGES), Route("/{path:path}", behind, methods=["GET", "PUT", "POST"])]
    app = Starlette(
        routes=everything,
        middleware=[Middleware(Gate, pages=PAGES)],
        exception_handlers={HTTPException: say_no},
    )
    yield Site(portal_db, app)
    passwords.nobodys_hash.cache_clear()
