"""The page of an emergency: a student is found, opened, and closed again."""

from __future__ import annotations

import pytest

from portal import mail
from portal.ui import emergency_mail
from portal.vocabulary import Category
from tests import factories as make
from tests.pages.conftest import PortalDb
from tests.pages.test_hand_over import field

PAGE = "open_in_emergency.py"
THREAT = "A classmate showed a message in which <b>she</b> says that she will not live."


@pytest.fixture
def zoe(portal_db: PortalDb) -> PortalDb:
    """Zoe, out of Ana's reach, has a visit; the administrators can be mailed."""
    with portal_db.writing() as session:
        make.record(session, portal_db.cast.zoe, Category.VISITS)
        for user in (portal_db.cast.dina, portal_db.cast.sue):
            session.get_one(type(user), user.id).email = f"{user.id}@example.org"
    return portal_db


def declare(page) -> None:
    field(page, "text_input", "-typed").set_value("Zoe Elsewhere")
    field(page, "button", "-find").click().run()
    field(page, "multiselect", "-kinds").set_value([Category.VISITS])
    field(page, "text_area", "-threat").set_value(THREAT)
    field(page, "button", "-declare").click().run()


def test_it_is_declared_told_by_mail_opened_and_closed(zoe: PortalDb, monkeypatch) -> None:
    letters: list[tuple[str, str, str]] = []
    monkeypatch.setattr(mail, "sent", lambda *letter: letters.append(letter) or True)
    page = zoe.run(PAGE, zoe.cast.ana)
    declare(page)

    assert not page.exception
    assert "The record is open to you." in zoe.shown(page)
    assert "&lt;b&gt;she&lt;/b&gt;" in zoe.shown(page)
    assert "From Nov 20, 10:00 AM until Nov 21, 10:00 AM" in zoe.shown(page)
    assert {letter[0].split("@")[0] for letter in letters} == {
        str(zoe.cast.dina.id),
        str(zoe.cast.sue.id),
    }
    assert not any(name in str(letters) for name in ("Zoe", "Elsewhere", "Ana", "message in"))

    student = zoe.run("see_student.py", zoe.cast.ana)
    field(student, "selectbox", "student-chosen").set_value(zoe.cast.zoe.id).run()
    assert not student.exception
    assert "Open in an emergency: Ana Counts declared it" in zoe.shown(student)

    next(b for b in page.button if b.label == "Close it now").click().run()
    assert "Waits for review" in zoe.shown(page)
    assert "Zoe" not in zoe.shown(zoe.run("see_student.py", zoe.cast.ana))


def test_without_mail_the_opener_is_told_to_tell_it_themselves(zoe: PortalDb) -> None:
    page = zoe.run(PAGE, zoe.cast.ana)
    declare(page)
    assert emergency_mail.NOT_TOLD in zoe.shown(page)


def test_what_is_missing_is_told_and_nobody_is_listed(zoe: PortalDb) -> None:
    page = zoe.run(PAGE, zoe.cast.omar)
    field(page, "text_input", "-typed").set_value("Zoe")
    field(page, "button", "-find").click().run()
    assert "Nobody is called so." in zoe.shown(page)
    field(page, "button", "-declare").click().run()
    shown = zoe.shown(page)
    assert "No student is chosen." in shown and "The threat is not told." in shown


def test_an_office_that_reads_no_names_declares_none(zoe: PortalDb) -> None:
    with zoe.writing() as session:
        session.get_one(type(zoe.cast.dina), zoe.cast.dina.id).level = zoe.cast.bea.level
    page = zoe.run(PAGE, zoe.cast.dina)
    assert "limited to authorized support staff" in zoe.shown(page)
    assert not page.text_area


def test_whoever_sees_a_student_by_an_emergency_alone_only_reads(zoe: PortalDb) -> None:
    declare(zoe.run(PAGE, zoe.cast.ana))
    student = zoe.run("see_student.py", zoe.cast.ana)
    field(student, "selectbox", "student-chosen").set_value(zoe.cast.zoe.id).run()
    assert not student.exception
    assert not {"Log a visit", "Refer", "Print"} & {button.label for button in student.button}
