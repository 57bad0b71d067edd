"""Services in place, needs and strengths: written, changed, met, taken back; on both databases."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, func, select

from portal.access import gate, trail
from portal.access.school_years import last_school_day, previous_year_began
from portal.errors import NotFound, NotReady, Refused
from portal.store.ledger import TrailLine
from portal.store.people import StaffLock
from portal.store.records import Record, Referral, VisitNote
from portal.store.support import Correction, SchoolYear, Strength, StudentNeed, StudentService
from portal.supports import history, needs, notes, queries, services, strengths
from portal.supports.queries import Supports
from portal.supports.rules import Met, NeedDraft, ServiceDraft, StrengthDraft
from portal.vocabulary import (
    Category,
    Level,
    Need,
    OrganizationKind,
    Purpose,
    ReferralStatus,
    RelationKind,
    Role,
    ServiceEnd,
    StrengthSource,
    Tier,
    VisitService,
)
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

TODAY = date(2026, 11, 20)
SERVICE = ServiceDraft(
    service=VisitService.INDIVIDUAL_COUNSELING,
    provider="Ana Counts",
    tier=Tier.TIER_2,
    started_on=date(2026, 9, 8),
    estimated_end=date(2027, 6, 15),
)
NEED = NeedDraft(Need.ANXIETY_OR_WORRY, Tier.TIER_2, date(2026, 10, 10), "Riverside Clinic")
STRENGTH = StrengthDraft(StrengthSource.STUDENT, "I draw <b>maps</b>.")
LATER = NOW + timedelta(minutes=10)


def start(cast: Cast, draft: ServiceDraft = SERVICE, key: str = "form") -> StudentService:
    return services.start(cast.session, cast.who(cast.ana), cast.luis.id, draft, NOW, key)


def write(cast: Cast, draft: NeedDraft = NEED, key: str = "need") -> StudentNeed:
    return needs.write_down(cast.session, cast.who(cast.ana), cast.luis.id, draft, NOW, key)


def add(cast: Cast, draft: StrengthDraft = STRENGTH, key: str = "strength") -> Strength:
    return strengths.add(cast.session, cast.who(cast.ana), cast.luis.id, draft, NOW, key)


def shown(cast: Cast, user: str = "ana", at=NOW) -> Supports:
    me = cast.who(getattr(cast, user))
    opened = gate.open_record(cast.session, me, cast.luis.id, Purpose.COORDINATE, at)
    return queries.supports_of(cast.session, me, opened, at)


def events(cast: Cast) -> list[str]:
    trail.settle(cast.session)
    return list(cast.session.scalars(select(TrailLine.event).order_by(TrailLine.id)))


def questions(cast: Cast) -> int:
    """How many SELECTs the page's supports take, the opening of the record aside."""
    me = cast.who(cast.ana)
    opened = gate.open_record(cast.session, me, cast.luis.id, Purpose.COORDINATE, NOW)
    asked: list[str] = []

    def note_it(_c, _cursor, statement: str, *_rest) -> None:
        asked.append(statement)

    engine = cast.session.get_bind()
    event.listen(engine, "before_cursor_execute", note_it)
    try:
        queries.supports_of(cast.session, me, opened, NOW)
    finally:
        event.remove(engine, "before_cursor_execute", note_it)
    return len(asked)


def count(cast: Cast, table: type) -> int:
    return cast.session.scalar(select(func.count()).select_from(table))


def test_a_service_is_a_record_of_the_district_from_its_start(cast: Cast) -> None:
    service = start(cast)
    record = cast.session.get_one(Record, service.record_id)

    assert (record.category, record.custodian_id) == (Category.SERVICE_STATUS, cast.district.id)
    assert (record.author_id, record.event_at.date()) == (cast.ana.id, date(2026, 9, 8))
    assert events(cast) == ["student.keep_supports", "service.started"]


