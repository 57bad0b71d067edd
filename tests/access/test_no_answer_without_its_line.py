"""Nothing is shown whose trail line could not be kept: faults, put in one by one."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, event, select, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from portal.access import documents, gate
from portal.access.actor import Actor
from portal.access.exports import Wanted
from portal.access.lists import my_students, shared_students
from portal.access.unit_of_work import unit_of_work
from portal.errors import NotFound
from portal.exporting.service import DaysAsked, take_out
from portal.policy.accounting import Law
from portal.policy.tasks import Task
from portal.stewardship.accounting.service import for_staff
from portal.stewardship.queries import TrailFilter, seen_by, trail_page
from portal.store.papers import Document
from portal.visits import service as visits
from portal.visits.rules import VisitDraft
from portal.vocabulary import DocumentKind, ExportKind, ExportPurpose, ExportShape
from tests.access.conftest import Kept
from tests.people import LONG_AGO, NOW, Cast


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


def fills_up(engine: Engine) -> None:
    """The disk has room for a few lines more, and then no more."""
    if engine.dialect.name == "sqlite":
        most = "PRAGMA max_page_count = 1"  # at most as large as it is now
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(most))
        return
    refuses = "CREATE FUNCTION full_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    when = "IF mod(NEW.id, 5) = 0 THEN RAISE 'no room' USING ERRCODE = 'disk_full'; END IF; "
    trigger = "CREATE TRIGGER full_up BEFORE INSERT ON trail_line FOR EACH ROW EXECUTE FUNCTION "
    with engine.begin() as connection:
        connection.exec_driver_sql(refuses + when + "RETURN NEW; END $$")
        connection.execute(text(trigger + "full_up()"))


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


Ask = tuple[str, Callable[[Session, Actor, Cast], object]]
"""Who of the cast asks, and what."""


def a_visit(session: Session, me: Actor, cast: Cast) -> object:
    draft = VisitDraft(cast.luis.id, "individual", 20)
    return visits.log(session, me, draft, NOW, uuid.uuid4().hex)


def an_export(session: Session, me: Actor, cast: Cast) -> object:
    a_visit(session, me, cast)
    wanted = Wanted(ExportKind.VISITS, ExportShape.CSV, ExportPurpose.OWN_WORK, "To plan the week")
    days = DaysAsked(LONG_AGO.date(), NOW.date())
    return take_out(session, me, wanted, days, NOW, uuid.uuid4().hex)


def a_document(session: Session, me: Actor, _cast: Cast) -> object:
    [kept] = session.scalars(select(Document.id))
    return documents.open_document(session, me, kept, NOW)


EVERYTHING: dict[str, Ask] = {
    "a record": ("rita", lambda s, me, c: gate.open_record(s, me, c.luis.id, "coordinate", NOW)),
    "a list of partners'": ("rita", lambda s, me, c: shared_students(s, me, "coordinate", NOW)),
    "a list of one's own": ("ana", lambda s, me, c: my_students(s, me, NOW)),
    "a student": (
        "ana",
        lambda s, me, c: gate.open_student(s, me, c.luis.id, Task.SEE_STUDENT, NOW),
    ),
    "an accounting": ("ana", lambda s, me, c: for_staff(s, me, c.luis.id, Law.EVERYTHING, NOW)),
    "who has seen it": ("ana", lambda s, me, c: seen_by(s, me, c.luis.id, NOW)),
    "the trail itself": ("dina", lambda s, me, c: trail_page(s, me, TrailFilter(), NOW)),
    "a document": ("ana", a_document),
    "an export": ("ana", an_export),
    "a visit that is written": ("ana", a_visit),
}


NAMES_NOBODY = {"a list of one's own", "the trail itself"}
"""Their lines are about no student, so such a line is kept whole."""


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_read_and_nothing_is_written(kept: Kept, fault: Fault) -> None:
    with unit_of_work(kept.engine) as session:
        owner, luis, by = kept.cast.district.id, kept.cast.luis.id, kept.cast.ana.id
        kind = DocumentKind.RECORD_PRINT
        documents.keep(session, by, owner, kind, "a.pdf", "text/plain", b"Luis", NOW, luis)
    who = {name: kept.who(getattr(kept.cast, name)) for name in ("ana", "dina", "rita")}
    for name, ask in EVERYTHING.values():  # each is an answer, while the trail is kept
        with pytest.raises(Undone), unit_of_work(kept.engine) as session:
            ask(session, who[name], kept.cast)
            raise Undone
    before = kept.lines(), kept.written()

    fault(kept.engine)

    for what, (name, ask) in EVERYTHING.items():
        if fault is refuses_every_students_line and what in NAMES_NOBODY:
            continue
        with pytest.raises((DBAPIError, ConnectionError)), unit_of_work(kept.engine) as session:
            ask(session, who[name], kept.cast)
            session.flush()
        assert (kept.lines(), kept.written()) == before, what


def test_while_the_disk_fills_up_an_answer_comes_only_with_its_line(kept: Kept) -> None:
    fills_up(kept.engine)
    answered = 0

    with pytest.raises(OperationalError):
        for answered in range(500):
            assert len(kept.lines()) == answered
            kept.open(kept.cast.rita)

    assert len(kept.lines()) == answered > 0


class Undone(Exception):
    """Leaves the unit of work without keeping what it did."""


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
