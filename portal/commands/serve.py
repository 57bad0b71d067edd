"""`portal serve` opens the portal; `portal migrate` brings the database up to date."""

from __future__ import annotations

import json
import logging
import os
from typing import Annotated, NoReturn

import typer
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.access.unit_of_work import engine, unit_of_work
from portal.accounts import queries
from portal.commands import opening
from portal.config import INSECURE_KEY, ROOT, Settings, settings
from portal.store import migrate

SHORTEST_KEY = 32
HERE_ONLY = ("127.0.0.1", "localhost", "::1")


def serve(
    port: Annotated[int, typer.Option(envvar="PORT", help="Port to listen on.")] = 8501,
) -> None:
    """Open the portal. It stays open until you stop it."""
    _say_where(port)
    database = database_problem()
    if database:
        _stop(database)
    with unit_of_work() as session:
        demo = queries.is_demo(session)
        people = queries.installation(session, "demo_people")
        password = queries.installation(session, "demo_password")
    problem = settings_problem(settings(), demo=demo)
    if problem:
        _stop(problem)
    _prepare()
    typer.echo(f"The portal opens at http://{_shown_host()}:{port}")
    if demo:
        _tell_demo(people, password)
    _run(port)


def _say_where(port: int) -> None:
    """On this machine alone, letters name the port that the portal really listens on."""
    if "public_url" not in settings().model_fields_set and settings().public_host in HERE_ONLY:
        settings().public_url = f"http://localhost:{port}"


def migrate_database() -> None:
    """Create the database when it is new, and bring its tables up to date."""
    migrate.upgrade(settings().database_url)
    typer.echo("The database is up to date.")


def database_problem() -> str:
    """Why the database cannot be used; empty when it can."""
    try:
        current = migrate.is_current(engine())
    except SQLAlchemyError:
        return "The database does not answer. Check PORTAL_DATABASE_URL and that it is running."
    if not current:
        return "The database is not at today's version. Run `portal migrate`, then start again."
    return ""


def settings_problem(given: Settings, *, demo: bool) -> str:
    """Why the portal must not open with these settings; empty when it may."""
    if not given.public_host:
        return "PORTAL_PUBLIC_HOST is empty. Set it to the name people type, as portal.example.org."
    if demo:
        return ""
    if given.secret_key == INSECURE_KEY or len(given.secret_key) < SHORTEST_KEY:
        return (
            f"PORTAL_SECRET_KEY is missing or shorter than {SHORTEST_KEY} characters. "
            "Set it to a random one, for example: openssl rand -hex 32"
        )
    if given.second_factor == "offered":
        return (
            "PORTAL_SECOND_FACTOR is offered. With real students administrators and whoever works "
            "from outside need an authenticator: leave the setting out, or set it to required."
        )
    if given.public_host not in HERE_ONLY and not given.secure_cookies:
        return "Set PORTAL_SECURE_COOKIES=true: people reach this portal by name, so by https."
    if given.public_host not in HERE_ONLY and given.public_host not in given.public_url:
        return (
            f"PORTAL_PUBLIC_URL is {given.public_url}. Set it to the address people type, as "
            f"https://{given.public_host}: it stands in letters to families."
        )
    if given.public_host in HERE_ONLY and given.address not in HERE_ONLY:
        return "Set PORTAL_PUBLIC_HOST to the name people type, as portal.example.org."
    return ""


def _prepare() -> None:
    """What was closed stays closed, and the outside folder knows where the ledger stands."""
    try:
        told = opening.prepare(clock.now())
    except OSError as error:
        _stop(opening.outside_problem(error))
    for sentence in told:
        typer.echo(sentence, err=True)


def _stop(problem: str) -> NoReturn:
    typer.echo(problem, err=True)
    raise typer.Exit(1)


def _shown_host() -> str:
    return "localhost" if settings().address in HERE_ONLY else settings().address


def _tell_demo(people: str, password: str) -> None:
    typer.echo("Demonstration: every person here is made up. Sign in as")
    for person in json.loads(people or "[]"):
        typer.echo(f"  {person['username']:<40} {person['name']}, {person['role']}")
    if password:
        typer.echo(f"  with the password: {password}")


def _run(port: int) -> None:
    import uvicorn  # here, for no other command needs it

    # A part of streamlit-authenticator that is not used here looks for a cache too early.
    logging.getLogger("streamlit.runtime.caching.cache_data_api").addFilter(lambda _line: False)
    os.chdir(ROOT)  # Streamlit finds .streamlit/config.toml from here
    # Form tokens of Streamlit's uploads are signed with this.
    os.environ["STREAMLIT_SERVER_COOKIE_SECRET"] = settings().secret_key
    uvicorn.run(
        "portal.app:app",
        host=settings().address,
        port=port,
        # No list of requests: addresses hold welcome links and document numbers.
        access_log=False,
        server_header=False,
        log_level="warning",
        proxy_headers=True,
        forwarded_allow_ips=settings().trusted_proxies,  # X-Forwarded-For of nobody else
        timeout_graceful_shutdown=5,
    )
