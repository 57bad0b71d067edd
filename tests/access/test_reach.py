"""Whom somebody could have opened at an instant, for whoever looks into it; and its line.

That it is exactly whom the gate lets in is asked of drawn worlds (test_looking_back.py).
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.access import reach, trail
from portal.errors import NotFound, Refused
from portal.store.ledger import TrailLine
from portal.store.people import Student, User, UserStanding
from portal.vocabulary import Category, Level, RelationKind, Role
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

HOUR = timedelta(hours=1)


def whom(cast: Cast, user: User, instant=NOW, by: str = "sue") -> list[str]:
    me = cast.who(getattr(cast, by))
    found = reach.could_open(cast.session, me, user.id, instant, NOW + HOUR)
    return [cast.session.get_one(Student, key).given_name for key in found]


def twins(cast: Cast) -> None:
    """Two students of one name, the greater key first, whom Ana serves, as she does Zoe."""
    for key in (2, 1):
        row = Student(id=uuid.UUID(int=key), district_id=cast.district.id, given_name=f"Twin{key}")
        row.family_name, row.search_name, row.born = "Aa", "aa twin", date(2013, 1, 1)
        make.stored(cast.session, row)
        make.record(cast.session, row, Category.IDENTITY)
        make.relation(cast.session, cast.ana, row, RelationKind.SERVICE)
    make.relation(cast.session, cast.ana, cast.zoe, RelationKind.SERVICE)


def test_they_are_told_by_name(cast: Cast):
    twins(cast)

    assert whom(cast, cast.ana) == ["Twin1", "Twin2", "Zoe", "Luis", "Mei"]


def test_it_is_asked_of_one_s_own_students_and_of_what_is_held_here(cast: Cast):
    other = make.organization(cast.session, "Elm Valley", code="0990012")
    for student in (cast.luis, cast.mei):  # what a partner holds itself is not the district's
        make.record(cast.session, student, Category.VISITS, custodian=cast.riverside)
    assert whom(cast, cast.rita) == []

    make.record(cast.session, cast.luis, Category.VISITS)
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria)
    assert whom(cast, cast.rita) == ["Luis"]
    assert whom(cast, cast.hugo) == []
    cast.luis.district_id = other.id
    cast.session.flush()
    assert whom(cast, cast.rita) == []


def test_it_is_whom_they_reached_as_they_then_stood(cast: Cast):
    make.user(
        cast.session, cast.district, "Pia", Role.PRINCIPAL, Level.PRINCIPAL, school=cast.south
    )
    assert whom(cast, cast.omar) == ["Luis", "Mei"]

    standing = cast.session.scalars(
        select(UserStanding).where(UserStanding.user_id == cast.omar.id)
    ).one()
    standing.ends_at = NOW
    later = {"role": Role.PRINCIPAL, "level": Level.PRINCIPAL, "school_id": cast.south.id}
    make.stored(cast.session, UserStanding(user_id=cast.omar.id, starts_at=NOW, **later))

    assert whom(cast, cast.omar, NOW - HOUR) == ["Luis", "Mei"]
    assert whom(cast, cast.omar, NOW) == ["Zoe"]
    assert whom(cast, cast.omar, LONG_AGO - HOUR) == []
    standing.ends_at = None  # told twice of one instant, they are one list
    cast.session.flush()
    assert whom(cast, cast.omar, NOW) == ["Zoe", "Luis", "Mei"]


def test_that_it_was_asked_is_a_line_with_how_many_and_of_nobody(cast: Cast):
    whom(cast, cast.ana, NOW - HOUR)
    trail.settle(cast.session)

    line = cast.session.scalars(select(TrailLine)).one()
    assert (line.event, line.allowed, line.at, line.user_id) == (
        *("reach.asked", True, NOW + HOUR),
        cast.sue.id,
    )
    assert (line.subject, line.students) == (str(cast.ana.id), [])
    assert line.detail == {"at": "2026-11-20T14:00:00+00:00", "count": 2}


def test_nobody_else_is_told_nor_of_another_district_s_people(cast: Cast):
    with pytest.raises(Refused):
        whom(cast, cast.tom, by="omar")
    other = make.organization(cast.session, "Elm Valley", code="0990012")
    dee = make.user(cast.session, other, "Dee Far", Role.SUPERINTENDENT, Level.SUPERINTENDENT)
    for key in (dee.id, cast.luis.id):
        with pytest.raises(NotFound):
            reach.could_open(cast.session, cast.who(cast.sue), key, NOW, NOW)
    assert trail.UNSETTLED not in cast.session.info
