"""Pages are run on a database file with the cast in it, at NOW, as one of the cast.

def test_a_teacher_is_turned_away(portal_db):
    at = portal_db.run("log_visit.py", portal_db.cast.tom)
    assert "not open to you" in portal_db.shown(at)
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session
from streamlit.testing.v1 import AppTest

from portal import clock
from portal.access import actor, unit_of_work
from portal.access.actor import Actor
from portal.config import ROOT, settings
from portal.store.people import User
from tests.engines import migrated
from tests.people import NOW, Cast, store_cast


@dataclass(frozen=True)
class PortalDb:
    """The database that the pages under test use, and how to run one of them."""

    cast: Cast
    patch: pytest.MonkeyPatch

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session of its own, committed at the end: for factories, services and questions.

        While it is open it holds the one write lock, so run pages outside of it.
        """
        with unit_of_work.unit_of_work() as session:
            yield session

    def who(self, user: User) -> Actor:
        """The actor that this user is at the page's time."""
        with self.writing() as session:
            found = actor.load(session, user.id, clock.now())
        assert found is not None
        return found

    def who_in(self, session: Session, user: User) -> Actor:
        """The same, asked in this session: no second one waits for its lock."""
        found = actor.load(session, user.id, clock.now())
        assert found is not None
        return found

    def at(self, moment: datetime) -> None:
        """From here on the pages think it is this moment."""
        self.patch.setattr(clock, "now", lambda: moment)

    def page(self, file: str, user: User | None) -> AppTest:
        """The page of this file name, not yet run: session_state can be filled first."""
        page = AppTest.from_file(ROOT / "pages" / file, default_timeout=20)
        page.user = {"id": str(user.id)} if user else {}
        return page

    def portal(self, user: User | None) -> AppTest:
        """The whole portal, on its first page: for going from one page to another."""
        page = AppTest.from_file(ROOT / "portal" / "main.py", default_timeout=20)
        page.user = {"id": str(user.id)} if user else {}
        return page.run()

    def run(self, file: str, user: User | None) -> AppTest:
        """The page after its first run as this user, or as nobody."""
        return self.page(file, user).run()

    def shown(self, page: AppTest) -> str:
        """All text on the page, as HTML where it is HTML."""
        elements = [*page.html, *page.text, *page.markdown, *page.caption, *page.error]
        return "\n".join(str(getattr(e, "body", None) or e.value) for e in elements)


def everything(page: AppTest) -> str:
    """All that a run sends to the browser: every field of every element, shown or not."""
    return "\n".join(_told(page._tree))


def _told(node: Any) -> Iterator[str]:
    if getattr(node, "proto", None) is not None:
        yield str(node.proto)
    for child in getattr(node, "children", {}).values():
        yield from _told(child)


@pytest.fixture(scope="session")
def cast_file(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Cast]:
    """A closed database file with the cast in it, made once and copied for each test."""
    file = tmp_path_factory.mktemp("pages") / "portal.db"
    with migrated(f"sqlite:///{file}") as engine:
        session = Session(engine, expire_on_commit=False)
        cast = store_cast(session)
        session.commit()
        session.close()
    return file, cast


@pytest.fixture
def portal_db(
    cast_file: tuple[Path, Cast], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PortalDb]:
    """The cast in a database of this test's own, which the pages use; it is NOW."""
    file, cast = cast_file
    copy = shutil.copy(file, tmp_path / "portal.db")
    monkeypatch.setenv("PORTAL_DATABASE_URL", f"sqlite:///{copy}")
    monkeypatch.setenv("PORTAL_SECOND_FACTOR", "offered")
    settings.cache_clear()
    unit_of_work.engine.cache_clear()
    database = PortalDb(cast, monkeypatch)
    database.at(NOW)
    yield database
    unit_of_work.engine().dispose()
    unit_of_work.engine.cache_clear()
    settings.cache_clear()
