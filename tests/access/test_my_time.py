"""One's own visits, for one's own use of time: which ones, in which order, with which words."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from portal.access.my_time import MyVisit, my_visits
from portal.store.records import Record, Visit, VisitServiceLine
from portal.vocabulary import Attendance, Category, VisitMode
from tests import factories as make
from tests.people import NOW, Cast

BEGIN, END = NOW, NOW + timedelta(days=1)
TICK = timedelta(microseconds=1)


def a_visit(cast: Cast, *services: str, **changes: Any) -> Record:
    """A visit of Ana's with Luis at BEGIN; changes: of its record, or of the visit."""
    of_visit: dict[str, Any] = {"staff_id": cast.ana.id, "purpose": "check_in", "minutes": 30}
    of_visit |= {name: changes.pop(name) for name in list(changes) if hasattr(Visit, name)}
    row = make.record(cast.session, cast.luis, Category.VISITS, BEGIN, author=cast.ana)
    for name, value in changes.items():
        setattr(row, name, value)
    make.stored(cast.session, Visit(record_id=row.id, **of_visit))
    for service in services:
        make.stored(cast.session, VisitServiceLine(visit_id=row.id, service=service))
    return row


def test_all_of_a_visit_is_told_but_whose_it_was(cast: Cast) -> None:
    group = uuid.uuid4()
    a_visit(
        cast,
        "screening",
        "basic_needs",
        mode=VisitMode.PHONE,
        attendance=Attendance.LATE,
        credential="LCSW",
        group_id=group,
    )
    a_visit(cast, "small_group", minutes=45, event_at=BEGIN + TICK)

    first, second = my_visits(cast.session, cast.who(cast.ana), BEGIN, END)
    assert first == MyVisit(
        at=BEGIN,
        minutes=30,
        purpose="check_in",
        services=("basic_needs", "screening"),
        mode=VisitMode.PHONE,
        attendance=Attendance.LATE,
        credential="LCSW",
        group=group,
    )
    assert (second.minutes, second.services, second.group) == (45, ("small_group",), None)


@pytest.mark.parametrize(
    ("changes", "is_mine"),
    [
        ({}, True),
        ({"event_at": END - TICK}, True),
        ({"event_at": BEGIN - TICK}, False),
        ({"event_at": END}, False),
        ({"draft": True}, False),
        ({"sealed_from": NOW}, False),
        ({"author_id": "omar"}, False),
        ({"staff_id": "omar"}, False),
    ],
)
def test_mine_is_what_i_did_and_wrote_down_in_that_time(
    cast: Cast, changes: dict[str, Any], is_mine: bool
) -> None:
    a_visit(cast, **{name: cast.omar.id if at == "omar" else at for name, at in changes.items()})

    found = my_visits(cast.session, cast.who(cast.ana), BEGIN, END)
    assert len(found) == (1 if is_mine else 0)


def test_the_first_is_told_first_and_those_of_one_instant_always_alike(cast: Cast) -> None:
    later = a_visit(cast, event_at=BEGIN + TICK, minutes=1)
    at_once = [a_visit(cast, minutes=minutes) for minutes in range(2, 8)]

    expected = [*sorted(at_once, key=lambda row: row.id), later]
    minutes = {row.id: cast.session.get_one(Visit, row.id).minutes for row in expected}
    found = my_visits(cast.session, cast.who(cast.ana), BEGIN, END)
    assert [visit.minutes for visit in found] == [minutes[row.id] for row in expected]
