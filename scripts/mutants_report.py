"""What the last mutation runs left: a table of counts, and each mutant that no test noticed.

    .venv/bin/python scripts/mutants_report.py            the table, and what is not yet explained
    .venv/bin/python scripts/mutants_report.py --write    the table into docs/reference/mutants.md

A survivor is explained when docs/reference/mutants.md names its function and, below it, the line
as the mutant has it, or when the line fits one of the patterns that it has under "Anywhere". The
exit code is 1 while one is not.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "reference" / "mutants.md"
FLOORS = ("policy", "access")
COLUMNS = ("killed", "caught by type check", "survived", "no tests", "timeout", "not checked")
TABLE = re.compile(r"(?<=<!-- counts -->\n).*?(?=<!-- end of counts -->)", re.DOTALL)


def verdicts(floor: str) -> Iterator[tuple[str, Path, dict[str, str]]]:
    """Each module of a floor, the copy it was broken in, and what became of its mutants.

    Of a module that was broken in more than one copy, the newest.
    """
    metas = (ROOT / "mutants").glob(f"*/mutants/portal/{floor}/*.py.meta")
    newest = {meta.name: meta for meta in sorted(metas, key=lambda meta: meta.stat().st_mtime)}
    for name, meta in sorted(newest.items()):
        codes = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
        if codes:
            states = {name: status_by_exit_code[code] for name, code in codes.items()}
            yield name.removesuffix(".py.meta"), meta.parents[3], states


def table() -> str:
    lines = ["| module | made | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 2) + "|"]
    for floor in FLOORS:
        whole: Counter[str] = Counter()
        for module, _copy, states in verdicts(floor):
            counts = Counter(states.values())
            lines.append(_row(f"{floor}.{module}", counts))
            whole += counts
        lines.append(_row(f"**{floor}**", whole))
    return "\n".join(lines) + "\n"


def _row(name: str, counts: Counter[str]) -> str:
    numbers = [counts.total(), *(counts[column] for column in COLUMNS)]
    return f"| {name} | " + " | ".join(map(str, numbers)) + " |"


def unexplained() -> Iterator[str]:
    """Name and difference of each mutant that is neither killed nor explained."""
    told = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else ""
    for floor in FLOORS:
        for module, copy, states in verdicts(floor):
            for name, state in states.items():
                if state not in ("killed", "caught by type check", "not checked"):
                    changed = _difference(copy, name, Path("portal", floor, f"{module}.py"))
                    if not _is_explained(told, f"{floor}.{module}", name, changed):
                        yield f"{name}: {state}\n" + "\n".join(changed)


def _difference(copy: Path, name: str, file: Path) -> list[str]:
    here = Path.cwd()
    os.chdir(copy)  # mutmut knows only the folder it stands in
    try:
        lines = get_diff_for_mutant(name, path=file).splitlines()
    finally:
        os.chdir(here)
    return [line for line in lines if re.match(r"[-+](?![-+])", line)]


def _is_explained(told: str, module: str, name: str, changed: list[str]) -> bool:
    function = re.sub(r".*\.x_?|__mutmut_\d+$", "", name).strip("ǁ").replace("ǁ", ".")
    [about] = re.findall(rf"^### `{module}\.{function}`\n(.*?)(?=^#|\Z)", told, re.S | re.M) or [""]
    [anywhere] = re.findall(r"^### Anywhere\n(.*?)(?=^#)", told, re.S | re.M) or [""]
    patterns = re.findall(r"`(.+?)`", anywhere)
    said = [line[1:].strip() for line in changed if line.startswith("+")]
    return any(line in about or _fits(patterns, line) for line in said)


def _fits(patterns: list[str], line: str) -> bool:
    return any(re.fullmatch(pattern, line) for pattern in patterns)


def main() -> int:
    if "--write" in sys.argv:
        old = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(TABLE.sub(lambda _found: table(), old), encoding="utf-8")
    else:
        sys.stdout.write(table())
    left = list(unexplained())
    sys.stdout.write("\n".join([*left, f"{len(left)} not explained", ""]))
    return 1 if left else 0


if __name__ == "__main__":
    raise SystemExit(main())
