"""Logging a visit and taking it back, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.access import gate
from portal.errors import NotFound, NotReady, Refused
from portal.store.ledger import TrailLine
from portal.store.records import Record, Visit, VisitNote, VisitServiceLine
from portal.visits import queries, service
from portal.visits.rules import VisitDraft
from portal.vocabulary import Category, Purpose, VisitPurpose, VisitService
from tests.people import NOW, Cast


def a_draft(cast: Cast, **changes: object) -> VisitDraft:
    return replace(VisitDraft(cast.luis.id, VisitPurpose.INDIVIDUAL, 30), **changes)


def count(cast: Cast, table: type) -> int:
    return cast.session.scalar(select(func.count()).select_from(table))


def events(cast: Cast) -> list[str]:
    return list(cast.session.scalars(select(TrailLine.event).order_by(TrailLine.id)))


def test_a_visit_is_a_record_of_the_district_by_its_author(cast: Cast) -> None:
    visit = service.log(cast.session, cast.who(cast.ana), a_draft(cast), NOW, "form-1")
    record = cast.session.get_one(Record, visit.record_id)

    assert (record.category, record.custodian_id) == (Category.VISITS, cast.district.id)
    assert (record.author_id, record.written_at) == (cast.ana.id, NOW)
    assert record.event_at == NOW - timedelta(minutes=30)
    assert events(cast) == ["student.log_visit", "visit.logged"]


def test_the_usual_service_is_stored_when_none_was_chosen(cast: Cast) -> None:
    ana = cast.who(cast.ana)
    service.log(cast.session, ana, a_draft(cast), NOW, "form-1")
    chosen = a_draft(cast, services=(VisitService.SCREENING, VisitService.BASIC_NEEDS))
    service.log(cast.session, ana, chosen, NOW, "form-2")
    lines = select(VisitServiceLine.service).order_by(VisitServiceLine.service)

    assert list(cast.session.scalars(lines)) == [
        "basic_needs",
        "individual_counseling",
        "screening",
    ]


def test_a_note_is_a_record_of_its_own_category(cast: Cast) -> None:
    typed = "Said <b>hello</b>, *twice* & left"
    service.log(cast.session, cast.who(cast.ana), a_draft(cast, note=typed), NOW, "form-1")
    note = cast.session.scalars(select(VisitNote)).one()

    assert note.text == typed
    assert cast.session.get_one(Record, note.record_id).category == Category.VISIT_NOTES


def test_white_space_is_no_note(cast: Cast) -> None:
    service.log(cast.session, cast.who(cast.ana), a_draft(cast, note=" \n"), NOW, "form-1")

    assert count(cast, VisitNote) == 0


def test_a_second_click_stores_one_visit(cast: Cast) -> None:
    ana = cast.who(cast.ana)
    first = service.log(cast.session, ana, a_draft(cast, note="short"), NOW, "form-1")
    again = service.log(cast.session, ana, a_draft(cast, note="short"), NOW, "form-1")

    assert again.record_id == first.record_id
    assert (count(cast, Visit), count(cast, VisitNote)) == (1, 1)


def test_another_persons_key_is_not_mine(cast: Cast) -> None:
    service.log(cast.session, cast.who(cast.ana), a_draft(cast), NOW, "form-1")
    service.log(cast.session, cast.who(cast.omar), a_draft(cast), NOW, "form-1")

    assert count(cast, Visit) == 2


def test_nothing_is_written_while_anything_is_missing(cast: Cast) -> None:
    draft = a_draft(cast, purpose=None, minutes=None)

    with pytest.raises(NotReady) as not_ready:
        service.log(cast.session, cast.who(cast.ana), draft, NOW, "form-1")

    assert [problem.field for problem in not_ready.value.problems] == ["Purpose", "Minutes"]
    assert count(cast, Visit) == 0


def test_without_a_student_the_form_says_so(cast: Cast) -> None:
    with pytest.raises(NotReady, match="No student"):
        service.log(cast.session, cast.who(cast.ana), VisitDraft(), NOW, "form-1")


def test_only_support_staff_in_reach_of_the_student_log_visits(cast: Cast) -> None:
    zoe = a_draft(cast, student_id=cast.zoe.id)

    with pytest.raises(NotFound):
        service.log(cast.session, cast.who(cast.ana), zoe, NOW, "form-1")
    with pytest.raises(Refused):
        service.log(cast.session, cast.who(cast.tom), a_draft(cast), NOW, "form-2")
    with pytest.raises(NotFound):
        service.log(cast.session, cast.who(cast.rita), a_draft(cast), NOW, "form-3")
    with pytest.raises(Refused):
        service.log(cast.session, cast.who(cast.tom), VisitDraft(), NOW, "form-4")


def test_undo_seals_the_visit_and_its_note_and_deletes_nothing(cast: Cast) -> None:
    ana = cast.who(cast.ana)
    visit = service.log(cast.session, ana, a_draft(cast, note="short"), NOW, "form-1")
    later = NOW + timedelta(minutes=9, seconds=59)

    service.undo(cast.session, ana, visit.record_id, later)
    service.undo(cast.session, ana, visit.record_id, later)
    opened = gate.open_record(cast.session, ana, cast.luis.id, Purpose.COORDINATE, later)

    assert [item for item in opened.items if item.category != Category.IDENTITY] == []
    assert (count(cast, Visit), count(cast, VisitNote)) == (1, 1)
    assert events(cast).count("visit.undone") == 1


def test_undo_ends_after_ten_minutes(cast: Cast) -> None:
    ana = cast.who(cast.ana)
    visit = service.log(cast.session, ana, a_draft(cast), NOW, "form-1")

    with pytest.raises(Refused, match="ten minutes"):
        service.undo(cast.session, ana, visit.record_id, NOW + timedelta(minutes=10))


def test_nobody_undoes_what_another_wrote(cast: Cast) -> None:
    visit = service.log(cast.session, cast.who(cast.ana), a_draft(cast), NOW, "form-1")

    for other in (cast.omar, cast.rita, cast.tom):
        with pytest.raises((NotFound, Refused)):
            service.undo(cast.session, cast.who(other), visit.record_id, NOW)
    with pytest.raises(NotFound):
        service.undo(cast.session, cast.who(cast.ana), cast.luis.id, NOW)
    assert cast.session.get_one(Record, visit.record_id).sealed_from is None


def test_logged_today_is_my_own_day_the_last_first(cast: Cast) -> None:
    ana, omar = cast.who(cast.ana), cast.who(cast.omar)
    service.log(cast.session, ana, a_draft(cast), NOW - timedelta(days=1), "yesterday")
    service.log(cast.session, ana, a_draft(cast), NOW, "form-1")
    late = NOW + timedelta(minutes=5)
    mei = service.log(cast.session, ana, a_draft(cast, student_id=cast.mei.id), late, "form-2")
    service.log(cast.session, omar, a_draft(cast), late, "form-3")

    assert [line.student for line in queries.logged_today(cast.session, ana, late)] == [
        "Sample, Mei",
        "Sample, Luis",
    ]
    service.undo(cast.session, ana, mei.record_id, late)
    assert len(queries.logged_today(cast.session, ana, late)) == 1


def test_my_week_counts_my_own_visits_since_monday(cast: Cast) -> None:
    ana = cast.who(cast.ana)
    for days, minutes in ((0, 30), (4, 15), (7, 60)):
        draft = a_draft(cast, minutes=minutes, began=NOW - timedelta(days=days, hours=1))
        service.log(cast.session, ana, draft, NOW, f"form-{days}")
    service.log(cast.session, cast.who(cast.omar), a_draft(cast), NOW, "another")

    week = queries.my_week(cast.session, ana, NOW)

    assert (week.visits, week.minutes) == (2, 45)
    assert week.by_purpose == (("Individual counseling", 45),)
    assert [(use.minutes, use.share) for use in week.by_use] == [(45, 1.0)]


def test_the_students_i_saw_last_come_first(cast: Cast) -> None:
    ana = cast.who(cast.ana)
    service.log(cast.session, ana, a_draft(cast, student_id=cast.mei.id), NOW, "form-1")
    service.log(cast.session, ana, a_draft(cast), NOW + timedelta(minutes=1), "form-2")

    later = NOW + timedelta(minutes=2)
    assert queries.recent_students(cast.session, ana, later) == [cast.luis.id, cast.mei.id]
    assert queries.recent_students(cast.session, cast.who(cast.omar), later) == []
