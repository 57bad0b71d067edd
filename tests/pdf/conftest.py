"""Workers for the tests, ended when the tests are."""

from __future__ import annotations

import pytest

from portal.pdf.pool import Pool


@pytest.fixture(scope="session")
def pool():
    """The shipped templates."""
    pool = Pool(processes=1)
    yield pool
    pool.close()


@pytest.fixture
def pool_of(tmp_path):
    """Workers for templates that a test writes: `pool_of({"slow": "…"}, seconds=1)`."""
    pools = []

    def make(templates: dict[str, str], **settings: float) -> Pool:
        for name, text in templates.items():
            (tmp_path / f"{name}.typ").write_text(text, encoding="utf-8")
        pools.append(Pool(tmp_path, **{"processes": 1, **settings}))
        return pools[-1]

    yield make
    for pool in pools:
        pool.close()
