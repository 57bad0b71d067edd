"""Which lines each law wants, and what a family is not told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from portal.policy.accounting import (
    GroundFacts,
    Law,
    LineFacts,
    Party,
    Reader,
    closed_kinds,
    confidential_parties,
    counts,
    is_exempt,
    is_kept_from,
)
from portal.policy.decision import Reason, refuse
from portal.policy.family import may_keep_an_eye_on, may_see_of
from portal.vocabulary import SUBJECT_ONLY, Category, Instrument, SignerKind
from tests.policy.values import T, facts_about, world_with

FACTS = facts_about(world_with(), "rita", "luis")
[CONSENT] = FACTS.consents
SCHOOL = GroundFacts(Instrument.FERPA, by_school=True, hipaa=False)
CLINIC = GroundFacts(Instrument.HIPAA, by_school=False, hipaa=True)
ORDER = GroundFacts(None, by_school=True, hipaa=False)
ORDER_ON_A_CLINIC = GroundFacts(None, by_school=False, hipaa=True)


def line(*grounds: GroundFacts, **changes: object) -> LineFacts:
    told = LineFacts("record.opened", True, T, Party.OUTSIDE, frozenset({"visits"}), grounds)
    return replace(told, **changes)


def wanted(told: LineFacts, *, idea: bool = True) -> set[Law]:
    return {law for law in Law if counts(law, told, T, idea=idea)} - {Law.EVERYTHING}


@pytest.mark.parametrize(
    ("told", "laws"),
    [
        (line(SCHOOL), {Law.FERPA, Law.IDEA}),
        (line(ORDER), {Law.FERPA, Law.IDEA}),
        (line(CLINIC), set()),
        (line(CLINIC, party=Party.SCHOOL), set()),
        (line(ORDER_ON_A_CLINIC, party=Party.SCHOOL), {Law.HIPAA}),
        (line(party=Party.SCHOOL), set()),
        (line(party=Party.FAMILY), set()),
        (line(own=True), set()),
        (line(event="team.assigned"), set()),
        (line(event="students.listed_across"), {Law.FERPA, Law.IDEA}),
        (line(allowed=False), {Law.FERPA}),
        (line(allowed=False, event="student.log_visit"), {Law.FERPA}),
        (line(allowed=False, event="team.assigned"), set()),
        (line(allowed=False, party=Party.SCHOOL), set()),
        (line(SCHOOL, kinds=frozenset({"hiv"})), {Law.FERPA, Law.IDEA, Law.CT_HIV}),
        (line(CLINIC, kinds=frozenset({"hiv"}), party=Party.SCHOOL), {Law.CT_HIV}),
        (line(kinds=frozenset({"hiv"}), party=Party.SCHOOL), set()),
    ],
)
def test_each_law_wants_its_own_lines(told: LineFacts, laws: set[Law]) -> None:
    assert wanted(told) == laws
    assert counts(Law.EVERYTHING, told, T, idea=False)


def test_the_idea_asks_only_about_students_with_a_program() -> None:
    assert wanted(line(SCHOOL), idea=False) == {Law.FERPA}


def test_hipaa_reaches_back_six_years_even_from_a_leap_day() -> None:
    leap = datetime(2028, 2, 29, 12, tzinfo=T.tzinfo)
    told = line(ORDER_ON_A_CLINIC, party=Party.SCHOOL)
    first = datetime(2022, 2, 28, 12, tzinfo=T.tzinfo)

    assert counts(Law.HIPAA, replace(told, at=first), leap, idea=False)
    assert not counts(Law.HIPAA, replace(told, at=first - timedelta(seconds=1)), leap, idea=False)


def test_hipaa_reaches_back_to_the_same_day_of_any_other_year() -> None:
    told = line(ORDER_ON_A_CLINIC, party=Party.SCHOOL)
    first = T.replace(year=T.year - 6)

    assert counts(Law.HIPAA, replace(told, at=first), T, idea=False)
    assert not counts(Law.HIPAA, replace(told, at=first - timedelta(seconds=1)), T, idea=False)


def test_what_rests_on_written_consent_alone_is_exempt_under_ferpa() -> None:
    assert is_exempt(line(SCHOOL))
    assert not is_exempt(line(SCHOOL, ORDER))
    assert not is_exempt(line())
    assert not is_exempt(line(SCHOOL, allowed=False))


# What a family is told


def reader(kind: SignerKind, key: str) -> Reader:
    return Reader(kind, key, may_see_of(FACTS, kind, key, T))


PARENT = reader(SignerKind.GUARDIAN, CONSENT.signer)
MINOR = reader(SignerKind.STUDENT, FACTS.student.id)
OF_THE_STUDENT = replace(
    CONSENT,
    signer_kind=SignerKind.STUDENT,
    signer=FACTS.student.id,
    categories=frozenset({Category.SUD}),
)


def test_a_parent_is_not_told_of_what_only_the_student_may_share() -> None:
    assert closed_kinds(PARENT) == SUBJECT_ONLY
    assert is_kept_from(PARENT, OF_THE_STUDENT)
    assert not is_kept_from(PARENT, CONSENT)


def test_a_minor_is_told_of_what_they_signed_and_of_nothing_else() -> None:
    assert not is_kept_from(MINOR, OF_THE_STUDENT)
    assert is_kept_from(MINOR, CONSENT)
    assert closed_kinds(MINOR) == frozenset(Category)


def test_whoever_may_not_see_is_told_of_nothing() -> None:
    stranger = Reader(SignerKind.GUARDIAN, "nobody", refuse([Reason.SIGNER_NOT_HOLDER]))

    assert closed_kinds(stranger) == frozenset(Category)
    assert is_kept_from(stranger, CONSENT)


def test_a_program_is_confidential_until_a_known_consent_names_it() -> None:
    told = [(OF_THE_STUDENT, True)]
    receiver = OF_THE_STUDENT.recipient

    assert {receiver, "program"} <= confidential_parties(told, ["program"])
    assert receiver not in confidential_parties([*told, (CONSENT, False)], [])


def test_somebody_may_keep_an_eye_on_what_they_signed() -> None:
    own, stranger = FACTS.student.id, "nobody"

    assert may_keep_an_eye_on(FACTS, SignerKind.STUDENT, own, T)
    assert not may_keep_an_eye_on(FACTS, SignerKind.STUDENT, stranger, T)
    assert may_keep_an_eye_on(FACTS, SignerKind.GUARDIAN, CONSENT.signer, T)
    assert not may_keep_an_eye_on(FACTS, SignerKind.GUARDIAN, stranger, T)
