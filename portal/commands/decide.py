"""`portal decide`: answer scenarios by rule and by query, and report any disagreement."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, BinaryIO, NoReturn

import typer
from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError, SQLAlchemyError

from portal.errors import BadFile
from portal.scenarios import reading
from portal.scenarios.answering import Answer, answer, throwaway

AGREED, DISAGREED, MALFORMED = 0, 1, 2


def decide(
    files: Annotated[
        list[Path] | None, typer.Argument(help="JSON lines; standard input when none is given.")
    ] = None,
    database: Annotated[
        str, typer.Option(help="SQLAlchemy URL; tables of its own are made there and removed.")
    ] = "sqlite://",
) -> None:
    """Put each scenario into throwaway tables, ask by rule and by query, print one line each.

    Exit status: 0 all agree, 1 a disagreement, 2 something malformed and no disagreement.
    """
    outcome = AGREED
    try:
        with throwaway(database) as engine:
            for where, line in _lines(files or []):
                answered = _answered(engine, line, where)
                outcome = _worse(outcome, answered)
                typer.echo(json.dumps(answered))
    except (ArgumentError, NoSuchModuleError, OperationalError) as error:
        _stop(f"The database cannot be used: {_first_line(error)}", "Check --database.")
    raise typer.Exit(outcome)


def _answered(engine: Engine, line: str, where: str) -> Answer:
    try:
        return answer(engine, reading.read(line, where))
    except BadFile as bad:
        return _refused(line, bad)


def _worse(outcome: int, answered: Answer) -> int:
    if answered.get("disagreements"):
        return DISAGREED
    if "malformed" in answered and outcome == AGREED:
        return MALFORMED
    return outcome


def _refused(line: str, bad: BadFile) -> Answer:
    problems = [asdict(problem) for problem in bad.problems]
    return {"id": _name(line), "malformed": problems, "answers": [], "disagreements": []}


def _name(line: str) -> str | None:
    """The scenario's id, when that much can be read."""
    try:
        named = json.loads(line)
    except (ValueError, RecursionError):
        return None
    found = named.get("id") if isinstance(named, dict) else None
    return found if isinstance(found, str) else None


def _lines(files: list[Path]) -> Iterator[tuple[str, str]]:
    if not files:
        yield from _numbered("standard input", sys.stdin.buffer)
    for file in files:
        with _opened(file) as stream:
            yield from _numbered(file.name, stream)


def _opened(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        _stop(f"{file}: {error.strerror}.", "Name a file of JSON lines.")


def _stop(what: str, do_next: str) -> NoReturn:
    typer.echo(f"{what} {do_next}", err=True)
    raise typer.Exit(MALFORMED)


def _first_line(error: SQLAlchemyError) -> str:
    return str(error).partition("\n")[0]


def _numbered(name: str, stream: Iterable[bytes]) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(stream, start=1):
        if line.strip():
            yield f"{name}, line {number}", line.decode("utf-8-sig", errors="replace")
