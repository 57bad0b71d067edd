"""What the rules read is what the shelves hold: nothing lost, nothing added, on both databases."""

from __future__ import annotations

import json
import uuid
from dataclasses import fields, is_dataclass
from datetime import timedelta
from typing import Any

from hypothesis import given
from sqlalchemy import Engine, event

from portal.access import facts as facts_of
from portal.policy.facts import Facts
from portal.policy.spans import Span
from portal.scenarios import reading
from portal.scenarios.shelving import Keys, shelve
from tests import factories as make
from tests.engines import rolled_back
from tests.people import LONG_AGO, NOW, Cast
from tests.policy.drawn import worlds
from tests.policy.values import facts_about
from tests.scenarios.worlds import a_world


@given(random=worlds)
def test_the_facts_from_the_shelves_are_those_of_the_world_put_on_them(engine: Engine, random):
    scenario = reading.read(json.dumps(a_world(random)), "a drawn world")
    with rolled_back(engine) as session:
        keys = shelve(session, scenario)
        for user in scenario.users:
            for student in scenario.students:
                found = facts_of.load_known(
                    session, keys.of("users", user.id), keys.of("students", student.id)
                )
                expected = facts_about(scenario, user.id, student.id)
                assert comparable(found, keys) == comparable(expected, None)


def comparable(facts: Facts, keys: Keys | None) -> dict[str, Any]:
    """By the scenario's names, without regard to order, and without the students' own district."""
    told = {field.name: _told(getattr(facts, field.name), keys) for field in fields(facts)}
    told["organizations"] = {
        name: org for name, org in told["organizations"].items() if name in _met(told)
    }
    # A scenario does not name its grants; the order among equal ones is then by nothing else.
    told["grants"] = sorted((grant | {"id": ""} for grant in told["grants"]), key=repr)
    return told


def _met(told: dict[str, Any]) -> set[str]:
    return {told["user"]["organization"], *(record["custodian"] for record in told["shelf"])}


def _told(value: Any, keys: Keys | None) -> Any:
    if is_dataclass(value):
        return {field.name: _told(getattr(value, field.name), keys) for field in fields(value)}
    if isinstance(value, (tuple, list, frozenset)):
        return sorted((_told(item, keys) for item in value), key=repr)
    if isinstance(value, dict):
        return {_told(key, keys): _told(item, keys) for key, item in value.items()}
    return _named(value, keys) if type(value) is str and keys else value


def _named(value: str, keys: Keys) -> str:
    try:
        return keys.name(uuid.UUID(value))
    except ValueError:
        return value


def test_there_are_no_facts_about_nobody(cast: Cast):
    nobody = uuid.uuid4()

    assert facts_of.load(cast.session, cast.ana.id, cast.luis.id) is not None
    assert facts_of.load(cast.session, nobody, cast.luis.id) is None
    assert facts_of.load(cast.session, cast.ana.id, nobody) is None


def test_facts_come_from_as_many_questions_however_many_records_there_are(cast: Cast):
    def asked() -> int:
        cast.session.expire_all()
        statements: list[str] = []
        listen = (cast.session.connection(), "before_cursor_execute")

        def count(_connection, _cursor, statement, *_rest):
            statements.append(statement)

        event.listen(*listen, count)
        facts_of.load(cast.session, cast.rita.id, cast.luis.id)
        event.remove(*listen, count)
        return len(statements)

    make.consent(cast.session, cast.luis, cast.riverside, cast.maria)
    few = asked()
    for _ in range(20):
        make.record(cast.session, cast.luis, "visits")
        make.consent(cast.session, cast.luis, cast.riverside, cast.maria)

    assert asked() == few <= 24


def test_a_span_without_a_start_is_none():
    assert facts_of.optional_span(None, None) is None
    assert facts_of.optional_span(None, NOW) is None
    assert facts_of.optional_span(LONG_AGO, None) == Span(LONG_AGO)
    assert facts_of.optional_span(LONG_AGO, NOW) == Span(LONG_AGO, NOW)


def test_an_instant_keeps_its_microseconds(cast: Cast):
    instant = NOW - timedelta(days=1, microseconds=1)
    record = make.record(cast.session, cast.luis, "visits", event=instant)
    cast.session.expire_all()

    [found] = [
        item
        for item in facts_of.load_known(cast.session, cast.ana.id, cast.luis.id).shelf
        if item.id == str(record.id)
    ]
    assert found.event == instant
    assert found.event.tzinfo is not None
