"""The end of a school year: services end on its last day, referrals as they were reviewed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.access.actor import load
from portal.errors import NotFound, NotReady, Refused
from portal.store.people import Student
from portal.store.records import Record, ReferralEvent
from portal.store.support import SchoolYear, StudentService
from portal.transitions import queries, year_end
from portal.transitions.rules import YearDraft
from portal.vocabulary import (
    Access,
    Category,
    CloseReason,
    ReferralEventKind,
    ReferralStatus,
    ServiceEnd,
)
from tests import factories as make
from tests.people import NOW, Cast

FIRST, LAST = date(2026, 8, 31), date(2027, 6, 15)
AFTER = datetime(2027, 6, 16, 15, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def year(cast: Cast) -> SchoolYear:
    return year_end.keep_year(cast.session, cast.who(cast.dina), YearDraft(FIRST, LAST), NOW)


def service(cast: Cast, student: Student, until: date | None, **more: object) -> StudentService:
    record = make.record(cast.session, student, Category.SERVICE_STATUS)
    values = {"service": "skill_building", "provider": "North School", "started_on": FIRST}
    row = StudentService(record_id=record.id, estimated_end=until, **values | more)
    return make.stored(cast.session, row)


def close(cast: Cast, year: SchoolYear, reviewed=None, at: datetime = AFTER):
    me = load(cast.session, cast.sue.id, at)
    return year_end.close(cast.session, me, year.id, reviewed or {}, at)


def test_services_that_were_to_end_with_the_year_end_on_its_last_day(
    cast: Cast, year: SchoolYear
) -> None:
    last, earlier = service(cast, cast.luis, LAST), service(cast, cast.zoe, LAST - 90 * DAY)
    goes_on, open_end = service(cast, cast.mei, LAST + DAY), service(cast, cast.mei, None)
    over = service(cast, cast.mei, LAST, ended_on=FIRST + DAY, end_reason=ServiceEnd.CHANGED)
    gone = service(cast, cast.mei, LAST)
    cast.session.get_one(Record, gone.record_id).sealed_from = NOW

    assert close(cast, year).services == 2
    for row in (last, earlier):
        assert (row.ended_on, row.end_reason) == (LAST, ServiceEnd.YEAR_ENDED)
        assert cast.session.get_one(Record, row.record_id).version == 2
    for row in (goes_on, open_end, gone):
        assert row.ended_on is None
    assert (over.ended_on, over.end_reason) == (FIRST + DAY, ServiceEnd.CHANGED)
    assert (year.closed_at, year.closed_by) == (AFTER, cast.sue.id)


def test_what_would_end_is_told_before_by_kind_and_without_a_name(
    cast: Cast, year: SchoolYear
) -> None:
    service(cast, cast.luis, LAST)
    service(cast, cast.zoe, LAST)
    counted = queries.services_counted(cast.session, cast.who(cast.dina), year, NOW)
    assert [(line.service, line.many) for line in counted] == [("Skill building", 2)]


def test_a_year_is_closed_once_and_not_before_its_last_day(cast: Cast, year: SchoolYear) -> None:
    row = service(cast, cast.luis, LAST)
    with pytest.raises(NotReady, match="still runs"):
        close(cast, year, at=datetime(2027, 6, 14, 15, tzinfo=UTC))
    assert row.ended_on is None
    close(cast, year, at=datetime(2027, 6, 15, 15, tzinfo=UTC))
    with pytest.raises(NotReady, match="closed already"):
        close(cast, year)


def test_a_referral_is_kept_open_or_closed_as_reviewed_and_unknown_stays_unknown(
    cast: Cast, year: SchoolYear
) -> None:
    ended = make.referral(cast.session, cast.luis, cast.riverside, cast.ana)
    kept = make.referral(cast.session, cast.mei, cast.riverside, cast.ana)
    sue = cast.who(cast.sue)
    listed = queries.open_referrals(cast.session, sue, NOW)
    assert {line.number for line in listed} == {ended.number, kept.number}
    assert queries.how_many_more(cast.session, sue, len(listed), NOW) == 0

    done = close(cast, year, {ended.record_id: CloseReason.ENDED_EARLY, kept.record_id: None})

    assert done.referrals == 1
    assert (ended.status, ended.close_reason) == (ReferralStatus.CLOSED, CloseReason.ENDED_EARLY)
    assert ended.access is Access.UNKNOWN
    assert kept.status is ReferralStatus.SENT
    event = cast.session.scalars(select(ReferralEvent)).one()
    assert (event.kind, event.from_status, event.to_status, event.by_id) == (
        ReferralEventKind.CLOSED,
        ReferralStatus.SENT,
        ReferralStatus.CLOSED,
        cast.sue.id,
    )


def test_a_referral_that_was_closed_meanwhile_stays_as_it_is(cast: Cast, year: SchoolYear) -> None:
    row = make.referral(cast.session, cast.luis, cast.riverside, cast.ana)
    row.status = ReferralStatus.WITHDRAWN
    cast.session.flush()
    assert close(cast, year, {row.record_id: CloseReason.COMPLETED}).referrals == 0
    assert row.status is ReferralStatus.WITHDRAWN


def test_one_who_does_not_reach_a_student_neither_reads_nor_closes_the_referral(
    cast: Cast, year: SchoolYear
) -> None:
    """Dina reaches only students with a plan; of the others she learns how many there are."""
    row = make.referral(cast.session, cast.luis, cast.riverside, cast.ana)
    dina = load(cast.session, cast.dina.id, AFTER)
    assert dina is not None
    assert queries.open_referrals(cast.session, dina, AFTER) == []
    assert queries.how_many_more(cast.session, dina, 0, AFTER) == 1
    year_end.close(cast.session, dina, year.id, {row.record_id: CloseReason.COMPLETED}, AFTER)
    assert row.status is ReferralStatus.SENT


def test_the_days_of_a_year_can_be_corrected_until_it_is_closed(
    cast: Cast, year: SchoolYear
) -> None:
    again = YearDraft(FIRST, LAST - 5 * DAY)
    dina = cast.who(cast.dina)
    assert year_end.keep_year(cast.session, dina, again, NOW).id == year.id
    assert [row.last_day for row in queries.years(cast.session, dina)] == [LAST - 5 * DAY]
    close(cast, year)
    with pytest.raises(NotReady, match="is closed"):
        year_end.keep_year(cast.session, dina, again, NOW)


@pytest.mark.parametrize(
    "draft",
    [YearDraft(), YearDraft(FIRST), YearDraft(LAST, FIRST), YearDraft(FIRST, FIRST + 400 * DAY)],
)
def test_days_that_are_no_school_year(cast: Cast, draft: YearDraft) -> None:
    with pytest.raises(NotReady):
        year_end.keep_year(cast.session, cast.who(cast.dina), draft, NOW)


def test_who_may(cast: Cast, year: SchoolYear) -> None:
    for other in (cast.ana, cast.omar, cast.tom, cast.alma):
        with pytest.raises(Refused):
            year_end.keep_year(cast.session, cast.who(other), YearDraft(FIRST, LAST), NOW)
        with pytest.raises(Refused):
            year_end.close(cast.session, cast.who(other), year.id, {}, AFTER)
    elsewhere = make.organization(cast.session, "Elsewhere Schools")
    foreign = make.stored(
        cast.session,
        SchoolYear(district_id=elsewhere.id, name="x", first_day=FIRST, last_day=LAST),
    )
    for key in (foreign.id, cast.luis.id):
        with pytest.raises(NotFound):
            year_end.close(cast.session, cast.who(cast.dina), key, {}, AFTER)


def test_a_year_is_named_after_its_days() -> None:
    assert YearDraft(FIRST, LAST).name == "2026-2027"
    assert YearDraft().name == ""
