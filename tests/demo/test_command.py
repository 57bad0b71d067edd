"""`portal demo`: fills an empty database once, and leaves a filled one alone."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from portal.access import unit_of_work
from portal.cli import app
from portal.config import settings
from portal.demo import service
from portal.store.people import Student
from portal.store.places import Organization
from portal.vocabulary import OrganizationKind
from tests.people import NOW


@pytest.fixture
def empty(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Commands use a database of this test's own, not yet made."""
    monkeypatch.setenv("PORTAL_DATABASE_URL", sqlite_url)
    settings.cache_clear()
    unit_of_work.engine.cache_clear()
    yield
    unit_of_work.engine().dispose()
    unit_of_work.engine.cache_clear()
    settings.cache_clear()


def count() -> int | None:
    with unit_of_work.unit_of_work() as session:
        return session.scalar(select(func.count()).select_from(Student))


@pytest.mark.usefixtures("empty")
def test_an_empty_database_is_made_and_filled_and_then_left_alone() -> None:
    first = CliRunner().invoke(app, ["demo", "--if-empty"])
    assert first.exit_code == 0, first.output
    assert "worker@demo.example" in first.output
    assert "with the password:" in first.output
    assert count() == 480

    began = time.perf_counter()
    again = CliRunner().invoke(app, ["demo", "--if-empty"])
    assert (again.exit_code, again.output) == (0, "")
    assert time.perf_counter() - began < 1
    assert count() == 480

    refused = CliRunner().invoke(app, ["demo"])
    assert refused.exit_code == 1
    assert "already holds" in refused.output


@pytest.mark.usefixtures("empty")
def test_a_database_with_any_organization_is_not_empty() -> None:
    CliRunner().invoke(app, ["migrate"])
    with unit_of_work.unit_of_work() as session:
        session.add(
            Organization(kind=OrganizationKind.DISTRICT, name="Harbor Point", active_from=NOW)
        )

    assert CliRunner().invoke(app, ["demo", "--if-empty"]).exit_code == 0
    assert count() == 0


@pytest.mark.usefixtures("empty")
def test_what_fails_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("the power went out")

    monkeypatch.setattr(service.visits, "fill", broken)
    result = CliRunner().invoke(app, ["demo", "--if-empty"])

    assert isinstance(result.exception, RuntimeError)
    assert count() == 0
