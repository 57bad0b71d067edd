"""One block, one transaction: all of it or nothing, and a refusal leaves its line."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from portal.access import trail, unit_of_work
from portal.access.trail import Entry
from portal.store.engine import make_engine
from portal.store.ledger import TrailLine
from portal.store.people import Student
from tests.access.conftest import Kept
from tests.people import NOW

REFUSED = Entry("record.opened", False, NOW, codes=["NO_CONSENT"])


class Interrupted(BaseException):
    """As a stopped script ends a block: no ordinary error."""


def names(kept: Kept) -> set[str]:
    with Session(kept.witness.execution_options(writes=False)) as session:
        return set(session.scalars(select(Student.given_name)))


def rename(session: Session, kept: Kept, name: str) -> Student:
    student = session.get_one(Student, kept.cast.luis.id)
    student.given_name = name
    return student


def test_a_block_that_succeeds_is_durable_when_it_has_ended(kept: Kept):
    with unit_of_work.unit_of_work(kept.engine) as session:
        rename(session, kept, "Ludwig")
        session.flush()
        assert "Ludwig" not in names(kept)

    assert "Ludwig" in names(kept)


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt, Interrupted])
def test_a_block_that_fails_leaves_nothing(kept: Kept, failure):
    with pytest.raises(failure), unit_of_work.unit_of_work(kept.engine) as session:
        rename(session, kept, "Ludwig")
        session.flush()
        raise failure

    assert "Luis" in names(kept)
    assert "Ludwig" not in names(kept)


def test_what_was_read_can_be_shown_after_the_block(kept: Kept):
    with unit_of_work.unit_of_work(kept.engine) as session:
        student = rename(session, kept, "Ludwig")

    assert student.given_name == "Ludwig"
    assert inspect(student).detached  # nothing more is read through it, and by no transaction


def test_a_refusal_is_kept_although_the_block_is_undone(kept: Kept):
    me = kept.who(kept.cast.rob)
    with pytest.raises(Interrupted), unit_of_work.unit_of_work(kept.engine) as session:
        rename(session, kept, "Ludwig")
        trail.write_refusal(session, me, REFUSED)
        raise Interrupted

    assert kept.lines() == [("record.opened", False, me.name)]
    assert "Ludwig" not in names(kept)


def test_a_refusal_that_was_answered_within_the_block_leaves_its_line_too(kept: Kept):
    me = kept.who(kept.cast.rob)
    with unit_of_work.unit_of_work(kept.engine) as session:
        rename(session, kept, "Ludwig")
        trail.write_refusal(session, me, REFUSED)

    assert kept.lines() == [("record.opened", False, me.name)]
    assert "Ludwig" in names(kept)


def test_a_failed_block_without_a_refusal_writes_no_line(kept: Kept):
    with pytest.raises(ValueError), unit_of_work.unit_of_work(kept.engine) as session:
        rename(session, kept, "Ludwig")
        raise ValueError

    with Session(kept.witness) as session:
        assert session.scalars(select(TrailLine)).all() == []


def test_left_alone_it_works_on_the_portal_s_own_database(kept: Kept, monkeypatch):
    monkeypatch.setattr(unit_of_work, "engine", lambda: kept.engine)

    with unit_of_work.unit_of_work() as session:
        rename(session, kept, "Ludwig")

    assert "Ludwig" in names(kept)


def test_the_portal_s_own_database_is_that_of_the_settings(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'own.db'}"
    monkeypatch.setattr(unit_of_work, "settings", type("Settings", (), {"database_url": url}))
    unit_of_work.engine.cache_clear()
    try:
        own = unit_of_work.engine()
        assert str(own.url) == url
        assert unit_of_work.engine() is own
        assert unit_of_work.reading().get_execution_options()["writes"] is False
        own.dispose()
    finally:
        unit_of_work.engine.cache_clear()


def test_one_who_only_reads_does_not_wait_for_one_who_writes(kept: Kept):
    other = make_engine(kept.engine.url)
    with unit_of_work.unit_of_work(kept.engine) as writing:
        rename(writing, kept, "Ludwig")
        writing.flush()
        with unit_of_work.unit_of_work(other.execution_options(writes=False)) as reading:
            assert reading.get_one(Student, kept.cast.luis.id).given_name == "Luis"
    other.dispose()
