"""Who could have looked, then: exactly those whom the gate would have let in."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal import clock
from portal.access import facts as facts_of
from portal.access import onlookers, reach
from portal.access.actor import Actor
from portal.access.onlookers import Period, who_can_see, who_could_see
from portal.errors import NotFound, Refused
from portal.policy.gate import may_open
from portal.policy.onlookers import Why
from portal.scenarios import reading
from portal.scenarios.shelving import shelve
from portal.store.ledger import TrailLine
from portal.store.people import Relation, StaffLock, Student, User, UserStanding
from portal.store.places import Organization
from portal.store.records import Record
from portal.vocabulary import Category, Level, OrganizationKind, Purpose, Role
from tests import factories as make
from tests.access.test_onlookers import granted, requested
from tests.people import LONG_AGO, NOW, Cast
from tests.policy.drawn import worlds
from tests.scenarios.worlds import a_world

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TICK = timedelta(microseconds=1)


@pytest.fixture
def shared(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Luis has a visit; a consent opens it to Riverside. It is NOW for changes of people."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    make.record(cast.session, cast.luis, Category.VISITS)
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, [Category.VISITS])
    return cast


def could(cast: Cast, start: datetime, end: datetime | None = None) -> dict[str, Why]:
    period = Period(start, end or start + TICK)
    found = who_could_see(cast.session, cast.who(cast.sue), cast.luis.id, period, NOW)
    return {one.name: one.why for one in found}


def test_now_it_is_who_can_see(shared: Cast) -> None:
    now = who_can_see(shared.session, shared.who(shared.sue), shared.luis.id, NOW)
    assert could(shared, NOW) == {one.name: one.why for one in now}


def test_a_level_a_building_and_an_account_are_as_they_then_were(shared: Cast) -> None:
    shared.omar.school_id = shared.south.id
    shared.dina.level, shared.dina.role = Level.SUPERINTENDENT, Role.SUPERINTENDENT
    shared.rita.active_until = NOW
    shared.session.flush()

    before, then = could(shared, NOW - HOUR), could(shared, NOW)
    assert {"Omar Keys", "Rita River"} <= before.keys() and "Dina Desk" not in before
    assert "Dina Desk" in then and not {"Omar Keys", "Rita River"} & then.keys()


def test_of_a_whole_day_whoever_could_for_an_hour_is_told_with_since_when(shared: Cast) -> None:
    ends = shared.session.scalars(select(Relation).where(Relation.user_id == shared.tom.id)).one()
    ends.starts_at, ends.ends_at = NOW - 3 * HOUR, NOW - 2 * HOUR
    shared.session.flush()

    period = Period(NOW - DAY, NOW)
    found = who_could_see(shared.session, shared.who(shared.sue), shared.luis.id, period, NOW)
    tom = next(one for one in found if one.name == "Tom Chalk")
    assert (tom.since, tom.why) == (NOW - 3 * HOUR, Why.CLASS)
    assert "Tom Chalk" not in could(shared, NOW - HOUR)


def test_somebody_who_stood_twice_is_told_once_with_all_that_was_open(shared: Cast) -> None:
    """Bea had another level from NOW on, and a grant before and after; kept in no order."""
    make.record(shared.session, shared.luis, Category.ATTENDANCE)
    [stood] = shared.session.scalars(
        select(UserStanding).where(UserStanding.user_id == shared.bea.id)
    )
    later = {"role": Role.CENTRAL_OFFICE, "level": Level.CURRICULUM, "starts_at": NOW}
    first = UserStanding(
        user_id=stood.user_id, role=stood.role, level=stood.level, starts_at=LONG_AGO, ends_at=NOW
    )
    for name, value in later.items():
        setattr(stood, name, value)
    make.stored(shared.session, first)
    for number, category, starts, ends in (
        ("A-2", Category.ATTENDANCE, NOW - HOUR, NOW),
        ("A-1", Category.VISITS, NOW, NOW + HOUR),
    ):
        request = requested(shared, shared.bea, number)
        span = {"starts_at": starts, "ends_at": ends, "request_id": request.id}
        granted(shared, shared.bea, shared.luis, category, **span)

    period = Period(NOW - DAY, NOW + DAY)
    found = who_could_see(shared.session, shared.who(shared.sue), shared.luis.id, period, NOW)
    [bea] = [one for one in found if one.name == "Bea Ledger"]
    assert (bea.since, bea.why, bea.papers) == (NOW - HOUR, Why.GRANT, ("A-1", "A-2"))
    assert bea.kinds == (Category.ATTENDANCE, Category.VISITS)


def test_that_it_was_asked_is_a_line_about_the_student(shared: Cast) -> None:
    could(shared, NOW - HOUR, NOW)

    line = shared.session.scalars(select(TrailLine).order_by(TrailLine.id.desc())).first()
    assert (line.event, line.allowed, line.at) == ("onlookers.asked", True, NOW)
    assert (line.user_id, line.students) == (shared.sue.id, [shared.luis.id.hex])
    assert line.detail == {
        "from": "2026-11-20T14:00:00+00:00",
        "until": "2026-11-20T15:00:00+00:00",
    }


def test_a_record_written_later_was_not_there_to_be_seen(shared: Cast) -> None:
    row = make.record(shared.session, shared.luis, Category.ATTENDANCE)
    row.written_at = NOW
    shared.session.flush()
    me = shared.who(shared.sue)

    def kinds(start: datetime, end: datetime) -> set[Category]:
        found = who_could_see(shared.session, me, shared.luis.id, Period(start, end), NOW)
        return set(found[0].kinds)

    assert Category.ATTENDANCE not in kinds(NOW - HOUR, NOW)
    assert Category.ATTENDANCE in kinds(NOW - HOUR, NOW + HOUR)
    assert onlookers._written(shared.session, shared.luis.id) == {str(row.id): NOW}


def test_whoever_left_before_a_record_came_could_not_see_it(shared: Cast) -> None:
    """Omar's building and Ana's relation ended at NOW, as did the lock that kept Sue out."""
    shared.omar.school_id = shared.south.id
    related = shared.session.scalars(select(Relation).where(Relation.user_id == shared.ana.id))
    for row in related:
        row.ends_at = NOW
    about = {"user_id": shared.sue.id, "student_id": shared.luis.id, "set_by": shared.dina.id}
    make.stored(shared.session, StaffLock(**about, starts_at=LONG_AGO, ends_at=NOW))
    make.record(shared.session, shared.luis, Category.ATTENDANCE).written_at = NOW + HOUR
    shared.session.flush()

    period = Period(NOW - HOUR, NOW + DAY)
    found = who_could_see(shared.session, shared.who(shared.sue), shared.luis.id, period, NOW)
    before = (Category.IDENTITY, Category.VISITS)
    assert {one.name: (one.kinds, one.since) for one in found if not one.outside} == {
        "Ana Counts": (before, NOW - HOUR),
        "Omar Keys": (before, NOW - HOUR),
        "Sue Perin": ((Category.IDENTITY, Category.ATTENDANCE, Category.VISITS), NOW),
        "Tom Chalk": ((Category.IDENTITY, Category.ATTENDANCE), NOW - HOUR),
    }


def test_only_an_administrator_or_the_superintendent_may_ask(shared: Cast) -> None:
    period = Period(NOW, NOW + TICK)
    for user in (shared.ana, shared.omar, shared.rita):
        with pytest.raises(Refused):
            who_could_see(shared.session, shared.who(user), shared.luis.id, period, NOW)
        with pytest.raises(Refused):
            reach.could_open(shared.session, shared.who(user), shared.tom.id, NOW, NOW)
    assert who_could_see(shared.session, shared.who(shared.dina), shared.zoe.id, period, NOW)
    with pytest.raises(NotFound):
        who_could_see(shared.session, shared.who(shared.sue), shared.ana.id, period, NOW)


def test_the_other_way_round_tells_whom_somebody_could_have_opened(shared: Cast) -> None:
    me = shared.who(shared.sue)

    def whom(user: User, at: datetime) -> set[str]:
        ids = reach.could_open(shared.session, me, user.id, at, NOW)
        return {shared.session.get_one(Student, key).given_name for key in ids}

    shared.omar.school_id = shared.south.id
    shared.session.flush()
    assert whom(shared.omar, NOW - HOUR) == {"Luis", "Mei"}
    assert whom(shared.omar, NOW) == {"Zoe"}
    assert whom(shared.rita, NOW) == {"Luis"}
    assert whom(shared.omar, LONG_AGO - HOUR) == set()


def test_people_of_another_district_are_not_told_of(shared: Cast) -> None:
    other = make.organization(shared.session, "Elm Valley", code="0990012")
    dee = make.user(shared.session, other, "Dee Far", Role.SUPERINTENDENT, Level.SUPERINTENDENT)
    for key in (dee.id, shared.luis.id):
        with pytest.raises(NotFound):
            reach.could_open(shared.session, shared.who(shared.sue), key, NOW, NOW)


def _let_in(session: Session, student: Student, at: datetime) -> set[str]:
    """By the gate itself, asked of everybody with the facts of then."""
    found = set()
    for user in session.scalars(select(User)):
        facts = facts_of.load_known(session, user.id, student.id)
        held = [one for one in facts.shelf if one.custodian == str(student.district_id)]
        if any(may_open(facts, record, Purpose.COORDINATE, at) for record in held):
            found.add(user.username)
    return found


@settings(max_examples=40)  # a world is asked of each person, each student and each instant
@given(random=worlds)
def test_on_drawn_worlds_it_is_whom_the_gate_lets_in_both_ways_round(engine: Engine, random):
    world = reading.read(json.dumps(a_world(random)), "a drawn world")
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection) as session:
            shelve(session, world)
            for user in session.scalars(select(User)):
                # Stored without the ORM, they have no standing yet: what they are, from then on.
                session.add(
                    UserStanding(
                        user_id=user.id,
                        role=user.role,
                        level=user.level,
                        school_id=user.school_id,
                        starts_at=user.active_from,
                        ends_at=user.active_until,
                    )
                )
            session.flush()
            student = random.choice(session.scalars(select(Student)).all())
            # The worlds hold their records in several places; onlookers are told of the district's.
            for record in session.scalars(select(Record).where(Record.student_id == student.id)):
                if session.get_one(Organization, record.custodian_id).kind == "district":
                    student.district_id = record.custodian_id
            session.flush()
            asked = random.choice(world.questions).instant
            expected = _let_in(session, student, asked)
            ours = session.get_one(Organization, student.district_id)
            me = _asker(session, ours, asked)
            facts = facts_of.load_known(session, me.id, student.id)

            told = onlookers._everybody(
                session, student, facts, Period(asked, asked + TICK), then=True
            )

            names = {session.get_one(User, one.id).username for one in told}
            assert names == expected
            for user in session.scalars(select(User).where(User.id != me.id)):
                kind = session.get_one(Organization, user.organization_id).kind
                if kind is OrganizationKind.DISTRICT and user.organization_id != ours.id:
                    continue
                could_open = reach.could_open(session, me, user.id, asked, asked)
                assert (student.id in could_open) == (user.username in expected)
        transaction.rollback()


def _asker(session: Session, ours: Organization, at: datetime) -> Actor:
    """A superintendent of the student's district, whose account is not open: they see nothing."""
    row = make.user(session, ours, "Asking Only", Role.SUPERINTENDENT, Level.SUPERINTENDENT)
    row.active_from, row.active_until = at - 2 * DAY, at - DAY
    session.query(UserStanding).filter(UserStanding.user_id == row.id).delete()
    session.flush()
    return Actor(
        row.id,
        row.name,
        "",
        row.role,
        row.level,
        None,
        ours.id,
        ours.name,
        ours.kind,
        ours.tz,
    )
