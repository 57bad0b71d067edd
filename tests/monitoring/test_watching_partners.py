"""What partners' people do is watched by the district it concerns, and by their own agency."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import gate, trail
from portal.access.trail import Entry
from portal.errors import NotFound, NotReady, Refused
from portal.monitoring import queries as monitoring
from portal.monitoring import settings
from portal.monitoring.watching import queries as usage
from portal.monitoring.watching import service as watching
from portal.policy.use import Limits
from portal.store.oversight import UseFlag
from portal.store.people import Student, User
from portal.store.places import Organization
from portal.vocabulary import FlagOutcome, OrganizationKind, UseFlagKind
from tests import factories as make
from tests.people import NOW, Cast

TODAY, HOUR = date(2026, 11, 20), timedelta(hours=1)
Kind = UseFlagKind
FEW = Limits(opens=dict.fromkeys(Limits().opens, 2), off_hours=2, not_own=2, refused=2, exported=2)


@pytest.fixture
def strict(cast: Cast) -> Cast:
    """Two of anything are unusual in the district."""
    settings.keep(cast.session, cast.who(cast.dina), FEW, NOW)
    trail.settle(cast.session)
    return cast


def told(cast: Cast, user: User, *students: Student, at=NOW, **changes) -> None:
    values = {"event": "record.opened", "allowed": True, "at": at} | changes
    for student in students:
        trail.write(cast.session, cast.who(user), Entry(**values, students=(student.id,)))
    trail.settle(cast.session)


def go_over(cast: Cast, organization: Organization) -> dict[tuple[str, Kind], int]:
    """What stands on this organization's worklist afterwards."""
    watching.go_over(cast.session, organization, TODAY, NOW + 24 * HOUR)
    rows = cast.session.execute(
        select(User.name, UseFlag.kind, UseFlag.count)
        .join(User, User.id == UseFlag.user_id)
        .where(UseFlag.organization_id == organization.id)
    )
    return {(name, kind): count for name, kind, count in rows}


def another_district(session: Session) -> tuple[Organization, list[Student]]:
    district = make.organization(session, "Hill Schools", OrganizationKind.DISTRICT)
    born = date(2013, 5, 5)
    return district, [make.student(session, district, name, "Hill", born) for name in ("Ada", "Bo")]


def test_much_at_night_and_without_a_referral_stands_on_the_districts_list(strict: Cast) -> None:
    cast, night = strict, NOW - 7 * HOUR
    for student in (cast.luis, cast.mei):
        make.referral(cast.session, student, cast.riverside, cast.ana)
    told(cast, cast.rita, cast.luis, cast.mei)
    told(cast, cast.rob, cast.luis, cast.luis, at=night)
    told(cast, cast.hugo, cast.luis, cast.mei)  # never referred to Hilltop

    assert go_over(cast, cast.district) == {
        ("Rita River", Kind.VOLUME): 2,
        ("Rob River", Kind.OFF_HOURS): 2,
        ("Hugo Hill", Kind.VOLUME): 2,
        ("Hugo Hill", Kind.NOT_OWN_STUDENTS): 2,
    }
    assert watching.go_over(cast.session, cast.district, TODAY, NOW + 24 * HOUR) == 0
    people = {
        line.person: line.partner
        for line in usage.findings(cast.session, cast.who(cast.sue), settled=False)
    }
    assert people == {
        "Rita River": "Riverside Clinic",
        "Rob River": "Riverside Clinic",
        "Hugo Hill": "Hilltop Clinic",
    }


def test_whom_the_gate_keeps_from_a_partner_is_asked_for_and_not_theirs(strict: Cast) -> None:
    session, rob = strict.session, strict.who(strict.rob)
    make.consent(session, strict.luis, strict.riverside, strict.maria)
    for student in (strict.luis, strict.mei):
        with pytest.raises(NotFound):
            gate.open_record(session, rob, student.id, "coordinate", NOW)
    trail.save_refusals(session, session.info.pop(trail.WAITING))
    trail.settle(session)

    assert go_over(strict, strict.district) == {
        ("Rob River", Kind.NOT_OWN_STUDENTS): 2,
        ("Rob River", Kind.MANY_REFUSALS): 2,
    }


