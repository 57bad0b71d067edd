"""Bring a database to today's schema, and say whether it is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, make_url

from portal.store.engine import make_engine

if TYPE_CHECKING:
    from alembic.config import Config

# Alembic takes half a second to load: it is loaded where it is used.

HERE = Path(__file__).resolve().parent / "migrations"


def upgrade(url: str) -> None:
    """Create the database file's folder if need be, and run every migration not yet run."""
    database = make_url(url)
    if database.get_backend_name() == "sqlite" and database.database not in (None, "", ":memory:"):
        Path(str(database.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = make_engine(url)
    try:
        upgrade_engine(engine)
    finally:
        engine.dispose()


def upgrade_engine(engine: Engine, to: str = "head") -> None:
    """Run every migration not yet run, up to `to`, in one transaction."""
    from alembic import command

    with engine.connect() as connection, _rebuilding(connection), connection.begin():
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        _all_keys_lead_somewhere(connection)


@contextmanager
def _rebuilding(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew, during which what refers to it would be broken."""
    if connection.dialect.name != "sqlite":
        yield
        return
    # Within a transaction the switch does nothing, so the driver is asked before one begins.
    switch: Any = connection.connection.driver_connection
    switch.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        switch.execute("PRAGMA foreign_keys = ON")


def _all_keys_lead_somewhere(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise RuntimeError(f"{len(broken)} rows refer to what is not there; nothing was changed")


def is_current(engine: Engine) -> bool:
    """Is the database at the newest migration?"""
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    return found == ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE))
    return config
