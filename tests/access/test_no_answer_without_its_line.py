"""Nothing is shown whose trail line could not be kept: faults, put in one by one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError

from portal.access import gate
from portal.access.lists import shared_students
from portal.access.unit_of_work import unit_of_work
from portal.errors import NotFound
from portal.policy.accounting import Law
from portal.policy.tasks import Task
from portal.stewardship.accounting.service import for_staff
from tests.access.conftest import Kept
from tests.people import NOW


def refuses_every_line(engine: Engine) -> None:
    """The table of the trail takes no row: a full disk, a broken partition, a lost right."""
    refuses_rows_of(engine, "trail_line")


def refuses_every_students_line(engine: Engine) -> None:
    """The line itself is taken, but not whom it is about."""
    refuses_rows_of(engine, "trail_student")


def refuses_to_move_the_head(engine: Engine) -> None:
    """The line is taken, but the chain's head cannot move on to it."""
    refuses_rows_of(engine, "trail_head", "UPDATE")


def has_lost_the_heads(engine: Engine) -> None:
    """There is no chain to put the line into."""
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE trail_head RENAME TO trail_gone"))


def refuses_rows_of(engine: Engine, table: str, act: str = "INSERT") -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(
                text(
                    f"CREATE TRIGGER broken BEFORE {act} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
                )
            )
            return
        refuses = "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS "
        connection.execute(text(refuses + "$$ BEGIN RAISE 'the disk is full'; END $$"))
        connection.execute(
            text(
                f"CREATE TRIGGER broken BEFORE {act} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION broken()"
            )
        )


def takes_no_write_at_all(engine: Engine) -> None:
    """A stand-by server, or a database mounted for reading."""

    @event.listens_for(engine, "begin")
    def for_reading(connection) -> None:
        sqlite = engine.dialect.name == "sqlite"
        connection.exec_driver_sql(
            "PRAGMA query_only = ON" if sqlite else "SET TRANSACTION READ ONLY"
        )


def breaks_at_the_last_moment(engine: Engine) -> None:
    """Everything was written, but making it durable fails."""

    @event.listens_for(engine, "commit")
    def breaks(_connection) -> None:
        raise ConnectionError("the server went away")


Fault = Callable[[Engine], None]
FAULTS = [
    refuses_every_line,
    refuses_every_students_line,
    refuses_to_move_the_head,
    has_lost_the_heads,
    takes_no_write_at_all,
    breaks_at_the_last_moment,
]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_record_is_not_shown(kept: Kept, fault: Fault) -> None:
    assert kept.open(kept.cast.rita).items
    before = kept.lines()

    fault(kept.engine)

    with pytest.raises((DBAPIError, ConnectionError)):
        kept.open(kept.cast.rita)
    assert kept.lines() == before


@pytest.mark.parametrize("fault", FAULTS)
def test_a_list_is_not_shown(kept: Kept, fault: Fault) -> None:
    rita = kept.who(kept.cast.rita)
    fault(kept.engine)

    with pytest.raises((DBAPIError, ConnectionError)), unit_of_work(kept.engine) as session:
        shared_students(session, rita, "coordinate", NOW)

    assert kept.lines() == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_student_is_not_opened_to_their_own_school(kept: Kept, fault: Fault) -> None:
    ana = kept.who(kept.cast.ana)
    fault(kept.engine)

    with pytest.raises((DBAPIError, ConnectionError)), unit_of_work(kept.engine) as session:
        gate.open_student(session, ana, kept.cast.luis.id, Task.SEE_STUDENT, NOW)

    assert kept.lines() == []


@pytest.mark.parametrize("fault", FAULTS)
def test_an_accounting_is_not_shown(kept: Kept, fault: Fault) -> None:
    ana, luis = kept.who(kept.cast.ana), kept.cast.luis.id
    fault(kept.engine)

    with pytest.raises((DBAPIError, ConnectionError)), unit_of_work(kept.engine) as session:
        for_staff(session, ana, luis, Law.EVERYTHING, NOW)

    assert kept.lines() == []


def test_nothing_is_shown_while_another_holds_the_chain_for_too_long(kept: Kept) -> None:
    me = kept.who(kept.cast.rita)
    assert kept.open(kept.cast.rita).items
    waits_only_a_moment(kept.engine)

    with kept.witness.begin() as other:
        other.execute(text("UPDATE trail_head SET position = position"))
        with pytest.raises(DBAPIError), unit_of_work(kept.engine) as session:
            gate.open_record(session, me, kept.cast.luis.id, "coordinate", NOW)

    assert len(kept.lines()) == 1


def waits_only_a_moment(engine: Engine) -> None:
    """Not the ten seconds that the portal waits for SQLite, nor PostgreSQL for ever."""

    @event.listens_for(engine, "begin")
    def briefly(connection) -> None:
        if engine.dialect.name != "sqlite":
            connection.exec_driver_sql("SET LOCAL lock_timeout = '100ms'")

    if engine.dialect.name == "sqlite":
        engine.dispose()
        event.listen(engine, "connect", lambda made, _: made.execute("PRAGMA busy_timeout = 100"))


@pytest.mark.parametrize("fault", [refuses_every_line, takes_no_write_at_all])
def test_a_refusal_whose_line_is_lost_still_shows_nothing(kept: Kept, fault: Fault) -> None:
    fault(kept.engine)

    with pytest.raises((DBAPIError, NotFound)) as refused:
        kept.open(kept.cast.rob)

    assert "Luis" not in str(refused.value)