def test_a_district_is_told_of_its_own_students_alone(strict: Cast) -> None:
    cast = strict
    other, theirs = another_district(cast.session)
    for student in (cast.luis, *theirs):
        make.referral(cast.session, student, cast.riverside, cast.ana)
    told(cast, cast.rita, cast.luis, *theirs)
    both = Entry("record.opened", True, NOW, (cast.luis.id, theirs[0].id))
    trail.write(cast.session, cast.who(cast.rita), both)
    trail.settle(cast.session)

    assert go_over(cast, cast.district) == {}  # one student of its own, opened twice
    assert go_over(cast, other) == {}  # two are not unusual there
    settings.keep(
        cast.session, cast.who(cast.dina), replace(FEW, opens=dict.fromkeys(FEW.opens, 1)), NOW
    )
    assert go_over(cast, cast.district) == {("Rita River", Kind.VOLUME): 1}


def test_an_agency_finds_its_own_people_and_nobody_elses(cast: Cast) -> None:
    students = [uuid.uuid4() for _ in range(80)]
    for user in (cast.rita, cast.hugo, cast.ana):
        entry = Entry("record.opened", True, NOW, tuple(students))
        trail.write(cast.session, cast.who(user), entry)
    trail.settle(cast.session)

    assert go_over(cast, cast.riverside) == {
        ("Rita River", Kind.VOLUME): 80,
        ("Rita River", Kind.NOT_OWN_STUDENTS): 80,
    }
    assert go_over(cast, cast.district) == {("Ana Counts", Kind.VOLUME): 80}
    lines = usage.findings(cast.session, cast.who(cast.alma), settled=False)
    assert {(line.person, line.partner) for line in lines} == {("Rita River", "")}


def flagged(cast: Cast, organization: Organization, user: User) -> UseFlag:
    values = {"kind": Kind.VOLUME, "day": TODAY, "count": 90, "found_at": NOW}
    row = UseFlag(organization_id=organization.id, user_id=user.id, **values)
    return make.stored(cast.session, row)


def test_each_list_is_settled_by_its_own_and_never_ones_own(cast: Cast) -> None:
    alma, settle = cast.who(cast.alma), watching.settle
    ours = flagged(cast, cast.riverside, cast.rita)
    districts = flagged(cast, cast.district, cast.rita)
    her_own = flagged(cast, cast.riverside, cast.alma)
    given = (FlagOutcome.TALKED_TO, "A week of intakes", NOW)

    for row, why in ((districts, NotFound), (her_own, Refused)):
        with pytest.raises(why):
            settle(cast.session, alma, row.id, *given)
    with pytest.raises(NotReady):
        settle(cast.session, alma, ours.id, None, "", NOW)
    for other in (cast.rita, cast.hugo, cast.ana):
        with pytest.raises((Refused, NotFound)):
            settle(cast.session, cast.who(other), ours.id, *given)
    settle(cast.session, alma, ours.id, *given)

    [line] = usage.findings(cast.session, alma, settled=True)
    assert (line.settler, line.note) == ("Alma River", "A week of intakes")
    assert districts.settled_at is None  # the district looks for itself
    assert usage.by_kind(cast.session, alma, TODAY) == {Kind.VOLUME: (2, 0)}
    assert monitoring.waiting(cast.session, alma, NOW).findings == 0


def test_an_agency_sees_who_of_its_own_is_stopped_and_cannot_let_them_go_on(cast: Cast) -> None:
    for user in (cast.rita, cast.hugo):
        entry = Entry("use.stopped", False, NOW, subject=str(user.id))
        trail.write(cast.session, cast.who(user), entry)
    trail.settle(cast.session)
    alma = cast.who(cast.alma)

    assert [one.person for one in usage.stopped(cast.session, alma)] == ["Rita River"]
    with pytest.raises(Refused):
        watching.let_go_on(cast.session, alma, cast.rita.id, NOW)
    with pytest.raises(Refused):
        usage.stopped(cast.session, cast.who(cast.rita))
