"""Screenings counted without names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import inspect, select

from portal.errors import NotFound, NotReady, Refused
from portal.store.support import Tally
from portal.visits import queries, tally
from portal.visits.tally import TallyDraft, Total
from tests.people import NOW, Cast

TODAY = date(2026, 11, 20)
DRAFT = TallyDraft("crafft", 20, 4, 3, 2)


def mine(cast: Cast) -> list[queries.TallyLine]:
    cast.session.flush()
    return queries.my_tallies(cast.session, cast.who(cast.ana), date(2026, 8, 1))


def test_a_count_has_no_student_in_it(cast: Cast) -> None:
    columns = {column.name for column in inspect(Tally).columns}

    assert not [name for name in columns if "student" in name or "name" in name]


def test_counts_are_saved_once_and_added_up_by_tool(cast: Cast) -> None:
    ana, session = cast.who(cast.ana), cast.session
    tally.count(session, ana, replace(DRAFT, school_id=cast.north.id, grade="9"), NOW, "one")
    tally.count(session, ana, replace(DRAFT, grade="9"), NOW, "one")
    tally.count(session, ana, replace(DRAFT, on=TODAY - timedelta(days=1)), NOW, "two")
    tally.count(session, ana, TallyDraft("s2bi", 5), NOW, "three")
    tally.count(session, cast.who(cast.omar), DRAFT, NOW, "another's")

    assert tally.totals(mine(cast)) == [
        Total("crafft", (40, 8, 6, 4)),
        Total("s2bi", (5, 0, 0, 0)),
    ]
    assert [line.on for line in mine(cast)][-1] == TODAY - timedelta(days=1)


def test_a_count_of_a_tool_that_is_no_longer_known_is_still_told(cast: Cast) -> None:
    tally.count(cast.session, cast.who(cast.ana), DRAFT, NOW, "one")
    [row] = cast.session.scalars(select(Tally))
    row.tool = "older"

    assert tally.totals(mine(cast)) == [Total("older", (20, 4, 3, 2))]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tool": None}, "Tool"),
        ({"grade": "13"}, "Grade"),
        ({"on": TODAY + timedelta(days=1)}, "Day"),
        ({"on": TODAY - timedelta(days=366)}, "Day"),
        ({"screened": None}, "Screened"),
        ({"screened": 10_000}, "Screened"),
        ({"positive": 21}, "Positive"),
        ({"positive": -1, "intervened": 0, "referred": 0}, "Positive"),
        ({"intervened": 5}, "Brief intervention"),
        ({"referred": 5}, "Referred"),
    ],
)
def test_counts_that_cannot_be_are_named(
    cast: Cast, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(NotReady) as not_ready:
        tally.count(cast.session, cast.who(cast.ana), replace(DRAFT, **changes), NOW, "one")

    assert field in [problem.field for problem in not_ready.value.problems]


def test_a_school_of_another_district_is_not_on_the_list(cast: Cast) -> None:
    draft = replace(DRAFT, school_id=cast.luis.id)

    with pytest.raises(NotReady, match="school"):
        tally.count(cast.session, cast.who(cast.ana), draft, NOW, "one")


def test_undo_takes_ones_own_count_back_for_ten_minutes(cast: Cast) -> None:
    ana, session = cast.who(cast.ana), cast.session
    counted = tally.count(session, ana, DRAFT, NOW, "one")
    session.flush()
    with pytest.raises(NotFound):
        tally.undo(session, cast.who(cast.omar), counted, NOW)
    with pytest.raises(NotFound):
        tally.undo(session, ana, cast.luis.id, NOW)
    with pytest.raises(Refused):
        tally.undo(session, ana, counted, NOW + timedelta(minutes=10))
    assert len(mine(cast)) == 1

    tally.undo(session, ana, counted, NOW)
    tally.undo(session, ana, counted, NOW)
    assert mine(cast) == []


def test_who_logs_no_visits_counts_no_screenings(cast: Cast) -> None:
    for other in (cast.tom, cast.rita, cast.dina):
        with pytest.raises(Refused):
            tally.count(cast.session, cast.who(other), DRAFT, NOW, "one")
