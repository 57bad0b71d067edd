"""Correcting a visit: what it said is kept, and two people do not collide. On both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from portal.access import gate, trail
from portal.access.corrections import ChangedMeanwhile
from portal.corrections import service as correcting
from portal.errors import NotFound, NotReady, Refused
from portal.store.ledger import TrailLine
from portal.store.people import Enrollment
from portal.store.records import Record, Visit, VisitNote, VisitServiceLine
from portal.store.support import AmendmentRequest
from portal.visits import revising
from portal.vocabulary import Attendance, Field, ProgramKind, Purpose, VisitMode
from tests import factories as make
from tests.corrections.conftest import LOGGED, Desk, desk, logging
from tests.people import NOW

__all__ = ["desk", "logging"]


def problems(desk: Desk, **changes: object) -> list[str]:
    reason = str(changes.pop("reason", "Typed it wrong"))
    with pytest.raises(NotReady) as not_ready:
        desk.revise(desk.values(**changes), reason)
    return [problem.field for problem in not_ready.value.problems]


def test_a_change_keeps_the_old_value_the_new_one_and_the_reason(desk: Desk) -> None:
    changed = desk.revise(desk.values(minutes=45, mode=VisitMode.PHONE), "It was a call")
    visit = desk.cast.session.get_one(Visit, desk.visit_id)

    assert set(changed) == {"minutes", "mode"}
    assert (visit.minutes, visit.mode) == (45, VisitMode.PHONE)
    assert desk.told() == {
        "minutes": ("30", "45", "It was a call"),
        "mode": ("in_person", "phone", "It was a call"),
    }
    assert {row.by_id for row in desk.corrections} == {desk.cast.ana.id}
    assert desk.record.version == 2
    trail.settle(desk.cast.session)
    assert desk.events("visit.corrected") == ["visit.corrected"]


def test_the_trail_names_the_parts_and_never_what_they_say(desk: Desk) -> None:
    desk.revise(desk.values(note="Secret words"))
    trail.settle(desk.cast.session)
    line = desk.cast.session.scalars(
        select(TrailLine).where(TrailLine.event == "visit.corrected")
    ).one()

    assert line.detail == {"fields": ["note"]}
    assert line.students == [desk.cast.luis.id.hex]


def test_within_ten_minutes_no_reason_is_asked_and_the_change_is_kept_all_the_same(
    logging: Callable[..., Desk],
) -> None:
    desk = logging(NOW - timedelta(minutes=9))
    desk.revise(desk.values(minutes=45), "")

    assert desk.told() == {"minutes": ("30", "45", "")}


def test_after_ten_minutes_a_reason_is_asked(desk: Desk) -> None:
    assert problems(desk, minutes=45, reason=" ") == ["Reason"]
    assert problems(desk, minutes=45, reason="x" * 50_000) == ["Reason"]
    assert problems(desk, minutes=45, reason="a\x00b") == ["Reason"]
    assert desk.corrections == []


def test_saving_what_it_says_already_changes_nothing(desk: Desk) -> None:
    assert desk.revise(desk.values(), "", version=99) == ()
    assert desk.record.version == 1


def test_the_second_of_two_is_told_and_loses_nothing(desk: Desk) -> None:
    mine = desk.values(minutes=45)
    theirs = desk.values(mode=VisitMode.PHONE)
    desk.revise(theirs, version=1)

    with pytest.raises(ChangedMeanwhile) as told:
        desk.revise(mine, version=1)

    assert "beside yours" in told.value.do_next
    assert desk.cast.session.get_one(Visit, desk.visit_id).minutes == 30
    desk.revise(desk.values(minutes=45), version=2)
    assert desk.record.version == 3


@pytest.mark.parametrize("version", [0, -1, 2, 10**6])
def test_a_version_that_is_not_the_records_saves_nothing(desk: Desk, version: int) -> None:
    with pytest.raises(ChangedMeanwhile):
        desk.revise(desk.values(minutes=45), version=version)
    assert desk.corrections == []


def test_the_rules_of_logging_hold_for_what_is_new(desk: Desk) -> None:
    born = datetime(2012, 1, 1, tzinfo=UTC)

    assert problems(desk, purpose="gossip") == ["Purpose"]
    assert problems(desk, minutes=26 * 60) == ["Minutes"]
    assert problems(desk, minutes=0) == ["Minutes"]
    assert problems(desk, began=NOW + timedelta(days=1)) == ["Began"]
    assert problems(desk, began=NOW - timedelta(days=400)) == ["Began", "Began"]
    assert problems(desk, began=born) == ["Began", "Began"]
    assert problems(desk, services=("gossip",)) == ["Services"]
    assert problems(desk, note="x" * 50_000) == ["Note"]
    assert problems(desk, tier="tier_9") == ["Tier"]
    assert problems(desk, place="moon", minutes=0, reason="") == ["Place", "Minutes", "Reason"]


def test_a_visit_cannot_be_moved_to_before_the_student_came(desk: Desk) -> None:
    enrolled = desk.cast.session.scalars(
        select(Enrollment).where(Enrollment.student_id == desk.cast.luis.id)
    ).one()

    assert problems(desk, began=enrolled.starts_at - timedelta(minutes=1)) == ["Began"]


def test_what_was_right_when_it_was_written_may_stay(desk: Desk) -> None:
    visit = desk.cast.session.get_one(Visit, desk.visit_id)
    visit.purpose = "a_word_long_retired"
    desk.record.event_at = NOW - timedelta(days=700)
    desk.cast.session.flush()

    assert desk.revise(desk.values(minutes=45)) == ("minutes",)


def test_a_student_who_did_not_come_took_no_minutes(desk: Desk) -> None:
    missed = {"attendance": Attendance.NO_SHOW, "missed_reason": "absent_from_school"}
    missed["services"] = ()
    desk.revise(desk.values(minutes=0, **missed))

    assert desk.cast.session.get_one(Visit, desk.visit_id).minutes == 0
    assert desk.told()["attendance"] == ("attended", "no_show", "Typed it wrong")


def test_a_student_who_came_after_all_took_minutes(logging: Callable[..., Desk]) -> None:
    desk = logging()
    missed = {"attendance": Attendance.NO_SHOW, "missed_reason": "absent_from_school"}
    missed["services"] = ()
    desk.revise(desk.values(minutes=0, **missed))

    assert problems(desk, attendance=Attendance.LATE) == ["Minutes"]
    assert problems(desk, attendance=Attendance.ATTENDED, minutes=5) == ["Reason"]


def test_services_are_exchanged_and_the_old_ones_told(desk: Desk) -> None:
    desk.revise(desk.values(services=("screening", "basic_needs")))
    stored = select(VisitServiceLine.service).where(VisitServiceLine.visit_id == desk.visit_id)

    assert sorted(desk.cast.session.scalars(stored)) == ["basic_needs", "screening"]
    assert desk.told()["services"][:2] == ("individual_counseling", "basic_needs screening")


def test_when_it_happened_moves_with_its_note_and_when_it_was_written_does_not(desk: Desk) -> None:
    began = LOGGED - timedelta(hours=3)
    desk.revise(desk.values(began=began))
    note = desk.cast.session.get_one(Record, desk.note.record_id)

    assert (desk.record.event_at, desk.record.written_at) == (began, LOGGED)
    assert (note.event_at, note.written_at) == (began, LOGGED)
    assert [row.field for row in desk.corrections] == ["began", "began"]


def test_a_note_is_corrected_and_its_old_words_are_kept(desk: Desk) -> None:
    desk.revise(desk.values(note="<b>Calm</b>, *later*"))

    assert desk.note.text == "<b>Calm</b>, *later*"
    assert desk.told() == {"note": ("Calm again", "<b>Calm</b>, *later*", "Typed it wrong")}
    assert {row.record_id for row in desk.corrections} == {desk.note.record_id}
    assert desk.cast.session.get_one(Record, desk.note.record_id).version == 2


def test_an_emptied_note_is_sealed_and_one_written_again_opens(desk: Desk) -> None:
    desk.revise(desk.values(note=" "))
    row = desk.cast.session.get_one(Record, desk.note.record_id)
    sealed = row.sealed_from
    desk.revise(desk.values(note="Better now"))

    assert sealed == NOW
    assert row.sealed_from is None
    assert desk.note.text == "Better now"
    assert [row.old for row in desk.corrections if row.field == "note"] == ["Calm again"] * 2


def test_a_visit_without_a_note_gets_one(logging: Callable[..., Desk]) -> None:
    desk = logging(note="")
    desk.revise(desk.values(note="Came back calm"))
    note = desk.cast.session.get_one(Record, desk.note.record_id)

    assert (note.event_at, note.written_at) == (desk.record.event_at, NOW)
    assert desk.told()["note"] == ("", "Came back calm", "Typed it wrong")


def test_a_note_that_somebody_else_removed_is_not_written_over(desk: Desk) -> None:
    cast = desk.cast
    note = desk.note.record_id
    note_record = cast.session.get_one(Record, note)
    make_dina_reach(desk)
    correcting.remove(
        cast.session, desk.who(cast.dina), note, note_record.version, "Names a child", NOW
    )

    assert problems(desk, note="Again") == ["Note"]
    assert desk.note.text == "Calm again"


def make_dina_reach(desk: Desk) -> None:
    make.program(desk.cast.session, desk.cast.luis, ProgramKind.SECTION_504)


def test_nobody_but_the_author_corrects_a_visit(desk: Desk) -> None:
    cast = desk.cast
    for other in (cast.omar, cast.tom, cast.rita, cast.hugo, cast.sue):
        with pytest.raises((NotFound, Refused)):
            desk.revise(desk.values(minutes=45), by=other)
        with pytest.raises((NotFound, Refused)):
            revising.revisable(cast.session, desk.who(other), desk.visit_id, NOW)
    assert desk.corrections == []


def test_whoever_decides_a_familys_request_may_write_it_into_the_record(desk: Desk) -> None:
    cast = desk.cast
    cast.session.add(
        AmendmentRequest(
            record_id=desk.note.record_id,
            student_id=cast.luis.id,
            asked_by=cast.maria.id,
            asked_on=NOW.date(),
            wants="He was not upset",
            written_by=cast.ana.id,
            written_at=NOW,
        )
    )
    cast.session.flush()
    desk.revise(desk.values(note="Came in"), "Amended as asked", by=cast.omar)

    assert desk.told()["note"] == ("Calm again", "Came in", "Amended as asked")
    with pytest.raises(NotReady):
        desk.revise(desk.values(note="Went out"), "", by=cast.omar)


def test_what_is_out_of_reach_sealed_or_no_visit_is_not_found(desk: Desk) -> None:
    cast = desk.cast
    identity = cast.session.scalars(select(Record.id).where(Record.category == "identity")).first()
    with pytest.raises(NotFound):
        revising.revisable(cast.session, desk.ana, identity, NOW)
    with pytest.raises(NotFound):
        revising.revisable(cast.session, desk.ana, cast.luis.id, NOW)
    values = desk.values(minutes=45)
    desk.record.sealed_from = NOW
    cast.session.flush()
    with pytest.raises(NotFound):
        desk.revise(values)


def test_a_change_after_approval_takes_the_approval_away(desk: Desk) -> None:
    cast = desk.cast
    correcting.approve(cast.session, desk.who(cast.omar), desk.visit_id, 1, NOW)
    assert (desk.record.approved_at, desk.record.approved_by) == (NOW, cast.omar.id)
    desk.revise(desk.values(minutes=45))

    assert (desk.record.approved_at, desk.record.approved_by) == (None, None)
    approvals = [(row.old, row.new) for row in desk.corrections if row.field == "approved"]
    assert sorted(approvals) == [("", NOW.isoformat()), (NOW.isoformat(), "")]


def test_a_correction_is_never_changed_nor_deleted(desk: Desk) -> None:
    desk.revise(desk.values(minutes=45))
    [correction] = desk.corrections
    correction.reason = "Something else"

    with pytest.raises(DatabaseError, match="never changes"):
        desk.cast.session.flush()


def test_the_corrected_visit_is_what_the_gate_tells(desk: Desk) -> None:
    desk.revise(desk.values(minutes=45, note="Calmer"))
    luis = desk.cast.luis.id
    opened = gate.open_record(desk.cast.session, desk.ana, luis, Purpose.COORDINATE, NOW)
    told = [text for item in opened.items for text in item.parts.values()]

    assert any("45 min" in text for text in told)
    assert "Calmer" in [item.parts.get(Field.NARRATIVE) for item in opened.items]
    assert len(list(desk.cast.session.scalars(select(VisitNote)))) == 1
