"""Write docs/reference from the code, so that it cannot lie: commands, settings, the gate's cases.

.venv/bin/python scripts/reference.py
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from portal.cli import app
from portal.config import ROOT, Settings
from scripts.gate_cases import tables

FOLDER = ROOT / "docs" / "reference"


def commands() -> str:
    """Every command with its help, as the command itself prints it."""
    head = "What `portal COMMAND --help` says. Written by `scripts/reference.py`."
    lines = ["# Commands", "", head]
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


BEGIN = "<!-- The cases: written by scripts/reference.py from tests/scenarios. -->\n"
END = "<!-- The end of the cases. -->\n"


def gate() -> str:
    """The page of the gate as it stands, with its cases written anew between the two marks."""
    page = (FOLDER / "gate.md").read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    _old, after = rest.split(END)
    return f"{before}{BEGIN}\n{tables()}\n{END}{after}"


PAGES = {"commands.md": commands, "gate.md": gate, "settings.md": settings}


def write(folder: Path = FOLDER) -> None:
    """Write every page."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, told in PAGES.items():
        (folder / name).write_text(told(), encoding="utf-8")


if __name__ == "__main__":
    write()
