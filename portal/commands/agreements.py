"""`portal agreement …`: what is done about agreements every day, by the machine's clock."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from portal import clock
from portal.access import actor
from portal.access.actor import Actor
from portal.access.unit_of_work import unit_of_work
from portal.accounts import queries
from portal.accounts.service_accounts import Admitted
from portal.agreements import reminding
from portal.agreements.queries import AgreementView
from portal.commands import authority
from portal.errors import NotFound, PortalError
from portal.ui import agreement_mail
from portal.vocabulary import Scope

app = typer.Typer(no_args_is_help=True, help="Agreements that wait for somebody.")

NOBODY = NotFound(
    "There is no active user of this name.", "Give the user name of a district administrator."
)


@app.callback()
def agreements() -> None:
    """Agreements that wait for somebody."""


@app.command()
def remind(
    on_behalf_of: Annotated[
        str, typer.Option("--as", help="User name of the administrator in whose name it is asked.")
    ],
    after: Annotated[
        list[int] | None,
        typer.Option(help="Days of waiting after which to remind; may be given again. 7 and 14."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say who would be reminded; send nothing.")
    ] = False,
) -> None:
    """Remind by e-mail each signer whose turn has lasted so long; for once a day, by cron.

    Each number of days reminds a signer once, however often this runs. Exit status: 1 when a
    reminder could not be sent.
    """
    by, at = authority.require(Scope.AGREEMENT), clock.now()
    try:
        me, waiting = _waiting(on_behalf_of, by, at, tuple(after or reminding.AFTER))
    except PortalError as refusal:
        typer.echo(f"{refusal.what} {refusal.do_next}", err=True)
        raise typer.Exit(1) from None
    sent = [_reminded(me, view, at, dry_run=dry_run) for view in waiting]
    if not waiting:
        typer.echo("Nobody has to be reminded.")
    if not all(sent):
        raise typer.Exit(1)


def _waiting(
    user_name: str, by: Admitted | None, at: datetime, after: tuple[int, ...]
) -> tuple[Actor, list[AgreementView]]:
    with unit_of_work() as session:
        user = queries.user_named(session, user_name.strip().lower())
        me = actor.load(session, user.id, at) if user else None
        if me is None:
            raise NOBODY
        authority.of_organization(by, me.organization_id)
        return me, reminding.due(session, me, at, after)


def _reminded(me: Actor, view: AgreementView, at: datetime, *, dry_run: bool) -> bool:
    """Did it go out? What is printed may be kept in a log: a number and an organization."""
    waits = f"{view.number}: {view.turn.organization if view.turn else ''}"
    if dry_run:
        typer.echo(f"{waits} would be reminded")
        return True
    try:
        agreement_mail.remind(me, view.id, at)
    except PortalError as refusal:
        typer.echo(f"{waits} was not reminded. {refusal.what} {refusal.do_next}", err=True)
        return False
    typer.echo(f"{waits} was reminded")
    return True
