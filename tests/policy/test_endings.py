"""When what is shared will close."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.policy.endings import cover, ends_soon, last_end
from portal.policy.facts import LineFacts
from portal.policy.gate import consent_end, may_open
from portal.policy.rights import majority_at
from portal.policy.spans import Span
from portal.vocabulary import SignerKind
from tests.policy.values import (
    DAY,
    FAR_OFF,
    LONG_AGO,
    TICK,
    T,
    a_legal_basis,
    add,
    alter,
    drop,
    facts_about,
    world_with,
)

RITA = facts_about(world_with(), "rita", "luis")
[CONSENT] = RITA.consents
[AGREEMENT] = RITA.agreements
SOON, LATER, LATEST = (T + days * DAY for days in (10, 20, 30))


def until(*changes):
    facts = facts_about(world_with(*changes), "rita", "luis")
    [visit] = [record for record in facts.shelf if record.category == "visits"]
    return may_open(facts, visit, "coordinate", T).until


@pytest.mark.parametrize(
    ("end", "soon"),
    [
        (T + timedelta(days=14), True),
        (T + timedelta(days=14) + TICK, False),
        (T + TICK, True),
        (None, False),
    ],
)
def test_soon_is_within_two_weeks(end, soon):
    assert ends_soon(end, T) is soon


def test_a_pair_closes_with_the_first_thing_that_ends():
    ending = [
        (replace(CONSENT, span=Span(LONG_AGO, SOON)), AGREEMENT),
        (replace(CONSENT, revoked_at=SOON), AGREEMENT),
        (CONSENT, replace(AGREEMENT, span=Span(LONG_AGO, SOON))),
        (CONSENT, replace(AGREEMENT, terminated=SOON)),
    ]

    assert [consent_end(consent, agreement, LATER) for consent, agreement in ending] == [SOON] * 4
    assert consent_end(CONSENT, AGREEMENT, None) is None


def test_a_student_outgrows_a_guardian_s_consent_and_not_their_own():
    own = replace(CONSENT, signer_kind=SignerKind.STUDENT)

    assert consent_end(CONSENT, AGREEMENT, SOON) == SOON
    assert consent_end(own, AGREEMENT, SOON) is None


def test_an_opening_tells_the_day_it_closes():
    assert until() == majority_at(RITA.student.born, RITA.student.tz)
    assert until(alter("consents", "c1", span=[LONG_AGO, SOON])) == SOON
    assert until(alter("agreements", "m1", terminated=LATER)) == LATER


def test_an_opening_by_law_closes_when_the_order_ends_or_is_lifted():
    alone = drop("consents", id="c1")
    order = a_legal_basis("court_order", "P1", span=[LONG_AGO, LATER])

    assert until(alone, add("legal", **order)) == LATER
    assert until(alone, add("legal", **order | {"ended_at": SOON.isoformat()})) == SOON
    assert until(alone, add("legal", **order | {"ended_at": LATEST.isoformat()})) == LATER


def last(consents=(), agreements=(AGREEMENT,), legal=(), majority=None, purpose="coordinate"):
    return last_end(consents, agreements, legal, majority, purpose, T)


def ending(end, **changes):
    return replace(CONSENT, span=Span(LONG_AGO, end), **changes)


def test_the_last_ground_in_force_counts():
    assert last([ending(SOON), ending(LATER)]) == LATER
    assert last([ending(SOON)], legal=[Span(LONG_AGO, LATER)]) == LATER
    assert last([ending(SOON), CONSENT]) is None
    assert last([CONSENT], majority=FAR_OFF) == FAR_OFF
    assert last() is None


def test_what_is_not_in_force_does_not_count():
    unsigned = ending(LATER, signed_at=None)
    not_listed = ending(LATER, categories=frozenset({"identity"}))
    lapsed = replace(AGREEMENT, terminated=LONG_AGO)
    nothing_listed = replace(AGREEMENT, a_to_b={})
    with_another = replace(AGREEMENT, b="P2")

    assert last([ending(SOON), unsigned]) == SOON
    assert last([ending(SOON), not_listed]) == SOON
    assert last([ending(SOON), ending(LATER, purposes=frozenset({"evaluate"}))]) == SOON
    assert last([ending(SOON)], legal=[Span(LATER, LATEST)]) == SOON
    for useless in (lapsed, nothing_listed, with_another):
        assert last([ending(SOON)], agreements=[useless]) is None


# How long the agreements let a consent open anything


def covered(*agreements, consent=CONSENT):
    return cover(consent, agreements, T)


def test_a_consent_is_covered_until_the_last_agreement_that_lists_one_of_its_kinds_ends():
    short = replace(AGREEMENT, span=Span(LONG_AGO, SOON))
    long = replace(AGREEMENT, span=Span(LONG_AGO, LATER))

    assert covered(short, long) == Span(T, LATER)
    assert covered(short, replace(AGREEMENT, span=Span(LONG_AGO))) == Span(T)
    assert covered(replace(long, terminated=SOON)) == Span(T, SOON)


def test_no_agreement_in_force_covers_nothing():
    assert covered() is None
    assert covered(replace(AGREEMENT, b_signed=None)) is None
    assert covered(replace(AGREEMENT, terminated=T - TICK)) is None
    assert covered(AGREEMENT, consent=replace(CONSENT, categories=frozenset({"unlisted"}))) is None
    assert covered(AGREEMENT, consent=replace(CONSENT, recipient="P2")) is None


def refined(**line):
    """The agreement with every line alike."""
    return replace(AGREEMENT, a_to_b={kind: LineFacts(**line) for kind in AGREEMENT.a_to_b})


def test_a_line_that_carries_nothing_of_the_consent_covers_nothing():
    evaluate = refined(purposes=frozenset({"evaluate"}))
    bound_later = replace(refined(added=True), b_signed=LONG_AGO + TICK)

    for useless in (
        evaluate,
        refined(basis="studies"),
        refined(basis="child_welfare"),
        bound_later,
    ):
        assert covered(useless) is None
        assert last([ending(SOON)], agreements=[useless]) is None
    for useful in (refined(purposes=frozenset({"coordinate"})), refined(basis="consent")):
        assert covered(useful) == Span(T)
        assert last([ending(SOON)], agreements=[useful]) == SOON


def test_a_line_added_covers_the_consents_signed_since_and_those_not_signed_yet():
    added = replace(refined(added=True), a_signed=LONG_AGO + TICK)

    assert covered(added, consent=replace(CONSENT, signed_at=LONG_AGO + TICK)) == Span(T)
    assert covered(added, consent=replace(CONSENT, signed_at=None)) == Span(T)


def test_the_last_end_is_that_of_the_agreements_that_carry_this_purpose():
    evaluate = replace(refined(purposes=frozenset({"evaluate"})), span=Span(LONG_AGO, LATER))
    coordinate = replace(refined(purposes=frozenset({"coordinate"})), span=Span(LONG_AGO, SOON))
    both = replace(CONSENT, purposes=frozenset({"coordinate", "evaluate"}))

    assert last([both], agreements=[evaluate, coordinate]) == SOON
    assert last([both], agreements=[evaluate, coordinate], purpose="evaluate") == LATER
    assert covered(evaluate, coordinate, consent=both) == Span(T, LATER)
