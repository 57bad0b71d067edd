"""The page Word lists, and the page of what the words mean."""

from __future__ import annotations

from dataclasses import replace

from streamlit.testing.v1 import AppTest

from portal.access.words import Words, words_of
from portal.directory.word_lists import service
from portal.vocabulary import WordList
from tests.pages.conftest import PortalDb
from tests.people import NOW

PAGE = "keep_word_lists.py"


def button(page: AppTest, label: str):
    return next(b for b in page.button if b.label == label)


def text(page: AppTest, label: str):
    return next(t for t in page.text_input if t.label == label)


def choose(page: AppTest, label: str, value: object) -> AppTest:
    return next(s for s in page.selectbox if s.label == label).set_value(value).run()


def words(db: PortalDb) -> Words:
    with db.writing() as session:
        return words_of(session, db.cast.district.id)


def test_the_list_tells_meaning_translations_and_crosswalk(portal_db: PortalDb) -> None:
    shown = portal_db.shown(portal_db.run(PAGE, portal_db.cast.dina))

    assert "Planned counseling with one student." in shown
    assert "Aconselhamento individual" in shown
    assert "Direct: counseling" in shown


def test_a_word_is_called_otherwise(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.dina)
    choose(page, "Word", "crisis")
    text(page, "English").set_value("Urgent help")
    button(page, "Save word").click().run()

    assert "“Urgent help” is kept." in portal_db.shown(page)
    assert words(portal_db).label(WordList.VISIT_PURPOSE, "crisis") == "Urgent help"


def test_a_new_word_is_added_and_retired(portal_db: PortalDb) -> None:
    page = portal_db.run(PAGE, portal_db.cast.dina)
    choose(page, "Which list", WordList.NEED)
    choose(page, "Word", "")
    text(page, "English").set_value("Sleep <b>")
    button(page, "Save word").click().run()
    assert words(portal_db).codes(WordList.NEED)[-1] == "own_sleep_b"
    assert "Sleep &lt;b&gt;" in portal_db.shown(page)

    choose(page, "Word", "own_sleep_b")
    button(page, "Move up").click().run()
    button(page, "Retire").click().run()
    assert not words(portal_db).has(WordList.NEED, "own_sleep_b")
    button(page, "Offer it again").click().run()
    assert words(portal_db).codes(WordList.NEED)[-2] == "own_sleep_b"


def test_whoever_saves_second_sees_the_first_ones_change_before_it_counts(
    portal_db: PortalDb,
) -> None:
    page = portal_db.run(PAGE, portal_db.cast.dina)
    choose(page, "Word", "crisis")
    shown = words(portal_db).lists[WordList.VISIT_PURPOSE]["crisis"]
    dina = portal_db.who(portal_db.cast.dina)
    with portal_db.writing() as session:
        told = replace(shown, label="Emergency")
        service.write(session, dina, WordList.VISIT_PURPOSE, told, shown, NOW)

    text(page, "English").set_value("Urgent help")
    button(page, "Save word").click().run()
    assert "Somebody else changed this list" in portal_db.shown(page)
    assert "Emergency" in portal_db.shown(page)
    assert text(page, "English").value == "Urgent help"

    button(page, "Save word").click().run()
    assert words(portal_db).label(WordList.VISIT_PURPOSE, "crisis") == "Urgent help"


def test_the_words_and_their_meaning_stand_on_one_page(portal_db: PortalDb) -> None:
    shown = portal_db.shown(portal_db.run("see_words.py", portal_db.cast.ana))

    assert "Back to class" in shown
    assert "911 was called and the student was taken away." in shown
