"""The truth table, asked of the rule by plain values."""

from __future__ import annotations

import pytest

from portal.policy.decision import SENTENCES
from portal.policy.gate import may_open
from tests.policy.table import RULES, TABLE
from tests.policy.table.rows import Row
from tests.policy.values import facts_about, world_with


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_the_rule_says_what_the_table_says(row: Row):
    scenario = world_with(*row.changes)
    student = next(r.student for r in scenario.records if r.id == row.record)
    facts = facts_about(scenario, row.who, student)
    record = next(item for item in facts.shelf if item.id == row.record)

    decision = may_open(facts, record, row.purpose, row.at)

    assert set(decision.codes) == row.codes
    assert decision.fields == row.fields
    assert decision.allowed == bool(row.fields)
    if not decision:
        assert (decision.because, decision.do_next) in SENTENCES.values()


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_has_a_row_that_opens_and_one_that_stays_closed(rule):
    rows = [row for row in TABLE if row.rule == rule]

    assert any(row.fields for row in rows)
    assert any(row.codes for row in rows) or rule == "fields"


def test_every_row_is_of_a_rule_in_the_list():
    assert {row.rule for row in TABLE} == set(RULES)
