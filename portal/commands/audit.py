"""`portal audit …`: prove that the ledger is whole, where it stands, and what it says."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, NoReturn

import typer
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.access import outside
from portal.access.exports import DO_NOT_PASS_ON
from portal.access.unit_of_work import reading, unit_of_work
from portal.accounts.service_accounts import Admitted
from portal.commands import authority, opening
from portal.commands.serve import database_problem
from portal.errors import NotReady, PortalError
from portal.stewardship.accounting import service
from portal.stewardship.accounting.service import Asked, AuditLine
from portal.stewardship.ledger import checkpoints, queries
from portal.stewardship.ledger.checkpoints import Keeper
from portal.stewardship.ledger.proof import Broken, Proof, Step, prove
from portal.vocabulary import EXPORT_PURPOSE_LABELS, ExportPurpose, Scope

app = typer.Typer(no_args_is_help=True, help="Prove the ledger: who saw what, unchanged.")

WHOLE, BROKEN, UNKNOWN = 0, 1, 2

AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]


@app.command()
def verify(as_json: AsJson = False) -> None:
    """Prove every line of the trail, every checkpoint and every kept document.

    Exit status: 0 whole, 1 broken (the first broken line is named), 2 it cannot be proved.
    """
    problem = database_problem()
    if problem:
        _cannot(problem, as_json=as_json)
    authority.require(Scope.AUDIT)
    try:
        proof = _proof(quiet=as_json)
    except NotReady as not_ready:
        _cannot(f"{not_ready.what} {not_ready.do_next}", as_json=as_json)
    except OSError as error:
        _cannot(opening.outside_problem(error), as_json=as_json)
    except SQLAlchemyError:
        _cannot("The database stopped answering. Check that it is running.", as_json=as_json)
    told = asdict(proof) | {"whole": proof.broken is None}
    typer.echo(json.dumps(told, indent=2) if as_json else _sentences(proof))
    raise typer.Exit(BROKEN if proof.broken else WHOLE)


@app.command()
def checkpoint(
    restored: Annotated[
        str, typer.Option(metavar="WHY", help="After a backup was restored: why. Once.")
    ] = "",
) -> None:
    """Take down, in the outside folder, where every chain of the ledger ends now."""
    problem = database_problem()
    if problem:
        _cannot(problem)
    authority.require(Scope.CHECKPOINT)
    path, why, at = checkpoints.file(), restored.strip(), clock.now()
    try:
        with unit_of_work(reading()) as session:
            lost = checkpoints.acknowledge(session, path, why, at) if why else {}
            differing = Keeper(path).write(session, at)
    except OSError as error:
        _cannot(opening.outside_problem(error))
    for chain, position in lost.items():
        typer.echo(f"Lost with the backup: chain {chain or 'of nobody'}, from line {position}.")
    if differing:
        typer.echo(opening.DIFFERS, err=True)
        raise typer.Exit(BROKEN)
    typer.echo("The outside folder knows where the ledger ends.")


@app.command()
def show(
    student: Annotated[
        str, typer.Option(metavar="NUMBER", help="SASID, number at school, or id of the portal.")
    ] = "",
    person: Annotated[
        str, typer.Option(metavar="WHO", help="User name, id, or the name as the trail has it.")
    ] = "",
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From this day on, in UTC.")
    ] = None,
    purpose: Annotated[
        ExportPurpose | None,
        typer.Option(help="What for: access_review, records_request or required_report."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Who saw what: lines of the trail about a student, by a person, or since a day.

    Ids and codes, and names only as the trail has them. That it was asked is a line of the trail.
    """
    problem = database_problem()
    if problem:
        _cannot(problem, as_json=as_json)
    if not (student or person or since):
        _cannot("Nothing was asked for. Give --student, --person or --since.", as_json=as_json)
    if purpose is None:
        _cannot("It is not said what for. Give --purpose, such as access_review.", as_json=as_json)
    by = authority.require(Scope.AUDIT)
    district = by.organization_id if by else None
    at = clock.now()
    asked = Asked(student.strip(), person.strip(), since.replace(tzinfo=UTC) if since else None)
    try:
        with unit_of_work() as session:
            found = service.for_auditor(session, asked, purpose, at, district)
    except PortalError as error:
        _cannot(f"{error.what} {error.do_next}", as_json=as_json)
    typer.echo(_mark(by, purpose, at), err=True)
    for line in found:
        typer.echo(json.dumps(asdict(line), default=str) if as_json else _line(line))


def _mark(by: Admitted | None, purpose: ExportPurpose, at: datetime) -> str:
    """Who took it out, when and what for; apart from the lines, so that a program can read them."""
    who = f"service account {by.name}" if by else "a command"
    label = EXPORT_PURPOSE_LABELS[purpose]
    return f"Taken out by {who} on {at:%Y-%m-%d %H:%MZ}. For: {label}. {DO_NOT_PASS_ON}"


def _line(line: AuditLine) -> str:
    answer = "allowed" if line.allowed else "refused"
    who = f"{line.person or 'nobody'}, {line.organization}".rstrip(", ")
    told = [f"{line.at:%Y-%m-%d %H:%M:%SZ}", answer, line.event, who, line.subject, line.purpose]
    told += [", ".join(part) for part in (line.opened, line.codes, line.basis)]
    return " | ".join([str(line.id), *(part for part in told if part)])


def _proof(*, quiet: bool) -> Proof:
    until = outside.size(checkpoints.file())
    with unit_of_work(reading()) as session:
        queries.hold_still(session)
        with _progress(queries.how_many(session), quiet=quiet) as step:
            return prove(session, checkpoints.file(), until, step)


@contextmanager
def _progress(total: int, *, quiet: bool) -> Iterator[Step]:
    if quiet or not sys.stderr.isatty():
        yield lambda _count: None
        return
    with typer.progressbar(length=total, label="Proving", file=sys.stderr) as bar:
        yield bar.update


def _sentences(proof: Proof) -> str:
    if proof.broken:
        return "\n".join(["The ledger is broken.", *_broken(proof.broken)])
    told = (
        f"The ledger is whole: {proof.lines:,} lines in {proof.chains:,} chains, "
        f"{proof.checkpoints:,} checkpoints, {proof.documents:,} documents."
    )
    if proof.set_aside:
        told += f"\nLost with a restored backup, as written down: {proof.set_aside:,} checkpoints."
    return told


def _broken(broken: Broken) -> Iterator[str]:
    if broken.chain is not None:
        yield f"  chain     {broken.chain or 'of nobody'}"
    if broken.position is not None:
        yield f"  position  {broken.position}"
    if broken.id is not None:
        yield f"  id        {broken.id}"
    yield f"  {broken.what}"


def _cannot(why: str, *, as_json: bool = False) -> NoReturn:
    if as_json:
        typer.echo(json.dumps({"whole": None, "cannot": why}, indent=2))
    else:
        typer.echo(why, err=True)
    raise typer.Exit(UNKNOWN)