def test_a_second_click_starts_no_second_service(cast: Cast) -> None:
    assert start(cast).record_id == start(cast).record_id
    assert write(cast).record_id == write(cast).record_id
    assert add(cast).record_id == add(cast).record_id
    assert count(cast, StudentService) == count(cast, StudentNeed) == count(cast, Strength) == 1


def test_all_problems_are_told_at_once_and_nothing_is_written(cast: Cast) -> None:
    with pytest.raises(NotReady) as told:
        start(cast, ServiceDraft(agency_id=cast.district.id, referral_id=uuid.uuid4()))

    assert [p.field for p in told.value.problems] == ["Service", "Start", "From whom", "Referral"]
    assert count(cast, StudentService) == 0


def test_the_page_tells_services_as_the_district_calls_them(cast: Cast) -> None:
    start(cast)
    start(
        cast,
        replace(
            SERVICE,
            provider="",
            agency_id=cast.riverside.id,
            estimated_end=date(2026, 11, 2),
            started_on=date(2026, 10, 1),
        ),
        "second",
    )
    clinic, school = shown(cast).services

    assert (school.service, school.tier_label) == ("Individual counseling", "Tier 2")
    assert (clinic.provider, school.provider) == ("Riverside Clinic", "Ana Counts")
    assert (clinic.overdue, school.overdue) == (True, False)


def test_ending_keeps_the_reason_and_what_it_was(cast: Cast) -> None:
    service = start(cast)
    me = cast.who(cast.ana)
    services.end(cast.session, me, service.record_id, TODAY, ServiceEnd.GOAL_REACHED, 1, NOW)
    again = services.end(cast.session, me, service.record_id, TODAY, ServiceEnd.OTHER, 1, NOW)

    assert again.end_reason is ServiceEnd.GOAL_REACHED
    [kept] = cast.session.scalars(select(Correction))
    assert (kept.field, kept.old, kept.new) == ("ended_on", "", "2026-11-20")
    assert cast.session.get_one(Record, service.record_id).version == 2
    with pytest.raises(NotReady, match="ended already"):
        services.end(
            cast.session, me, service.record_id, TODAY - timedelta(1), ServiceEnd.OTHER, 2, NOW
        )
    with pytest.raises(NotReady, match="ended already"):
        services.move_end(cast.session, me, service.record_id, TODAY, 2, NOW)


def test_moving_the_estimated_end_keeps_the_old_one(cast: Cast) -> None:
    service, me = start(cast), cast.who(cast.ana)
    services.move_end(cast.session, me, service.record_id, date(2027, 1, 8), 1, NOW)
    services.move_end(cast.session, me, service.record_id, date(2027, 1, 8), 1, NOW)
    services.move_end(cast.session, me, service.record_id, None, 2, NOW)

    rows = cast.session.execute(select(Correction.old, Correction.new).order_by(Correction.id))
    assert {tuple(row) for row in rows} == {("2027-06-15", "2027-01-08"), ("2027-01-08", "")}


def test_who_saves_second_is_told_that_it_was_changed(cast: Cast) -> None:
    service, me = start(cast), cast.who(cast.ana)
    services.move_end(cast.session, me, service.record_id, date(2027, 1, 8), 1, NOW)

    with pytest.raises(NotReady, match="Somebody else changed this"):
        services.end(cast.session, me, service.record_id, TODAY, ServiceEnd.OTHER, 1, NOW)


def test_a_service_meets_a_need_until_it_is_taken_back_or_ends(cast: Cast) -> None:
    need = write(cast)
    assert shown(cast).needs[0].met is Met.AWAITED
    assert shown(cast).needs[0].days == 41

    service = start(cast, replace(SERVICE, meets=need.record_id))
    line = shown(cast).needs[0]
    assert (line.met, line.met_by) == (Met.BY_SERVICE, "Individual counseling, Ana Counts")

    me = cast.who(cast.ana)
    services.take_back(cast.session, me, service.record_id, NOW)
    assert shown(cast).needs[0].met is Met.AWAITED
    assert shown(cast).services == ()


