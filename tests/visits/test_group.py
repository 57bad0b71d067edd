"""A group session: one save, one visit for each student, and no name on another's record."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.access import gate
from portal.errors import NotFound, NotReady, Refused
from portal.store.people import Enrollment
from portal.store.records import Record, Visit, VisitNote
from portal.store.support import FollowUp
from portal.visits import service
from portal.visits.rules import FollowUpDraft, Seat, VisitDraft
from portal.vocabulary import Attendance, Purpose, VisitFormat, VisitPurpose
from tests.people import NOW, Cast

DRAFT = VisitDraft(purpose=VisitPurpose.GROUP, minutes=30)


def seats(cast: Cast) -> list[Seat]:
    return [
        Seat(cast.luis.id, note="Luis spoke first"),
        Seat(cast.mei.id, Attendance.NO_SHOW),
    ]


def test_each_student_has_a_visit_of_their_own_in_one_group(cast: Cast) -> None:
    luis, mei = service.log_group(
        cast.session, cast.who(cast.ana), DRAFT, seats(cast), NOW, "form-1"
    )

    assert luis.group_id == mei.group_id is not None
    assert (luis.format, mei.format) == (VisitFormat.GROUP, VisitFormat.GROUP)
    assert [(one.minutes, one.attendance) for one in (luis, mei)] == [
        (30, Attendance.ATTENDED),
        (0, Attendance.NO_SHOW),
    ]


def test_no_record_of_one_tells_of_the_other(cast: Cast) -> None:
    ana = cast.who(cast.ana)
    service.log_group(cast.session, ana, DRAFT, seats(cast), NOW, "form-1")
    cast.session.flush()
    opened = gate.open_record(cast.session, ana, cast.mei.id, Purpose.COORDINATE, NOW)

    told = " ".join(str(part) for item in opened.items for part in item.parts.values())
    assert "Luis" not in told
    [note] = cast.session.scalars(select(VisitNote))
    assert cast.session.get_one(Record, note.record_id).student_id == cast.luis.id


def test_a_second_click_makes_no_second_group(cast: Cast) -> None:
    ana = cast.who(cast.ana)
    first = service.log_group(cast.session, ana, DRAFT, seats(cast), NOW, "form-1")
    again = service.log_group(cast.session, ana, DRAFT, seats(cast), NOW, "form-1")

    assert [one.record_id for one in again] == [one.record_id for one in first]
    assert len(cast.session.scalars(select(Visit)).all()) == 2


def test_undo_takes_the_whole_group_back_with_notes_and_follow_ups(cast: Cast) -> None:
    ana = cast.who(cast.ana)
    draft = VisitDraft(
        purpose=VisitPurpose.GROUP,
        minutes=30,
        follow_up=FollowUpDraft(date(2026, 11, 27), "the map"),
    )
    first, _second = service.log_group(cast.session, ana, draft, seats(cast), NOW, "form-1")
    service.undo(cast.session, ana, first.record_id, NOW + timedelta(minutes=1))

    written = cast.session.scalars(select(Record).where(Record.author_id == cast.ana.id)).all()
    assert [row.sealed_from for row in written] == [NOW + timedelta(minutes=1)] * 3
    dropped = [row.dropped_at for row in cast.session.scalars(select(FollowUp))]
    assert dropped == [NOW + timedelta(minutes=1)] * 2


def test_one_student_out_of_reach_stops_the_group(cast: Cast) -> None:
    with_zoe = [*seats(cast), Seat(cast.zoe.id)]

    with pytest.raises(NotFound):
        service.log_group(cast.session, cast.who(cast.ana), DRAFT, with_zoe, NOW, "form-1")
    with pytest.raises(Refused):
        service.log_group(cast.session, cast.who(cast.tom), DRAFT, [], NOW, "form-2")
    assert cast.session.scalars(select(Visit)).all() == []


def test_a_problem_of_one_student_says_whose_it_is_and_a_common_one_is_told_once(
    cast: Cast,
) -> None:
    for row in cast.session.scalars(select(Enrollment).where(Enrollment.student_id == cast.mei.id)):
        row.ends_at = NOW - timedelta(days=200)
    cast.session.flush()
    draft = VisitDraft(minutes=30)

    with pytest.raises(NotReady) as not_ready:
        service.log_group(cast.session, cast.who(cast.ana), draft, seats(cast), NOW, "form-1")

    told = [(problem.where, problem.field) for problem in not_ready.value.problems]
    assert told == [("", "Purpose"), ("Mei Sample:", "Student")]


def test_without_students_the_group_says_so_beside_what_else_is_missing(cast: Cast) -> None:
    with pytest.raises(NotReady) as not_ready:
        service.log_group(cast.session, cast.who(cast.ana), VisitDraft(), [], NOW, "form-1")

    fields = [problem.field for problem in not_ready.value.problems]
    assert fields == ["Group", "Purpose", "Minutes"]
