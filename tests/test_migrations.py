"""All migrations applied to an empty database give exactly the tables of the models."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine

from portal.store.engine import make_engine
from portal.store.migrate import is_current, upgrade
from portal.store.tables import metadata


def test_the_migrated_schema_is_that_of_the_models(engine: Engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)

    assert differences == []


def test_an_empty_database_is_not_current_until_it_is_migrated_and_twice_does_no_harm(
    empty_url: str,
):
    engine = make_engine(empty_url)
    before = is_current(engine)
    upgrade(empty_url)
    upgrade(empty_url)
    after = is_current(engine)
    engine.dispose()

    assert (before, after) == (False, True)
