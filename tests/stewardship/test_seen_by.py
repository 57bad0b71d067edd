"""Who has seen this record: what the trail answers to staff."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.access import gate, trail
from portal.access.lists import shared_students
from portal.access.trail import Entry
from portal.errors import NotFound, Refused
from portal.policy.tasks import Task
from portal.stewardship.queries import seen_by
from portal.vocabulary import Category, RelationKind
from tests import factories as make
from tests.people import NOW, Cast

HOUR = timedelta(hours=1)
AN_HOUR_AGO = NOW - HOUR


@pytest.fixture
def shared(cast: Cast) -> Cast:
    """Luis's visits are shared with Riverside."""
    make.record(cast.session, cast.luis, Category.VISITS, author=cast.ana)
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria, number="C-0192")
    return cast


def test_staff_see_which_partner_opened_what_on_which_papers(shared: Cast) -> None:
    rita = shared.who(shared.rita)
    gate.open_record(shared.session, rita, shared.luis.id, "coordinate", AN_HOUR_AGO)

    _mine, line = seen_by(shared.session, shared.who(shared.ana), shared.luis.id, NOW)

    assert (line.at, line.person, line.organization) == (
        AN_HOUR_AGO,
        "Rita River",
        "Riverside Clinic",
    )
    assert line.what == "Name, school and grade, Support visits and services"
    assert line.purpose == "Coordinate support and services"
    assert line.papers[0] == "C-0192"
    assert line.papers[1].startswith("M-")
    assert line.outside


def test_of_a_list_of_names_only_this_student_s_papers_are_told(shared: Cast) -> None:
    make.record(shared.session, shared.mei, Category.VISITS, author=shared.ana)
    make.relation(shared.session, shared.rita, shared.mei, RelationKind.TEAM)
    xiu = make.guardian(shared.session, shared.mei, "Xiu Sample")
    make.consent(shared.session, shared.mei, shared.riverside, xiu, number="C-0777")
    rita = shared.who(shared.rita)
    assert len(shared_students(shared.session, rita, "coordinate", AN_HOUR_AGO)) == 2

    _mine, line = seen_by(shared.session, shared.who(shared.ana), shared.luis.id, NOW)
    assert "C-0192" in line.papers
    assert "C-0777" not in line.papers


def test_what_is_alike_on_one_day_is_one_line_with_its_count(shared: Cast) -> None:
    rita = shared.who(shared.rita)
    for hours in (1, 2, 3, 30):
        shared_students(shared.session, rita, "coordinate", NOW - hours * HOUR)

    lines = seen_by(shared.session, shared.who(shared.ana), shared.luis.id, NOW)

    listed = [line for line in lines if line.outside]
    assert [(line.times, line.at) for line in listed] == [(3, AN_HOUR_AGO), (1, NOW - 30 * HOUR)]
    assert {line.what for line in listed} == {"Name and grade in a list"}


def test_reading_the_list_is_itself_on_the_list(shared: Cast) -> None:
    lines = seen_by(shared.session, shared.who(shared.ana), shared.luis.id, NOW)

    assert [(line.person, line.what, line.outside) for line in lines] == [
        ("Ana Counts", "Read who has seen the record", False)
    ]


def test_another_students_openings_are_not_on_it(shared: Cast) -> None:
    rita = shared.who(shared.rita)
    gate.open_record(shared.session, rita, shared.luis.id, "coordinate", AN_HOUR_AGO)

    lines = seen_by(shared.session, shared.who(shared.ana), shared.mei.id, NOW)

    assert not any(line.outside for line in lines)


def test_a_teacher_is_refused_and_staff_out_of_reach_find_nobody(shared: Cast) -> None:
    tom, ana = shared.who(shared.tom), shared.who(shared.ana)

    assert not tom.may(Task.SEE_OPENINGS)
    with pytest.raises(Refused):
        seen_by(shared.session, tom, shared.luis.id, NOW)
    with pytest.raises(NotFound):
        seen_by(shared.session, ana, shared.zoe.id, NOW)
    with pytest.raises(NotFound):
        seen_by(shared.session, shared.who(shared.rita), shared.luis.id, NOW)


def test_who_was_refused_is_not_on_it(shared: Cast) -> None:
    refusal = Entry("record.opened", False, AN_HOUR_AGO, (shared.luis.id,))
    trail.write(shared.session, shared.who(shared.rob), refusal)

    lines = seen_by(shared.session, shared.who(shared.sue), shared.luis.id, NOW)

    assert [line.person for line in lines] == ["Sue Perin"]
