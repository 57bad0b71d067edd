"""`portal review …`: the periodic reviews, for cron."""

from __future__ import annotations

import typer

from portal import clock, mail
from portal.access.unit_of_work import unit_of_work
from portal.commands import authority
from portal.config import settings
from portal.reviewing import escalating, opening
from portal.vocabulary import REVIEW_KIND_LABELS, Scope

app = typer.Typer(no_args_is_help=True, help="Periodic reviews of access and of the data.")


@app.callback()
def review() -> None:
    """Periodic reviews of access and of the data."""


@app.command("open")
def open_reviews() -> None:
    """Open this quarter's reviews, and tell superintendents of those overdue; by cron, daily.

    Each opens once, however often this runs. Of an overdue one a superintendent gets one mail, in
    numbers; what the mail server did not take is tried again. Exit status: 1 when it took not all.
    """
    authority.require(Scope.WATCH)
    at = clock.now()
    with unit_of_work() as session:
        opened = opening.open_everywhere(session, at)
    for district, new in opened:
        typer.echo(f"Opened for {district}: {REVIEW_KIND_LABELS[new.kind].lower()}, {new.period}.")
    if not settings().smtp_url or not settings().mail_from:
        typer.echo("This portal cannot send e-mail, so nobody is told of an overdue review.")
        return
    with unit_of_work() as session:
        letters = escalating.write(session, at)
    missed = [one for one in letters if not mail.sent(one.to, one.subject, one.text)]
    for letter in missed:
        with unit_of_work() as session:
            escalating.not_sent(session, letter, at)
    typer.echo(f"Superintendents told of overdue reviews: {len(letters) - len(missed)}.")
    if missed:
        typer.echo(f"The mail server did not take {len(missed)}; run it again.", err=True)
        raise typer.Exit(1)
