"""The `portal` command."""

from __future__ import annotations

import typer

from portal.commands import authority
from portal.commands.accounts import app as accounts
from portal.commands.accounts import create_admin
from portal.commands.agreements import app as agreements
from portal.commands.audit import app as audit
from portal.commands.consent import app as consents
from portal.commands.decide import decide
from portal.commands.demo import demo
from portal.commands.digest import digest
from portal.commands.imports import app as imports
from portal.commands.mou import app as mou
from portal.commands.reviews import app as reviews
from portal.commands.serve import migrate_database, serve
from portal.commands.service_account import app as service_accounts
from portal.commands.watch import watch
from portal.commands.year import app as years

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(accounts, name="account")
app.add_typer(agreements, name="agreement")
app.add_typer(consents, name="consent")
app.command()(create_admin)
app.command()(decide)
app.command()(demo)
app.command()(digest)
app.add_typer(audit, name="audit")
app.add_typer(imports, name="import")
app.command("migrate")(migrate_database)
app.add_typer(mou, name="mou")
app.add_typer(reviews, name="review")
app.command()(serve)
app.add_typer(service_accounts, name="service-account")
app.command()(watch)
app.add_typer(years, name="year")


@app.callback()
def portal(context: typer.Context) -> None:
    """Support students together: serve the portal, bring files in, ask the gate."""
    context.call_on_close(authority.over)


def main() -> None:
    """Run the command line."""
    app()
