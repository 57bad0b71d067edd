"""`portal watch`: go over the ledger of a day for unusual use; for cron, every night."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated

import typer

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.commands import authority
from portal.monitoring.watching import queries as usage
from portal.monitoring.watching import service as watching
from portal.ui import watch_mail
from portal.vocabulary import Scope


def watch(
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day to go over; yesterday and today without."),
    ] = None,
) -> None:
    """Look for unusual use: much at once, at night, students who are not theirs, many refusals.

    Of each organization's own people, and for a district of partners' people with its students.
    Writes findings to the worklists (Use of the portal; of a partner: Use by our people) and
    mails their administrators that they wait, without a name. The same day may be gone over as
    often as one likes.
    """
    authority.require(Scope.WATCH)
    found = run(clock.now(), day.date() if day else None)
    typer.echo(f"New findings: {found}.")


def run(at: datetime, day: date | None = None) -> int:
    """Go over this day, or yesterday and today, for everybody; how many findings are new."""
    found = 0
    with unit_of_work() as session:
        organizations = [(one.id, one.tz) for one in usage.organizations(session, at)]
    for organization_id, tz in organizations:
        today = clock.today(tz)
        for one in [day] if day else [today - timedelta(days=1), today]:
            with unit_of_work() as session:
                organization = usage.organization(session, organization_id)
                found += watching.go_over(session, organization, one, at)
        watch_mail.tell(organization_id, at)
    return found
