"""The truth table, asked of the rule and of the query on both databases."""

from __future__ import annotations

from collections import defaultdict

import pytest
from sqlalchemy import Engine

from portal.scenarios.answering import answer
from portal.scenarios.reading import Question, Scenario
from tests.policy.table import RULES, TABLE
from tests.policy.table.rows import Row
from tests.policy.values import Change, world_with


def _worlds(rule: str) -> dict[tuple[Change, ...], list[Row]]:
    """Rows that ask about the same world are asked together."""
    asked = defaultdict(list)
    for row in TABLE:
        if row.rule == rule:
            asked[row.changes].append(row)
    return asked


def _asking(changes: tuple[Change, ...], rows: list[Row]) -> Scenario:
    questions = [
        Question(user=row.who, record=row.record, purpose=row.purpose, at=row.at.isoformat())
        for row in rows
    ]
    return world_with(*changes).model_copy(update={"questions": questions})


@pytest.mark.parametrize("rule", RULES)
def test_rule_and_query_say_what_the_table_says(shelves: Engine, rule: str):
    wrong = []
    for changes, rows in _worlds(rule).items():
        told = answer(shelves, _asking(changes, rows))
        wrong += told["disagreements"]
        for row, line in zip(rows, told["answers"], strict=True):
            if (set(line["reasons"]), tuple(line["fields"])) != (row.codes, row.fields):
                wrong.append((str(row), line))
    assert wrong == []
