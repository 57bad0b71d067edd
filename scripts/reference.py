"""Write the pages of docs/reference that the code itself tells, so that they cannot lie.

.venv/bin/python scripts/reference.py
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from portal.cli import app
from portal.config import ROOT, Settings
from portal.consents.forms.elements import ELEMENTS, Element, name_of
from scripts.agreement_pages import agreement_clauses, agreement_elements
from scripts.catalog_page import data_catalog
from scripts.fhir_page import fhir
from scripts.gate_cases import tables
from scripts.level_page import levels

FOLDER = ROOT / "docs" / "reference"


RIGHT = """\
Commands that touch an installation with real data (`import`, `digest`, `audit`, `year`, `consent
export-fhir`, `agreement`, `service-account`, and `create-admin` after the first) run by the token
of a service account, in `PORTAL_SERVICE_TOKEN`. An administrator makes one on the page Service
accounts (from People): it is shown once, does what its scopes name for its own district, and ends
within a year. The ledger names it. Exit status 2 and a sentence when there is none, when it is
wrong, ended, too old, of another district, or may not do this. No token is needed in a
demonstration, and before anybody can sign in: while no password is set and no service account
made. No person's password is ever typed at the command line but a first administrator's own."""


def commands() -> str:
    """Every command with its help, as the command itself prints it."""
    head = "What `portal COMMAND --help` says. Written by `scripts/reference.py`."
    lines = ["# Commands", "", head, "", RIGHT]
    for name, command in _walk("portal", typer.main.get_command(app)):
        lines += ["", f"## {name}", "", *_described(command)]
    return "\n".join(lines) + "\n"


def _walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        yield name, command
        return
    for part in sorted(command.commands):
        yield from _walk(f"{name} {part}", command.commands[part])


def _described(command: Any) -> Iterator[str]:
    yield (command.help or "").strip()
    if command.params:
        yield ""
        yield "| parameter | what |"
        yield "|---|---|"
    for parameter in command.params:
        option = parameter.param_type_name == "option"
        names = ", ".join(parameter.opts) if option else str(parameter.name).upper()
        yield f"| `{names}` | {parameter.help or ''} |"


def settings() -> str:
    """Every setting: its variable, its default and what it is for."""
    lines = [
        "# Settings",
        "",
        "Environment variables, or lines of a `.env` file. Written by `scripts/reference.py`.",
        "",
        "| variable | default | what |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        default = str(field.default).replace(str(ROOT), ".")
        lines.append(f"| `PORTAL_{name.upper()}` | `{default}` | {field.description} |")
    return "\n".join(lines) + "\n"


def consent_elements() -> str:
    """What the law asks of a consent form, and what carries it."""
    lines = [
        "# What a consent form must have",
        "",
        "A form that lacks a *must* that binds it cannot be published; a *good* is told as advice.",
        "No form can carry a row of the process: it names who fulfils it. No legal advice: a",
        "district's counsel confirms it. Written by `scripts/reference.py` from",
        "`portal/consents/forms/elements.py`.",
        "",
        "| id | element | law | citation | binds when | rank | on the form, or fulfilled by |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [f"| {' | '.join(_row(element))} |" for element in ELEMENTS]
    return "\n".join(lines) + "\n"


def _row(element: Element) -> tuple[str, ...]:
    bound = element.bound
    scope = ", ".join(part for part in ((bound.instrument or "").upper(), bound.trait) if part)
    where = "; ".join(name_of(part) for part in element.where) or "the form as a whole"
    return (
        f"`{element.id}`",
        element.words,
        element.law,
        element.citation,
        f"{bound.words} ({scope})" if scope else bound.words,
        element.rank if element.of_the_form else f"{element.rank}, process",
        where if element.of_the_form else f"*{element.by}*",
    )


BEGIN = "<!-- The cases: written by scripts/reference.py from tests/scenarios. -->\n"
END = "<!-- The end of the cases. -->\n"


def gate() -> str:
    """The page of the gate as it stands, with its cases written anew between the two marks."""
    page = (FOLDER / "gate.md").read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    _old, after = rest.split(END)
    return f"{before}{BEGIN}\n{tables()}\n{END}{after}"


PAGES = {
    "agreement-clauses.md": agreement_clauses,
    "agreement-elements.md": agreement_elements,
    "commands.md": commands,
    "consent-elements.md": consent_elements,
    "data-catalog.md": data_catalog,
    "fhir.md": fhir,
    "gate.md": gate,
    "levels.md": levels,
    "settings.md": settings,
}


def write(folder: Path = FOLDER) -> None:
    """Write every page."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, told in PAGES.items():
        (folder / name).write_text(told(), encoding="utf-8")


if __name__ == "__main__":
    write()
