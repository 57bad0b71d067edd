"""Cases written by hand: who asks for what, why, and what the answer must be, on both databases.

Each line of a *.jsonl file beside this one is a scenario as `portal decide` takes it. Its `note`
says who, what, why and by which law; its `expect` has an entry for each answer, in order: `allow`,
and the `fields` that open or the sorted `reasons` why not. docs/reference/gate.md prints them all.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from portal.policy.decision import Reason
from portal.scenarios import reading
from portal.scenarios.answering import answer

HERE = Path(__file__).parent


def lines_of(name: str) -> list[str]:
    return [line for line in (HERE / name).read_text(encoding="utf-8").splitlines() if line.strip()]


LINES = [line for file in sorted(HERE.glob("*.jsonl")) for line in lines_of(file.name)]


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


def test_every_case_says_who_what_why_and_by_which_law():
    notes = [json.loads(line)["note"] for line in LINES]

    assert len(notes) > 20
    assert all(list(note) == ["who", "what", "why", "law"] for note in notes)
    assert all(all(note.values()) for note in notes)


FLAWS = """
    NOT_SIGNED NOT_DATED NOT_CONFIRMED SIGNER_NOT_HOLDER HOLDER_CHANGED ORDER_LIMITS_SIGNER
    BIRTH_DATE_UNKNOWN NO_RECORDS NO_PURPOSE NO_RECIPIENT RECIPIENT_NOT_NAMED ITEM_NOT_COVERED
    PURPOSE_DIFFERS DATE_OUTSIDE_RANGE NOT_YET_EFFECTIVE EXPIRED EVENT_PENDING_REVIEW REVOKED
    REVOCATION_HOLD SUPERSEDED KNOWN_FALSE MISSING_AUTHORITY COMPOUND NO_SPECIAL_INITIALS
    MINOR_SIGNATURE_NEEDED ALL_FAMILY_NEEDED SIGNATURE_UNAUTHENTICATED FORM_SUPERSEDED TEXT_MISMATCH
"""
MISSING = {reason for reason in Reason if reason.startswith("MISSING_STATEMENT:")}
OF_A_CONSENT = {*FLAWS.split(), *MISSING}
"""Each way in which a consent can fail to be valid."""


def alone_in(name: str) -> set[str]:
    """The reasons that stand alone in some answer of this file."""
    return {
        expected["reasons"][0]
        for line in lines_of(name)
        for expected in json.loads(line)["expect"]
        if len(expected.get("reasons", ())) == 1
    }


def test_each_flaw_of_a_consent_has_a_case_in_which_it_stands_alone():
    assert alone_in("consent_validity.jsonl") == OF_A_CONSENT
    assert set(map(str, Reason)) >= OF_A_CONSENT


def test_each_way_in_which_a_line_does_not_carry_has_a_case_in_which_it_stands_alone():
    assert alone_in("agreement_lines.jsonl") == {
        *("PURPOSE_NOT_IN_AGREEMENT", "BASIS_NOT_IN_AGREEMENT", "ADDED_AFTER_CONSENT"),
        "PURPOSE_DIFFERS",
    }


def test_whatever_narrows_one_record_has_a_case_in_which_it_stands_alone():
    assert alone_in("narrower.jsonl") >= {
        *("RESTRICTED", "NOT_IN_AUDIENCE", "INSIDE_ONLY", "CONFLICT_OF_INTEREST", "DRAFT"),
    }


def test_each_flaw_of_a_consent_is_the_name_of_a_case():
    names = {json.loads(line)["id"] for line in lines_of("consent_validity.jsonl")}

    assert names >= OF_A_CONSENT


BASES = [*(f"B{number}" for number in range(1, 19)), "B7-CT", "B8-USA", "Anything else:"]
"""The bases of disclosure, those that the gate has no way for too."""


@pytest.mark.parametrize("basis", BASES)
def test_each_basis_has_a_case(basis: str):
    names = [json.loads(line)["id"] for line in lines_of("bases.jsonl")]

    assert [name for name in names if name.startswith(f"{basis} ")]


def test_what_is_not_by_the_gate_is_refused():
    for line in lines_of("bases.jsonl"):
        case = json.loads(line)
        if "not by the gate: " in case["note"]["why"]:
            assert any(not expected["allow"] for expected in case["expect"]), case["id"]


def test_every_case_has_its_own_name():
    names = [json.loads(line)["id"] for line in LINES]

    assert len(names) == len(set(names))