def test_a_need_is_met_by_a_service_in_place_or_otherwise(cast: Cast) -> None:
    need, service, me = write(cast), start(cast), cast.who(cast.ana)
    needs.meet(cast.session, me, need.record_id, TODAY, service.record_id, 1, NOW)
    needs.meet(cast.session, me, need.record_id, TODAY, service.record_id, 1, NOW)
    assert shown(cast).needs[0].met is Met.BY_SERVICE

    services.end(
        cast.session,
        me,
        service.record_id,
        TODAY - timedelta(days=1),
        ServiceEnd.CHANGED,
        1,
        NOW,
    )
    assert shown(cast).needs[0].met is Met.SERVICE_ENDED

    needs.meet(cast.session, me, need.record_id, TODAY, None, 2, NOW)
    assert shown(cast).needs[0].met is Met.OTHERWISE
    assert shown(cast).tiers == ()


def test_a_need_is_not_met_before_it_began_nor_by_another_students_service(cast: Cast) -> None:
    need, me = write(cast), cast.who(cast.ana)
    other = services.start(cast.session, me, cast.mei.id, SERVICE, NOW, "mei")

    with pytest.raises(NotReady) as told:
        needs.meet(cast.session, me, need.record_id, date(2026, 10, 9), other.record_id, 1, NOW)
    assert [p.field for p in told.value.problems] == ["Met on", "Met by"]
    with pytest.raises(NotReady, match="not on the student's page"):
        services.start(
            cast.session, me, cast.mei.id, replace(SERVICE, meets=need.record_id), NOW, "other"
        )


def test_an_open_referral_offers_a_need_until_one_is_opened(cast: Cast) -> None:
    record = make.record(cast.session, cast.luis, Category.REFERRALS, NOW, author=cast.ana)
    cast.session.add(
        Referral(
            record_id=record.id,
            number="R-7K2M",
            target="community",
            agency_id=cast.riverside.id,
            need=Need.LOW_MOOD,
            status=ReferralStatus.WAITLISTED,
            sent_by=cast.ana.id,
        )
    )
    cast.session.flush()
    [waiting] = shown(cast).waiting
    assert (waiting.need_label, waiting.provider) == ("Low mood", "Riverside Clinic")

    write(cast, replace(NEED, awaited_from="", referral_id=record.id))
    told = shown(cast)
    assert told.waiting == ()
    assert (told.needs[0].awaited, told.needs[0].referral) == ("Riverside Clinic", "R-7K2M")
    with pytest.raises(NotReady, match="not the student's"):
        write(cast, replace(NEED, referral_id=uuid.uuid4()), "forged")


def test_the_students_own_words_come_before_the_familys_and_the_staffs(cast: Cast) -> None:
    for source in (StrengthSource.STAFF, StrengthSource.FAMILY, StrengthSource.STUDENT):
        add(cast, StrengthDraft(source, f"of {source}"), source)

    assert [line.source for line in shown(cast).strengths] == list(StrengthSource)


def test_a_strength_is_put_in_other_words_and_the_old_ones_are_kept(cast: Cast) -> None:
    row, me = add(cast), cast.who(cast.ana)
    better = StrengthDraft(StrengthSource.FAMILY, "Draws maps of the whole town.")
    strengths.replace(cast.session, me, row.record_id, better, 1, NOW)
    strengths.replace(cast.session, me, row.record_id, better, 1, NOW)

    assert shown(cast).strengths[0].text == "Draws maps of the whole town."
    kept = cast.session.scalars(select(Correction.old).order_by(Correction.field))
    assert list(kept) == ["student", "I draw <b>maps</b>."]
    with pytest.raises(NotReady, match="Nothing is written"):
        strengths.replace(cast.session, me, row.record_id, replace(better, text=" "), 3, NOW)


