"""The page Templates and clauses: bring a Word file, map it, complete it, publish it."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from portal.store.agreements import DistrictClause, WordTemplate
from portal.store.papers import Document
from tests.agreements.test_own_templates import OURS, a_file
from tests.pages.conftest import PortalDb

PAGE = "keep_templates.py"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def click(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run(timeout=60)


def bring(portal_db: PortalDb, content: bytes, name: str = "Ours") -> AppTest:
    page = portal_db.run(PAGE, portal_db.cast.dina)
    page.text_input[0].set_value(name)
    page.file_uploader[0].set_value(("ours.docx", content, DOCX))
    return click(page, "Check and keep")


def the_template(portal_db: PortalDb) -> WordTemplate:
    with portal_db.writing() as session:
        return session.scalars(select(WordTemplate)).one()


def test_nobody_and_the_wrong_person_are_turned_away(portal_db):
    assert "You are not signed in" in portal_db.shown(portal_db.run(PAGE, None))
    for who in (portal_db.cast.ana, portal_db.cast.alma, portal_db.cast.tom):
        assert "not open to you" in portal_db.shown(portal_db.run(PAGE, who))


def test_a_file_becomes_a_published_template_step_by_step(portal_db):
    page = bring(portal_db, OURS)
    assert not page.exception
    shown = portal_db.shown(page)
    assert "3 blanks" in shown
    assert "It does not print the schedules, which the portal enforces." in shown
    assert "clauses that an agreement must have" in shown

    chosen = iter(["district.name", "partner_names", "starts_on"])
    for box in page.selectbox:
        if box.options[0] == "Leave it as it is":
            box.select(next(chosen))
    page = click(page, "Put the chosen fields in")
    assert "3 blanks are tags now" in portal_db.shown(page)
    page = click(page, "Add what is missing as an annex")
    assert "Nothing stands against it" in portal_db.shown(page)
    page = click(page, "Print a made-up agreement with it")
    assert "A made-up agreement, printed with this template" in portal_db.shown(page)
    page = click(page, "Publish it")

    assert not page.exception
    assert "Published" in portal_db.shown(page)
    row = the_template(portal_db)
    assert row.published_at is not None
    assert set(row.mapping.values()) == {"district.name", "partner_names", "starts_on"}


def test_a_refused_file_is_told_and_not_kept_as_a_template(portal_db):
    page = bring(portal_db, b"MZ this is no Word file")

    assert "There is a problem" in portal_db.shown(page)
    with portal_db.writing() as session:
        assert session.scalars(select(WordTemplate)).all() == []
        assert session.scalars(select(Document)).all() == []


def test_a_broken_tag_is_listed_with_its_place_and_a_marked_copy_is_made(portal_db):
    page = bring(portal_db, a_file("Between {{ district.name.upper() }} and us."))

    shown = portal_db.shown(page)
    assert "Tags to put right" in shown
    assert "The text, paragraph 1" in shown or "the text, paragraph 1" in shown
    page = click(page, "Make a copy with marks")
    assert "Each problem marked beside its words" in portal_db.shown(page)


def test_a_file_and_a_name_are_asked_for(portal_db):
    page = click(portal_db.run(PAGE, portal_db.cast.dina), "Check and keep")
    assert "No file is chosen" in portal_db.shown(page)
    assert "The template has no name" in portal_db.shown(bring(portal_db, OURS, " "))


def test_a_template_can_be_put_away(portal_db):
    page = click(bring(portal_db, OURS), "Put it away")

    assert "Retired" in portal_db.shown(page)
    assert the_template(portal_db).retired_at is not None


@pytest.fixture
def clause_form(portal_db: PortalDb) -> AppTest:
    page = portal_db.run(PAGE, portal_db.cast.dina)
    fields = {box.label: box for box in [*page.text_input, *page.text_area]}
    fields["Title"].set_value("Parking")
    fields["The words that bind; a blank line between paragraphs"].set_value(
        "A place to park for {{ partner_names }}.\n\nIt is free."
    )
    fields["In plain words, for a family"].set_value("The partner may park at school.")
    return page


def test_a_clause_is_kept_worded_anew_and_retired(portal_db, clause_form):
    page = click(clause_form, "Keep the clause")
    assert "“Parking”, version 1, is kept" in portal_db.shown(page)

    page = click(page, "Word it anew")
    assert "Next version of “Parking”" in portal_db.shown(page)
    page = click(page, "Keep the clause")
    assert "version 2" in portal_db.shown(page)
    page = click(page, "Retire")
    assert "Retired" in portal_db.shown(page)
    with portal_db.writing() as session:
        rows = session.scalars(select(DistrictClause)).all()
    assert [(row.version, row.retired_at is not None) for row in rows] == [(1, True), (2, True)]
    assert rows[0].text == ["A place to park for {{ partner_names }}.", "It is free."]


def test_broken_words_of_a_clause_are_told(portal_db, clause_form):
    fields = {box.label: box for box in clause_form.text_area}
    fields["The words that bind; a blank line between paragraphs"].set_value("{{ no.such }}")

    assert "There is no field “no.such”" in portal_db.shown(click(clause_form, "Keep the clause"))
