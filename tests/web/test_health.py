"""/healthz answers 200 only when the portal can work."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from portal.access import unit_of_work
from portal.store.engine import make_engine
from portal.web import routes
from tests.web.conftest import Site


def test_it_is_200_when_the_database_answers_with_todays_tables(site: Site) -> None:
    answer = site.browser().get("/healthz")
    assert (answer.status_code, answer.text) == (200, "The portal is open.")


def test_it_is_503_before_the_database_is_brought_up_to_date(site: Site) -> None:
    with site.db.writing() as session:
        session.execute(text("update alembic_version set version_num = 'old'"))

    answer = site.browser().get("/healthz")
    assert answer.status_code == 503
    assert "portal migrate" in answer.text


def test_it_is_503_with_a_code_when_the_database_is_lost(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lost = make_engine(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}")
    monkeypatch.setattr(routes, "reading", lambda: lost)

    answer = site.browser().get("/healthz")
    assert answer.status_code == 503
    assert answer.text.startswith("The database does not answer. Code 503 ")
    assert unit_of_work.engine() is not lost
