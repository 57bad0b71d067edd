"""`portal demo`: fill an empty database with a made-up district."""

from __future__ import annotations

from typing import Annotated

import typer
from sqlalchemy.exc import OperationalError, ProgrammingError

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.config import settings
from portal.demo import queries
from portal.store import migrate


def demo(
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="Leave a database alone that holds anything.")
    ] = False,
    seed: Annotated[int | None, typer.Option(help="Another seed makes other people.")] = None,
) -> None:
    """Fill an empty database with 480 made-up students, their schools, agencies and papers."""
    if _is_filled():
        _leave_alone(if_empty=if_empty)
        return
    migrate.upgrade(settings().database_url)
    from portal.demo import service  # here, for it takes a second to load

    with unit_of_work() as session:
        service.build(session, clock.now(), service.SEED if seed is None else seed)
    _tell()


def _is_filled() -> bool:
    try:
        with unit_of_work() as session:
            return not queries.is_empty(session)
    except (OperationalError, ProgrammingError):
        return False  # no database yet, or one without tables


def _leave_alone(*, if_empty: bool) -> None:
    if if_empty:
        return
    typer.echo("The database already holds an organization; it was left as it is.", err=True)
    typer.echo("Point PORTAL_DATABASE_URL at an empty one for a demonstration.", err=True)
    raise typer.Exit(1)


def _tell() -> None:
    from portal.demo import people

    typer.echo("The demonstration is ready. Everybody in it is made up. Sign in as")
    for person in people.shown():
        typer.echo(f"  {person['username']:<28} {person['name']}, {person['role']}")
    typer.echo(f"with the password: {people.PASSWORD}")
