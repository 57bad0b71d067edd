"""The truth table, asked of the rule and of the query on both databases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, make_url

from portal.scenarios.answering import answer, throwaway
from portal.scenarios.reading import Question, Scenario
from tests.engines import KINDS
from tests.policy.table import TABLE
from tests.policy.table.rows import Row
from tests.policy.values import Change, world_with


@pytest.fixture(scope="module", params=KINDS)
def shelves(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The tables of `portal decide`, made once."""
    url = "sqlite://"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
    with throwaway(url) as engine:
        assert make_url(url).get_backend_name() == engine.dialect.name
        yield engine


def _worlds() -> dict[tuple[Change, ...], list[Row]]:
    """Rows that ask about the same world are asked together."""
    asked = defaultdict(list)
    for row in TABLE:
        asked[row.changes].append(row)
    return asked


def _asking(changes: tuple[Change, ...], rows: list[Row]) -> Scenario:
    questions = [
        Question(user=row.who, record=row.record, purpose=row.purpose, at=row.at.isoformat())
        for row in rows
    ]
    return world_with(*changes).model_copy(update={"questions": questions})


def test_rule_and_query_say_what_the_table_says(shelves: Engine):
    wrong = []
    for changes, rows in _worlds().items():
        told = answer(shelves, _asking(changes, rows))
        wrong += told["disagreements"]
        for row, line in zip(rows, told["answers"], strict=True):
            if (set(line["reasons"]), tuple(line["fields"])) != (row.codes, row.fields):
                wrong.append((str(row), line))
    assert wrong == []
