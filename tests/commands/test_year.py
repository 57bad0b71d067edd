"""`portal year close`: services end with the school year, in somebody's name, once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from portal.cli import app
from portal.store.people import User
from portal.store.support import SchoolYear, StudentService
from portal.transitions import year_end
from portal.transitions.rules import YearDraft
from portal.vocabulary import Category
from tests import factories as make
from tests.pages.conftest import PortalDb, cast_file, portal_db

__all__ = ["cast_file", "portal_db"]

LAST = date(2027, 6, 15)


@pytest.fixture
def june(portal_db: PortalDb) -> PortalDb:
    """The day after the last school day; one service was to end with it."""
    cast = portal_db.cast
    dina = portal_db.who(cast.dina)
    with portal_db.writing() as session:
        days = YearDraft(date(2026, 8, 31), LAST)
        year_end.keep_year(session, dina, days, datetime(2026, 9, 1, tzinfo=UTC))
        record = make.record(session, cast.luis, Category.SERVICE_STATUS)
        session.add(
            StudentService(
                record_id=record.id,
                service="skill_building",
                provider="North School",
                started_on=date(2026, 9, 1),
                estimated_end=LAST,
            )
        )
    portal_db.at(datetime(2027, 6, 16, 15, tzinfo=UTC))
    return portal_db


def close(db: PortalDb, who: User, *options: str, year: str = "2026-2027") -> Result:
    return CliRunner().invoke(app, ["year", "close", year, "--as", who.username, *options])


def ended(db: PortalDb) -> date | None:
    with db.writing() as session:
        return session.scalars(select(StudentService.ended_on)).one()


def test_services_end_on_the_last_school_day_once(june: PortalDb) -> None:
    told = close(june, june.cast.dina)
    assert (told.exit_code, told.output) == (0, "Services that ended on 2027-06-15: 1.\n")
    assert ended(june) == LAST

    again = close(june, june.cast.dina)
    assert again.exit_code == 1
    assert "closed already" in again.output


def test_a_dry_run_says_what_would_end_without_a_name(june: PortalDb) -> None:
    told = close(june, june.cast.dina, "--dry-run")
    assert (told.exit_code, told.output) == (0, "1 would end: Skill building\n")
    assert ended(june) is None
    with june.writing() as session:
        session.delete(session.scalars(select(StudentService)).one())
    assert close(june, june.cast.dina, "--dry-run").output == "No service would end.\n"


def test_it_meets_the_refusals_of_the_page(june: PortalDb) -> None:
    assert close(june, june.cast.ana).exit_code == 1
    assert "no such school year" in close(june, june.cast.dina, year="1999-2000").output
    june.at(datetime(2027, 6, 1, tzinfo=UTC))
    assert "still runs" in close(june, june.cast.dina).output
    assert "no active user" in CliRunner().invoke(
        app, ["year", "close", "2026-2027", "--as", "nobody"]
    ).output  # fmt: skip
    assert ended(june) is None
    with june.writing() as session:
        assert session.scalars(select(SchoolYear.closed_at)).one() is None
