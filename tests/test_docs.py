"""The documents name what is there: every code, every test, every page of the reference."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

from portal.policy.decision import SENTENCES, Reason
from portal.scenarios import reading
from portal.scenarios.answering import answer, throwaway
from portal.scenarios.reading import Scenario
from tests.policy.table import RULES, TABLE

ROOT = Path(__file__).resolve().parent.parent
LINE = re.compile(r"^- .+ — (tests/[\w/]+(?:\.py)?)(?:::(\w+))?$")
LINK = re.compile(r"\]\(([^)#:]+)\)")


def test_every_reason_is_explained_and_has_its_sentence():
    told = (ROOT / "docs" / "reference" / "gate.md").read_text(encoding="utf-8")

    assert [reason for reason in Reason if f"`{reason}`" not in told] == []
    assert set(SENTENCES) == set(Reason)


CODE = re.compile(r"`([A-Z][A-Z_\d]+(?::\w+)?)`")
ROW_OF_A_RULE = re.compile(r"^\| ([A-Z]\d) \|.+\|(.*)\|$", re.MULTILINE)


def test_each_rule_of_the_gate_is_explained_with_codes_that_the_table_gives_for_it():
    told = ROW_OF_A_RULE.findall((ROOT / "docs" / "reference" / "gate.md").read_text("utf-8"))
    pairs = {(rule, code) for rule, codes in told for code in CODE.findall(codes)}
    shown = {(row.rule, code) for row in TABLE for code in row.codes}

    assert {rule for rule, _codes in told} == {rule for rule in RULES if len(rule) == 2}
    assert pairs - shown == set()


def test_every_field_of_a_scenario_is_explained():
    text = (ROOT / "docs" / "reference" / "gate.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)`[^|]* \| (.+) \|$", text, re.MULTILINE))
    [more] = re.findall(r"More of a consent.+?\n\n(.+?)\n\n", text, re.DOTALL)
    rows["consents"] += more
    for name, field in Scenario.model_fields.items():
        part = (get_args(field.annotation) or (field.annotation,))[0]
        if name != "id":
            assert set(part.model_fields) <= set(re.findall(r"`(\w+)`", rows[name])), name


def test_the_scenario_of_the_documents_is_answered_as_they_say():
    text = (ROOT / "docs" / "reference" / "gate.md").read_text(encoding="utf-8")
    asked, answered = re.findall(r"```json\n(.+?)```", text, re.DOTALL)
    with throwaway("sqlite://") as engine:
        told = answer(engine, reading.read(asked, "the documents"))

    assert told == json.loads(answered)


def test_every_capability_names_a_test_that_exists():
    text = (ROOT / "docs" / "capabilities.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("- ")]

    assert len(lines) > 50
    assert [line for line in lines if not _shown(line)] == []


def _shown(line: str) -> bool:
    found = LINE.match(line)
    if found is None:
        return False
    file, test = ROOT / found[1], found[2]
    return file.exists() and (test is None or f"def {test}(" in file.read_text(encoding="utf-8"))


def test_every_abuse_case_names_tests_that_exist():
    text = (ROOT / "docs" / "reference" / "abuse-cases.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)
    cases = re.findall(r"^\| (\d+) \| .+ \| .*`tests/", text, re.MULTILINE)

    assert len(named) > 100
    assert [int(number) for number in cases] == list(range(1, 16))
    assert [f"{file}::{test}" for file, test in named if not _is_there(file, test)] == []


def _is_there(file: str, test: str) -> bool:
    return f"def {test}(" in (ROOT / file).read_text(encoding="utf-8")


def test_every_link_of_the_documents_leads_somewhere():
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "templates" / "README.md"]
    broken = [
        f"{page.name}: {target}"
        for page in pages
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert broken == []
