"""What each user was is written down by itself, whoever changes them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.directory.changes import Changes, write
from portal.store.people import User, UserStanding
from portal.vocabulary import Level, Role
from tests.people import LONG_AGO, NOW, Cast

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def kept(cast: Cast, user: User):
    cast.session.flush()
    rows = cast.session.scalars(
        select(UserStanding).where(UserStanding.user_id == user.id).order_by(UserStanding.starts_at)
    )
    return [(row.level, row.starts_at, row.ends_at) for row in rows]


def test_a_standing_begins_with_the_account(cast: Cast) -> None:
    assert kept(cast, cast.ana) == [(Level.CLINICIAN, LONG_AGO, None)]


def test_another_level_and_building_begin_a_new_one(cast: Cast, monkeypatch) -> None:
    cast.ana.level = Level.COUNSELOR
    cast.ana.name = "Ana Other"
    assert kept(cast, cast.ana) == [
        (Level.CLINICIAN, LONG_AGO, NOW),
        (Level.COUNSELOR, NOW, None),
    ]

    monkeypatch.setattr(clock, "now", lambda: NOW + HOUR)
    cast.ana.level, cast.ana.role, cast.ana.school_id = (
        Level.PRINCIPAL,
        Role.PRINCIPAL,
        cast.north.id,
    )
    assert kept(cast, cast.ana)[1:] == [
        (Level.COUNSELOR, NOW, NOW + HOUR),
        (Level.PRINCIPAL, NOW + HOUR, None),
    ]


def test_it_ends_with_the_account_and_begins_again_when_that_is_opened(cast, monkeypatch) -> None:
    cast.tom.active_until = NOW - HOUR  # written down too late: it could be used until now
    assert kept(cast, cast.tom) == [(Level.TEACHER, LONG_AGO, NOW)]

    cast.tom.level = Level.STAFF  # nobody may sign in meanwhile
    assert kept(cast, cast.tom) == [(Level.TEACHER, LONG_AGO, NOW)]

    monkeypatch.setattr(clock, "now", lambda: NOW + HOUR)
    cast.tom.active_until = None
    assert kept(cast, cast.tom)[1:] == [(Level.STAFF, NOW + HOUR, None)]


def test_an_end_to_come_may_be_moved_and_taken_back(cast: Cast) -> None:
    cast.tom.active_until = NOW + HOUR
    assert kept(cast, cast.tom) == [(Level.TEACHER, LONG_AGO, NOW + HOUR)]
    cast.tom.active_until = None
    assert kept(cast, cast.tom) == [(Level.TEACHER, LONG_AGO, None)]


def test_what_changes_before_the_first_day_was_never_otherwise(cast: Cast) -> None:
    new = User(
        organization_id=cast.district.id,
        username="later@example.org",
        name="Later Made-Up",
        role=Role.TEACHER,
        level=Level.TEACHER,
        active_from=NOW + HOUR,
    )
    cast.session.add(new)
    assert kept(cast, new) == [(Level.TEACHER, NOW + HOUR, None)]
    new.level = Level.STAFF
    assert kept(cast, new) == [(Level.STAFF, NOW + HOUR, None)]


def test_whoever_has_none_gets_one_at_the_next_change_and_an_ended_one_with_a_new_level_none(
    cast: Cast,
) -> None:
    for row in cast.session.scalars(select(UserStanding)):
        cast.session.delete(row)
    cast.session.flush()
    cast.ana.level = Level.COUNSELOR
    assert kept(cast, cast.ana) == [(Level.COUNSELOR, LONG_AGO, None)]

    cast.rob.level, cast.rob.active_until = Level.AGENCY_ADMIN, NOW
    assert kept(cast, cast.rob) == []
    cast.ana.level, cast.ana.active_until = Level.CLINICIAN, NOW
    assert kept(cast, cast.ana) == [(Level.COUNSELOR, LONG_AGO, NOW)]


def test_a_roster_says_what_people_are_too(cast: Cast) -> None:
    changes = Changes()
    key = changes.add(
        User,
        organization_id=cast.district.id,
        username="new.person@example.org",
        name="New Person",
        role=Role.TEACHER,
        level=Level.TEACHER,
        active_from=LONG_AGO,
    )
    changes.alter(User, cast.tom, active_until=NOW)
    write(cast.session, changes)

    assert kept(cast, cast.session.get_one(User, key)) == [(Level.TEACHER, LONG_AGO, None)]
    assert kept(cast, cast.tom) == [(Level.TEACHER, LONG_AGO, NOW)]
