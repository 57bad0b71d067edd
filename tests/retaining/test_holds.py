"""Legal holds: placed by one, lifted by another, and stronger than any deletion."""

from __future__ import annotations

import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError

from portal.access import holds as held
from portal.access import journal, trail
from portal.config import settings
from portal.errors import NotFound, NotReady, Refused
from portal.retaining import holds
from portal.retaining.holds import HoldDraft
from portal.store.ledger import TrailLine
from portal.store.oversight import LegalHold
from portal.store.people import Student
from portal.store.records import Record
from portal.vocabulary import Category, Level, Role
from tests import factories as make
from tests.people import NOW, Cast

OF_LUIS = HoldDraft(False, "0000000101", "Case 26-17", "The court asked us to keep it.")
OF_ALL = HoldDraft(True, "", "Audit of 2026", "The auditor asked us to keep it.")


def place(cast: Cast, draft: HoldDraft = OF_LUIS) -> LegalHold:
    return holds.place(cast.session, cast.who(cast.dina), draft, NOW)


def test_it_is_placed_by_one_officer_and_lifted_by_another(cast: Cast) -> None:
    row = place(cast)
    with pytest.raises(Refused) as told:
        holds.lift(cast.session, cast.who(cast.dina), row.id, "Settled", NOW)
    assert told.value.codes == ("OWN_RECORD",)
    with pytest.raises(NotReady):
        holds.lift(cast.session, cast.who(cast.sue), row.id, " ", NOW)

    holds.lift(cast.session, cast.who(cast.sue), row.id, "Settled", NOW)
    holds.lift(cast.session, cast.who(cast.sue), row.id, "Again", NOW)

    assert (row.lifted_by, row.lift_reason) == (cast.sue.id, "Settled")
    trail.settle(cast.session)
    lines = cast.session.scalars(
        select(TrailLine).where(TrailLine.event.in_(["hold.placed", "hold.lifted"]))
    ).all()
    assert [(line.event, line.students) for line in lines if line.allowed] == [
        ("hold.placed", [cast.luis.id.hex]),
        ("hold.lifted", [cast.luis.id.hex]),
    ]


def test_while_it_stands_the_database_itself_deletes_nothing_that_it_covers(cast: Cast) -> None:
    def gone(of: Student) -> None:
        with cast.session.begin_nested():
            kept = make.record(cast.session, of, Category.VISITS)
            cast.session.execute(delete(Record).where(Record.id == kept.id))

    row = place(cast)
    with pytest.raises(DBAPIError, match="a legal hold keeps this record"):
        gone(cast.luis)
    gone(cast.mei)
    place(cast, OF_ALL)
    with pytest.raises(DBAPIError, match="a legal hold keeps this record"):
        gone(cast.mei)
    for standing in cast.session.scalars(select(LegalHold)).all():
        holds.lift(cast.session, cast.who(cast.sue), standing.id, "Settled", NOW)
    gone(cast.luis)
    assert row.lifted_at == NOW


def test_whoever_destroys_is_told_which_hold_stands_against_it(cast: Cast) -> None:
    ours = cast.district.id
    held.refuse_if_held(cast.session, ours, [cast.luis.id])
    place(cast)
    with pytest.raises(Refused, match="Case 26-17"):
        held.refuse_if_held(cast.session, ours, [cast.mei.id, cast.luis.id])
    held.refuse_if_held(cast.session, ours, [cast.mei.id])
    held.refuse_if_held(cast.session, ours, [])
    assert not held.holds_everything(cast.session, ours)

    place(cast, OF_ALL)
    with pytest.raises(Refused, match="Audit of 2026"):
        held.refuse_if_held(cast.session, ours, [])
    assert held.holds_everything(cast.session, ours)
    assert not held.holds_everything(cast.session, cast.riverside.id)
    covered = select(Student.id).where(held.covers(ours, Student.id))
    assert set(cast.session.scalars(covered)) == {cast.luis.id, cast.mei.id, cast.zoe.id}


def test_what_is_missing_is_told(cast: Cast) -> None:
    for draft, fields in (
        (replace(OF_LUIS, number="1"), ["Student"]),
        (replace(OF_LUIS, number=""), ["Student"]),
        (replace(OF_LUIS, matter=" "), ["Matter"]),
        (replace(OF_ALL, reason="", matter="x" * 201), ["Matter", "Reason"]),
    ):
        with pytest.raises(NotReady) as told:
            place(cast, draft)
        assert [problem.field for problem in told.value.problems] == fields


def test_a_list_names_only_whom_the_reader_may_name_and_is_noted(cast: Cast) -> None:
    place(cast)
    [seen] = holds.holds(cast.session, cast.who(cast.sue), NOW)
    [unnamed] = holds.holds(cast.session, cast.who(cast.dina), NOW)

    assert (seen.student, seen.placed_by) == ("Luis Sample", "Dina Desk")
    assert unnamed.student == "A student, number …0101"
    trail.settle(cast.session)
    lines = cast.session.scalars(select(TrailLine).where(TrailLine.event == "hold.listed")).all()
    assert [line.students for line in lines] == [[cast.luis.id.hex]] * 2


def test_others_have_no_part_in_it(cast: Cast) -> None:
    row = place(cast)
    for other in (cast.omar, cast.ana, cast.tom, cast.alma):
        with pytest.raises(Refused):
            holds.holds(cast.session, cast.who(other), NOW)
        with pytest.raises(Refused):
            holds.place(cast.session, cast.who(other), OF_LUIS, NOW)
    elsewhere = make.organization(cast.session, "Other Schools")
    dan = make.user(cast.session, elsewhere, "Dan Other", Role.DISTRICT_ADMIN, Level.STAFF)
    for hold_id in (row.id, uuid.uuid4()):
        with pytest.raises(NotFound):
            holds.lift(cast.session, cast.who(dan), hold_id, "Mine", NOW)
    with pytest.raises(NotReady):
        holds.place(cast.session, cast.who(dan), OF_LUIS, NOW)


def test_a_restored_backup_keeps_the_hold(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_OUTSIDE_FOLDER", str(tmp_path / "outside"))
    settings.cache_clear()
    row, everything = place(cast), place(cast, OF_ALL)
    journal.keep(cast.session)
    assert "Case" not in (tmp_path / "outside" / "journal.jsonl").read_text()
    ids = {row.id: cast.luis.id, everything.id: None}
    cast.session.execute(delete(LegalHold))
    cast.session.expunge_all()

    done = journal.reconcile(cast.session, [holds.PLACED], NOW)

    assert done.again == 2
    kept = cast.session.scalars(select(LegalHold)).all()
    assert {one.id: one.student_id for one in kept} == ids
    assert {one.matter for one in kept} == {holds.FROM_THE_JOURNAL}
    assert journal.reconcile(cast.session, [holds.PLACED], NOW).again == 0
    closing = {"student": str(uuid.uuid4()), "by": str(cast.dina.id)}
    assert holds.PLACED.again(cast.session, closing, NOW) is None
    settings.cache_clear()
