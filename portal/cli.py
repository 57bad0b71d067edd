"""The `portal` command."""

from __future__ import annotations

import typer

from portal.commands.decide import decide

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command()(decide)


@app.callback()
def portal() -> None:
    """Support students together: serve the portal, bring files in, ask the gate."""


def main() -> None:
    """Run the command line."""
    app()
