"""`portal create-admin`: the first administrator of a district."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.commands import authority
from portal.errors import NotReady
from portal.vocabulary import Level, Scope


def create_admin(
    district_code: Annotated[str, typer.Option(help="The district's reporting code.")],
    district_name: Annotated[str, typer.Option(help="Its name, used when the district is new.")],
    name: Annotated[str, typer.Option(help="The administrator's name.")],
    email: Annotated[str, typer.Option(help="Their e-mail address; they sign in with it.")],
    level: Annotated[
        Level, typer.Option(help="What they see; `staff` sees no student.")
    ] = Level.STAFF,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
) -> None:
    """Make a district administrator, who then adds everybody else. Asks for their password.

    The first one needs no service account; later ones need one of the same district.
    """
    from portal.accounts import people  # here, for it takes a second to load

    authority.of_district(authority.require(Scope.ACCOUNTS), district_code)
    password = _from_stdin() if password_stdin else _asked()
    draft = people.FirstAdmin(district_code, district_name, name, email, level)
    try:
        with unit_of_work() as session:
            admin = people.create_admin(session, draft, password, clock.now())
    except NotReady as unready:
        for problem in unready.problems:
            typer.echo(f"{problem.what} {problem.do_next}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{admin.name} can sign in as {admin.username}.")


def _asked() -> str:
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _from_stdin() -> str:
    return sys.stdin.readline().rstrip("\r\n")
