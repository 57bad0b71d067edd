"""The page Caseloads, for principals and district administrators."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.pages.conftest import PortalDb

PAGE = "assign_caseload.py"
ANA = "Ana Counts"


def chosen(portal_db: PortalDb, user: object, staff: str = ANA) -> AppTest:
    page = portal_db.run(PAGE, user)
    return page.selectbox(key="caseload-staff").set_value(staff).run()


def test_before_anybody_is_chosen_the_page_tells_how_many_each_has(portal_db: PortalDb) -> None:
    text = portal_db.shown(portal_db.run(PAGE, portal_db.cast.omar))

    assert "Counselors and clinicians" in text
    assert "<td>2</td>" in text


def test_a_principal_sees_the_caseload_by_name(portal_db: PortalDb) -> None:
    text = portal_db.shown(chosen(portal_db, portal_db.cast.omar))

    assert "Sample, Luis" in text
    assert "Caseload of Ana Counts" in text
    assert "Elsewhere" not in text


def test_an_administrator_adds_a_student_known_by_school_and_sasid(portal_db: PortalDb) -> None:
    page = chosen(portal_db, portal_db.cast.dina)
    assert "Luis" not in portal_db.shown(page)
    offered = page.selectbox(key="caseload-add").options
    assert offered == ["Grade 7 · South School · …0103"]

    page.selectbox(key="caseload-add").set_value(offered[0])
    page = page.button(key="caseload-assign").click().run()

    assert "The caseload of Ana Counts is changed." in portal_db.shown(page)
    assert "South School" in portal_db.shown(page)
    options = portal_db.run("log_visit.py", portal_db.cast.ana).selectbox[0].options
    assert any("Elsewhere, Zoe" in option for option in options)


def test_a_student_is_taken_off(portal_db: PortalDb) -> None:
    page = chosen(portal_db, portal_db.cast.omar)
    luis = next(o for o in page.selectbox(key="caseload-off").options if "Luis" in o)

    page = page.selectbox(key="caseload-off").set_value(luis).run()
    page = page.button(key="caseload-end").click().run()

    options = portal_db.run("log_visit.py", portal_db.cast.ana).selectbox[0].options
    assert not any("Luis" in option for option in options)


def test_what_is_missing_is_told(portal_db: PortalDb) -> None:
    page = chosen(portal_db, portal_db.cast.omar)

    page = page.button(key="caseload-assign").click().run()

    assert "No student is chosen." in portal_db.shown(page)


def test_only_students_on_no_caseload_when_asked(portal_db: PortalDb) -> None:
    page = chosen(portal_db, portal_db.cast.dina)
    page = page.checkbox(key="caseload-free").check().run()

    assert page.selectbox(key="caseload-add").options == ["Grade 7 · South School · …0103"]


def test_others_do_not_have_this_page(portal_db: PortalDb) -> None:
    cast = portal_db.cast
    for user in (cast.ana, cast.tom, cast.sue, cast.rita, None):
        page = portal_db.run(PAGE, user)
        assert not page.selectbox
