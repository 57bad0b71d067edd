"""What an agreement must say before it is issued, and where it stands, by plain values."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.agreements import rules
from portal.agreements.drafts import AgreementDraft, Contact, Line, Signer, TypedSignature
from portal.agreements.rules import ACTS, Act, Known
from portal.policy.facts import AgreementFacts
from portal.policy.spans import Span
from portal.vocabulary import SHAREABLE, AgreementStatus, Category, Direction
from tests.agreements.papers import TERMS, lines, on_paper
from tests.people import NOW

TODAY = date(2026, 11, 20)
KNOWN = Known(partner_active=True, today=TODAY)
READY = AgreementDraft(
    agency_id=uuid.uuid4(),
    starts_on=TODAY,
    ends_on=date(2027, 6, 30),
    lines=lines(Category.VISITS),
    terms=TERMS,
)
FACTS = AgreementFacts(
    "m", "a", "b", frozenset(), frozenset(), Span(NOW, NOW + timedelta(days=9)), NOW, NOW
)
LATER = NOW + timedelta(days=1)


def fields(draft: AgreementDraft, known: Known = KNOWN) -> list[str]:
    found = rules.problems(draft, known)
    assert all(problem.what and problem.do_next for problem in found)
    return [problem.field for problem in found]


def test_a_complete_draft_is_ready():
    assert fields(READY) == []


def test_an_empty_form_tells_everything_that_is_missing_at_once():
    assert set(fields(AgreementDraft())) == {
        "Partner",
        "First day",
        "Last day",
        "Schools",
        "Services",
        "Signer for the district",
        "Signer for the partner",
        "Liaison of the district",
        "Liaison of the partner",
        "Contact for records",
        "Records",
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ends_on": TODAY - timedelta(days=1)}, "Last day"),
        ({"starts_on": date(2027, 7, 1)}, "Last day"),
        ({"ends_on": date(2032, 6, 30)}, "Last day"),
        ({"lines": ()}, "Records"),
        ({"lines": lines(Category.VISITS, Category.VISITS)}, "Records"),
        ({"lines": lines(Category.MANDATED_REPORT)}, "Records"),
        ({"lines": lines(Category.IDENTITY)}, "Records"),
        ({"lines": (Line(Direction.A_TO_B, Category.VISITS, frequency=""),)}, "Records"),
        ({"lines": lines(Category.SUD)}, "Records"),
    ],
)
def test_dates_and_the_schedule_are_checked(change, field):
    assert field in fields(replace(READY, **change))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"purpose": "  "}, "Purpose"),
        ({"purpose": "x" * 2001}, "Purpose"),
        ({"district_signer": Signer("Sue Perin", "")}, "Signer for the district"),
        ({"partner_liaison": Contact("Rita River", "@")}, "Liaison of the partner"),
        ({"review_on": date(2028, 1, 1)}, "Review by"),
        ({"breach_student_days": 31}, "Days to report a breach of student information"),
        ({"breach_notice_hours": 49}, "Hours to tell families"),
        ({"response_days": 0}, "Days to answer a referral"),
    ],
)
def test_the_printed_terms_are_checked(change, field):
    assert fields(replace(READY, terms=replace(TERMS, **change))) == [field]


def test_sensitive_records_are_listed_only_knowingly():
    knowingly = replace(TERMS, special_known=True)

    assert fields(replace(READY, lines=lines(Category.SUD), terms=knowingly)) == []


def test_an_inactive_agency_is_no_partner():
    assert fields(READY, Known(partner_active=False, today=TODAY)) == ["Partner"]


# Where it stands


@pytest.mark.parametrize(
    ("change", "issued", "status"),
    [
        ({"a_signed": None, "b_signed": None}, False, AgreementStatus.DRAFT),
        ({"a_signed": None, "b_signed": None}, True, AgreementStatus.OUT_FOR_SIGNATURE),
        ({"b_signed": None}, True, AgreementStatus.OUT_FOR_SIGNATURE),
        ({"b_signed": LATER}, True, AgreementStatus.OUT_FOR_SIGNATURE),
        ({}, True, AgreementStatus.IN_FORCE),
        ({"span": Span(LATER)}, True, AgreementStatus.SIGNED),
        ({"span": Span(NOW - timedelta(days=9), NOW)}, True, AgreementStatus.ENDED),
        ({"span": Span(NOW - timedelta(days=9), NOW), "b_signed": None}, True, "ended"),
        ({"terminated": NOW}, True, AgreementStatus.TERMINATED),
        ({"terminated": LATER}, True, AgreementStatus.IN_FORCE),
    ],
)
def test_the_status_follows_from_the_dates(change, issued, status):
    assert rules.status(replace(FACTS, **change), NOW, issued=issued) == status


def test_every_status_says_what_can_be_done():
    assert set(ACTS) == set(AgreementStatus)


def test_nothing_changes_after_issuing():
    may_revise = {status for status, acts in ACTS.items() if Act.REVISE in acts}

    assert may_revise == {AgreementStatus.DRAFT}
    assert not ACTS[AgreementStatus.ENDED] | ACTS[AgreementStatus.TERMINATED]


# Signatures


def test_a_typed_name_is_a_signature_when_the_paper_names_that_person():
    signer = Signer("Sue Perin", "Superintendent")

    typed = TypedSignature(" sue  perin", attests=True)
    assert rules.typed_problems(typed, signer, "Sue Perin") == []
    for refused in (replace(typed, name="S. Perin"), replace(typed, attests=False)):
        assert len(rules.typed_problems(refused, signer, "Sue Perin")) == 1
    assert "names Sue Perin" in rules.typed_problems(typed, signer, "Otto Other")[0].what


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "Signer"),
        ({"signed_on": None}, "Signed on"),
        ({"signed_on": TODAY + timedelta(days=1)}, "Signed on"),
        ({"signed_on": TODAY - timedelta(days=1)}, "Signed on"),
        ({"scan": b""}, "Scan"),
        ({"scan": b"MZ a program"}, "Scan"),
    ],
)
def test_a_paper_signature_needs_its_date_its_signer_and_its_scan(change, field):
    assert rules.paper_problems(on_paper(), TODAY, TODAY, 10) == []

    found = rules.paper_problems(on_paper(**change), TODAY, TODAY, 10)
    assert [problem.field for problem in found] == [field]


def test_the_table_says_what_is_allowed_and_what_is_forbidden():
    listed = frozenset({(Direction.A_TO_B, "visits"), (Direction.B_TO_A, "sud")})
    effects = {effect.category: effect for effect in rules.effects(listed)}

    assert set(effects) == {*SHAREABLE, Category.MANDATED_REPORT}
    assert effects[Category.VISITS].to_partner == "With consent"
    assert effects[Category.VISITS].to_district == "No"
    assert effects[Category.SUD].to_district == "With consent and separate initials"
    assert effects[Category.MANDATED_REPORT].to_partner == "Never"
