"""`portal decide`: answer scenarios by rule and by query, and report any disagreement."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, TextIO

import typer

from portal.errors import BadFile, Problem
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

    Exit status: 0 all agree, 1 a disagreement, 2 a malformed scenario and no disagreement.
    """
    outcome = AGREED
    with throwaway(database) as engine:
        for where, line in _lines(files or []):
            try:
                answered = answer(engine, reading.read(line, where))
            except BadFile as bad:
                answered = _refused(line, bad)
            outcome = _worse(outcome, answered)
            typer.echo(json.dumps(answered, ensure_ascii=False))
    raise typer.Exit(outcome)


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
    except ValueError:
        return None
    found = named.get("id") if isinstance(named, dict) else None
    return found if isinstance(found, str) else None


def _lines(files: list[Path]) -> Iterator[tuple[str, str]]:
    if not files:
        yield from _numbered("standard input", sys.stdin)
    for file in files:
        with _opened(file) as stream:
            yield from _numbered(file.name, stream)


def _opened(file: Path) -> TextIO:
    try:
        return file.open(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        problem = Problem(f"{file}: {error.strerror}.", "Name a file of JSON lines.")
        typer.echo(f"{problem.what} {problem.do_next}", err=True)
        raise typer.Exit(MALFORMED) from None


def _numbered(name: str, stream: TextIO) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(stream, start=1):
        if line.strip():
            yield f"{name}, line {number}", line
