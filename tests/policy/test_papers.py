"""Names as phones type them, who of a family reads a paper, and how a paper stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.policy.decision import Reason
from portal.policy.facts import ConsentFacts, LifeFacts, PaperFacts
from portal.policy.family import may_go_on, pass_end
from portal.policy.papers import (
    SHOWN_AFTER,
    Posted,
    Standing,
    may_be_verified,
    may_everybody_open,
    may_read_as_family,
    may_read_own,
    may_see_to_continuity,
    posted,
    same_name,
    standing,
)
from portal.policy.spans import Span
from portal.policy.tasks import Task, may_do
from portal.vocabulary import Role, SignatureMethod, SignerKind
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
        ([replace(CONSENT, revoked_at=T)], Standing.TAKEN_BACK, T),
        ([replace(CONSENT, revoked_at=T + DAY)], Standing.GENUINE, None),
        ([CONSENT, replace(CONSENT, revoked_at=BEFORE)], Standing.PARTLY_TAKEN_BACK, BEFORE),
        (
            [replace(CONSENT, life=LifeFacts(withdrawn={"visits": BEFORE}))],
            Standing.PARTLY_TAKEN_BACK,
            BEFORE,
        ),
        (
            [CONSENT, replace(CONSENT, life=LifeFacts(withdrawn={"visits": T}))],
            Standing.PARTLY_TAKEN_BACK,
            T,
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


def test_what_is_personal_is_opened_by_its_maker_alone():
    assert may_read_own("ana", "ana")
    assert may_read_own("ana", "omar").codes == (Reason.NOT_THE_AUTHOR,)


def test_continuity_is_seen_to_by_whoever_makes_agreements():
    for role in Role:
        assert bool(may_see_to_continuity(role)) is bool(may_do(role, Task.MAKE_AGREEMENT))


MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("executed", "over", "where"),
    [
        (None, None, None),  # not signed by all
        (T + MOMENT, None, None),
        (T, None, Posted.IN_FORCE),
        (LONG_AGO, T + MOMENT, Posted.IN_FORCE),
        (LONG_AGO, T, Posted.ENDED),
        (LONG_AGO, T - SHOWN_AFTER + MOMENT, Posted.ENDED),
        (LONG_AGO, T - SHOWN_AFTER, None),
    ],
)
def test_an_agreement_is_posted_from_the_last_signature_until_a_year_after_its_end(
    executed, over, where
):
    assert posted(executed, over, T) is where


@pytest.mark.parametrize("where", [None, *Posted])
@pytest.mark.parametrize("public", [True, False])
def test_everybody_opens_only_what_is_posted_and_public(where, public):
    assert may_everybody_open(where, public=public) is (where is not None and public)


def test_before_it_is_issued_only_who_holds_the_file_learns_that_there_is_an_agreement():
    assert may_be_verified(issued=True, holds_file=False)
    assert may_be_verified(issued=False, holds_file=True)
    assert not may_be_verified(issued=False, holds_file=False)
