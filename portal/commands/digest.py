"""`portal digest`: the daily mail to everybody for whom something is due; for cron."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer

from portal import clock
from portal.access.unit_of_work import reading, unit_of_work
from portal.commands import authority, watch
from portal.config import settings
from portal.notifications import queries
from portal.ui import notice_mail
from portal.ui.notice_mail import Sent
from portal.vocabulary import Scope


def digest(
    urgent: Annotated[
        bool,
        typer.Option(
            "--urgent", help="Only tell of urgent referrals that nobody answered in time; hourly."
        ),
    ] = False,
) -> None:
    """Mail everybody what is due for them, in numbers and without a name; by cron at 7:00.

    Once a day for each person, however often this runs: what was interrupted goes on, and what
    the mail server did not take is tried again. Exit status: 1 when any mail was not taken.
    """
    if not settings().smtp_url or not settings().mail_from:
        typer.echo(
            "This portal cannot send e-mail: set PORTAL_SMTP_URL and PORTAL_MAIL_FROM.", err=True
        )
        raise typer.Exit(1)
    authority.require(Scope.DIGEST)
    at = clock.now()
    with unit_of_work(reading()) as session:
        readers = queries.readers(session, at, urgent=urgent)
    if not urgent:
        watch.run(at)
    send = notice_mail.urgent if urgent else notice_mail.daily
    told = Counter(send(user_id, at) for user_id in readers)
    typer.echo(f"Sent: {told[Sent.SENT]}. Nothing due: {told[Sent.NOTHING_DUE]}.")
    if told[Sent.NOT_TAKEN]:
        typer.echo(f"The mail server did not take {told[Sent.NOT_TAKEN]}; run it again.", err=True)
        raise typer.Exit(1)