@pytest.mark.parametrize("what", ["service", "need", "strength"])
def test_taking_back_is_for_ten_minutes_and_the_author_alone(cast: Cast, what: str) -> None:
    verbs = {
        "service": (start, services.take_back),
        "need": (write, needs.take_back),
        "strength": (add, strengths.take_back),
    }
    make_one, take_back = verbs[what]
    row = make_one(cast)

    with pytest.raises(Refused):
        take_back(cast.session, cast.who(cast.ana), row.record_id, LATER)
    with pytest.raises(NotFound):
        take_back(cast.session, cast.who(cast.omar), row.record_id, NOW)
    take_back(cast.session, cast.who(cast.ana), row.record_id, NOW)
    with pytest.raises(NotFound):
        take_back(cast.session, cast.who(cast.ana), row.record_id, NOW)
    assert f"{what}.undone" in events(cast)


@pytest.mark.parametrize("user", ["tom", "dina", "rita", "hugo"])
def test_nobody_else_keeps_a_students_supports(cast: Cast, user: str) -> None:
    service = start(cast)
    me = cast.who(getattr(cast, user))

    with pytest.raises((NotFound, Refused)):
        services.start(cast.session, me, cast.luis.id, SERVICE, NOW, "other")
    with pytest.raises((NotFound, Refused)):
        services.end(cast.session, me, service.record_id, TODAY, ServiceEnd.OTHER, 1, NOW)


def test_what_never_was_and_what_is_out_of_reach_look_alike(cast: Cast) -> None:
    elsewhere = services.start(cast.session, _south(cast), cast.zoe.id, SERVICE, NOW, "zoe")
    ana = cast.who(cast.ana)
    told = []
    for record_id in (uuid.uuid4(), elsewhere.record_id):
        with pytest.raises(NotFound) as refused:
            services.end(cast.session, ana, record_id, TODAY, ServiceEnd.OTHER, 1, NOW)
        told.append((refused.value.what, refused.value.do_next))

    assert told[0] == told[1]


def _south(cast: Cast):
    user = make.user(cast.session, cast.district, "Sol South", Role.SUPPORT_STAFF, Level.CLINICIAN)
    make.relation(cast.session, user, cast.zoe, RelationKind.SERVICE)
    return cast.who(user)


def test_a_locked_person_changes_nothing(cast: Cast) -> None:
    service = start(cast)
    cast.session.add(
        StaffLock(
            user_id=cast.ana.id, student_id=cast.luis.id, starts_at=LONG_AGO, set_by=cast.omar.id
        )
    )
    cast.session.flush()

    with pytest.raises(NotFound):
        services.end(
            cast.session, cast.who(cast.ana), service.record_id, TODAY, ServiceEnd.OTHER, 1, NOW
        )


def test_a_teacher_is_told_of_no_service_need_or_strength(cast: Cast) -> None:
    start(cast)
    write(cast)
    add(cast)

    assert shown(cast, "tom") == replace(Supports(), words=shown(cast, "tom").words)


def test_the_number_of_questions_does_not_grow_with_the_rows(cast: Cast) -> None:
    start(cast)
    write(cast)
    add(cast)
    few = questions(cast)
    for number in range(12):
        start(cast, SERVICE, f"s{number}")
        write(cast, NEED, f"n{number}")
        add(cast, STRENGTH, f"t{number}")

    assert questions(cast) == few


def test_partners_are_offered_by_name_while_they_are_active(cast: Cast) -> None:
    make.organization(cast.session, "Closed Clinic", OrganizationKind.PROVIDER, active_until=NOW)
    offered = queries.partners(cast.session, cast.who(cast.ana), NOW)

    assert list(offered.values()) == ["Hilltop Clinic", "Riverside Clinic"]


@pytest.mark.parametrize(("user", "may"), [("ana", True), ("omar", True), ("sue", False)])
def test_a_note_is_offered_to_be_restricted_to_whom_may(cast: Cast, user: str, may: bool) -> None:
    me, record_id, service = cast.who(getattr(cast, user)), note(cast), start(cast)
    opened = gate.open_record(cast.session, me, cast.luis.id, Purpose.COORDINATE, NOW)
    told = queries.marks(cast.session, me, opened)

    assert told[record_id] == queries.Mark("", may)
    assert not told[service.record_id].may_restrict


