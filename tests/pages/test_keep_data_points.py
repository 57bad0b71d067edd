"""The page Data points: a question is asked, changed, retired and brought back, without code."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from portal.collecting import queries, template
from portal.collecting.rules import Asking, Choice, DataPointDraft, Point
from portal.vocabulary import AnswerKind, AskedWhere, Category
from tests.pages.conftest import PortalDb
from tests.people import NOW

PAGE = "keep_data_points.py"


def button(page: AppTest, label: str):
    return next(b for b in page.button if b.label == label)


def text(page: AppTest, label: str):
    return next(t for t in [*page.text_input, *page.text_area] if t.label == label)


def box(page: AppTest, label: str):
    return next(s for s in page.selectbox if s.label == label)


def points(db: PortalDb) -> list[Point]:
    with db.writing() as session:
        return queries.points(session, db.cast.district.id)


def define(db: PortalDb, label: str = "Asthma plan on file") -> Point:
    dina = db.who(db.cast.dina)
    asking = Asking(
        AnswerKind.CHOICE, {"en": label}, choices=(Choice({"en": "Yes"}), Choice({"en": "No"}))
    )
    with db.writing() as session:
        draft = DataPointDraft(asking, AskedWhere.STUDENT, Category.HEALTH)
        template.define(session, dina, draft, NOW)
    return points(db)[-1]


def test_without_any_the_page_says_what_there_will_be(portal_db: PortalDb) -> None:
    assert "None yet." in portal_db.shown(portal_db.run(PAGE, portal_db.cast.dina))


def test_a_question_is_added_in_three_languages(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.dina)
    text(page, "The question, in English").set_value("Walks to school? <i>")
    text(page, "In Español (optional)").set_value("¿Va a pie?")
    text(page, "The answers, one a line").set_value("Yes\nNo\n\n")
    text(page, "The same in Español (optional)").set_value("Sí\nNo")
    button(page, "Save data point").click().run()

    assert "is asked from now on" in portal_db.shown(page)
    assert "Walks to school? &lt;i&gt;" in portal_db.shown(page)
    [made] = points(portal_db)
    assert made.asking.told_in("es") == "¿Va a pie?"
    assert [choice.told_in("es") for choice in made.asking.choices] == ["Sí", "No"]
    assert made.draft.category is Category.VISITS


def test_a_scale_is_asked_with_visits_and_shared(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.dina)
    box(page, "What the answer is").set_value(AnswerKind.SCALE).run()
    text(page, "The question, in English").set_value("Mood")
    for label, value in (("Lowest", 1), ("Highest", 5)):
        next(n for n in page.number_input if n.label == label).set_value(value)
    page.radio[0].set_value(AskedWhere.VISIT)
    next(c for c in page.checkbox if c.label.startswith("May go to partners")).check()
    button(page, "Save data point").click().run()

    [made] = points(portal_db)
    assert (made.asking.low, made.asking.high) == (1, 5)
    assert (made.draft.asked, made.draft.shared) == (AskedWhere.VISIT, True)


def test_what_is_missing_is_told_and_what_was_typed_stays(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.dina)
    text(page, "The question, in English").set_value("Walks to school?")
    button(page, "Save data point").click().run()

    assert "There is nothing to choose." in portal_db.shown(page)
    assert text(page, "The question, in English").value == "Walks to school?"


def test_a_question_is_changed_retired_and_brought_back(portal_db: PortalDb) -> None:
    made = define(portal_db)
    page = portal_db.run(PAGE, portal_db.cast.dina)
    box(page, "Data point").set_value(str(made.id)).run()
    text(page, "The question, in English").set_value("Asthma plan at school")
    button(page, "Save data point").click().run()
    assert "Version 2 is asked from now on" in portal_db.shown(page)

    button(page, "Retire").click().run()
    assert points(portal_db)[0].retired
    button(page, "Ask it again").click().run()
    assert not points(portal_db)[0].retired


def test_questions_change_places(portal_db: PortalDb) -> None:
    define(portal_db, "A")
    made = define(portal_db, "B")
    page = portal_db.run(PAGE, portal_db.cast.dina)
    box(page, "Data point").set_value(str(made.id)).run()
    button(page, "Ask sooner").click().run()

    assert [each.label for each in points(portal_db)] == ["B", "A"]


def test_whoever_saves_second_sees_the_first_ones_change_before_it_counts(
    portal_db: PortalDb,
) -> None:
    made = define(portal_db)
    page = portal_db.run(PAGE, portal_db.cast.dina)
    box(page, "Data point").set_value(str(made.id)).run()
    dina = portal_db.who(portal_db.cast.dina)
    told = DataPointDraft(
        Asking(AnswerKind.TEXT, {"en": "Which plan?"}), AskedWhere.STUDENT, Category.HEALTH
    )
    with portal_db.writing() as session:
        template.redefine(session, dina, made.id, told, made, NOW)

    text(page, "The question, in English").set_value("Any plan?")
    button(page, "Save data point").click().run()
    assert "Somebody else changed the data points" in portal_db.shown(page)
    assert "Which plan?" in portal_db.shown(page)

    button(page, "Save data point").click().run()
    assert points(portal_db)[0].label == "Any plan?"
