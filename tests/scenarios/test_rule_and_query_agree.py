"""The rule and the SELECT are two tellings of one gate: on both databases they must agree."""

import json

from hypothesis import given
from sqlalchemy import Engine

from portal.scenarios import reading
from portal.scenarios.answering import answer
from tests.policy.drawn import worlds
from tests.scenarios.worlds import a_world


@given(random=worlds)
def test_the_rule_and_the_query_open_the_same_records_in_the_same_fields(engine: Engine, random):
    scenario = reading.read(json.dumps(a_world(random)), "a drawn world")

    told = answer(engine, scenario)

    assert told["disagreements"] == []
    assert len(told["answers"]) == len(scenario.questions) * len(scenario.records)
