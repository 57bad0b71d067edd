"""The page for a change of school."""

from __future__ import annotations

from sqlalchemy import select

from portal.store.people import Enrollment
from portal.vocabulary import MoveReason
from tests.pages.conftest import PortalDb
from tests.pages.test_hand_over import field

PAGE = "move_student.py"


def test_a_student_changes_school(portal_db: PortalDb) -> None:
    cast = portal_db.cast
    page = portal_db.run(PAGE, cast.omar)
    field(page, "selectbox", "-student").set_value(cast.luis.id)
    field(page, "selectbox", "-school").set_value(cast.south.id)
    field(page, "button_group", "-reason").set_value(MoveReason.MOVED)
    field(page, "button", "-save").click().run()

    assert not page.exception
    assert "The change of school is saved." in portal_db.shown(page)
    with portal_db.writing() as session:
        rows = session.scalars(select(Enrollment).where(Enrollment.student_id == cast.luis.id))
        assert {row.school_id: row.ends_at is None for row in rows} == {
            cast.north.id: False,
            cast.south.id: True,
        }
    assert "L. S." in portal_db.shown(portal_db.run("today.py", cast.omar))


def test_what_is_missing_is_told(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.dina)
    field(page, "button", "-save").click().run()

    for told in ("Choose the student.", "Choose the new school.", "Choose a reason."):
        assert told in portal_db.shown(page)
    assert "Sample, Luis" not in str(field(page, "selectbox", "-student").options)
