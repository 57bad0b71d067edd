"""`portal year …`: the end of a school year, from the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from portal import clock
from portal.access import actor
from portal.access.unit_of_work import unit_of_work
from portal.accounts import queries as accounts
from portal.commands import authority
from portal.errors import NotFound, PortalError
from portal.store.support import SchoolYear
from portal.transitions import queries, year_end
from portal.vocabulary import Scope

app = typer.Typer(no_args_is_help=True, help="School years of a district.")

NOBODY = NotFound(
    "There is no active user of this name.", "Give the user name of a district administrator."
)
NO_YEAR = NotFound(
    "There is no such school year.", "Write its days down first, on the page End of the year."
)


@app.callback()
def year() -> None:
    """School years of a district."""


@app.command()
def close(
    name: Annotated[str, typer.Argument(help="The school year, such as 2026-2027.")],
    on_behalf_of: Annotated[
        str, typer.Option("--as", help="User name of the administrator in whose name it is closed.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would end; change nothing.")
    ] = False,
) -> None:
    """End the services of a school year on its last day, once; every open referral stays open.

    All of it in one go, or nothing: after an interruption, run it again. Referrals are reviewed
    on the page End of the year.
    """
    by, at = authority.require(Scope.YEAR), clock.now()
    try:
        with unit_of_work() as session:
            user = accounts.user_named(session, on_behalf_of.strip().lower())
            me = actor.load(session, user.id, at) if user else None
            if me is None:
                raise NOBODY
            authority.of_organization(by, me.organization_id)
            row = _year(queries.years(session, me), name)
            if dry_run:
                ending = queries.services_counted(session, me, row, at)
                told = [f"{line.many} would end: {line.service}" for line in ending]
            else:
                done = year_end.close(session, me, row.id, {}, at)
                told = [f"Services that ended on {row.last_day:%Y-%m-%d}: {done.services}."]
    except PortalError as refusal:
        typer.echo(f"{refusal.what} {refusal.do_next}", err=True)
        raise typer.Exit(1) from None
    for line in told or ["No service would end."]:
        typer.echo(line)


def _year(known: Sequence[SchoolYear], name: str) -> SchoolYear:
    found = [row for row in known if row.name == name]
    if not found:
        raise NO_YEAR
    return found[0]
