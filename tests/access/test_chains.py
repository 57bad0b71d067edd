"""Lines take their places in the chain of their organization, at the end and in order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.access import trail
from portal.access.trail import Entry
from portal.access.unit_of_work import unit_of_work
from portal.store import chain
from portal.store.ledger import TrailHead, TrailLine, TrailStudent
from portal.store.people import Student
from tests.access.conftest import Kept
from tests.people import NOW, Cast

LINE = Entry("record.opened", True, NOW)


def places(session: Session) -> list[tuple[str, int]]:
    rows = session.execute(select(TrailLine.chain, TrailLine.position).order_by(TrailLine.id))
    return [(row.chain, row.position) for row in rows]


def test_each_organization_has_a_chain_of_its_own_and_nobody_has_one(
    session: Session, cast: Cast
) -> None:
    ana, rita = cast.who(cast.ana), cast.who(cast.rita)
    for me in (rita, None, ana, rita):
        trail.write(session, me, LINE)
    trail.settle(session)

    clinic, district = cast.riverside.id.hex, cast.district.id.hex
    assert places(session) == [(clinic, 1), ("", 1), (district, 1), (clinic, 2)]
    heads = session.execute(select(TrailHead.chain, TrailHead.position)).all()
    assert {tuple(head) for head in heads} == {(clinic, 2), ("", 1), (district, 1)}


def test_a_line_goes_on_from_the_hash_of_the_one_before(session: Session, cast: Cast) -> None:
    for _ in range(2):
        trail.write(session, cast.who(cast.rita), LINE)
        trail.settle(session)

    first, second = session.scalars(select(TrailLine).order_by(TrailLine.position))
    assert first.hash == chain.link(chain.GENESIS, chain.text_of(vars(first)))
    assert second.hash == chain.link(first.hash, chain.text_of(vars(second)))
    assert session.scalar(select(TrailHead.hash)) == second.hash


def test_the_students_of_a_line_are_hashed_in_order_and_once(session: Session, cast: Cast) -> None:
    about = (cast.mei.id, cast.luis.id, cast.mei.id)
    trail.write(session, None, Entry("students.listed", True, NOW, about))
    trail.settle(session)

    (line,) = session.scalars(select(TrailLine))
    assert line.students == sorted({student.hex for student in about})
    assert set(session.scalars(select(TrailStudent.student_id))) == set(about)


def test_what_is_told_is_what_was_true_when_it_was_written(session: Session, cast: Cast) -> None:
    detail = {"count": 1}
    trail.write(session, None, Entry("students.listed", True, NOW, detail=detail))
    detail["count"] = 2
    trail.settle(session)

    assert session.scalars(select(TrailLine)).one().detail == {"count": 1}


def test_a_commit_without_the_lines_cannot_be(kept: Kept) -> None:
    with Session(kept.engine) as session:
        trail.write(session, None, LINE)
        session.commit()

    assert kept.lines() == [("record.opened", True, "")]


def test_lines_wait_for_the_end_and_not_for_a_savepoint(kept: Kept) -> None:
    with unit_of_work(kept.engine) as session:
        trail.write(session, None, LINE)
        with session.begin_nested():
            session.get_one(Student, kept.cast.luis.id).given_name = "Ludwig"
        assert trail.UNSETTLED in session.info

    assert len(kept.lines()) == 1


def test_the_lines_of_a_transaction_that_was_undone_are_forgotten(kept: Kept) -> None:
    with Session(kept.engine) as session:
        session.get_one(Student, kept.cast.luis.id)
        trail.write(session, None, LINE)
        with session.begin_nested() as part:
            part.rollback()
        assert trail.UNSETTLED in session.info
        session.rollback()
        session.commit()

    assert kept.lines() == []


def test_a_line_that_could_not_be_added_stops_a_second_commit_too(kept: Kept) -> None:
    with kept.engine.begin() as connection:
        connection.execute(text("ALTER TABLE trail_head RENAME TO trail_gone"))
    with Session(kept.engine) as session:
        trail.write(session, None, LINE)
        for _ in range(2):
            with pytest.raises(DBAPIError, match=r"trail_head|aborted"):
                session.commit()

    assert kept.lines() == []


# Many at once


def at_once(kept: Kept, writers: int, each: int, write: Callable[[Session, int], None]) -> None:
    start = threading.Barrier(writers)

    def work(number: int) -> None:
        start.wait(20)
        for _ in range(each):
            with unit_of_work(kept.engine) as session:
                write(session, number)

    with ThreadPoolExecutor(writers) as pool:
        for done in [pool.submit(work, number) for number in range(writers)]:
            done.result(60)


def assert_whole(kept: Kept, lines: int) -> None:
    """Every chain goes 1, 2, 3 … and each line's hash follows from the one before."""
    with Session(kept.witness) as session:
        rows = session.scalars(select(TrailLine).order_by(TrailLine.chain, TrailLine.position))
        last: dict[str, tuple[int, str]] = {}
        for row in rows:
            position, before = last.get(row.chain, (0, chain.GENESIS))
            assert row.position == position + 1
            assert row.hash == chain.link(before, chain.text_of(vars(row)))
            last[row.chain] = (row.position, row.hash)
        heads = session.execute(select(TrailHead.chain, TrailHead.position, TrailHead.hash))
        assert {row.chain: (row.position, row.hash) for row in heads} == last
        assert session.scalar(select(func.count()).select_from(TrailLine)) == lines


def test_writers_of_one_organization_queue_and_the_chain_is_whole(kept: Kept) -> None:
    rita, ana = kept.who(kept.cast.rita), kept.who(kept.cast.ana)

    def write(session: Session, number: int) -> None:
        trail.write(session, rita if number % 3 else ana, LINE)

    at_once(kept, writers=6, each=8, write=write)

    assert_whole(kept, lines=48)


def test_units_of_work_for_the_same_organizations_in_any_order_do_not_wait_for_each_other(
    kept: Kept,
) -> None:
    people = [kept.who(kept.cast.rita), kept.who(kept.cast.ana), None]

    def write(session: Session, number: int) -> None:
        turned = people[number % 3 :] + people[: number % 3]
        for me in turned if number % 2 else reversed(turned):
            trail.write(session, me, LINE)

    at_once(kept, writers=6, each=5, write=write)

    assert_whole(kept, lines=90)


def test_a_row_taken_before_the_trail_and_one_after_it_are_no_trap(kept: Kept) -> None:
    """One writes its line first and then changes a student; another the other way round."""
    rita = kept.who(kept.cast.rita)

    def write(session: Session, number: int) -> None:
        steps = [
            lambda: trail.write(session, rita, LINE),
            lambda: session.execute(
                text("UPDATE student SET given_name = :name"), {"name": f"N{number}"}
            ),
        ]
        for step in steps if number % 2 else reversed(steps):
            step()

    at_once(kept, writers=4, each=6, write=write)

    assert_whole(kept, lines=24)
