"""`portal service-account …`: make, list and end service accounts, by the right of another."""

from __future__ import annotations

import uuid
from typing import Annotated

import typer

from portal import clock
from portal.access.unit_of_work import reading, unit_of_work
from portal.accounts import queries, service_accounts
from portal.accounts.service_accounts import Draft, Maker
from portal.commands import authority
from portal.errors import NotReady, PortalError
from portal.store.accounts import ServiceAccount
from portal.vocabulary import Scope

app = typer.Typer(
    no_args_is_help=True, help="Tokens for the command line, of programs and not of people."
)

District = Annotated[
    str, typer.Option("--district", help="The district's reporting code; the token's own at most.")
]


@app.command()
def make(
    name: Annotated[str, typer.Argument(help="Which program it is for.")],
    district: District,
    scope: Annotated[
        list[Scope], typer.Option(help="What it may do; give it again for another. The least.")
    ],
    days: Annotated[int, typer.Option(help="How long it lasts, at most 365.")] = 90,
) -> None:
    """Make a service account and print its token, this once.

    Exit status: 1 when something is wrong with it, 2 without the right to.
    """
    maker = _maker(district)
    draft = Draft(name, frozenset(scope), days)
    try:
        with unit_of_work() as session:
            token = service_accounts.make_for(session, maker, draft, clock.now())
    except NotReady as unready:
        for problem in unready.problems:
            typer.echo(f"{problem.what} {problem.do_next}", err=True)
        raise typer.Exit(1) from None
    typer.echo("Set this as PORTAL_SERVICE_TOKEN. It is not shown again.", err=True)
    typer.echo(token)


@app.command("list")
def show(district: District) -> None:
    """Print each service account: its name, what it may do, when it ends and was last used."""
    maker = _maker(district)
    with unit_of_work(reading()) as session:
        found = service_accounts.lines(session, maker.organization_id, clock.now())
    for line in found:
        used = f"{line.last_used_at:%Y-%m-%d}" if line.last_used_at else "never"
        told = (f"ends {line.expires_at:%Y-%m-%d}", f"last used {used}")
        typer.echo(" | ".join((line.name, ", ".join(line.scopes), *told)))


@app.command()
def end(
    name: Annotated[str, typer.Argument(help="Its name, as in the list.")], district: District
) -> None:
    """End a service account: its token opens nothing from now on."""
    maker = _maker(district)
    try:
        with unit_of_work() as session:
            row = _named(
                queries.service_accounts(session, maker.organization_id, clock.now()), name
            )
            service_accounts.end_for(session, maker, row, clock.now())
    except PortalError as refusal:
        typer.echo(f"{refusal.what} {refusal.do_next}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{name} has ended.")


def _maker(code: str) -> Maker:
    """In whose name: the token's; before anybody can sign in, the district's own operator."""
    by = authority.require(Scope.ACCOUNTS)
    authority.of_district(by, code)
    if by is not None:
        return Maker(by.organization_id, scopes=by.scopes)
    return Maker(_district(code))


def _district(code: str) -> uuid.UUID:
    with unit_of_work(reading()) as session:
        found = queries.district(session, code)
    if found is None:
        typer.echo("There is no district with this code. Make its administrator first.", err=True)
        raise typer.Exit(1)
    return found.id


def _named(rows: list[ServiceAccount], name: str) -> ServiceAccount:
    found = [row for row in rows if row.name == name]
    if not found:
        raise service_accounts.NOT_THERE
    return found[0]
