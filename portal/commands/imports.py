"""`portal import …`: bring a roster or a directory of agencies in, or say all that is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from portal import clock
from portal.access.unit_of_work import unit_of_work
from portal.commands import authority
from portal.commands.serve import database_problem
from portal.config import settings
from portal.directory.agencies import service as directory
from portal.directory.loaders.package import Package, open_package
from portal.directory.loaders.report import Report
from portal.directory.roster import service as roster
from portal.directory.roster.context import Options
from portal.store import migrate
from portal.vocabulary import Scope

app = typer.Typer(no_args_is_help=True, help="Bring files in; a refused file changes nothing.")

Where = Annotated[Path, typer.Argument(help="A folder or a zip of CSV files.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Report, and write nothing.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]


@app.command()
def oneroster(
    path: Where,
    district: Annotated[str, typer.Option(help="The district's reporting code.")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
    allow_large_change: Annotated[
        bool, typer.Option("--allow-large-change", help="More than a tenth may leave at once.")
    ] = False,
    birth_dates_from_file: Annotated[
        bool, typer.Option("--birth-dates-from-file", help="Take the file's differing birth dates.")
    ] = False,
) -> None:
    """Bring in a district's roster: OneRoster CSV 1.1 or 1.2, as a whole (bulk)."""
    options, code = Options(allow_large_change, birth_dates_from_file), district.strip()

    def bring_in(session: Session, package: Package) -> Report:
        return roster.bring_in(session, package, code, clock.now(), options, dry_run=dry_run)

    _run(path, bring_in, as_json=as_json, dry_run=dry_run, code=code)


@app.command()
def agencies(
    path: Where,
    source: Annotated[
        str, typer.Option(help="Whose directory it is; another's ids need another name.")
    ] = directory.DEFAULT_SOURCE,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Bring in community agencies and their services: Open Referral HSDS CSV, 3.0 or 1.x."""

    def bring_in(session: Session, package: Package) -> Report:
        return directory.bring_in(session, package, clock.now(), source, dry_run=dry_run)

    _run(path, bring_in, as_json=as_json, dry_run=dry_run)


def _run(
    path: Path,
    bring_in: Callable[[Session, Package], Report],
    *,
    as_json: bool,
    dry_run: bool,
    code: str = "",
) -> None:
    """Read, bring in, print the report; exit status 1 when the file is refused.

    code: the district whose file it is; it must be the service account's own.
    """
    _need_database()
    by = authority.require(Scope.IMPORT)
    if code:
        authority.of_district(by, code)
    report = Report()
    package = open_package(path, report)
    if package is not None:
        with unit_of_work() as session:
            report = bring_in(session, package)
    if as_json:
        typer.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        _tell(report, dry_run=dry_run)
    raise typer.Exit(0 if report.accepted else 1)


def _need_database() -> None:
    """A database file that is not there yet is made; one of another version is not touched."""
    file = make_url(settings().database_url).database or ""
    if settings().database_url.startswith("sqlite") and not Path(file).exists():
        migrate.upgrade(settings().database_url)
    problem = database_problem()
    if problem:
        typer.echo(problem, err=True)
        raise typer.Exit(1)


def _tell(report: Report, *, dry_run: bool) -> None:
    for line in report.as_text():
        typer.echo(line)
    for name, count in report.counts.items():
        typer.echo(f"{name.replace('_', ' '):18} {count:>8,}")
    if not report.accepted:
        found = "1 problem" if len(report.problems) == 1 else f"{len(report.problems)} problems"
        typer.echo(f"Refused: {found}. Nothing was written.")
    else:
        typer.echo("It would be accepted. Nothing was written." if dry_run else "Accepted.")
