"""`portal mou …`: is a Word template usable, and what does it print with these data?

Both read files and no database. What is wrong is told line by line, or as JSON for a program.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from portal import clock
from portal.agreements.clauses.library import SHIPPED
from portal.agreements.documents import FIELDS, Asked, template_problems
from portal.agreements.templates import marked_in
from portal.errors import NotReady, Problem
from portal.vocabulary import AgreementKind
from portal.word import desk
from portal.word.package import MOST_BYTES
from portal.word.problems import TemplateProblem, of_file

app = typer.Typer(no_args_is_help=True, help="Word templates of agreements: check and fill them.")

MOST_DATA = 20 * 2**20
"""Bytes of a file of data."""

Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]


@app.command("check-template")
def check_template(
    file: Annotated[Path, typer.Argument(help="A Word file (.docx).")],
    for_mou: Annotated[
        bool,
        typer.Option("--for-mou", help="Compare with the fields and clauses of an agreement."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Say which fields a Word template asks for, and everything that stands against its use.

    Exit status: 0 it is usable, 1 it is refused. Nothing is written.
    """
    content = _read(file, MOST_BYTES, as_json=as_json, usable=False)
    checked = _for_mou(content) if for_mou else desk.check(content)
    if as_json:
        _print_json(usable=checked.usable, fields=list(checked.fields), problems=checked.problems)
    elif checked.usable:
        typer.echo(f"The template is usable. It asks for {len(checked.fields)} fields:")
        for path in checked.fields:
            typer.echo(f"  {path}")
    else:
        _print_lines(checked.problems)
    raise typer.Exit(0 if checked.usable else 1)


def _for_mou(content: bytes) -> desk.Checked:
    """Against the fields, clauses and schedules that a memorandum of understanding must print."""
    checked = desk.check(content, FIELDS)
    if not checked.fields:
        return checked
    asked = Asked(frozenset(checked.fields), frozenset(marked_in(content)))
    lacks = template_problems(asked, SHIPPED, AgreementKind.MOU)
    known = [problem for problem in lacks if problem.field not in asked.fields - FIELDS]
    told = [of_file(problem.what, problem.do_next) for problem in known]
    return desk.Checked(checked.fields, (*checked.problems, *told))


@app.command("render")
def render(
    template: Annotated[Path, typer.Argument(help="A Word file (.docx) with tags.")],
    data: Annotated[Path, typer.Option(help="A JSON object with a value for every field.")],
    out: Annotated[
        Path,
        typer.Option(
            help="The Word file to write; one that is there is replaced, at once and whole."
        ),
    ],
    as_json: Json = False,
) -> None:
    """Fill a Word template with data, or say everything that stands against it.

    Exit status: 0 it is written, 1 it is refused, and then nothing is written.
    """
    if out.is_dir() or out.is_symlink() or _same(out, template, data):
        told = of_file(f"{out} is a folder, a link, or read from.", "Name another file.")
        _refuse([told], as_json=as_json)
    content = _read(template, MOST_BYTES, as_json=as_json)
    values = _object(_read(data, MOST_DATA, as_json=as_json), data, as_json=as_json)
    try:
        made = desk.fill(content, values, at=clock.now())
    except NotReady as refusal:
        _refuse([_of_data(problem) for problem in refusal.problems], as_json=as_json)
    except desk.BadTemplate as refusal:
        _refuse(refusal.found, as_json=as_json)
    _write(out, made, as_json=as_json)
    if as_json:
        _print_json(written=str(out), problems=[])
    else:
        typer.echo(f"{out} is written.")


def _same(out: Path, *read: Path) -> bool:
    return out.exists() and any(file.exists() and out.samefile(file) for file in read)


def _of_data(problem: Problem) -> TemplateProblem:
    return TemplateProblem(desk.DATA, None, problem.field, problem.what, problem.do_next)


def _read(file: Path, most: int, *, as_json: bool, usable: bool | None = None) -> bytes:
    """The bytes of a file, at most so many and one more."""
    try:
        if not file.is_file():
            cause = "is a folder" if file.is_dir() else "is not there"
            told = of_file(f"{file} {cause}.", "Name a file.")
            _refuse([told], as_json=as_json, usable=usable)
        with file.open("rb") as stream:
            return stream.read(most + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "It cannot be read"
        told = of_file(f"{file}: {why}.", "Name a file that can be read.")
        _refuse([told], as_json=as_json, usable=usable)


def _object(content: bytes, file: Path, *, as_json: bool) -> dict[str, Any]:
    """The data; every way in which they can be no plain JSON object is one sentence."""

    def stop(cause: str, fix: str = "Bring a JSON object, such as {“name”: “Harbor”}.") -> NoReturn:
        _refuse([TemplateProblem(desk.DATA, None, file.name, cause, fix)], as_json=as_json)

    def pairs(listed: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(listed)
        if len(made) < len(listed):
            names = [name for name, _ in listed]
            twice = next(name for name in names if names.count(name) > 1)
            stop(f"“{twice[:60]}” is there twice.", "Keep one of the two.")
        return made

    def constant(name: str) -> NoReturn:
        stop(f"{name} is no number that can be printed.", "Give a number, or null.")

    if len(content) > MOST_DATA:
        stop(f"The data are larger than {MOST_DATA // 2**20} MB.", "Bring less.")
    try:
        told = json.loads(
            content.decode("utf-8-sig"), object_pairs_hook=pairs, parse_constant=constant
        )
    except (ValueError, RecursionError):
        stop("The data are no JSON in UTF-8, or are nested too deep.")
    if not isinstance(told, dict):
        stop("The data are no JSON object.")
    return told


def _write(out: Path, content: bytes, *, as_json: bool) -> None:
    """All of it or nothing: beside its place first, then there."""
    try:
        number, beside = tempfile.mkstemp(prefix=".portal-", suffix=".docx", dir=out.parent)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(content)
            Path(beside).chmod(0o644)
            Path(beside).replace(out)
        finally:
            Path(beside).unlink(missing_ok=True)
    except OSError as error:
        told = of_file(f"{out}: {error.strerror}.", "Name a file that can be written.")
        _refuse([told], as_json=as_json)


def _refuse(
    problems: Iterable[TemplateProblem], *, as_json: bool, usable: bool | None = None
) -> NoReturn:
    listed = list(problems)
    if not as_json:
        _print_lines(listed)
    elif usable is None:
        _print_json(written=None, problems=listed)
    else:
        _print_json(usable=usable, fields=[], problems=listed)
    raise typer.Exit(1)


def _print_lines(problems: Iterable[TemplateProblem]) -> None:
    for problem in problems:
        typer.echo(problem.line, err=True)


def _print_json(*, problems: Iterable[TemplateProblem], **told: Any) -> None:
    listed = [problem.as_dict() for problem in problems]
    typer.echo(json.dumps({**told, "problems": listed}, ensure_ascii=False, indent=2))
