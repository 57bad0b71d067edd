"""Why somebody can see a student's page, and which kinds of record are open to them."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from portal.policy.decision import FULL, Basis, BasisKind, allow
from portal.policy.facts import LineFacts
from portal.policy.gate import may_open
from portal.policy.onlookers import Why, moments, opened_to, why
from portal.policy.rights import majority_at
from portal.policy.spans import Span
from portal.vocabulary import Level
from tests.policy.values import DAY, LONG_AGO, TICK, T, a_grant, facts_about, world_with

PURPOSE = "coordinate"


def about(who: str, *changes):
    return facts_about(world_with(*changes), who, "luis")


def asked_one_by_one(facts):
    """What the gate says of each record, without leaving out what is like another."""
    return {r.category for r in facts.shelf if may_open(facts, r, PURPOSE, T)}


@pytest.mark.parametrize("who", ["ana", "tom", "dina", "sue", "paula", "rita", "rob", "charlie"])
def test_the_kinds_are_those_that_the_gate_opens_record_by_record(who):
    facts = about(who, a_grant("paula"))
    found = opened_to(facts, facts.shelf, PURPOSE, T)

    assert set(found) == asked_one_by_one(facts)
    assert all(found.values())


def _visit(facts, name: str, **changes):
    return replace(next(r for r in facts.shelf if r.id == "visits"), id=name, **changes)


@pytest.mark.parametrize(
    ("who", "closed"),
    [
        ("cora", {"draft": True, "author": "ana"}),  # her own draft would be open to her
        ("rita", {"event": T + 400 * DAY}),  # across, each record is by itself
        ("rita", {"custodian": "D2"}),
    ],
)
def test_a_closed_record_of_a_kind_hides_no_open_one_of_it(who, closed):
    facts = about(who)
    shelf = [_visit(facts, "closed", **closed), _visit(facts, "open", author="cora"),
             _visit(facts, "open too", draft=True, author="cora")]  # fmt: skip

    for order in (*permutations(shelf), *permutations(shelf[:2])):
        assert set(opened_to(facts, order, PURPOSE, T)) == {"visits"}


def test_a_draft_of_somebody_else_hides_none_of_one_s_own():
    facts = about("cora")
    theirs, own = (_visit(facts, who, draft=True, author=who) for who in ("ana", "cora"))

    assert set(opened_to(facts, [theirs, own], PURPOSE, T)) == {"visits"}


def test_after_a_kind_that_is_open_already_the_others_are_looked_at():
    facts = about("ana")
    health = next(r for r in facts.shelf if r.category == "health")
    shelf = [_visit(facts, "a"), _visit(facts, "b"), health]

    assert set(opened_to(facts, shelf, PURPOSE, T)) == {"visits", "health"}


def test_what_is_like_a_refused_record_is_not_asked_about_again(monkeypatch):
    asked = []

    def counting(facts, record, purpose, at):
        asked.append(record.id)
        return may_open(facts, record, purpose, at)

    monkeypatch.setattr("portal.policy.onlookers.may_open", counting)
    for who, names in {"paula": ["a"], "ana": ["a"], "rob": ["a", "b"]}.items():
        facts = about(who)
        opened_to(facts, [_visit(facts, "a"), _visit(facts, "b")], PURPOSE, T)
        assert asked == names, who
        asked.clear()


LEVELS_WHY = {
    "ana": Why.CASELOAD,
    "cora": Why.CASELOAD,
    "tom": Why.CLASS,
    "omar": Why.BUILDING,
    "dina": Why.PROGRAM,
    "sue": Why.DISTRICT,
}


@pytest.mark.parametrize("who", LEVELS_WHY)
def test_inside_the_reason_is_the_level(who):
    facts = about(who)
    decision = may_open(facts, next(r for r in facts.shelf if r.id == "identity"), PURPOSE, T)

    assert why(facts, decision) is LEVELS_WHY[who]


@pytest.mark.parametrize(
    ("kinds", "reason"),
    [
        ([BasisKind.CONSENT, BasisKind.COURT_ORDER], Why.CONSENT),
        ([BasisKind.OWN, BasisKind.CONSENT], Why.CONSENT),
        ([BasisKind.GRANT, BasisKind.OWN], Why.GRANT),
        ([BasisKind.OWN], Why.CASELOAD),
        ([BasisKind.OWN_EMERGENCY], Why.EMERGENCY),
        ([BasisKind.EMERGENCY], Why.LAW),
    ],
)
def test_a_paper_is_named_before_the_level_and_the_law_last(kinds, reason):
    facts = about("ana")
    assert facts.user.level is Level.CLINICIAN

    assert why(facts, allow(*(Basis(kind, (), FULL) for kind in kinds))) is reason


# When it may change

DAYS = [LONG_AGO + n * DAY for n in range(1, 9)]


def test_it_may_change_at_each_date_among_the_facts_and_at_majority():
    facts = about("rita")
    [consent], [agreement] = facts.consents, facts.agreements
    added = {"visits": LineFacts(since=DAYS[5])}
    bounded = replace(
        facts,
        user=replace(facts.user, active=Span(LONG_AGO - DAY, DAYS[0])),
        consents=(replace(consent, span=Span(DAYS[1], DAYS[2]), revoked_at=DAYS[3]),),
        agreements=(replace(agreement, terminated=DAYS[4], a_to_b=added),),
    )
    found = moments(bounded, LONG_AGO, DAYS[6])

    assert {*DAYS[:6], LONG_AGO} <= set(found)
    assert found == sorted(set(found))
    assert all(LONG_AGO <= moment < DAYS[6] for moment in found)


def test_the_first_instant_counts_and_the_last_does_not():
    facts = about("ana")
    start = replace(facts, user=replace(facts.user, active=Span(DAYS[0], DAYS[1])))

    assert moments(start, DAYS[0], DAYS[1]) == [DAYS[0]]
    assert moments(start, DAYS[0], DAYS[1] + TICK) == DAYS[:2]
    assert moments(start, DAYS[0] + TICK, DAYS[1]) == [DAYS[0] + TICK]


def test_majority_is_such_a_moment_where_the_birth_date_is_known():
    facts = about("ana")
    born = facts.student.born
    day = majority_at(born, facts.student.tz)
    unknown = replace(facts, student=replace(facts.student, born=None))

    assert moments(facts, day - DAY, day + DAY) == [day - DAY, day]
    assert moments(unknown, day - DAY, day + DAY) == [day - DAY]
