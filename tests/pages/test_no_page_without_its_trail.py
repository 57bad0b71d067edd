"""When the trail cannot be written, no page shows anything about a student."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import pytest
from sqlalchemy import event, text

from portal.access import unit_of_work
from portal.policy.tasks import ROLE_TASKS
from portal.store import engine as engines
from portal.ui.navigation import PAGES
from portal.ui.pick_student import CHOSEN
from portal.visits import service as visits
from portal.visits.rules import VisitDraft
from portal.vocabulary import Category
from tests import factories as make
from tests.pages.conftest import PortalDb, everything
from tests.people import NOW
from tests.test_every_page_is_guarded import NAME_OF_ROLE

NAMES = ("Luis", "Mei ", "Zoe", "Sample,", "Elsewhere,", "000000010", "quiet words")
"""Of students, and of a note; whoever works here is called otherwise."""


@pytest.fixture
def busy(portal_db: PortalDb) -> PortalDb:
    """Luis has a visit with a note, a referral, and a consent for Riverside."""
    cast = portal_db.cast
    ana = portal_db.who(cast.ana)
    with portal_db.writing() as session:
        draft = VisitDraft(cast.luis.id, "crisis", 30, note="quiet words")
        visits.log(session, ana, draft, NOW, uuid.uuid4().hex)
        make.referral(session, cast.luis, cast.riverside, cast.ana)
        make.consent(session, cast.luis, cast.riverside, cast.maria, [Category.VISITS])
    return portal_db


def shown(db: PortalDb, file: str, name: str) -> tuple[str, bool]:
    """All that the page sends, and whether it ended in an error."""
    page = db.page(file, getattr(db.cast, name))
    page.session_state[CHOSEN] = db.cast.luis.id
    page.run()
    return everything(page), bool(page.exception)


def refuse_lines(_db: PortalDb) -> None:
    """A trigger says no, as a database administrator may have set one."""
    with unit_of_work.engine().begin() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER broken BEFORE INSERT ON trail_line "
                "BEGIN SELECT RAISE(ABORT, 'no more lines'); END"
            )
        )


def mount_for_reading(_db: PortalDb) -> None:
    """The file cannot be written."""
    event.listen(
        unit_of_work.engine(), "begin", lambda made: made.exec_driver_sql("PRAGMA query_only = ON")
    )


@contextmanager
def held_by_another(db: PortalDb) -> Iterator[None]:
    """Another process writes for longer than the portal waits."""
    file = unit_of_work.engine().url.database
    unit_of_work.engine().dispose()
    db.patch.setattr(engines, "BUSY_SECONDS", 0.05)
    unit_of_work.engine.cache_clear()
    other = sqlite3.connect(str(file), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


def names_in(told: str) -> list[str]:
    return [name for name in NAMES if name in told]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_shows_nobody_whose_line_is_not_kept(busy: PortalDb, page) -> None:
    name = next(NAME_OF_ROLE[role] for role in NAME_OF_ROLE if page.task in ROLE_TASKS[role])
    refuse_lines(busy)

    told, _failed = shown(busy, page.file, name)

    assert names_in(told) == []


OF_STUDENTS = (
    ("see_student.py", "ana"),
    ("see_shared.py", "rita"),
    ("read_trail.py", "sue"),
    ("log_visit.py", "ana"),
)


@pytest.mark.parametrize("fault", [mount_for_reading, held_by_another])
def test_no_fault_of_the_disk_shows_a_student(busy: PortalDb, fault) -> None:
    for file, name in OF_STUDENTS:
        told, failed = shown(busy, file, name)
        assert names_in(told), f"{file} is to show somebody while all is well"
        assert not failed

    with fault(busy) or nullcontext():
        answers = [shown(busy, file, name) for file, name in OF_STUDENTS]

    assert [names_in(told) for told, _failed in answers] == [[]] * len(OF_STUDENTS)
    assert all(failed for _told, failed in answers)
