"""The documents name what is there: every code, every test, every page of the reference."""

from __future__ import annotations

import re
from pathlib import Path

from portal.policy.decision import SENTENCES, Reason

ROOT = Path(__file__).resolve().parent.parent
LINE = re.compile(r"^- .+ — (tests/[\w/]+(?:\.py)?)(?:::(\w+))?$")
LINK = re.compile(r"\]\(([^)#:]+)\)")


def test_every_reason_is_explained_and_has_its_sentence():
    told = (ROOT / "docs" / "reference" / "gate.md").read_text(encoding="utf-8")

    assert [reason for reason in Reason if f"`{reason}`" not in told] == []
    assert set(SENTENCES) == set(Reason)


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


def test_every_link_of_the_documents_leads_somewhere():
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "templates" / "README.md"]
    broken = [
        f"{page.name}: {target}"
        for page in pages
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert broken == []
