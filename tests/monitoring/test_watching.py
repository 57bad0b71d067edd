"""Unusual use is found by going over the ledger, settled by a person, and stopped where it must."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from portal.access import documents, gate, stops, trail
from portal.access.trail import Entry
from portal.errors import NotFound, NotReady, Refused
from portal.monitoring import queries as emergencies
from portal.monitoring import settings
from portal.monitoring.watching import queries as usage
from portal.monitoring.watching import service as watching
from portal.policy.use import STOP_AT, Limits
from portal.store.ledger import TrailLine
from portal.store.oversight import DataExport, UseFlag
from portal.vocabulary import Category, ExportKind, FlagOutcome, UseFlagKind
from tests import factories as make
from tests.people import NOW, Cast

TODAY, HOUR, MINUTE = date(2026, 11, 20), timedelta(hours=1), timedelta(minutes=1)
Kind = UseFlagKind


# Going over a day


def opens(cast: Cast, user, count: int, at: datetime = NOW, **changes) -> None:
    me = cast.who(user)
    for number in range(count):
        told = {"event": "record.opened", "allowed": True, "at": at + number * MINUTE / 10}
        students = (uuid.uuid4(),)
        trail.write(cast.session, me, Entry(**told | {"students": students} | changes))
    trail.settle(cast.session)


def found(cast: Cast) -> dict[tuple[str, Kind], int]:
    people = {user.id: user.name for user in (cast.ana, cast.omar, cast.tom, cast.dina, cast.sue)}
    return {
        (people[row.user_id], row.kind): row.count for row in cast.session.scalars(select(UseFlag))
    }


def go_over(cast: Cast, day: date = TODAY) -> int:
    return watching.go_over(cast.session, cast.district, day, NOW + 24 * HOUR)


def test_each_kind_is_found_once_however_often_it_is_looked_for(cast: Cast) -> None:
    opens(cast, cast.ana, 80)
    opens(cast, cast.omar, 6, NOW - 7 * HOUR)  # at three in the morning
    refused = {"allowed": False, "codes": ["NO_RELATION"]}
    opens(cast, cast.tom, 20, **refused)
    opens(cast, cast.rita, 90)  # of a partner: theirs to look after
    opens(cast, cast.ana, 200, NOW - 48 * HOUR)
    export = DataExport(
        organization_id=cast.district.id,
        user_id=cast.dina.id,
        kind=ExportKind.VISITS,
        number="E-TEST-0001",
        purpose="A report",
        rows=600,
        students=50,
        made_at=NOW,
    )
    make.stored(cast.session, export)

    assert go_over(cast) == 5
    assert go_over(cast) == 0
    assert found(cast) == {
        ("Ana Counts", Kind.VOLUME): 80,
        ("Omar Keys", Kind.OFF_HOURS): 6,
        ("Tom Chalk", Kind.NOT_OWN_STUDENTS): 20,
        ("Tom Chalk", Kind.MANY_REFUSALS): 20,
        ("Dina Desk", Kind.BULK_EXPORT): 600,
    }


def test_whom_somebody_looks_up_for_an_emergency_is_counted(cast: Cast) -> None:
    session, ana = cast.session, cast.who(cast.ana)
    for student in (cast.luis, cast.mei, cast.zoe):
        name = f"{student.given_name} {student.family_name}"
        assert emergencies.look_up(session, ana, name, NOW)
    trail.settle(session)
    assert go_over(cast) == 0
    opens(cast, cast.ana, 2, event="emergency.looked_up")

    assert go_over(cast) == 1
    assert found(cast) == {("Ana Counts", Kind.NOT_OWN_STUDENTS): 5}


def test_a_finding_grows_until_it_is_settled(cast: Cast) -> None:
    opens(cast, cast.ana, 80)
    go_over(cast)
    opens(cast, cast.ana, 5, NOW + HOUR)
    go_over(cast)
    [line] = usage.findings(cast.session, cast.who(cast.sue), settled=False)
    assert (line.count, line.limit, line.person) == (85, 80, "Ana Counts")

    settle(cast, cast.sue, line.id)
    opens(cast, cast.ana, 5, NOW + 2 * HOUR)
    assert go_over(cast) == 0
    [after] = usage.findings(cast.session, cast.who(cast.sue), settled=True)
    assert (after.count, after.settler, after.outcome) == (85, "Sue Perin", FlagOutcome.PROPER)


def test_much_beside_what_is_usual_is_found_below_the_number_of_the_level(cast: Cast) -> None:
    other = make.user(cast.session, cast.district, "Carl Counts", cast.ana.role, cast.ana.level)
    for days in range(1, 4):
        opens(cast, cast.ana, 4, NOW - days * 24 * HOUR)
        opens(cast, other, 6, NOW - days * 24 * HOUR)
    opens(cast, cast.ana, 25)
    assert go_over(cast) == 1
    [line] = usage.findings(cast.session, cast.who(cast.sue), settled=False)
    assert (line.limit, line.own_usual, line.colleagues_usual) == (25, 4.0, 6.0)


# Settling


def settle(cast: Cast, user, flag_id, outcome=FlagOutcome.PROPER, note="The day of the sign-ups."):
    watching.settle(cast.session, cast.who(user), flag_id, outcome, note, NOW)


def test_somebody_else_settles_it_once_with_a_note(cast: Cast) -> None:
    opens(cast, cast.dina, 150)
    go_over(cast)
    [line] = usage.findings(cast.session, cast.who(cast.dina), settled=False)
    for user in (cast.dina, cast.omar, cast.ana):
        with pytest.raises(Refused):
            settle(cast, user, line.id)
    with pytest.raises(NotReady) as told:
        settle(cast, cast.sue, line.id, None, " ")
    assert len(told.value.problems) == 2
    with pytest.raises(NotFound):
        settle(cast, cast.sue, uuid.uuid4())

    settle(cast, cast.sue, line.id)
    settle(cast, cast.sue, line.id, FlagOutcome.INCIDENT, "Another word.")
    assert cast.session.get_one(UseFlag, line.id).outcome is FlagOutcome.PROPER
    assert usage.by_kind(cast.session, cast.who(cast.sue), TODAY) == {Kind.VOLUME: (1, 1)}


def test_another_district_is_another_worklist(cast: Cast) -> None:
    elm = make.organization(cast.session, "Elm Valley", code="0990012")
    dee = make.user(cast.session, elm, "Dee Far", cast.sue.role, cast.sue.level)
    opens(cast, cast.ana, 80)
    go_over(cast)
    [line] = usage.findings(cast.session, cast.who(cast.sue), settled=False)
    assert usage.findings(cast.session, cast.who(dee), settled=False) == []
    with pytest.raises(NotFound):
        settle(cast, dee, line.id)
    with pytest.raises(NotFound):
        watching.let_go_on(cast.session, cast.who(dee), cast.ana.id, NOW)


# The stop


@pytest.fixture
def too_much(cast: Cast) -> Cast:
    """Ana has opened nearly a thousand records within the hour."""
    make.record(cast.session, cast.luis, Category.VISITS)
    opens(cast, cast.ana, STOP_AT - 1, NOW - HOUR / 2, students=())
    return cast


def open_luis(cast: Cast, at: datetime = NOW, user=None) -> None:
    gate.open_record(cast.session, cast.who(user or cast.ana), cast.luis.id, "coordinate", at)
    trail.settle(cast.session)


def refuse(cast: Cast, at: datetime = NOW + MINUTE) -> None:
    with pytest.raises(Refused) as told:
        open_luis(cast, at)
    assert "administrator" in told.value.do_next
    trail.save_refusals(cast.session, cast.session.info.pop(trail.WAITING, ()))
    trail.settle(cast.session)


def test_after_a_thousand_nothing_opens_until_somebody_else_lifts_it(too_much: Cast) -> None:
    cast = too_much
    open_luis(cast)
    refuse(cast)
    refuse(cast, NOW + 48 * HOUR)  # an hour alone does not open it again
    with pytest.raises(Refused):
        documents.open_document(cast.session, cast.who(cast.ana), uuid.uuid4(), NOW + MINUTE)
    open_luis(cast, NOW + MINUTE, cast.omar)  # nobody else is stopped

    sue = cast.who(cast.sue)
    assert [one.person for one in usage.stopped(cast.session, sue)] == ["Ana Counts"]
    later = NOW + 49 * HOUR
    watching.let_go_on(cast.session, sue, cast.ana.id, later)
    trail.settle(cast.session)
    assert usage.stopped(cast.session, sue) == []
    open_luis(cast, later + MINUTE)
    with pytest.raises(Refused):
        watching.let_go_on(cast.session, sue, cast.ana.id, later)


def test_what_was_opened_before_it_was_lifted_counts_no_more(too_much: Cast) -> None:
    cast = too_much
    open_luis(cast)
    refuse(cast)
    watching.let_go_on(cast.session, cast.who(cast.sue), cast.ana.id, NOW + 2 * MINUTE)
    trail.settle(cast.session)
    open_luis(cast, NOW + 3 * MINUTE)


def test_nobody_lifts_their_own_stop(cast: Cast) -> None:
    dina = cast.who(cast.dina)
    entry = Entry(stops.STOPPED, False, NOW, subject=str(dina.id))
    trail.write(cast.session, dina, entry)
    trail.settle(cast.session)
    with pytest.raises(Refused):
        watching.let_go_on(cast.session, dina, dina.id, NOW)
    with pytest.raises(Refused):
        watching.let_go_on(cast.session, cast.who(cast.omar), dina.id, NOW)


def test_the_first_refusal_is_told_in_the_ledger(too_much: Cast) -> None:
    open_luis(too_much)
    refuse(too_much)
    last = too_much.session.scalars(select(TrailLine).order_by(TrailLine.id.desc())).first()
    assert last is not None
    assert (last.event, last.codes) == ("use.stopped", ["TOO_MANY_OPENED"])


# What the district sets


def test_a_district_sets_what_is_unusual_and_cannot_set_it_out_of_force(cast: Cast) -> None:
    sue = cast.who(cast.sue)
    assert settings.limits_of(cast.session, cast.district.id) == Limits()
    own = replace(
        Limits(), refused=3, from_=time(7), until=time(18), holidays=(date(2026, 11, 26),)
    )
    settings.keep(cast.session, sue, own, NOW)
    settings.keep(cast.session, sue, own, NOW)
    assert settings.limits_of(cast.session, cast.district.id) == own

    wrong = replace(own, refused=0, exported=10**6, from_=time(18), until=time(7))
    wrong = replace(wrong, holidays=tuple(TODAY + timedelta(days=d) for d in range(81)))
    with pytest.raises(NotReady) as told:
        settings.keep(cast.session, sue, wrong, NOW)
    assert len(told.value.problems) == 4
    with pytest.raises(Refused):
        settings.keep(cast.session, cast.who(cast.omar), own, NOW)
