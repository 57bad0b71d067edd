"""Tables to ask scenarios of, made once for a file and left empty by each scenario."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, make_url

from portal.scenarios import answering
from tests import engines


@pytest.fixture(scope="module", params=engines.KINDS)
def shelves(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """On PostgreSQL those of `portal decide`, which plans quickly; on SQLite a new file."""
    if request.param == "postgres":
        with answering.throwaway(request.getfixturevalue("postgres_url")) as engine:
            yield engine
        return
    file = tmp_path_factory.mktemp("shelves") / "portal.db"
    with engines.migrated(f"sqlite:///{file}") as engine:
        assert make_url(engine.url).get_backend_name() == engine.dialect.name
        yield engine


@pytest.fixture(autouse=True)
def _made_anew() -> None:
    """What a mutation run knows of a test is which functions it calls: remembering hides some."""
    if engines.MUTANTS:
        answering._select.cache_clear()
