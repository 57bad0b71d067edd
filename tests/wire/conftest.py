"""The real portal in a process of its own, on a database with the cast, and how to speak to it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts import passwords
from portal.config import ROOT
from portal.store.engine import make_engine
from portal.store.ledger import Installation
from portal.store.people import User
from tests import factories as make
from tests.engines import migrated
from tests.people import Cast, store_cast
from tests.wire.client import Tab, open_tab

PASSWORD = "harbor lantern quiet maple"
OPENS_WITHIN = 40.0
PEOPLE = ("ana", "tom", "dina", "sue", "rita", "hugo")


@dataclass(frozen=True)
class Portal:
    """A running portal. `cast` is as it was stored; `writing()` changes the database under it."""

    port: int
    engine: Engine
    cast: Cast
    browsers: ExitStack

    @property
    def host(self) -> str:
        return f"localhost:{self.port}"

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with Session(self.engine) as session, session.begin():
            yield session

    def browser(self) -> httpx.Client:
        """A browser that has not signed in."""
        headers = {"Origin": self.origin, "Accept": "text/html"}
        return self.browsers.enter_context(
            httpx.Client(base_url=self.origin, headers=headers, timeout=20, trust_env=False)
        )

    def signed_in(self, user: User) -> httpx.Client:
        """A browser in which this person has signed in."""
        browser = self.browser()
        answer = browser.post("/login", data={"username": user.username, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return browser

    def tab(
        self, browser: httpx.Client | None = None, **changes: Any
    ) -> AbstractContextManager[Tab]:
        """A websocket as this browser's Streamlit page opens it, but for the changes."""
        cookies = dict(browser.cookies) if browser else {}
        return open_tab(self.port, cookies, **{"origin": self.origin, "host": self.host} | changes)


StartPortal = Callable[[], Portal]


@pytest.fixture(scope="session")
def cast_with_passwords(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Cast]:
    """A closed database file in which the cast have passwords; copied for each portal.

    Marked as a demonstration, and with today's acknowledgments: these tests are not about the
    steps of signing in.
    """
    file = tmp_path_factory.mktemp("wire") / "portal.db"
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD.encode())
    assert passwords.matches(PASSWORD, quick)
    with migrated(f"sqlite:///{file}") as engine:
        session = Session(engine, expire_on_commit=False)
        cast = store_cast(session)
        session.add(Installation(name="demo", value="true"))
        for name in PEOPLE:
            getattr(cast, name).password_hash = quick
            make.acknowledgment(session, getattr(cast, name), clock.now())
        session.commit()
        session.close()
    return file, cast


@pytest.fixture(scope="module")
def start_portal(
    cast_with_passwords: tuple[Path, Cast], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StartPortal]:
    """Starts portals, and stops them at the end of the module."""
    running: list[tuple[subprocess.Popen[bytes], Portal]] = []

    def start() -> Portal:
        file, cast = cast_with_passwords
        folder = tmp_path_factory.mktemp("portal")
        database = f"sqlite:///{shutil.copy(file, folder / 'portal.db')}"
        port = _free_port()
        process = _run(port, database, folder / "log")
        portal = Portal(port, make_engine(database), cast, ExitStack())
        running.append((process, portal))
        _wait_until_open(portal, process, folder / "log")
        return portal

    yield start
    for process, portal in running:
        portal.browsers.close()
        portal.engine.dispose()
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def portal(start_portal: StartPortal) -> Portal:
    """One portal for the tests of a module."""
    return start_portal()


def _run(port: int, database: str, log: Path) -> subprocess.Popen[bytes]:
    given = {
        "PORT": str(port),
        "PORTAL_DATABASE_URL": database,
        "PORTAL_SECRET_KEY": uuid.uuid4().hex,
    }
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-c", "from portal.cli import main; main()", "serve"],
            cwd=ROOT,
            env=os.environ | given,
            stdout=output,
            stderr=output,
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_open(portal: Portal, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + OPENS_WITHIN
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"{portal.origin}/healthz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(f"the portal did not open:\n{log.read_text()}")
