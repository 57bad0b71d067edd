"""A consent as its rows tell it: the kept paper, the form's version, and one event after another.

The scenarios put simple rows on the shelves; here are those that only the product writes. Each
world is asked of the rule and of the query.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access import documents, visible
from portal.access import facts as facts_of
from portal.policy.decision import Decision
from portal.policy.gate import may_open
from portal.store.consents import Consent, ConsentFormRecall, ConsentFormVersion
from portal.store.records import Record
from portal.vocabulary import Category, ConsentEventKind, DocumentKind, FormKind, SignatureMethod
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
