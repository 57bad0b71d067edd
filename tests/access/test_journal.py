"""What was closed is in the journal before it is closed; a restored backup learns of it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.access import journal, trail
from portal.access.journal import Again, Closing, Handler, Reconciled
from portal.access.unit_of_work import unit_of_work
from portal.config import settings
from portal.store.ledger import TrailLine
from portal.store.people import Block
from tests.access.conftest import Kept
from tests.people import NOW, Cast

LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("PORTAL_OUTSIDE_FOLDER", str(tmp_path / "outside"))
    settings.cache_clear()
    yield tmp_path / "outside"
    settings.cache_clear()


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]


# Blocks, for an example: a student whose records are open to nobody outside


def _closings(session: Session) -> Iterator[Mapping[str, Any]]:
    for block in session.scalars(select(Block).order_by(Block.starts_at)):
        yield _payload(block)


def _payload(block: Block) -> dict[str, Any]:
    return {
        "id": str(block.id),
        "at": block.starts_at.isoformat(),
        "student": str(block.student_id),
    }


def _again(session: Session, closing: Closing, at: datetime) -> Again | None:
    student = uuid.UUID(closing["student"])
    if student.int == 0:
        return None
    starts = datetime.fromisoformat(closing["at"])
    session.add(Block(id=uuid.UUID(closing["id"]), student_id=student, starts_at=starts))
    return Again("a block", (student,))


BLOCKS = Handler("block", _closings, _again)


def a_block(cast: Cast, **given: Any) -> Block:
    return Block(id=uuid.uuid4(), student_id=cast.luis.id, starts_at=NOW, **given)


def test_a_closing_is_in_the_journal_before_it_is_committed(kept: Kept, outside: Path) -> None:
    block = a_block(kept.cast)
    with unit_of_work(kept.engine) as session:
        session.add(block)
        journal.note(session, "block", _payload(block))
        assert not (outside / "journal.jsonl").exists()

    (line,) = lines(outside)
    assert (line["kind"], line["id"], line["at"]) == ("block", str(block.id), NOW.isoformat())


def test_what_was_undone_is_not_written(kept: Kept, outside: Path) -> None:
    with pytest.raises(ZeroDivisionError), unit_of_work(kept.engine) as session:
        journal.note(session, "block", _payload(a_block(kept.cast)))
        raise ZeroDivisionError

    assert not outside.exists()


def test_what_the_trail_could_not_tell_is_not_written(kept: Kept, outside: Path) -> None:
    with kept.engine.begin() as connection:
        connection.execute(text("ALTER TABLE trail_head RENAME TO trail_gone"))
    with (
        pytest.raises(DBAPIError, match="trail_head"),
        unit_of_work(kept.engine) as session,
    ):
        trail.write(session, None, trail.Entry("block.set", True, NOW))
        journal.note(session, "block", _payload(a_block(kept.cast)))

    assert not outside.exists()


def test_without_a_journal_the_closing_still_counts_and_is_written_later(
    kept: Kept, outside: Path, caplog: pytest.LogCaptureFixture
) -> None:
    outside.write_text("a file where the folder should be")
    block = a_block(kept.cast)
    with unit_of_work(kept.engine) as session:
        session.add(block)
        journal.note(session, "block", _payload(block))
    assert "FileExistsError" in caplog.text
    assert str(block.id) not in caplog.text
    outside.unlink()

    with unit_of_work(kept.engine) as session:
        assert [*_closings(session)] == [_payload(block)]
        done = journal.reconcile(session, [BLOCKS], LATER)

    assert done == Reconciled(written=1)
    assert [line["id"] for line in lines(outside)] == [str(block.id)]


def test_what_the_database_forgot_is_closed_again_and_the_trail_says_so(
    kept: Kept, outside: Path
) -> None:
    forgotten = _payload(a_block(kept.cast))
    with unit_of_work(kept.engine) as session:
        journal.note(session, "block", forgotten)
    for told in (Reconciled(again=1), Reconciled()):
        with unit_of_work(kept.engine) as session:
            assert journal.reconcile(session, [BLOCKS], LATER) == told

    with Session(kept.engine) as session:
        assert [*_closings(session)] == [forgotten]
        (line,) = session.scalars(select(TrailLine))
    assert (line.event, line.allowed, line.at) == ("journal.closed_again", True, LATER)
    assert (line.user_id, line.user_name) == (None, "")
    assert (line.subject, line.students) == ("a block", [kept.cast.luis.id.hex])
    assert line.detail == {
        "kind": "block",
        "id": forgotten["id"],
        "closed_at": NOW.isoformat(),
    }
    assert len(lines(outside)) == 1


def test_a_closing_of_what_is_not_there_is_told_and_left(kept: Kept) -> None:
    nobody = {"id": str(uuid.uuid4()), "at": NOW.isoformat(), "student": str(uuid.UUID(int=0))}
    with unit_of_work(kept.engine) as session:
        journal.note(session, "block", nobody)
    with unit_of_work(kept.engine) as session:
        assert journal.reconcile(session, [BLOCKS], LATER) == Reconciled(unknown=1)

    assert kept.lines() == []


def test_two_of_each_are_told_as_two_whichever_handler_comes_first(
    session: Session, cast: Cast, outside: Path
) -> None:
    forgotten, nobody = ([_payload(a_block(cast)) for _ in range(2)] for _ in range(2))
    for line in nobody:
        line["student"] = str(uuid.UUID(int=0))
    for line in [*forgotten, *nobody]:
        journal.note(session, "block", line)
    journal.note(session, "door", {"id": nobody[0]["id"], "at": NOW.isoformat()})
    journal.keep(session)
    kept = [a_block(cast) for _ in range(2)]
    session.add_all(kept)
    session.flush()

    doors = Handler("door", lambda _session: (), lambda *_asked: None)
    done = journal.reconcile(session, [doors, BLOCKS], LATER)
    journal.keep(session)

    assert done == Reconciled(again=2, written=2, unknown=3)
    told = [(line["kind"], line["id"]) for line in lines(outside)]
    assert told[:5] == [
        *(("block", line["id"]) for line in [*forgotten, *nobody]),
        ("door", nobody[0]["id"]),
    ]
    assert sorted(told[5:]) == sorted(("block", str(block.id)) for block in kept)


def test_lines_of_another_kind_and_lines_cut_short_are_passed_over(
    kept: Kept, outside: Path
) -> None:
    with unit_of_work(kept.engine) as session:
        journal.note(session, "another", {"id": "1", "at": NOW.isoformat()})
    with (outside / "journal.jsonl").open("a") as stream:
        stream.write('{"kind": "block"}\n{"id": "1"}\n{"kind": "block", "id": "')

    with unit_of_work(kept.engine) as session:
        assert journal.reconcile(session, [BLOCKS], LATER) == Reconciled()


def _moved(session: Session, closing: Closing, _at: datetime) -> Again | None:
    block = session.get_one(Block, uuid.UUID(closing["id"]))
    block.starts_at = datetime.fromisoformat(closing["at"])
    return Again("a block")


def test_what_was_closed_sooner_than_planned_is_so_though_the_database_forgot(
    kept: Kept, outside: Path
) -> None:
    block, blocks = a_block(kept.cast), Handler("block", _closings, _moved)
    planned = _payload(block) | {"at": LATER.isoformat()}
    with unit_of_work(kept.engine) as session:
        for told in (planned, _payload(block), planned):  # whichever line comes last
            journal.note(session, "block", told)
        session.add(block)
        block.starts_at = LATER  # as yesterday's backup has it

    for done in (Reconciled(again=1), Reconciled()):
        with unit_of_work(kept.engine) as session:
            assert journal.reconcile(session, [blocks], LATER) == done
    with Session(kept.engine) as session:
        assert session.get_one(Block, block.id).starts_at == NOW


def test_a_closing_that_the_journal_knows_for_a_later_day_is_written_anew(
    kept: Kept, outside: Path
) -> None:
    block = a_block(kept.cast)
    with unit_of_work(kept.engine) as session:
        session.add(block)
        journal.note(session, "block", _payload(block) | {"at": LATER.isoformat()})

    for done in (Reconciled(written=1), Reconciled()):
        with unit_of_work(kept.engine) as session:
            assert journal.reconcile(session, [BLOCKS], LATER) == done


def test_a_line_without_an_instant_is_taken_for_what_the_database_says(
    kept: Kept, outside: Path
) -> None:
    block = a_block(kept.cast)
    with unit_of_work(kept.engine) as session:
        session.add(block)
        journal.note(session, "block", {"id": str(block.id)})

    with unit_of_work(kept.engine) as session:
        assert journal.reconcile(session, [BLOCKS], LATER) == Reconciled()
