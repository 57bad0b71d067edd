"""A consent as its rows tell it: the kept paper, the form's version, and one event after another.

The scenarios put simple rows on the shelves; here are those that only the product writes. Each
world is asked of the rule and of the query.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.access import documents, visible
from portal.access import facts as facts_of
from portal.policy.decision import Decision
from portal.policy.gate import may_open
from portal.policy.statements import OF_A_HIPAA_DISCLOSER, OF_A_PART2_DISCLOSER
from portal.store.consents import (
    Consent,
    ConsentCosigner,
    ConsentFormRecall,
    ConsentFormVersion,
    ConsentPerson,
)
from portal.store.records import Record
from portal.vocabulary import (
    Category,
    ConsentEventKind,
    DocumentKind,
    FormKind,
    SignatureMethod,
    SignerKind,
    Statement,
)
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
PAPER = b"%PDF-1.7 as it was signed"
SIGNED = hashlib.sha256(PAPER).hexdigest()
Kind = ConsentEventKind


@pytest.fixture
def visit(cast: Cast) -> Record:
    return make.record(cast.session, cast.luis, Category.VISITS, author=cast.ana)


def a_consent(cast: Cast, **changes: object) -> Consent:
    return make.consent(cast.session, cast.luis, cast.riverside, cast.maria, **changes)


def decided(cast: Cast, visit: Record, at=NOW) -> Decision:
    """What the rule says, once the query has said the same."""
    facts = facts_of.load_known(cast.session, cast.rita.id, cast.luis.id)
    decision = may_open(facts, facts_of.of_record(visit), "coordinate", at)
    found = select(Record.id).where(visible.records(cast.who(cast.rita), "coordinate", at))
    assert (visit.id in cast.session.scalars(found).all()) == decision.allowed
    return decision


def codes(cast: Cast, visit: Record, at=NOW) -> set[str]:
    return set(decided(cast, visit, at).codes)


def kept(cast: Cast) -> uuid.UUID:
    paper = (DocumentKind.CONSENT, "consent.pdf", "application/pdf", PAPER, NOW)
    return documents.keep(
        cast.session, cast.ana.id, cast.district.id, *paper, student_id=cast.luis.id
    ).id


def test_the_paper_that_was_signed_and_kept_opens(cast, visit):
    a_consent(cast, document_id=kept(cast), signed_sha256=SIGNED)

    assert decided(cast, visit)


def test_another_paper_than_the_signed_one_or_none_opens_nothing(cast, visit):
    a_consent(cast, document_id=kept(cast), signed_sha256="0" * 64)
    a_consent(cast, signed_sha256=SIGNED)

    assert codes(cast, visit) == {"TEXT_MISMATCH"}


def test_a_recalled_version_closes_what_was_signed_on_it_and_nothing_else(cast, visit):
    old, new = a_version(cast, 1), a_version(cast, 2)
    a_consent(cast, form_version_id=old.id)
    recall(cast, old)
    assert codes(cast, visit, NOW - TICK) == set()
    assert codes(cast, visit) == {"FORM_SUPERSEDED"}

    on_the_new_form = a_consent(cast, form_version_id=new.id)

    assert str(on_the_new_form.id) in decided(cast, visit).papers
    recall(cast, new)
    assert codes(cast, visit) == {"FORM_SUPERSEDED"}


def a_version(cast: Cast, number: int) -> ConsentFormVersion:
    told = {"kind": FormKind.STANDARD, "definition": {}, "sha256": "", "written_at": LONG_AGO}
    row = ConsentFormVersion(district_id=cast.district.id, version=number, **told)
    return make.stored(cast.session, row)


def recall(cast: Cast, version: ConsentFormVersion) -> None:
    told = {"element": "an element", "written_by": cast.dina.id, "written_at": NOW}
    make.stored(cast.session, ConsentFormRecall(version_id=version.id, at=NOW, **told))


def test_a_hold_lasts_until_it_is_lifted_or_ends_by_itself(cast, visit):
    consent = a_consent(cast)
    held = make.event(cast.session, consent, Kind.HELD, NOW - 3 * DAY)
    assert codes(cast, visit) == {"REVOCATION_HOLD"}

    make.event(cast.session, consent, Kind.HOLD_LIFTED, NOW, lifts_id=held.id)
    make.event(cast.session, consent, Kind.HELD, NOW - 4 * DAY, until=NOW - 2 * DAY)

    assert codes(cast, visit, NOW - TICK) == {"REVOCATION_HOLD"}
    assert decided(cast, visit)


def test_lifting_one_hold_leaves_the_other(cast, visit):
    consent = a_consent(cast)
    first = make.event(cast.session, consent, Kind.HELD, NOW - 3 * DAY)
    make.event(cast.session, consent, Kind.HELD, NOW - 2 * DAY)
    make.event(cast.session, consent, Kind.HOLD_LIFTED, NOW - DAY, lifts_id=first.id)

    assert codes(cast, visit) == {"REVOCATION_HOLD"}


def test_a_hold_lifted_twice_is_over_from_the_first_time(cast, visit):
    consent = a_consent(cast)
    held = make.event(cast.session, consent, Kind.HELD, NOW - 3 * DAY)
    for at in (NOW + DAY, NOW):
        make.event(cast.session, consent, Kind.HOLD_LIFTED, at, lifts_id=held.id)

    assert codes(cast, visit, NOW - TICK) == {"REVOCATION_HOLD"}
    assert decided(cast, visit)


def test_the_other_parents_objection_is_written_down_and_closes_nothing(cast, visit):
    make.event(cast.session, a_consent(cast), Kind.OBJECTED, LONG_AGO)

    assert decided(cast, visit)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (Kind.REVOKED, "REVOKED"),
        (Kind.ENDED_BY_EVENT, "EXPIRED"),
        (Kind.KNOWN_FALSE, "KNOWN_FALSE"),
        (Kind.SUPERSEDED, "SUPERSEDED"),
    ],
)
def test_written_down_twice_the_first_time_counts(cast, visit, kind, code):
    consent = a_consent(cast)
    for at in (NOW + DAY, NOW):
        make.event(cast.session, consent, kind, at)

    assert decided(cast, visit, NOW - TICK)
    assert codes(cast, visit) == {code}


def test_one_kind_taken_back_twice_is_closed_from_the_first_time(cast, visit):
    consent = a_consent(cast, categories=(Category.VISITS, Category.ATTENDANCE))
    for category, at in (("visits", NOW + DAY), ("visits", NOW), ("attendance", LONG_AGO)):
        make.event(cast.session, consent, Kind.REVOKED, at, category=category)

    assert decided(cast, visit, NOW - TICK)
    assert codes(cast, visit) == {"REVOKED"}


def test_a_scan_is_compared_once_and_for_good(cast, visit):
    consent = a_consent(cast, method=SignatureMethod.PAPER, identity_check=None)
    assert codes(cast, visit) == {"NOT_CONFIRMED"}
    for at in (NOW + DAY, NOW):
        make.event(cast.session, consent, Kind.CONFIRMED, at)

    assert codes(cast, visit, NOW - TICK) == {"NOT_CONFIRMED"}
    assert decided(cast, visit)


def test_what_happens_to_one_consent_leaves_the_other(cast, visit):
    first, second = a_consent(cast), a_consent(cast)
    for kind in (Kind.REVOKED, Kind.HELD, Kind.SUPERSEDED, Kind.KNOWN_FALSE, Kind.ENDED_BY_EVENT):
        make.event(cast.session, first, kind, LONG_AGO)

    decision = decided(cast, visit)
    assert str(second.id) in decision.papers
    assert str(first.id) not in decision.papers


def with_people(cast: Cast, *rows: ConsentPerson | ConsentCosigner, **changes: object) -> Consent:
    """A consent that names these people, or waits for them; what is signed takes no one more."""
    consent = a_consent(cast, signed_at=None, **changes)
    for row in rows:
        row.consent_id = consent.id
        make.stored(cast.session, row)
    consent.signed_at = LONG_AGO
    cast.session.flush()
    return consent


@pytest.mark.parametrize(
    ("changes", "kind", "code"),
    [
        ({"review_at": NOW - DAY}, Kind.REVIEWED, "EVENT_PENDING_REVIEW"),
        ({"method": SignatureMethod.PAPER}, Kind.CONFIRMED, "NOT_CONFIRMED"),
    ],
)
def test_only_what_was_written_down_of_itself_makes_a_consent_good(
    cast, visit, changes, kind, code
):
    consent, other = a_consent(cast, **changes), a_consent(cast, categories=[Category.HEALTH])

    make.event(cast.session, other, kind, NOW - DAY)
    assert code in codes(cast, visit)
    make.event(cast.session, consent, kind, NOW - DAY)
    assert decided(cast, visit)


def test_a_consent_that_names_people_is_for_them_and_no_other_consent_is(cast, visit):
    rob, rita = cast.rob.id, cast.rita.id
    with_people(cast, ConsentPerson(user_id=rita), categories=[Category.HEALTH])
    with_people(cast, ConsentPerson(user_id=rob))
    assert "RECIPIENT_NOT_NAMED" in codes(cast, visit)

    with_people(cast, ConsentPerson(user_id=rob), ConsentPerson(user_id=rita))
    assert decided(cast, visit)


def test_whom_another_consent_names_or_still_waits_for_closes_nothing(cast, visit):
    a_consent(cast)
    others = (ConsentPerson(user_id=cast.rob.id), ConsentCosigner(name="Her sister"))
    with_people(cast, *others, categories=[Category.HEALTH])

    assert decided(cast, visit)


@pytest.mark.parametrize(
    ("review_at", "looked", "until", "opens"),
    [
        (NOW + TICK, None, None, True),
        (NOW, None, None, False),
        (NOW, NOW, None, True),
        (NOW, NOW + TICK, None, False),
        (NOW, NOW - DAY, NOW, False),
        (NOW, NOW - DAY, NOW + TICK, True),
    ],
)
def test_from_its_review_on_a_consent_opens_while_somebody_has_looked(
    cast, visit, review_at, looked, until, opens
):
    consent = a_consent(cast, review_at=review_at)
    if looked is not None:
        make.event(cast.session, consent, Kind.REVIEWED, looked, until=until)

    assert bool(decided(cast, visit)) is opens


@pytest.mark.parametrize(("signed", "opens"), [(NOW, True), (NOW + TICK, False), (None, False)])
def test_whoever_has_to_sign_too_has_signed(cast, visit, signed, opens):
    with_people(cast, ConsentCosigner(name="Her sister", signed_at=signed))

    assert bool(decided(cast, visit)) is opens


@pytest.mark.parametrize(
    ("changes", "lacking"),
    [
        ({"method": None, "identity_check": None}, set()),
        ({"method": SignatureMethod.DRAWN, "identity_check": None}, {"SIGNATURE_UNAUTHENTICATED"}),
        ({"form_kind": FormKind.PSYCHOTHERAPY_NOTES}, {"COMPOUND"}),
        ({"statements": ()}, set()),
    ],
    ids=["as-entered", "drawn-by-nobody", "another-form", "no-sentence"],
)
def test_what_a_school_asks_of_a_consent(cast, visit, changes, lacking):
    """A clinic that HIPAA and Part 2 bind is none of its business."""
    cast.hilltop.is_hipaa = cast.hilltop.is_part2 = True
    a_consent(cast, **changes)

    assert codes(cast, visit) == lacking


@pytest.mark.parametrize(
    ("bound", "statements", "authority", "lacking"),
    [
        ("is_hipaa", OF_A_HIPAA_DISCLOSER, "Mother", set()),
        ("is_hipaa", OF_A_HIPAA_DISCLOSER, " ", {"MISSING_AUTHORITY"}),
        ("is_hipaa", OF_A_HIPAA_DISCLOSER[1:], "Mother", {"MISSING_STATEMENT:revoke"}),
        ("is_part2", OF_A_PART2_DISCLOSER, "", set()),
        ("is_part2", OF_A_PART2_DISCLOSER[1:], "", {"MISSING_STATEMENT:revoke"}),
    ],
)
def test_what_a_provider_of_health_care_asks_of_a_consent(
    cast, visit, bound, statements, authority, lacking
):
    """A sentence on another consent is none on this one."""
    setattr(cast.district, bound, True)
    a_consent(cast, categories=[Category.HEALTH], authority="Mother")
    a_consent(cast, statements=statements, authority=authority)

    assert codes(cast, visit) - {"ITEM_NOT_COVERED"} == lacking  # the other covers no visit


def test_a_grown_student_signs_by_their_own_authority(cast, visit):
    cast.district.is_hipaa = True
    cast.luis.born, cast.luis.majority_at = date(2006, 1, 2), LONG_AGO
    a_consent(cast, signer_kind=SignerKind.STUDENT, signer_id=cast.luis.id, authority="")

    assert decided(cast, visit)


@pytest.mark.parametrize(
    ("statements", "lacking"),
    [([Statement.CT_REFUSAL], set()), ([Statement.REVOKE], {"MISSING_STATEMENT:ct_refusal"})],
)
def test_mental_health_care_is_given_only_with_its_sentence(cast, statements, lacking):
    record = make.record(cast.session, cast.luis, Category.PSYCHIATRIC, author=cast.ana)
    a_consent(cast, categories=[Category.PSYCHIATRIC], statements=statements)

    assert codes(cast, record) == lacking
