"""The page to hand students over."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.store.people import Relation, User
from portal.store.support import Handover
from portal.vocabulary import Level, Role
from tests import factories as make
from tests.pages.conftest import PortalDb

PAGE = "hand_over.py"


@pytest.fixture
def cora(portal_db: PortalDb) -> User:
    with portal_db.writing() as session:
        return make.user(
            session, portal_db.cast.district, "Cora Hearing", Role.SUPPORT_STAFF, Level.COUNSELOR
        )


def field(page, kind: str, ending: str):
    return next(w for w in page.get(kind) if (w.key or "").endswith(ending))


def test_students_are_handed_over_with_what_is_told_of_each(
    portal_db: PortalDb, cora: User
) -> None:
    luis = portal_db.cast.luis.id
    page = portal_db.run(PAGE, portal_db.cast.ana)
    field(page, "multiselect", "-students").set_value([luis]).run()
    field(page, "selectbox", "-to").set_value(cora.id)
    field(page, "text_area", f"{luis}-first").set_value("# <b>Ask</b> about the dog")
    field(page, "button", "-send").click().run()

    assert not page.exception
    assert "1 student is handed over." in portal_db.shown(page)
    assert "Sample, Luis" not in portal_db.shown(page)
    with portal_db.writing() as session:
        assert session.scalars(select(Handover)).one().answers == {
            "first": "# <b>Ask</b> about the dog"
        }
        assert session.scalar(select(Relation.student_id).where(Relation.user_id == cora.id))
    today = portal_db.shown(portal_db.run("today.py", cora))
    assert "Handed over to you" in today
    assert "Sample, Luis" in today


def test_what_is_missing_is_told(portal_db: PortalDb, cora: User) -> None:
    page = portal_db.run(PAGE, portal_db.cast.ana)
    field(page, "button", "-send").click().run()

    shown = portal_db.shown(page)
    assert "Choose the students to hand over." in shown
    assert "Choose who works with them next." in shown


def test_a_principal_chooses_whose(portal_db: PortalDb, cora: User) -> None:
    page = portal_db.run(PAGE, portal_db.cast.omar)
    assert "Choose whose students these are." in portal_db.shown(page)
    field(page, "selectbox", "-from").set_value(portal_db.cast.ana.id).run()
    assert len(field(page, "multiselect", "-students").options) == 2
    field(page, "selectbox", "-from").set_value(cora.id).run()
    assert "No student whom you may hand over" in portal_db.shown(page)
