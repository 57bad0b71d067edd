"""What somebody without an account may do: the link, the pass, and the right behind both."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.policy import family
from portal.policy.decision import Reason
from portal.policy.facts import Facts, GuardianshipFacts, OrderFacts, StudentFacts, UserFacts
from portal.policy.spans import Span
from portal.vocabulary import CourtRight, FormKind, Level, SignerKind
from tests.policy.values import LONG_AGO, T

FACTS = Facts(
    user=UserFacts("ana", "D1", Level.CLINICIAN, Span(LONG_AGO)),
    student=StudentFacts("luis", date(2013, 5, 5), "America/New_York"),
    organizations={},
    guardianships=(GuardianshipFacts("maria", "luis", Span(LONG_AGO)),),
)
GUARDIAN, STUDENT = SignerKind.GUARDIAN, SignerKind.STUDENT


def born(day: date) -> Facts:
    return replace(FACTS, student=replace(FACTS.student, born=day))


def order(limits: CourtRight) -> Facts:
    return replace(FACTS, orders=(OrderFacts("maria", "luis", limits, Span(LONG_AGO)),))


@pytest.mark.parametrize(
    ("facts", "kind", "signer", "codes"),
    [
        (FACTS, GUARDIAN, "maria", ()),
        (FACTS, GUARDIAN, "someone", (Reason.SIGNER_NOT_HOLDER,)),
        (born(date(2008, 5, 5)), GUARDIAN, "maria", (Reason.HOLDER_CHANGED,)),
        (order(CourtRight.CONSENT), GUARDIAN, "maria", (Reason.ORDER_LIMITS_SIGNER,)),
        (order(CourtRight.BOTH), GUARDIAN, "maria", (Reason.ORDER_LIMITS_SIGNER,)),
        (order(CourtRight.ACCESS), GUARDIAN, "maria", ()),
        (FACTS, STUDENT, "luis", ()),
        (FACTS, STUDENT, "mei", (Reason.SIGNER_NOT_HOLDER,)),
    ],
)
def test_who_may_sign_for_a_student(facts, kind, signer, codes):
    assert family.may_sign_for(facts, kind, signer, T).codes == codes


@pytest.mark.parametrize(
    ("facts", "kind", "signer", "codes"),
    [
        (FACTS, GUARDIAN, "maria", ()),
        (order(CourtRight.CONSENT), GUARDIAN, "maria", ()),
        (order(CourtRight.ACCESS), GUARDIAN, "maria", (Reason.ORDER_LIMITS_SIGNER,)),
        (FACTS, STUDENT, "luis", (Reason.SIGNER_NOT_HOLDER,)),
        (born(date(2008, 5, 5)), STUDENT, "luis", ()),
        (born(date(2008, 5, 5)), STUDENT, "mei", (Reason.SIGNER_NOT_HOLDER,)),
        (born(date(2008, 5, 5)), GUARDIAN, "maria", (Reason.HOLDER_CHANGED,)),
    ],
)
def test_who_may_see_who_has_looked(facts, kind, signer, codes):
    assert family.may_see_of(facts, kind, signer, T).codes == codes


@pytest.mark.parametrize(
    ("kind", "signer", "opens"),
    [
        (STUDENT, "luis", True),
        (STUDENT, "mei", False),
        (GUARDIAN, "maria", True),
        (GUARDIAN, "someone", False),
    ],
)
def test_a_student_under_18_looks_after_what_they_signed(kind, signer, opens):
    assert bool(family.may_keep_an_eye_on(FACTS, kind, signer, T)) is opens


@pytest.mark.parametrize(
    ("form", "facts", "kind", "codes"),
    [
        (FormKind.STANDARD, FACTS, GUARDIAN, ()),
        (FormKind.STANDARD, FACTS, STUDENT, ()),
        (FormKind.PSYCHOTHERAPY_NOTES, FACTS, GUARDIAN, ()),
        (FormKind.PSYCHOTHERAPY_NOTES, FACTS, STUDENT, (Reason.SIGNER_NOT_HOLDER,)),
        (FormKind.PSYCHOTHERAPY_NOTES, born(date(2008, 1, 1)), STUDENT, ()),
        (FormKind.PSYCHOTHERAPY_NOTES, born(date(2008, 1, 1)), GUARDIAN, (Reason.HOLDER_CHANGED,)),
        (FormKind.SUD_COUNSELING_NOTES, FACTS, GUARDIAN, (Reason.MINOR_SIGNATURE_NEEDED,)),
        (FormKind.SUD_COUNSELING_NOTES, FACTS, STUDENT, ()),
        (FormKind.COURT_USE, FACTS, GUARDIAN, (Reason.MINOR_SIGNATURE_NEEDED,)),
        (FormKind.COURT_USE, FACTS, STUDENT, ()),
    ],
)
def test_who_may_sign_a_form_goes_by_the_kind_of_record_that_it_is_about(form, facts, kind, codes):
    signer = "maria" if kind is GUARDIAN else "luis"
    assert family.may_sign_form(facts, kind, signer, form, T).codes == codes


def test_a_pass_ends_half_an_hour_after_it_was_last_used():
    assert family.pass_end(T) == T + timedelta(minutes=30)


YES, NO = family.may_go_on(family.pass_end(T), T), family.may_go_on(None, T)
LUIS, MARIA = (STUDENT, "luis"), (GUARDIAN, "maria")


@pytest.mark.parametrize(
    ("reader", "signer", "category", "sees", "told"),
    [
        (MARIA, MARIA, "visits", YES, True),
        (MARIA, (GUARDIAN, "paul"), "visits", YES, True),
        (MARIA, LUIS, "sud", YES, False),
        (MARIA, LUIS, "own_care", YES, False),
        (MARIA, LUIS, "visits", NO, False),
        (LUIS, LUIS, "sud", NO, True),
        (LUIS, MARIA, "visits", NO, False),
        (LUIS, MARIA, "visits", YES, True),
    ],
)
def test_who_may_be_told_of_what_somebody_signed(reader, signer, category, sees, told):
    assert bool(family.may_know_of(reader, signer, category, sees)) is told
