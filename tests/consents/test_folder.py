"""One student's consents as staff work with them: both directions, overlaps, acts, who signs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.access import gate
from portal.consents import life
from portal.consents.folder import queries
from portal.consents.folder.rules import Act, acts
from portal.errors import NotFound, Refused
from portal.store.people import CourtOrder
from portal.vocabulary import (
    Category,
    ConsentEventKind,
    ConsentStatus,
    CourtRight,
    Instrument,
    Purpose,
)
from tests import factories as make
from tests.people import LONG_AGO, NOW

DAY = timedelta(days=1)
VISITS, ATTENDANCE = Category.VISITS, Category.ATTENDANCE


def folder(cast, who=None):
    return queries.folder(cast.session, cast.who(who or cast.ana), cast.luis.id, NOW)


def a_consent(cast, **changes):
    return make.consent(cast.session, cast.luis, cast.riverside, cast.maria, **changes)


def back(cast, **changes):
    return a_consent(
        cast,
        discloser_id=cast.riverside.id,
        recipient_id=cast.district.id,
        instrument=Instrument.HIPAA,
        categories=[Category.SERVICE_STATUS],
        **changes,
    )


def test_both_directions_are_shown_with_the_partner_by_name(cast):
    a_consent(cast)
    back(cast)

    told = {(entry.instrument, entry.partner) for entry in folder(cast).consents}
    assert told == {(Instrument.FERPA, "Riverside Clinic"), (Instrument.HIPAA, "Riverside Clinic")}


def test_nobody_opens_the_folder_of_a_student_out_of_reach(cast):
    for who in (cast.rita, cast.hugo):
        with pytest.raises(NotFound):
            folder(cast, who)
    with pytest.raises(Refused):
        folder(cast, cast.tom)


def test_overlaps_are_told_on_both_and_name_what_and_when(cast):
    one = a_consent(cast, categories=[VISITS, ATTENDANCE])
    other = a_consent(cast, categories=[ATTENDANCE], starts_at=NOW, ends_at=NOW + 10 * DAY)
    back(cast)

    found = {entry.view.number: entry.overlaps for entry in folder(cast).consents}
    [overlap] = found[one.number]
    assert (overlap.number, overlap.categories) == (other.number, (ATTENDANCE,))
    assert [o.number for o in found[other.number]] == [one.number]

    life.revoke(cast.session, cast.who(cast.ana), other.id, "A letter", NOW, ATTENDANCE)
    assert all(not entry.overlaps for entry in folder(cast).consents), "nothing is covered twice"


def test_days_that_do_not_meet_are_no_overlap(cast):
    a_consent(cast, ends_at=NOW + DAY)
    a_consent(cast, starts_at=NOW + DAY)

    assert all(not entry.overlaps for entry in folder(cast).consents)


def test_the_history_tells_the_signature_first_and_then_each_event(cast):
    consent = a_consent(cast, recorded_by=cast.ana.id)
    life.hold(cast.session, cast.who(cast.ana), consent.id, "By phone", NOW - DAY)

    [entry] = folder(cast).consents
    signed, held = entry.events
    assert (signed.kind, signed.by, signed.how) == (None, "Maria Sample", "Ana Counts")
    assert (held.kind, held.by, held.how) == (ConsentEventKind.HELD, "Ana Counts", "By phone")
    assert Act.LIFT in entry.acts and Act.HOLD not in entry.acts


def test_what_a_partner_already_received_is_listed_after_the_consent_is_taken_back(cast):
    make.record(cast.session, cast.luis, VISITS, NOW - 2 * DAY)
    consent = a_consent(cast)
    gate.open_record(cast.session, cast.who(cast.rita), cast.luis.id, Purpose.COORDINATE, NOW - DAY)
    life.revoke(cast.session, cast.who(cast.ana), consent.id, "A letter", NOW)

    [(partner, lines)] = folder(cast).received
    assert partner == "Riverside Clinic"
    assert {line.category for line in lines} == {VISITS, Category.IDENTITY}


def test_a_court_order_is_told_of_whoever_could_sign(cast):
    cast.session.add(
        CourtOrder(
            student_id=cast.luis.id,
            guardian_id=cast.maria.id,
            limits=CourtRight.CONSENT,
            starts_at=LONG_AGO,
            document_reference="Docket",
            checked_by=cast.ana.id,
        )
    )
    cast.session.flush()

    maria, luis = folder(cast).signers
    assert (maria.may, luis.may) == (False, True)
    assert "court order limits" in maria.because


@pytest.mark.parametrize(
    ("status", "changes", "expected"),
    [
        (ConsentStatus.DRAFT, {}, set()),
        (ConsentStatus.TAKEN_BACK, {}, set()),
        (ConsentStatus.ENDED, {}, {Act.RENEW}),
        (ConsentStatus.TO_CONFIRM, {}, {Act.CONFIRM, Act.HOLD, Act.REVOKE_KIND}),
        (ConsentStatus.ACTIVE, {}, {Act.RENEW, Act.CHANGE, Act.REVOKE_KIND, Act.HOLD}),
        (ConsentStatus.ACTIVE, {"kinds": 1}, {Act.RENEW, Act.CHANGE, Act.HOLD}),
        (ConsentStatus.HELD, {"on_hold": True}, {Act.LIFT, Act.REVOKE_KIND}),
        (
            ConsentStatus.HELD,
            {"by_event": True},
            {Act.HAPPENED, Act.REVIEW, Act.REVOKE_KIND, Act.HOLD},
        ),
    ],
)
def test_what_can_be_done_follows_from_where_it_stands(status, changes, expected):
    always = {Act.REVOKE, Act.REVOKE_PARTNER, Act.REVOKE_ALL, Act.FALSE, Act.OBJECT}
    given = {"by_event": False, "on_hold": False, "kinds": 2} | changes
    found = set(acts(status, **given))

    assert found - always == expected
    over = status in (ConsentStatus.DRAFT, ConsentStatus.TAKEN_BACK, ConsentStatus.ENDED)
    assert always <= found or over
