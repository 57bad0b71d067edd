"""What a partner would see with exactly these ticks: the gate answers before anybody signs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.access import gate
from portal.consents.drafts import ConsentDraft
from portal.consents.preview import would_see
from portal.errors import NotFound
from portal.policy.decision import Reason
from portal.store.papers import Agreement, AgreementLine
from portal.vocabulary import (
    Category,
    Detail,
    Direction,
    Field,
    Instrument,
    Purpose,
    SignerKind,
    Statement,
)
from tests import factories as make
from tests.people import NOW

TODAY = date(2026, 11, 20)
EVERY = tuple(Statement)


@pytest.fixture
def draft(cast) -> ConsentDraft:
    """Visits and attendance, of this year, from the school to Riverside."""
    for category in (Category.VISITS, Category.VISITS, Category.DISCIPLINE):
        make.record(cast.session, cast.luis, category, author=cast.ana)
    make.record(cast.session, cast.luis, Category.VISITS, NOW - timedelta(days=3000))
    return ConsentDraft(
        student_id=cast.luis.id,
        agency_id=cast.riverside.id,
        categories=frozenset({Category.VISITS, Category.ATTENDANCE}),
        purposes=frozenset({Purpose.COORDINATE}),
        records_from=date(2026, 1, 1),
        starts_on=TODAY,
        ends_on=date(2027, 6, 30),
        signer_kind=SignerKind.GUARDIAN,
        signer_id=cast.maria.id,
    )


def seen(cast, draft):
    return would_see(cast.session, cast.ana.id, draft, EVERY, NOW)


def line(preview, category):
    return next(line for line in preview.lines if line.category is category)


def test_real_records_are_counted_and_those_outside_the_days_stay_closed(cast, draft):
    visits = line(seen(cast, draft), Category.VISITS)

    assert (visits.ticked, visits.held, visits.opens, visits.opens_now) == (True, 3, 2, 0)
    assert visits.because == ""


def test_what_is_not_ticked_stays_closed_and_says_why(cast, draft):
    discipline = line(seen(cast, draft), Category.DISCIPLINE)

    assert (discipline.ticked, discipline.held, discipline.opens) == (False, 1, 0)
    assert discipline.because == "Not ticked on the consent."


def test_the_screen_is_the_one_that_the_partner_gets_once_it_is_signed(cast, draft):
    before = seen(cast, draft).record
    make.consent(
        cast.session, cast.luis, cast.riverside, cast.maria, draft.categories,
        records_from=NOW - timedelta(days=330),
    )  # fmt: skip

    after = gate.open_record(
        cast.session, cast.who(cast.rita), cast.luis.id, Purpose.COORDINATE, NOW
    )
    assert before is not None
    assert before.student == after.student
    assert [entry.category for entry in before.open] == [entry.category for entry in after.open]
    assert before.items == after.items


def test_to_narrow_shows_what_is_seen_now_beside_what_would_be(cast, draft):
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, (Category.DISCIPLINE,))

    discipline = line(seen(cast, draft), Category.DISCIPLINE)
    assert (discipline.opens_now, discipline.opens) == (1, 0)


def test_a_summary_shows_neither_who_nor_the_story(cast, draft):
    record = seen(cast, replace(draft, detail=Detail.SUMMARY)).record

    assert record is not None
    assert not {field for item in record.items for field in item.parts} & {
        Field.WHO,
        Field.NARRATIVE,
    }


def test_without_an_agreement_nothing_would_open(cast, draft):
    for agreement in cast.session.scalars(select(Agreement)):
        agreement.terminated_at, agreement.terminated_reason = NOW, "Ended"
    cast.session.flush()

    preview = seen(cast, draft)
    assert preview.record is None
    assert line(preview, Category.VISITS).because == "The agreement was terminated."


def test_a_kind_that_the_agreement_lists_for_one_purpose_alone_is_not_left_out(cast, draft):
    for agreement in cast.session.scalars(select(Agreement)):
        agreement.terminated_at, agreement.terminated_reason = NOW, "Ended"
    narrow = make.agreement(cast.session, cast.district, cast.riverside, (), ())
    for category, purpose in ((Category.VISITS, "evaluate"), (Category.ATTENDANCE, "coordinate")):
        cast.session.add(
            AgreementLine(
                agreement_id=narrow.id,
                direction=Direction.A_TO_B,
                category=category,
                purposes=purpose,
            )
        )
    cast.session.flush()
    both = frozenset({Purpose.COORDINATE, Purpose.EVALUATE})

    preview = seen(cast, replace(draft, purposes=both))

    assert line(preview, Category.VISITS).opens == 2
    assert Category.VISITS in {item.category for item in preview.record.items}
    assert line(preview, Category.ATTENDANCE).codes == ()
    for_one = line(seen(cast, draft), Category.VISITS)
    assert for_one.opens == 0
    assert Reason.PURPOSE_NOT_IN_AGREEMENT in for_one.codes


def test_the_other_direction_is_what_the_school_would_see(cast, draft):
    make.record(cast.session, cast.luis, Category.SERVICE_STATUS, custodian=cast.riverside)
    back = replace(
        draft, instrument=Instrument.HIPAA, categories=frozenset({Category.SERVICE_STATUS})
    )

    preview = seen(cast, back)
    assert (preview.giver, preview.receiver) == ("Riverside Clinic", "Harbor Point Public Schools")
    status = line(preview, Category.SERVICE_STATUS)
    assert (status.held, status.opens) == (1, 1)


def test_a_health_care_provider_needs_its_sentences_told(cast, draft):
    cast.riverside.is_hipaa = True
    make.record(cast.session, cast.luis, Category.SERVICE_STATUS, custodian=cast.riverside)
    back = replace(
        draft,
        instrument=Instrument.HIPAA,
        categories=frozenset({Category.SERVICE_STATUS}),
        authority="Parent",
    )

    untold = would_see(cast.session, cast.ana.id, back, (), NOW)
    assert "how to take the consent back" in line(untold, Category.SERVICE_STATUS).because
    assert line(seen(cast, back), Category.SERVICE_STATUS).opens == 1


def test_nothing_is_kept(cast, draft):
    seen(cast, draft)

    with pytest.raises(NotFound):
        gate.open_record(cast.session, cast.who(cast.rita), cast.luis.id, Purpose.COORDINATE, NOW)
