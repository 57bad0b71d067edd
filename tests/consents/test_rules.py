"""What a consent must say before it counts, and where it stands, by plain values."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.consents import rules, words
from portal.consents.drafts import ConsentDraft, PaperConsent, TypedConsent
from portal.consents.forms.wording import grade
from portal.consents.rules import Known
from portal.policy.facts import (
    Facts,
    GuardianshipFacts,
    LifeFacts,
    PaperFacts,
    StudentFacts,
    UserFacts,
)
from portal.policy.spans import Span
from portal.vocabulary import (
    SHAREABLE,
    SPECIAL,
    Category,
    ConsentStatus,
    FormKind,
    Level,
    Purpose,
    SignatureMethod,
    SignerKind,
)
from tests.people import NOW

TODAY = date(2026, 11, 20)
STUDENT, MOTHER = uuid.uuid4(), uuid.uuid4()
RIGHTS = GuardianshipFacts(str(MOTHER), str(STUDENT), Span(NOW - timedelta(days=300)))
KNOWN = Known(
    agency_active=True,
    signer_name="Maria Sample",
    facts=Facts(
        user=UserFacts("ana", "district", Level.CLINICIAN, Span(NOW)),
        student=StudentFacts(str(STUDENT), date(2013, 5, 5), "America/New_York"),
        organizations={},
        guardianships=(RIGHTS,),
    ),
    today=TODAY,
    most_megabytes=10,
)
READY = ConsentDraft(
    student_id=STUDENT,
    agency_id=uuid.uuid4(),
    categories=frozenset({Category.VISITS}),
    purposes=frozenset({Purpose.COORDINATE}),
    records_from=date(2026, 1, 1),
    starts_on=TODAY,
    ends_on=date(2027, 6, 30),
    signer_kind=SignerKind.GUARDIAN,
    signer_id=MOTHER,
    signature=TypedConsent("maria  sample", attests=True),
    checked=True,
)


def known(born: date | None = date(2013, 5, 5), rights: tuple[GuardianshipFacts, ...] = (RIGHTS,)):
    """The same, with another birth date or other rights."""
    student = replace(KNOWN.facts.student, born=born)
    return replace(KNOWN, facts=replace(KNOWN.facts, student=student, guardianships=rights))


ADULT = known(date(2008, 11, 20))
BY_HAND = PaperConsent(date(2026, 11, 18), b"%PDF- a scan")


def fields(draft: ConsentDraft, known: Known = KNOWN) -> list[str]:
    found = rules.problems(draft, known, NOW)
    assert all(problem.what and problem.do_next for problem in found)
    return [problem.field for problem in found]


def test_a_complete_consent_is_ready():
    assert fields(READY) == []
    assert fields(replace(READY, signature=BY_HAND)) == []


NOTES = replace(READY, categories=frozenset(), kind=FormKind.PSYCHOTHERAPY_NOTES)
COURT = replace(
    NOTES,
    kind=FormKind.COURT_USE,
    purposes=frozenset(),
    case="Sample v. Example",
    signer_kind=SignerKind.STUDENT,
    signer_id=STUDENT,
)


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (NOTES, None),
        (COURT, None),
        (replace(NOTES, categories=frozenset({Category.VISITS})), "Records"),
        (replace(COURT, categories=frozenset({Category.SUD})), "Records"),
        (replace(NOTES, purposes=frozenset()), "Purpose"),
        (replace(COURT, case=" "), "Case"),
        (replace(NOTES, signer_kind=SignerKind.STUDENT, signer_id=STUDENT), "Signer"),
        (replace(COURT, signer_kind=SignerKind.GUARDIAN, signer_id=MOTHER), "Signer"),
    ],
)
def test_a_form_about_one_thing_is_joined_to_nothing(draft, field):
    found = list(rules.unsigned_problems(draft, KNOWN, NOW))
    assert [problem.field for problem in found] == ([field] if field else [])
    joined = [problem for problem in found if problem.field == "Records"]
    assert all("CFR" in problem.what for problem in joined)


def test_such_a_draft_is_to_the_gate_what_it_will_be_once_signed():
    facts = rules.as_facts(NOTES, "district", NOW, "America/New_York")
    assert facts.paper.form is FormKind.PSYCHOTHERAPY_NOTES
    assert rules.rights_problem(facts, ADULT.facts, NOW + timedelta(days=1)) != ""


def test_an_empty_form_tells_everything_that_is_missing_at_once():
    nobody = replace(KNOWN, agency_active=None, signer_name=None)

    assert set(fields(ConsentDraft(student_id=STUDENT), nobody)) == {
        "Agency",
        "Records",
        "Purpose",
        "From",
        "Through",
        "Records from",
        "Signer",
        "Signature",
        "For staff",
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"categories": frozenset()}, "Records"),
        ({"categories": frozenset({Category.MANDATED_REPORT})}, "Records"),
        ({"categories": frozenset({Category.IDENTITY})}, "Records"),
        ({"categories": frozenset({Category.HIV})}, "Initials"),
        ({"categories": frozenset({Category.HIV}), "initials": {Category.HIV: " "}}, "Initials"),
        ({"purposes": frozenset()}, "Purpose"),
        ({"ends_on": TODAY - timedelta(days=1)}, "Through"),
        ({"starts_on": date(2027, 7, 1)}, "Through"),
        ({"ends_on": date(2027, 11, 20)}, "Through"),
        ({"records_until": date(2025, 12, 31)}, "Records until"),
        ({"detail": "some"}, "How much"),
        ({"language": "xx"}, "Language"),
        ({"signature": TypedConsent("Mario Sample", attests=True)}, "Typed name"),
        ({"signature": TypedConsent("Maria Sample", attests=False)}, "Signature"),
        ({"signature": replace(BY_HAND, signed_on=None)}, "Signed on"),
        ({"signature": replace(BY_HAND, signed_on=TODAY + timedelta(days=1))}, "Signed on"),
        ({"signature": replace(BY_HAND, scan=b"MZ")}, "Scan"),
        ({"checked": False}, "For staff"),
        ({"starts_on": date.max, "ends_on": date.max}, "Through"),
        ({"records_from": date.min}, "Records from"),
        ({"records_until": date.max}, "Records until"),
        ({"signature": replace(BY_HAND, signed_on=date.min)}, "Signed on"),
    ],
)
def test_each_gap_names_its_field(change, field):
    assert field in fields(replace(READY, **change))


def test_initials_open_a_sensitive_kind_of_record():
    initialed = replace(READY, categories=frozenset({Category.HIV}), initials={Category.HIV: "MS"})

    assert fields(initialed) == []
    assert initialed.special == {Category.HIV}


def test_a_year_and_a_day_is_too_long_and_a_year_is_not():
    assert fields(replace(READY, ends_on=date(2027, 11, 19))) == []
    assert fields(replace(READY, ends_on=date(2027, 11, 20))) == ["Through"]


def test_the_usual_last_day_is_the_next_30_june():
    assert rules.end_of_school_year(TODAY) == date(2027, 6, 30)
    assert rules.end_of_school_year(date(2027, 6, 30)) == date(2027, 6, 30)
    assert rules.start_of_school_year(TODAY) == date(2026, 7, 1)
    assert rules.start_of_school_year(date(2027, 6, 30)) == date(2026, 7, 1)
    assert rules.a_year_after(date(2028, 2, 29)) == date(2029, 3, 1)


# Who may sign


def test_a_guardian_without_rights_cannot_sign():
    assert fields(READY, known(rights=())) == ["Signer"]


def test_a_paper_signed_before_the_right_began_does_not_count():
    late = replace(RIGHTS, rights=Span(datetime(2026, 11, 19, 5, 0, tzinfo=UTC)))

    signed_early = replace(READY, signature=BY_HAND)
    assert fields(signed_early, known(rights=(late,))) == ["Signer"]
    assert fields(READY, known(rights=(late,))) == []


def test_on_the_eighteenth_birthday_the_student_signs_and_not_the_parent():
    assert fields(READY, ADULT) == ["Signer"]

    by_student = replace(READY, signer_kind=SignerKind.STUDENT, signer_id=STUDENT)
    assert fields(by_student, ADULT) == []
    assert fields(by_student, KNOWN) == ["Signer"]


def test_only_the_student_signs_for_substance_use_at_any_age():
    sud = {"categories": frozenset({Category.SUD}), "initials": {Category.SUD: "LS"}}
    by_student = replace(READY, signer_kind=SignerKind.STUDENT, signer_id=STUDENT, **sud)

    assert fields(replace(READY, **sud)) == ["Signer"]
    assert fields(by_student) == []


def test_without_a_birth_date_nobody_can_sign():
    [problem] = rules.problems(READY, known(None), NOW)
    assert "roster" in problem.do_next


# Where it stands

CONSENT = rules.as_facts(READY, "district", NOW, "America/New_York")


@pytest.mark.parametrize(
    ("change", "at", "status"),
    [
        ({}, NOW, ConsentStatus.ACTIVE),
        ({"signed_at": None}, NOW, ConsentStatus.DRAFT),
        ({}, NOW - timedelta(seconds=1), ConsentStatus.NOT_YET),
        ({"span": Span(NOW + timedelta(days=1))}, NOW, ConsentStatus.NOT_YET),
        ({}, datetime(2027, 6, 20, tzinfo=UTC), ConsentStatus.ENDS_SOON),
        ({}, datetime(2027, 7, 1, 3, 59, tzinfo=UTC), ConsentStatus.ENDS_SOON),
        ({}, datetime(2027, 7, 1, 4, 0, tzinfo=UTC), ConsentStatus.ENDED),
        ({"revoked_at": NOW}, NOW, ConsentStatus.TAKEN_BACK),
        ({"revoked_at": NOW}, NOW - timedelta(seconds=1), ConsentStatus.NOT_YET),
        ({"life": LifeFacts(superseded_at=NOW)}, NOW, ConsentStatus.SUPERSEDED),
        ({"life": LifeFacts(holds=(Span(NOW),))}, NOW, ConsentStatus.HELD),
        ({"life": LifeFacts(known_false_at=NOW)}, NOW, ConsentStatus.HELD),
        ({"life": LifeFacts(review_at=NOW)}, NOW, ConsentStatus.HELD),
        ({"life": LifeFacts(ended_at=NOW)}, NOW, ConsentStatus.ENDED),
        ({"paper": PaperFacts(method=SignatureMethod.PAPER)}, NOW, ConsentStatus.TO_CONFIRM),
    ],
)
def test_the_status_follows_from_the_dates(change, at, status):
    assert rules.status(replace(CONSENT, **change), at) is status


def test_a_consent_the_gate_no_longer_obeys_says_why():
    assert rules.rights_problem(CONSENT, KNOWN.facts, NOW) == ""
    adult = known(date(2008, 11, 21)).facts
    tomorrow = NOW + timedelta(days=1)
    assert "passed to the student" in rules.rights_problem(CONSENT, adult, tomorrow)


def test_taking_back_needs_to_say_how_and_happens_once():
    assert rules.revoke_problems(ConsentStatus.ACTIVE, "Call from the mother") == []
    assert len(rules.revoke_problems(ConsentStatus.ACTIVE, " ")) == 1
    assert len(rules.revoke_problems(ConsentStatus.TAKEN_BACK, "Again")) == 1
    assert len(rules.revoke_problems(ConsentStatus.ENDED, "Late")) == 1


# The words


def test_every_kind_of_record_that_can_be_ticked_has_words_for_families():
    assert set(words.PLAIN) == set(SHAREABLE)
    assert set(words.PLAIN) >= SPECIAL


def test_a_family_can_read_the_form_with_six_years_of_school():
    told = [*words.statements("Luis", "Riverside", "June 30"), words.SIGNING]

    assert grade(" ".join(told)) <= 6
