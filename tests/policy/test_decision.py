"""An answer is yes with its grounds, or no with all its reasons and what to do next."""

from __future__ import annotations

from itertools import chain

import pytest

from portal.errors import Refused
from portal.policy.decision import (
    FULL,
    SENTENCES,
    SUMMARY,
    Basis,
    BasisKind,
    Reason,
    allow,
    refuse,
)
from portal.policy.statements import (
    CITATIONS,
    OF_A_CATEGORY,
    OF_A_HIPAA_DISCLOSER,
    OF_A_PART2_DISCLOSER,
)
from portal.vocabulary import Statement
from tests.policy.table import REACHED
from tests.policy.values import DAY, T

BRIEF = Basis(BasisKind.CONSENT, ("c1", "m1"), SUMMARY, T)
WHOLE = Basis(BasisKind.COURT_ORDER, ("b1",), FULL, T + DAY)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_sentence_and_what_to_do_next(reason):
    because, do_next = SENTENCES[reason]

    assert because.endswith(".")
    assert do_next.endswith(".")


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_reached_by_some_test(reason):
    assert reason in REACHED


def test_no_sentence_is_left_without_its_reason():
    assert set(SENTENCES) == set(Reason)


def test_a_code_is_its_own_name():
    missing = {reason for reason in Reason if reason.startswith("MISSING_STATEMENT:")}

    assert {str(reason) for reason in missing} == {
        f"MISSING_STATEMENT:{reason.name.removeprefix('MISSING_').lower()}" for reason in missing
    }
    assert all(str(reason) == reason.name for reason in Reason if reason not in missing)


def test_every_sentence_that_some_law_requires_has_its_code_and_no_other_has():
    required = {*OF_A_HIPAA_DISCLOSER, *OF_A_PART2_DISCLOSER, *chain(*OF_A_CATEGORY.values())}

    codes = {f"MISSING_STATEMENT:{statement}" for statement in required}
    assert codes == {reason for reason in Reason if reason.startswith("MISSING_STATEMENT:")}
    assert set(CITATIONS) == set(Statement)


def test_a_refusal_keeps_every_reason_once_and_tells_the_weightiest():
    decision = refuse([Reason.NO_CONSENT, Reason.BLOCKED, Reason.NO_CONSENT])

    assert not decision
    assert decision.codes == (Reason.BLOCKED, Reason.NO_CONSENT)
    assert (decision.because, decision.do_next) == SENTENCES[Reason.BLOCKED]


def test_a_refusal_tells_what_the_nearest_paper_lacks_when_that_is_known():
    decision = refuse([Reason.NO_AGREEMENT, Reason.BLOCKED], lead=[Reason.NO_AGREEMENT])

    assert decision.codes == (Reason.BLOCKED, Reason.NO_AGREEMENT)
    assert (decision.because, decision.do_next) == SENTENCES[Reason.NO_AGREEMENT]


def test_a_refusal_is_the_exception_too():
    decision = refuse([Reason.NO_CONSENT, Reason.BLOCKED])

    with pytest.raises(Refused) as caught:
        decision.or_refuse()

    assert (caught.value.what, caught.value.do_next) == (decision.because, decision.do_next)
    assert caught.value.codes == ("BLOCKED", "NO_CONSENT")


def test_an_allow_is_itself():
    decision = allow(WHOLE, because="By order.")

    assert decision
    assert decision.or_refuse() is decision
    assert (decision.codes, decision.because) == ((), "By order.")


def test_fields_are_the_union_of_the_bases_in_the_order_of_display():
    assert allow(BRIEF).fields == ("what", "when")
    assert allow(BRIEF, WHOLE).fields == ("what", "when", "who", "narrative")
    assert refuse([Reason.DRAFT]).fields == ()


def test_papers_are_sorted_and_each_is_named_once():
    assert allow(BRIEF, WHOLE, BRIEF).papers == ("b1", "c1", "m1")


def test_an_allow_lasts_as_long_as_the_last_basis():
    open_ended = Basis(BasisKind.COURT_ORDER, ("b2",), FULL)

    assert allow(BRIEF, WHOLE).until == T + DAY
    assert allow(WHOLE, BRIEF).until == T + DAY
    assert allow(BRIEF, open_ended).until is None
    assert allow(open_ended).until is None
    assert refuse([Reason.DRAFT]).until is None
