"""Worlds drawn at random, as plain values: what the laws are tried on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random

from hypothesis import strategies as st

from portal.policy.facts import Facts, RecordFacts
from portal.scenarios import reading
from tests.policy.values import facts_about
from tests.scenarios.worlds import a_world


@dataclass(frozen=True)
class Asked:
    """One question of a drawn world: what is known, which record, why, when."""

    facts: Facts
    record: RecordFacts
    purpose: str
    at: datetime


def questions(random: Random) -> Iterator[Asked]:
    """Every question of a world near "allow", for every record; unknown users left out."""
    scenario = reading.read(json.dumps(a_world(random)), "a drawn world")
    users = {user.id for user in scenario.users}
    for asked in scenario.questions:
        if asked.user not in users:
            continue
        for student in scenario.students:
            facts = facts_about(scenario, asked.user, student.id)
            for record in facts.shelf:
                yield Asked(facts, record, asked.purpose, asked.instant)


worlds = st.randoms(use_true_random=True)
"""What a test draws; `questions` makes a world of it.

Hypothesis draws the seed only: drawing each choice, it favors the first of every
list, and hardly a world opens anything.
"""
