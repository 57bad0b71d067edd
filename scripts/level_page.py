"""The page of the reference on the levels of access: the policy's lines beside the table."""

from __future__ import annotations

from portal.policy.levels import LEVELS, SCOPE_KIND_LABELS, rows
from portal.policy.people import LEVELS_OF_ROLE
from portal.vocabulary import LEVEL_LABELS, ROLE_LABELS, Level


def levels() -> str:
    """The ten lines of the policy, each beside what the portal does by it."""
    lines = [
        "# Levels of access",
        "",
        "The lines of *General Access to Database* (Thomaston Public Schools, Data-Based",
        "Information Management System, adopted October 19, 2015) in their order, word for word,",
        "each beside the row of `portal/policy/levels.py` that the gate reads. Support records are",
        "those of the vocabulary's `SUPPORT`; what a row reaches is asked anew at each opening.",
        "Written by `scripts/reference.py`.",
        "",
        "| line | who | the policy says | by | students | records | form | roles |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.line.number} | {row.line.who} | {row.line.sentence} | "
        f"{SCOPE_KIND_LABELS[row.kind]} | {row.students} | {row.records} | {row.form} | "
        f"{_roles(row.level)} |"
        for row in rows()
    ]
    lines += ["", "In no line of the policy:", "", "| level | students | roles |", "|---|---|---|"]
    lines += [
        f"| {LEVEL_LABELS[level]} | {scope.students} | {_roles(level)} |"
        for level, scope in LEVELS.items()
        if scope.line is None
    ]
    return "\n".join(lines) + "\n"


def _roles(level: Level | None) -> str:
    if level is None:
        return "any"
    return ", ".join(ROLE_LABELS[role] for role, has in LEVELS_OF_ROLE.items() if level in has)
