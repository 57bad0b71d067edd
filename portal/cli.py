"""The `portal` command."""

from __future__ import annotations

import typer

from portal.commands.accounts import create_admin
from portal.commands.agreements import app as agreements
from portal.commands.audit import app as audit
from portal.commands.consent import app as consents
from portal.commands.decide import decide
from portal.commands.demo import demo
from portal.commands.digest import digest
from portal.commands.imports import app as imports
from portal.commands.mou import app as mou
from portal.commands.serve import migrate_database, serve
from portal.commands.year import app as years

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
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
app.command()(serve)
app.add_typer(years, name="year")


@app.callback()
def portal() -> None:
    """Support students together: serve the portal, bring files in, ask the gate."""


def main() -> None:
    """Run the command line."""
    app()
