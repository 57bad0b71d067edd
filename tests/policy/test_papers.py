"""Names as phones type them, who of a family reads a paper, and how a paper stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.policy.facts import ConsentFacts, LifeFacts, PaperFacts
from portal.policy.family import may_go_on, pass_end
from portal.policy.papers import Standing, may_read_as_family, same_name, standing
from portal.policy.spans import Span
from portal.vocabulary import SignatureMethod, SignerKind
from tests.policy.values import DAY, LONG_AGO, T

CONSENT = ConsentFacts(
    id="c",
    student="luis",
    discloser="district",
    recipient="clinic",
    categories=frozenset({"visits"}),
    special=frozenset(),
    purposes=frozenset({"coordinate"}),
    records=Span(LONG_AGO),
    span=Span(LONG_AGO),
    signer_kind=SignerKind.GUARDIAN,
    signer="maria",
    signed_at=LONG_AGO,
)
MARIA, LUIS = (SignerKind.GUARDIAN, "maria"), (SignerKind.STUDENT, "luis")
YES = may_go_on(pass_end(T), T)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Maria O'Neill", "maria  o\u2019neill", True),
        ("\u202eMaria\u202c", "Maria", True),
        ("José Ñandú", "Jose Nandu", True),
        ("Anne-Marie", "Anne\u2011Marie", True),
        ("Maria Sample", "Mario Sample", False),
        ("Maria", "", False),
    ],
)
def test_a_name_is_the_same_however_a_phone_types_it(one, other, same):
    assert same_name(one, other) is same


def test_a_paper_is_read_by_whoever_may_know_all_that_is_on_it():
    assert may_read_as_family(MARIA, MARIA, ["visits", "health"], YES)
    assert not may_read_as_family(MARIA, LUIS, ["sud", "visits"], YES)
    assert may_read_as_family(LUIS, LUIS, ["sud"], may_go_on(None, T))


BEFORE = T - DAY


@pytest.mark.parametrize(
    ("consents", "found", "since"),
    [
        ([], Standing.NOT_OURS, None),
        ([CONSENT], Standing.GENUINE, None),
        ([CONSENT, CONSENT], Standing.GENUINE, None),
        ([replace(CONSENT, revoked_at=BEFORE)], Standing.TAKEN_BACK, BEFORE),
        ([replace(CONSENT, revoked_at=T + DAY)], Standing.GENUINE, None),
        ([CONSENT, replace(CONSENT, revoked_at=BEFORE)], Standing.PARTLY_TAKEN_BACK, BEFORE),
        (
            [replace(CONSENT, life=LifeFacts(withdrawn={"visits": BEFORE}))],
            Standing.PARTLY_TAKEN_BACK,
            BEFORE,
        ),
        ([replace(CONSENT, life=LifeFacts(superseded_at=BEFORE))], Standing.REPLACED, BEFORE),
        ([replace(CONSENT, span=Span(T - 9 * DAY, BEFORE))], Standing.ENDED, BEFORE),
        ([replace(CONSENT, life=LifeFacts(ended_at=BEFORE))], Standing.ENDED, BEFORE),
        ([replace(CONSENT, life=LifeFacts(holds=(Span(BEFORE),)))], Standing.ON_HOLD, None),
        ([replace(CONSENT, life=LifeFacts(known_false_at=BEFORE))], Standing.ON_HOLD, None),
        (
            [replace(CONSENT, paper=PaperFacts(method=SignatureMethod.PAPER))],
            Standing.ON_HOLD,
            None,
        ),
        (
            [replace(CONSENT, life=LifeFacts(review_at=T - timedelta(hours=1)))],
            Standing.ON_HOLD,
            None,
        ),
    ],
)
def test_how_a_paper_stands(consents, found, since):
    assert standing(consents, T) == (found, since)
