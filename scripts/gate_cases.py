"""The cases of tests/scenarios as tables for docs/reference/gate.md, which counsel reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from portal.config import ROOT
from portal.policy.decision import FULL
from portal.vocabulary import Field

FOLDER = ROOT / "tests" / "scenarios"
HEADINGS = {
    "bases.jsonl": "Each basis of disclosure",
    "consent_validity.jsonl": "Each flaw of a consent",
    "consents.jsonl": "Consents and agreements",
    "agreement_lines.jsonl": "What a line of an agreement carries",
    "inside_a_district.jsonl": "Inside a district, and between districts",
    "narrower.jsonl": "What narrows one record, or stands between two people",
    "legal_bases.jsonl": "Legal bases without a consent",
}
"""The files in the order of the page."""

HEAD = "| case | who asks what | why | answers | law |\n|---|---|---|---|---|"
Case = dict[str, Any]


def tables() -> str:
    """Every case of every file; raises KeyError for a file without a heading."""
    found = {file.name: file for file in FOLDER.glob("*.jsonl")}
    in_order = sorted(found, key=list(HEADINGS).index)
    return "\n".join(_section(HEADINGS[name], found[name]) for name in in_order)


def _section(heading: str, file: Path) -> str:
    lines = file.read_text(encoding="utf-8").splitlines()
    rows = (_row(json.loads(line)) for line in lines if line.strip())
    return "\n".join([f"#### {heading}", "", f"`tests/scenarios/{file.name}`", "", HEAD, *rows, ""])


def _row(case: Case) -> str:
    note = case["note"]
    answers = "<br>".join(_answers(case))
    asked = f"{_sentence(note['who'])} {_sentence(note['what'])}"
    cells = [case["id"], asked, _sentence(note["why"]), answers, note["law"]]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _sentence(told: str) -> str:
    return f"{told[0].upper()}{told[1:]}."


def _answers(case: Case) -> Iterator[str]:
    """One line for each answer, in the order in which `portal decide` gives them."""
    everything = [record["id"] for record in case["records"]]
    asked = [
        (question, record)
        for question in case["questions"]
        for record in ([question["record"]] if "record" in question else everything)
    ]
    several = len({question["purpose"] for question in case["questions"]}) > 1
    for (question, record), expected in zip(asked, case["expect"], strict=True):
        when = datetime.fromisoformat(question["at"]).strftime("%Y-%m-%d %H:%M:%S")
        why = f", to {question['purpose']}" if several else ""
        yield f"{question['user']}, {record}, {when}{why}: {_answer(expected)}"


def _answer(expected: Case) -> str:
    if not expected["allow"]:
        return "closed, " + ", ".join(f"`{reason}`" for reason in expected["reasons"])
    full = [str(field) for field in Field if field in FULL]
    return "**open** in full" if expected["fields"] == full else "**open** in summary"
