"""The page of locks and hidden students."""

from __future__ import annotations

from tests.pages.conftest import PortalDb
from tests.pages.test_hand_over import field

PAGE = "keep_locks.py"


def test_a_lock_is_set_and_lifted(portal_db: PortalDb) -> None:
    cast = portal_db.cast
    page = portal_db.run(PAGE, cast.omar)
    assert "No lock stands." in portal_db.shown(page)
    field(page, "selectbox", "-lock-user").set_value(cast.ana.id)
    field(page, "selectbox", "-lock-student").set_value(cast.luis.id)
    field(page, "text_input", "-lock-reason").set_value("She is <b>his</b> aunt.")
    field(page, "button", "-lock-save").click().run()

    assert not page.exception
    assert "She is &lt;b&gt;his&lt;/b&gt; aunt." in portal_db.shown(page)
    assert "Luis" not in portal_db.shown(portal_db.run("see_student.py", cast.ana))
    next(b for b in page.button if b.label == "Lift").click().run()
    assert "No lock stands." in portal_db.shown(page)


def test_a_student_is_left_out_of_lists_and_shown_again(portal_db: PortalDb) -> None:
    cast = portal_db.cast
    page = portal_db.run(PAGE, cast.dina)
    field(page, "selectbox", "-hide-student").set_value(cast.zoe.id)
    field(page, "text_input", "-hide-reason").set_value("A threat.")
    field(page, "button", "-hide-save").click().run()

    assert "A threat." in portal_db.shown(page)
    next(b for b in page.button if b.label == "Show again").click().run()
    assert "No student is left out of lists." in portal_db.shown(page)


def test_what_is_missing_is_told(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.omar)
    field(page, "button", "-lock-save").click().run()
    assert "Choose a colleague." in portal_db.shown(page)
