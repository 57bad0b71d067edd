"""The district's own questions where they are asked: with a visit, and on the student's page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from portal.access import gate
from portal.collecting import queries, template
from portal.collecting.rules import Asking, Choice, DataPointDraft
from portal.ui.pick_student import CHOSEN
from portal.vocabulary import AnswerKind, AskedWhere, Category
from tests.pages.conftest import PortalDb
from tests.people import NOW

MOOD = Asking(AnswerKind.SCALE, {"en": "Mood today"}, low=1, high=5)
PLAN = Asking(
    AnswerKind.CHOICE,
    {"en": "Plan <on> file"},
    choices=(Choice({"en": "Yes"}), Choice({"en": "No"})),
)


def define(db: PortalDb, asking: Asking, where: AskedWhere, category: Category) -> None:
    dina = db.who(db.cast.dina)
    with db.writing() as session:
        template.define(session, dina, DataPointDraft(asking, where, category), NOW)


def answers(db: PortalDb, student=None) -> list[str]:
    ana = db.who(db.cast.ana)
    with db.writing() as session:
        found = queries.answers_of(session, ana, (student or db.cast.luis).id, NOW)
    return [each.told for each in found]


def labelled(elements, label: str):
    return next(element for element in elements if element.label.startswith(label))


def student_page(db: PortalDb) -> AppTest:
    page = db.page("see_student.py", db.cast.ana)
    page.session_state[CHOSEN] = db.cast.luis.id
    return page.run()


@pytest.fixture
def visit(portal_db: PortalDb):
    """The form of a visit, filled in but for the district's question, which is required."""
    required = replace(MOOD, required=True)
    define(portal_db, required, AskedWhere.VISIT, Category.VISITS)
    page = portal_db.run("log_visit.py", portal_db.cast.ana)
    labelled(page.selectbox, "Student").set_value(portal_db.cast.luis.id).run()
    labelled(page.button_group, "Purpose").set_value("crisis")
    labelled(page.button_group, "Minutes").set_value(20)
    return page


def test_a_visit_asks_what_the_district_requires(portal_db: PortalDb, visit: AppTest) -> None:
    labelled(visit.button, "Save visit").click().run()
    assert "“Mood today” has no answer." in portal_db.shown(visit)

    labelled(visit.button_group, "Mood today").set_value("4")
    labelled(visit.button, "Save visit").click().run()
    assert not visit.exception
    assert answers(portal_db) == ["4 of 5"]


def test_an_answer_stands_with_the_visit_in_the_record(portal_db: PortalDb, visit) -> None:
    labelled(visit.button_group, "Mood today").set_value("2")
    labelled(visit.button, "Save visit").click().run()

    ana = portal_db.who(portal_db.cast.ana)
    with portal_db.writing() as session:
        record = gate.open_record(session, ana, portal_db.cast.luis.id, "coordinate", NOW)
    assert "Mood today" in [item.parts.get("what") for item in record.items]


def test_without_questions_nothing_is_asked(portal_db: PortalDb) -> None:
    shown = portal_db.run("log_visit.py", portal_db.cast.ana)

    assert "Your district asks" not in portal_db.shown(shown)
    assert not [fold for fold in shown.expander if "district" in fold.label]


def test_the_student_s_page_asks_and_tells(portal_db: PortalDb) -> None:
    define(portal_db, PLAN, AskedWhere.STUDENT, Category.HEALTH)
    page = student_page(portal_db)
    assert "Nothing is answered yet." in portal_db.shown(page)

    labelled(page.button_group, "Plan").set_value("yes")
    labelled(page.button, "Save answers").click().run()

    assert "Plan &lt;on&gt; file" in portal_db.shown(page)
    assert answers(portal_db) == ["Yes"]


def test_answering_anew_takes_the_place_of_the_answer(portal_db: PortalDb) -> None:
    define(portal_db, PLAN, AskedWhere.STUDENT, Category.HEALTH)
    page = student_page(portal_db)
    for choice in ("yes", "no"):
        labelled(page.button_group, "Plan").set_value(choice)
        labelled(page.button, "Save answers").click().run()
        assert not page.exception

    assert answers(portal_db) == ["No"]


def test_of_two_who_answer_the_second_sees_the_firsts_before_it_counts(portal_db: PortalDb) -> None:
    define(portal_db, PLAN, AskedWhere.STUDENT, Category.HEALTH)
    first, second = student_page(portal_db), student_page(portal_db)
    labelled(first.button_group, "Plan").set_value("yes")
    labelled(first.button, "Save answers").click().run()

    labelled(second.button_group, "Plan").set_value("no")
    labelled(second.button, "Save answers").click().run()
    assert "Somebody else answered" in portal_db.shown(second)
    assert answers(portal_db) == ["Yes"]

    labelled(second.button, "Save answers").click().run()
    assert answers(portal_db) == ["No"]
