"""`portal create-admin`, `portal account …`: let in those who let everybody else in."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated, NoReturn

import typer
from sqlalchemy.orm import Session

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.commands import authority
from portal.errors import NotReady, PortalError
from portal.store.people import User
from portal.store.places import Organization
from portal.vocabulary import Level, Role, Scope

app = typer.Typer(
    no_args_is_help=True,
    help="Superintendents, and administrators of agencies: those whom nobody else may let in.",
)

Name = Annotated[str, typer.Option(help="Their name.")]
Email = Annotated[str, typer.Option(help="Their e-mail address; they sign in with it.")]


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
    from portal.accounts import operating  # here, for it takes a second to load

    authority.of_district(authority.require(Scope.ACCOUNTS), district_code)
    password = _from_stdin() if password_stdin else _asked()
    draft = operating.FirstAdmin(district_code, district_name, name, email, level)
    try:
        with unit_of_work() as session:
            admin = operating.create_admin(session, draft, password, clock.now())
    except NotReady as unready:
        _tell(unready)
    typer.echo(f"{admin.name} can sign in as {admin.username}.")


def _asked() -> str:
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _from_stdin() -> str:
    return sys.stdin.readline().rstrip("\r\n")


@app.command()
def superintendent(
    district_code: Annotated[str, typer.Option(help="The district's reporting code.")],
    name: Name,
    email: Email,
    district_name: Annotated[
        str, typer.Option(help="Its name, used when the district is new.")
    ] = "",
) -> None:
    """Add a superintendent and print the link by which they set their password, this once.

    Before anybody can sign in, no service account is needed: begin with this one.
    Exit status: 1 when something is wrong with it, 2 without the right to.
    """
    from portal.accounts import operating

    authority.of_district(authority.require(Scope.ACCOUNTS), district_code)

    def added(session: Session) -> User:
        found = operating.district(session, district_code, district_name, clock.now())
        draft = operating.Head(found.id, Role.SUPERINTENDENT, name, email)
        return operating.add_head(session, draft, clock.now())

    _let_in(added)


@app.command("agency-admin")
def agency_admin(
    agency: Annotated[str, typer.Option(help="The agency's name, as the portal has it.")],
    name: Name,
    email: Email,
) -> None:
    """Add an administrator of an agency, who looks after its people, and print their link.

    For an agency that serves several districts: no district's administrator lets its people in.
    Exit status: 1 when something is wrong with it, 2 without the right to.
    """
    from portal.accounts import operating, queries

    by = authority.require(Scope.ACCOUNTS)

    def added(session: Session) -> User:
        found = operating.agency(session, agency)
        authority.of_people(by, queries.managed(session, found, Role.AGENCY_ADMIN, clock.now()))
        draft = operating.Head(found.id, Role.AGENCY_ADMIN, name, email)
        return operating.add_head(session, draft, clock.now())

    _let_in(added)


@app.command("link")
def new_link(
    email: Annotated[str, typer.Argument(help="By which address they sign in.")],
    reset_second_factor: Annotated[
        bool, typer.Option("--reset-second-factor", help="They have lost their authenticator.")
    ] = False,
) -> None:
    """Print a new link for an administrator or a superintendent who cannot come in.

    Exit status: 1 when something is wrong with it, 2 without the right to.
    """
    from portal.accounts import operating, queries

    by = authority.require(Scope.ACCOUNTS)

    def found(session: Session) -> User:
        user = operating.head(session, email)
        place = session.get_one(Organization, user.organization_id)
        authority.of_people(by, queries.managed(session, place, user.role, clock.now()))
        if reset_second_factor:
            operating.reset_second_factor(session, user, clock.now())
        return user

    _let_in(found)


def _let_in(whom: Callable[[Session], User]) -> None:
    """Find or add somebody and print their link, all in one transaction."""
    from portal.accounts import operating, people

    try:
        with unit_of_work() as session:
            user = whom(session)
            address = operating.link(session, user, clock.now())
    except PortalError as refusal:
        _tell(refusal)
    typer.echo(
        f"Give this to {user.name}. It works once, and for {people.LINK_HOURS} hours.", err=True
    )
    typer.echo(address)


def _tell(refusal: PortalError) -> NoReturn:
    problems = refusal.problems if isinstance(refusal, NotReady) else (refusal,)
    for problem in problems:
        typer.echo(f"{problem.what} {problem.do_next}", err=True)
    raise typer.Exit(1)
