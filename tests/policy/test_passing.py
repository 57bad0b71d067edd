"""When the right of whoever signed passes to somebody else, found before it happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.policy.decision import Reason
from portal.policy.facts import OrderFacts
from portal.policy.passing import Passing, passing
from portal.policy.rights import majority_at
from portal.policy.spans import Span
from portal.vocabulary import CourtRight, FormKind, SignerKind
from tests.policy.values import DAY, LONG_AGO, TICK, T, facts_about, world_with

AHEAD = T + timedelta(days=60)
FACTS = facts_about(world_with(), "rita", "luis")
[CONSENT] = FACTS.consents


def born(day: date):
    return replace(FACTS, student=replace(FACTS.student, born=day))


def found(facts=FACTS, consent=CONSENT, at=T):
    return passing(consent, facts, at, AHEAD)


def held(*spans: Span):
    [right, *_] = FACTS.guardianships
    return replace(FACTS, guardianships=tuple(replace(right, rights=span) for span in spans))


def test_a_right_that_stays_passes_to_nobody():
    assert found() is None
    assert found(consent=replace(CONSENT, signed_at=None)) is None


def test_the_eighteenth_birthday_is_known_ahead_and_stays_known():
    day = (T + 30 * DAY).date()
    facts = born(day.replace(year=day.year - 18))
    turns = majority_at(facts.student.born, facts.student.tz)

    for at in (T, turns - TICK, turns, turns + DAY):
        assert found(facts, at=at) == Passing(turns, Reason.HOLDER_CHANGED)
    beyond = (T + 70 * DAY).date()
    later = born(beyond.replace(year=beyond.year - 18))
    assert found(later) is None, "it is more than sixty days away"


def test_college_passes_the_right_and_its_end_gives_it_back():
    span = Span(T + 10 * DAY, T + 20 * DAY)
    facts = replace(FACTS, student=replace(FACTS.student, postsecondary=span))

    assert found(facts) == Passing(span.start, Reason.HOLDER_CHANGED)
    assert found(facts, at=span.end) is None


def test_a_form_that_ticks_nothing_passes_like_the_kind_of_record_that_it_is_about():
    day = (T + 30 * DAY).date()
    facts = born(day.replace(year=day.year - 18))
    notes = replace(CONSENT.paper, form=FormKind.PSYCHOTHERAPY_NOTES)
    single = replace(CONSENT, categories=frozenset(), paper=notes)
    turns = majority_at(facts.student.born, facts.student.tz)

    assert found(facts, consent=single) == Passing(turns, Reason.HOLDER_CHANGED)
    assert found(facts, consent=replace(CONSENT, categories=frozenset())) is None


def test_the_end_of_custody_and_an_order_are_known_ahead():
    assert found(held(Span(LONG_AGO, T + 5 * DAY))) == Passing(
        T + 5 * DAY, Reason.SIGNER_NOT_HOLDER
    )
    [right, *_] = FACTS.guardianships
    order = OrderFacts(right.guardian, right.student, CourtRight.BOTH, Span(T + 9 * DAY))
    assert found(replace(FACTS, orders=(order,))) == Passing(
        T + 9 * DAY, Reason.ORDER_LIMITS_SIGNER
    )


def test_an_order_that_ended_the_right_is_named_rather_than_its_effect():
    [right, *_] = FACTS.guardianships
    since = T - 3 * DAY
    order = OrderFacts(right.guardian, right.student, CourtRight.CONSENT, Span(since))
    facts = replace(held(Span(LONG_AGO, since)), orders=(order,))

    assert found(facts) == Passing(since, Reason.ORDER_LIMITS_SIGNER)


def test_an_order_about_another_right_is_no_passing():
    [right, *_] = FACTS.guardianships
    of_access = OrderFacts(right.guardian, right.student, CourtRight.ACCESS, Span(T - 20 * DAY))
    facts = replace(held(Span(LONG_AGO, T - 3 * DAY)), orders=(of_access,))

    assert found(facts) == Passing(T - 3 * DAY, Reason.SIGNER_NOT_HOLDER)


def test_the_last_instant_asked_about_is_looked_at_too():
    facts = held(Span(LONG_AGO, AHEAD))

    assert found(facts) == Passing(AHEAD, Reason.SIGNER_NOT_HOLDER)
    assert found(held(Span(LONG_AGO, AHEAD + TICK))) is None


@pytest.mark.parametrize("begins", [CONSENT.signed_at - DAY, CONSENT.signed_at])
def test_a_right_that_was_limited_when_they_signed_is_lacking_since_then(begins):
    [right, *_] = FACTS.guardianships
    order = OrderFacts(right.guardian, right.student, CourtRight.CONSENT, Span(begins))
    later = replace(held(Span(LONG_AGO, T - 3 * DAY)), orders=(order,))

    assert found(later) == Passing(CONSENT.signed_at, Reason.ORDER_LIMITS_SIGNER)


def test_who_never_had_the_right_lacks_it_since_the_signature():
    assert found(held()) == Passing(CONSENT.signed_at, Reason.SIGNER_NOT_HOLDER)
    before = CONSENT.signed_at - DAY
    assert found(held(), at=before) == Passing(CONSENT.signed_at, Reason.SIGNER_NOT_HOLDER)
    assert found(born(None)).reason is Reason.BIRTH_DATE_UNKNOWN


@pytest.mark.parametrize("at", [T, T + 50 * DAY])
def test_a_students_own_signature_is_no_guardians(at):
    own = replace(CONSENT, signer_kind=SignerKind.STUDENT, signer=FACTS.student.id)
    grown = born(date(2000, 1, 1))

    assert found(grown, own, at) is None
    assert found(held(), own, at).reason is Reason.SIGNER_NOT_HOLDER
