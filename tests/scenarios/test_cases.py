"""Cases written by hand: who asks for what, why, and what the answer must be, on both databases.

Each line of a *.jsonl file beside this one is a scenario as `portal decide` takes it. Its `note`
says who, what and why; its `expect` has an entry for each answer, in order: `allow`, and the
`fields` that open or the sorted `reasons` why not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from portal.scenarios import reading
from portal.scenarios.answering import answer, throwaway

FILES = sorted(Path(__file__).parent.glob("*.jsonl"))
LINES = [
    line for file in FILES for line in file.read_text(encoding="utf-8").splitlines() if line.strip()
]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def shelves(request: pytest.FixtureRequest) -> Iterator[Engine]:
    postgres = request.param == "postgres"
    with throwaway(request.getfixturevalue("postgres_url") if postgres else "sqlite://") as engine:
        yield engine


@pytest.mark.parametrize("line", LINES, ids=lambda line: json.loads(line)["id"])
def test_the_case_is_answered_as_its_writer_expects(shelves: Engine, line: str):
    told = answer(shelves, reading.read(line, "a case"))

    assert told["disagreements"] == []
    for answered, expected in zip(told["answers"], json.loads(line)["expect"], strict=True):
        assert _as_expected(answered) == expected, (answered["user"], answered["record"])


def _as_expected(answered: dict[str, Any]) -> dict[str, Any]:
    if answered["allow"]:
        return {"allow": True, "fields": answered["fields"]}
    return {"allow": False, "reasons": sorted(answered["reasons"])}


def test_every_case_says_who_what_and_why():
    notes = [json.loads(line)["note"] for line in LINES]

    assert len(notes) > 20
    assert all(set(note) == {"who", "what", "why"} and all(note.values()) for note in notes)


def test_every_case_has_its_own_name():
    names = [json.loads(line)["id"] for line in LINES]

    assert len(names) == len(set(names))
