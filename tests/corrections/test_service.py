"""Removing a record, restoring and approving it, and its history. On both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.access import gate, trail
from portal.access.corrections import ChangedMeanwhile
from portal.corrections import queries, service
from portal.errors import NotFound, NotReady, Refused
from portal.store.records import Record
from portal.vocabulary import Category, ProgramKind, Purpose
from tests import factories as make
from tests.corrections.conftest import LOGGED, Desk
from tests.people import NOW

LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def administered(desk: Desk) -> Desk:
    """Luis is within the reach of Dina, the administrator."""
    make.program(desk.cast.session, desk.cast.luis, ProgramKind.SECTION_504)
    return desk


def remove(desk: Desk, user: object, reason: str = "The wrong student", version: int = 1) -> None:
    service.remove(desk.cast.session, desk.who(user), desk.visit_id, version, reason, NOW)


def restore(desk: Desk, user: object, reason: str = "", at=NOW) -> None:
    service.restore(desk.cast.session, desk.who(user), desk.visit_id, reason, at)


def open_to_ana(desk: Desk) -> list[str]:
    luis = desk.cast.luis.id
    opened = gate.open_record(desk.cast.session, desk.ana, luis, Purpose.COORDINATE, NOW)
    return [item.category for item in opened.items if item.category != Category.IDENTITY]


def test_the_author_removes_a_visit_with_its_note_and_nothing_is_deleted(desk: Desk) -> None:
    remove(desk, desk.cast.ana)

    assert open_to_ana(desk) == []
    assert desk.record.sealed_from == NOW
    assert desk.note.text == "Calm again"
    assert [(row.field, row.reason) for row in desk.corrections] == [
        ("removed", "The wrong student")
    ] * 2
    trail.settle(desk.cast.session)
    assert desk.events("record.removed") == ["record.removed"]


def test_removing_asks_for_a_reason_and_for_what_it_says_now(desk: Desk) -> None:
    for reason in ("", " ", "x" * 50_000):
        with pytest.raises(NotReady):
            remove(desk, desk.cast.ana, reason)
    with pytest.raises(ChangedMeanwhile):
        remove(desk, desk.cast.ana, version=7)
    assert desk.record.sealed_from is None


def test_an_administrator_removes_what_another_wrote_and_a_principal_does_not(
    administered: Desk,
) -> None:
    cast = administered.cast
    for other in (cast.omar, cast.sue, cast.tom, cast.rita):
        with pytest.raises((NotFound, Refused)):
            remove(administered, other)
    remove(administered, cast.dina)

    assert administered.record.sealed_from == NOW


def test_who_removed_it_takes_that_back_for_ten_minutes(desk: Desk) -> None:
    remove(desk, desk.cast.ana)
    restore(desk, desk.cast.ana, at=LATER - timedelta(seconds=1))

    assert sorted(open_to_ana(desk)) == ["visit_notes", "visits"]
    assert {row.field for row in desk.corrections} == {"removed", "restored"}
    assert desk.record.version == 3


def test_afterwards_an_administrator_restores_it_with_a_reason(administered: Desk) -> None:
    cast = administered.cast
    remove(administered, cast.ana)
    with pytest.raises(Refused):
        restore(administered, cast.ana, "I was wrong", LATER)
    for reason in ("", "x" * 501):
        with pytest.raises(NotReady):
            restore(administered, cast.dina, reason, LATER)
    restore(administered, cast.dina, "It was right", LATER)

    assert sorted(open_to_ana(administered)) == ["visit_notes", "visits"]


def test_what_was_sealed_otherwise_is_not_restored(administered: Desk) -> None:
    with pytest.raises(NotReady):
        restore(administered, administered.cast.dina, "Why not", LATER)
    administered.record.sealed_from = LOGGED
    with pytest.raises(NotReady):
        restore(administered, administered.cast.dina, "Why not", LATER)


def test_a_part_that_was_removed_before_stays_removed(desk: Desk) -> None:
    service.remove(desk.cast.session, desk.ana, desk.note.record_id, 1, "Not needed", LOGGED)
    remove(desk, desk.cast.ana)
    restore(desk, desk.cast.ana)

    assert open_to_ana(desk) == ["visits"]


def test_an_administrator_lists_what_was_removed_once_for_a_visit_with_its_note(
    administered: Desk,
) -> None:
    session, cast = administered.cast.session, administered.cast
    remove(administered, cast.ana)
    [line] = queries.removed(session, administered.who(cast.dina), LATER)

    assert (line.record_id, line.category, line.by) == (
        administered.visit_id,
        "visits",
        "Ana Counts",
    )
    assert (line.student, line.reason) == ("Luis Sample", "The wrong student")
    assert queries.removed(session, administered.ana, LATER) == []
    assert queries.removed(session, administered.who(cast.dina), NOW + timedelta(days=400)) == []
    restore(administered, cast.dina, "It was right", LATER)
    assert queries.removed(session, administered.who(cast.dina), LATER) == []


def test_a_student_out_of_reach_is_not_in_that_list(desk: Desk) -> None:
    remove(desk, desk.cast.ana)

    assert queries.removed(desk.cast.session, desk.who(desk.cast.dina), LATER) == []


def test_a_note_removed_by_itself_is_in_that_list(administered: Desk) -> None:
    session, note = administered.cast.session, administered.note.record_id
    service.remove(session, administered.ana, note, 1, "Not needed", NOW)
    [line] = queries.removed(session, administered.who(administered.cast.dina), LATER)

    assert line.record_id == note


def test_a_second_person_approves_and_nothing_else_moves(desk: Desk) -> None:
    happened = desk.record.event_at
    omar = desk.who(desk.cast.omar)
    service.approve(desk.cast.session, omar, desk.visit_id, 1, NOW)

    assert (desk.record.event_at, desk.record.written_at) == (happened, LOGGED)
    assert (desk.record.approved_at, desk.record.approved_by) == (NOW, desk.cast.omar.id)
    with pytest.raises(NotReady, match="already"):
        service.approve(desk.cast.session, omar, desk.visit_id, 2, NOW)


def test_an_approval_is_of_what_one_has_read(desk: Desk) -> None:
    desk.revise(desk.values(minutes=45))

    with pytest.raises(ChangedMeanwhile):
        service.approve(desk.cast.session, desk.who(desk.cast.omar), desk.visit_id, 1, NOW)


def test_nobody_approves_their_own_nor_without_the_task(desk: Desk) -> None:
    for other in (desk.cast.ana, desk.cast.tom, desk.cast.rita):
        with pytest.raises((NotFound, Refused)):
            service.approve(desk.cast.session, desk.who(other), desk.visit_id, 1, NOW)


def test_the_history_tells_who_changed_what_when_and_why(desk: Desk) -> None:
    desk.revise(desk.values(minutes=45, note="Calmer"), "Typed it wrong")
    seen = queries.correctable(desk.cast.session, desk.who(desk.cast.omar), desk.visit_id, NOW)
    told = {line.field: line for line in seen.history}

    assert (told["minutes"].old, told["minutes"].new) == ("30", "45")
    assert (told["note"].old, told["note"].of_part) == ("Calm again", True)
    assert {line.by for line in seen.history} == {"Ana Counts"}
    assert (seen.author, seen.student, seen.version) == ("Ana Counts", "Luis Sample", 2)
    assert (seen.may_edit, seen.may_remove, seen.may_approve) == (False, False, True)
    trail.settle(desk.cast.session)
    assert desk.events("record.history") == ["record.history_read"]


def test_the_author_may_edit_and_remove_and_the_note_leads_to_its_visit(desk: Desk) -> None:
    seen = queries.correctable(desk.cast.session, desk.ana, desk.note.record_id, NOW)

    assert seen.visit_id == desk.visit_id
    assert (seen.may_edit, seen.may_remove, seen.may_approve) == (True, True, False)
    assert seen.needs_reason_to_remove


def test_a_record_without_a_visit_can_be_looked_up(desk: Desk) -> None:
    record = make.record(desk.cast.session, desk.cast.luis, Category.DISCIPLINE)
    seen = queries.correctable(desk.cast.session, desk.ana, record.id, NOW)

    assert (seen.visit_id, seen.author, seen.history) == (None, "", ())
    assert not seen.may_edit


def test_the_history_is_for_whoever_may_open_the_record(desk: Desk) -> None:
    cast = desk.cast
    for other in (cast.tom, cast.rita, cast.hugo, cast.dina):
        with pytest.raises(NotFound):
            queries.correctable(cast.session, desk.who(other), desk.visit_id, NOW)
    foreign = make.record(cast.session, cast.luis, Category.SERVICE_STATUS, custodian=cast.hilltop)
    for key in (foreign.id, cast.luis.id):
        with pytest.raises(NotFound):
            queries.correctable(cast.session, desk.ana, key, NOW)
    elsewhere = cast.session.scalars(
        select(Record.id).where(Record.student_id == cast.zoe.id)
    ).first()
    assert elsewhere is not None
    with pytest.raises(NotFound):
        queries.correctable(cast.session, desk.ana, elsewhere, NOW)
