"""A partner logs back what it gave; the school sees it only by an authorization."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.access import gate, trail, visible
from portal.errors import NotFound, NotReady, Refused
from portal.policy.decision import Reason
from portal.referrals.following import service as following
from portal.referrals.giving import queries, service
from portal.referrals.giving.rules import GivenDraft
from portal.referrals.rules import OutcomeDraft
from portal.store.ledger import TrailLine
from portal.store.records import Record, Referral, ReferralEvent
from portal.store.support import ServiceGiven
from portal.vocabulary import (
    Access,
    Attendance,
    Category,
    ConfirmedBy,
    GivenStatus,
    Instrument,
    Purpose,
    ReferralStatus,
)
from tests import factories as make
from tests.people import NOW, Cast

CAME = GivenDraft(
    date(2026, 11, 19), Attendance.ATTENDED, GivenStatus.STARTED, "A quiet place at lunch."
)
MISSED = replace(CAME, attendance=Attendance.NO_SHOW)
LATER = NOW + timedelta(minutes=20)


@pytest.fixture
def accepted(cast: Cast) -> Referral:
    """Riverside has accepted Luis."""
    referral = make.referral(cast.session, cast.luis, cast.riverside, cast.ana)
    referral.status = ReferralStatus.ACCEPTED
    return referral


def authorize(cast: Cast, **changes: object):
    """The family lets Riverside tell the school how the service stands."""
    return make.consent(
        cast.session,
        cast.luis,
        cast.district,
        cast.maria,
        [Category.SERVICE_STATUS],
        discloser_id=cast.riverside.id,
        instrument=Instrument.HIPAA,
        **changes,
    )


def log(cast: Cast, referral: Referral, draft: GivenDraft, key: str = "form") -> ServiceGiven:
    rita = cast.who(cast.rita)
    return service.log(cast.session, rita, referral.record_id, draft, NOW, key)


def test_it_is_the_agency_s_own_record(cast, accepted):
    row = log(cast, accepted, CAME)

    record = cast.session.get_one(Record, row.record_id)
    assert record.custodian_id == cast.riverside.id
    assert record.category == Category.SERVICE_STATUS
    assert (record.author_id, record.district_id) == (cast.rita.id, cast.district.id)
    assert row.strategies == "A quiet place at lunch."
    trail.settle(cast.session)
    events = list(cast.session.scalars(select(TrailLine.event)))
    assert "service.given" in events


def test_the_first_that_the_student_came_to_is_access_to_service(cast, accepted):
    log(cast, accepted, CAME)

    assert accepted.status is ReferralStatus.IN_SERVICE
    assert (accepted.access, accepted.accessed_on) == (Access.ACCESSED, date(2026, 11, 19))
    assert accepted.confirmed_by is ConfirmedBy.PROVIDER


def test_a_no_show_is_no_access_and_no_refusal_of_it(cast, accepted):
    log(cast, accepted, MISSED)

    assert accepted.status is ReferralStatus.ACCEPTED
    assert accepted.access is Access.UNKNOWN


def test_a_later_contact_leaves_the_first_as_it_is(cast, accepted):
    log(cast, accepted, CAME, "one")
    log(cast, accepted, replace(CAME, given_on=date(2026, 11, 20)), "two")

    assert accepted.accessed_on == date(2026, 11, 19)
    assert len(cast.session.scalars(select(ReferralEvent)).all()) == 1


def test_a_second_click_logs_nothing_twice(cast, accepted):
    assert log(cast, accepted, CAME).record_id == log(cast, accepted, CAME).record_id
    assert len(cast.session.scalars(select(ServiceGiven)).all()) == 1


@pytest.mark.parametrize("who", ["rob", "hugo", "ana", "tom"])
def test_only_the_case_team_and_the_administrator_log(cast, accepted, who):
    me = cast.who(getattr(cast, who))
    with pytest.raises((NotFound, Refused)):
        service.log(cast.session, me, accepted.record_id, CAME, NOW, "form")


def test_the_administrator_logs_too(cast, accepted):
    alma = cast.who(cast.alma)
    assert service.log(cast.session, alma, accepted.record_id, CAME, NOW, "form")


@pytest.mark.parametrize(
    "status", [ReferralStatus.SENT, ReferralStatus.DECLINED, ReferralStatus.CLOSED]
)
def test_what_is_not_accepted_is_not_logged(cast, accepted, status):
    accepted.status = status
    with pytest.raises(NotReady) as caught:
        log(cast, accepted, CAME)
    assert "Accept it first" in caught.value.problems[0].do_next


def test_what_is_missing_is_told_and_nothing_is_written(cast, accepted):
    with pytest.raises(NotReady):
        log(cast, accepted, replace(CAME, strategies="x" * 50_000))
    assert cast.session.scalars(select(ServiceGiven)).all() == []


# Who sees it


def school_sees(cast: Cast) -> bool:
    seen = gate.open_record(cast.session, cast.who(cast.ana), cast.luis.id, Purpose.COORDINATE, NOW)
    of_riverside = select(Record.id).where(
        Record.custodian_id == cast.riverside.id,
        visible.records(cast.who(cast.ana), Purpose.COORDINATE, NOW),
    )
    by_query = set(cast.session.scalars(of_riverside))
    by_rule = {item.record_id for item in seen.items if item.category is Category.SERVICE_STATUS}
    assert by_rule == by_query
    return bool(by_rule)


def test_without_an_authorization_the_school_sees_nothing_and_the_form_says_so(cast, accepted):
    log(cast, accepted, CAME)
    told = service.will_be_seen(cast.session, cast.who(cast.rita), accepted.record_id, NOW)

    assert not told
    assert Reason.NO_CONSENT in told.codes
    assert not school_sees(cast)


def test_with_an_authorization_and_an_agreement_the_school_sees_it(cast, accepted):
    authorize(cast)
    log(cast, accepted, CAME)

    assert service.will_be_seen(cast.session, cast.who(cast.rita), accepted.record_id, NOW)
    assert school_sees(cast)


def test_once_the_authorization_is_taken_back_the_school_sees_it_no_more(cast, accepted):
    authorize(cast, revoked_at=NOW)
    log(cast, accepted, CAME)

    told = service.will_be_seen(cast.session, cast.who(cast.rita), accepted.record_id, NOW)
    assert Reason.REVOKED in told.codes
    assert not school_sees(cast)


def test_a_consent_from_the_school_to_the_agency_opens_nothing_the_other_way(cast, accepted):
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, [Category.SERVICE_STATUS])
    log(cast, accepted, CAME)
    assert not school_sees(cast)


def test_an_agency_that_never_logged_is_asked_about_too(cast, accepted):
    authorize(cast)
    assert service.will_be_seen(cast.session, cast.who(cast.rita), accepted.record_id, NOW)


# Corrections


def correct(cast: Cast, row: ServiceGiven, draft: GivenDraft, key: str = "again") -> ServiceGiven:
    rita = cast.who(cast.rita)
    return service.correct(cast.session, rita, row.record_id, draft, LATER, key)


def test_a_correction_takes_the_place_of_the_old_one_and_both_are_kept(cast, accepted):
    old = log(cast, accepted, CAME)
    new = correct(
        cast, old, replace(CAME, status=GivenStatus.PAUSED, reason="It was paused that day")
    )

    assert (new.corrects, new.reason) == (old.record_id, "It was paused that day")
    assert old.status is GivenStatus.STARTED
    assert cast.session.get_one(Record, old.record_id).sealed_from == LATER
    [line] = queries.of_referrals(cast.session, cast.who(cast.rita), [accepted.record_id], LATER)[
        accepted.record_id
    ]
    assert (line.given_id, line.corrected) == (new.record_id, "It was paused that day")


def test_without_a_reason_nothing_is_corrected(cast, accepted):
    old = log(cast, accepted, CAME)
    with pytest.raises(NotReady) as caught:
        correct(cast, old, CAME)
    assert [problem.field for problem in caught.value.problems] == ["Reason"]
    assert cast.session.get_one(Record, old.record_id).sealed_from is None


def test_what_was_corrected_already_is_not_corrected_twice(cast, accepted):
    old = log(cast, accepted, CAME)
    correct(cast, old, replace(CAME, reason="Wrong"))
    with pytest.raises(NotFound):
        correct(cast, old, replace(CAME, reason="Wrong once more"), "third")


def test_a_second_click_corrects_once(cast, accepted):
    old = log(cast, accepted, CAME)
    fixed = correct(cast, old, replace(CAME, reason="Wrong"))
    again = correct(cast, old, replace(CAME, reason="Wrong"))
    assert again.record_id == fixed.record_id


@pytest.mark.parametrize("who", ["rob", "hugo", "ana"])
def test_others_correct_nothing(cast, accepted, who):
    old = log(cast, accepted, CAME)
    me = cast.who(getattr(cast, who))
    with pytest.raises((NotFound, Refused)):
        service.correct(
            cast.session, me, old.record_id, replace(CAME, reason="Mine"), LATER, "form"
        )


def test_access_moves_with_the_day_that_is_corrected(cast, accepted):
    old = log(cast, accepted, CAME)
    correct(cast, old, replace(CAME, given_on=date(2026, 11, 18), reason="A day earlier"))

    assert (accepted.access, accepted.accessed_on) == (Access.ACCESSED, date(2026, 11, 18))


def test_access_that_rested_on_a_mistake_is_unknown_and_not_no(cast, accepted):
    old = log(cast, accepted, CAME)
    correct(cast, old, replace(MISSED, reason="The student did not come"))

    assert (accepted.access, accepted.accessed_on) == (Access.UNKNOWN, None)
    assert accepted.confirmed_by is None
    notes = [row.note for row in cast.session.scalars(select(ReferralEvent))]
    assert "A contact was corrected: The student did not come" in notes


def test_access_goes_to_the_next_day_that_stands(cast, accepted):
    old = log(cast, accepted, CAME, "one")
    log(cast, accepted, replace(CAME, given_on=date(2026, 11, 20)), "two")
    correct(cast, old, replace(MISSED, reason="The student did not come"))

    assert accepted.accessed_on == date(2026, 11, 20)


def test_what_the_school_confirmed_stays(cast, accepted):
    old = log(cast, accepted, CAME)
    ana = cast.who(cast.ana)
    told = OutcomeDraft(Access.ACCESSED, date(2026, 11, 19), ConfirmedBy.FAMILY)
    following.record_outcome(cast.session, ana, accepted.record_id, told, NOW)
    correct(cast, old, replace(MISSED, reason="The student did not come"))

    assert accepted.access is Access.ACCESSED


def test_a_later_contact_corrected_leaves_access_alone(cast, accepted):
    log(cast, accepted, CAME, "one")
    old = log(cast, accepted, replace(CAME, given_on=date(2026, 11, 20)), "two")
    correct(cast, old, replace(MISSED, given_on=date(2026, 11, 20), reason="No"), "three")
    assert accepted.accessed_on == date(2026, 11, 19)


# Lists


def test_nobody_else_lists_it(cast, accepted):
    log(cast, accepted, CAME)
    for who in (cast.rob, cast.hugo):
        found = queries.of_referrals(cast.session, cast.who(who), [accepted.record_id], NOW)
        assert found == {accepted.record_id: []}
    assert queries.of_referrals(cast.session, cast.who(cast.rita), [], NOW) == {}