def test_a_partners_own_record_tells_whose_it_is(cast: Cast) -> None:
    make.agreement(
        cast.session,
        cast.riverside,
        cast.district,
        a_to_b=[Category.SERVICE_STATUS],
        b_to_a=[],
    )
    make.consent(
        cast.session,
        cast.luis,
        cast.district,
        cast.maria,
        [Category.SERVICE_STATUS],
        discloser_id=cast.riverside.id,
    )
    theirs = make.record(
        cast.session, cast.luis, Category.SERVICE_STATUS, NOW, custodian=cast.riverside
    )
    me = cast.who(cast.ana)
    opened = gate.open_record(cast.session, me, cast.luis.id, Purpose.COORDINATE, NOW)

    assert queries.marks(cast.session, me, opened)[theirs.id].whose == "Riverside Clinic"


# The note, the clean slate, the school year


def note(cast: Cast) -> uuid.UUID:
    visit = make.record(cast.session, cast.luis, Category.VISITS, NOW, author=cast.ana)
    record = make.record(cast.session, cast.luis, Category.VISIT_NOTES, NOW, author=cast.ana)
    cast.session.add(VisitNote(record_id=record.id, visit_id=visit.id, text="A private matter"))
    cast.session.flush()
    return record.id


@pytest.mark.parametrize("user", ["ana", "omar"])
def test_the_author_and_an_administrator_restrict_a_note(cast: Cast, user: str) -> None:
    record_id, me = note(cast), cast.who(getattr(cast, user))
    notes.restrict(cast.session, me, record_id, NOW)
    notes.restrict(cast.session, me, record_id, NOW)

    assert cast.session.get_one(Record, record_id).restricted
    assert events(cast).count("note.restricted") == 1


def test_nobody_else_restricts_a_note_and_nothing_but_a_note_is(cast: Cast) -> None:
    record_id = note(cast)
    with pytest.raises(Refused, match="Somebody else wrote this"):
        notes.restrict(cast.session, cast.who(cast.sue), record_id, NOW)
    with pytest.raises(NotFound):
        notes.restrict(cast.session, cast.who(cast.tom), record_id, NOW)
    with pytest.raises(NotFound):
        notes.restrict(cast.session, cast.who(cast.ana), start(cast).record_id, NOW)
    with pytest.raises(NotFound):
        notes.restrict(cast.session, cast.who(cast.ana), uuid.uuid4(), NOW)
    assert not cast.session.get_one(Record, record_id).restricted


def test_opening_the_folded_history_is_noted(cast: Cast) -> None:
    me = cast.who(cast.ana)
    assert history.folded_before(cast.session, me, NOW) == date(2025, 7, 1)
    history.open_history(cast.session, me, cast.luis.id, NOW)

    assert events(cast)[-1] == "history.opened"
    with pytest.raises(NotFound):
        history.open_history(cast.session, me, cast.zoe.id, NOW)


def test_a_service_ends_with_the_school_year_unless_told_otherwise(cast: Cast) -> None:
    me = cast.who(cast.ana)
    assert services.usual_end(cast.session, me, TODAY) == date(2027, 6, 30)
    assert services.usual_end(cast.session, me, date(2027, 6, 1)) == date(2027, 6, 30)
    for name, first, last in (
        ("2025-2026", date(2025, 8, 27), date(2026, 6, 12)),
        ("2026-2027", date(2026, 8, 26), date(2027, 6, 15)),
    ):
        cast.session.add(
            SchoolYear(district_id=cast.district.id, name=name, first_day=first, last_day=last)
        )
    cast.session.flush()

    assert last_school_day(cast.session, cast.district.id, TODAY) == date(2027, 6, 15)
    assert last_school_day(cast.session, cast.district.id, date(2027, 6, 20)) == date(2027, 6, 30)
    assert previous_year_began(cast.session, cast.district.id, TODAY) == date(2025, 8, 27)
    assert previous_year_began(cast.session, cast.district.id, date(2027, 7, 2)) == date(
        2026, 8, 26
    )
