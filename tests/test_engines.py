"""The databases of the tests are set up as the portal's are, and every test starts from nothing."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.store.engine import make_engine
from portal.store.migrate import upgrade
from tests.engines import rolled_back

SHELF = text("CREATE TABLE shelf (id INTEGER PRIMARY KEY)")
BOOK = text("CREATE TABLE book (shelf_id INTEGER NOT NULL REFERENCES shelf (id))")
ADD = text("INSERT INTO shelf VALUES (:id)")
COUNT = text("SELECT count(*) FROM shelf")


def test_a_reference_to_nothing_is_refused(session: Session) -> None:
    session.execute(SHELF)
    session.execute(BOOK)

    with pytest.raises(IntegrityError):
        session.execute(text("INSERT INTO book VALUES (7)"))


def test_what_a_test_commits_is_gone_for_the_next(engine: Engine) -> None:
    with rolled_back(engine) as first:
        first.execute(SHELF)
        first.execute(ADD, {"id": 1})
        first.commit()
        assert first.scalar(COUNT) == 1

    assert not inspect(engine).has_table("shelf")


def test_what_a_test_leaves_uncommitted_or_breaks_is_gone_too(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), rolled_back(engine) as session:
        session.execute(SHELF)
        raise ZeroDivisionError

    assert not inspect(engine).has_table("shelf")


def test_a_refused_step_does_not_undo_the_steps_before_it(session: Session) -> None:
    session.execute(SHELF)
    session.execute(ADD, {"id": 1})
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(ADD, {"id": 1})
    session.commit()

    session.execute(ADD, {"id": 2})
    session.rollback()

    assert session.scalar(COUNT) == 1


def test_a_session_starts_with_todays_tables_all_empty(session: Session) -> None:
    tables = inspect(session.connection()).get_table_names()

    assert len(tables) > 1
    for table in set(tables) - {"alembic_version"}:
        assert session.scalar(text(f'SELECT count(*) FROM "{table}"')) == 0, table


def test_a_database_file_keeps_what_was_committed_when_the_power_fails(sqlite_url: str) -> None:
    upgrade(sqlite_url)
    engine = make_engine(sqlite_url)
    with engine.connect() as connection:
        asked = {
            pragma: connection.scalar(text(f"PRAGMA {pragma}"))
            for pragma in ("foreign_keys", "journal_mode", "synchronous")
        }
    engine.dispose()

    assert asked == {"foreign_keys": 1, "journal_mode": "wal", "synchronous": 2}  # 2 is FULL


def test_a_migrations_test_starts_without_a_table(empty_url: str) -> None:
    engine = create_engine(empty_url)
    tables = inspect(engine).get_table_names()
    engine.dispose()

    assert tables == []


def test_the_postgres_url_leads_to_a_database_of_its_own(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        name = connection.scalar(text("SELECT current_database()"))
    engine.dispose()

    assert engine.driver == "psycopg"
    assert name.startswith("portal_test_")


@pytest.mark.parametrize(
    ("family", "address"),
    [
        (socket.AF_INET, ("192.0.2.1", 443)),  # set aside for documentation: nobody is there
        (socket.AF_INET, ("example.invalid", 443)),
        (socket.AF_INET6, ("2001:db8::1", 443)),
    ],
)
def test_tests_cannot_reach_the_network(family: int, address: tuple[str, int]) -> None:
    with socket.socket(family) as caller, pytest.raises(RuntimeError, match="this machine only"):
        caller.connect(address)


def test_tests_can_reach_this_machine() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as caller,
    ):
        assert caller.getpeername() == server.getsockname()


@pytest.mark.real_files
def test_the_real_files_are_there(real_files: Path) -> None:
    assert any(file.is_file() for file in real_files.rglob("*"))
