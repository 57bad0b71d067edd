"""Bring a database to today's schema, and say whether it is there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, make_url

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


def upgrade_engine(engine: Engine) -> None:
    """Run every migration not yet run, in one transaction."""
    from alembic import command

    with engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


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
