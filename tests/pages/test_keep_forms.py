"""The page Consent form: write a draft, publish it, recall a version, and look at it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from portal.consents.forms import service
from portal.consents.forms.definition import Section, from_json, to_json
from portal.consents.forms.shipped import COURT_USE, STANDARD
from portal.store.consents import ConsentFormRecall, ConsentFormVersion
from portal.store.ledger import TrailLine
from portal.ui.form_editor import Part
from portal.vocabulary import FormKind
from tests import factories as make
from tests.pages.conftest import PortalDb
from tests.pages.test_record_consent import click, field
from tests.people import NOW

PAGE = "keep_forms.py"


def published(portal_db: PortalDb) -> None:
    """Version 1 is in use."""
    with portal_db.writing() as session:
        make.form_version(session, portal_db.cast.district)


@pytest.fixture
def draft(portal_db: PortalDb) -> AppTest:
    """The page with a draft of version 2 begun."""
    published(portal_db)
    return click(portal_db.run(PAGE, portal_db.cast.dina), "Write the next version")


def versions(portal_db: PortalDb) -> list[ConsentFormVersion]:
    with portal_db.writing() as session:
        return list(
            session.scalars(select(ConsentFormVersion).order_by(ConsentFormVersion.version))
        )


def written(portal_db: PortalDb):
    return from_json(json.dumps(versions(portal_db)[-1].definition))


def write(page: AppTest, part: Part) -> AppTest:
    return page.button_group[0].set_value(part).run()


def test_only_administrators_get_in(portal_db):
    for who in (portal_db.cast.ana, portal_db.cast.omar, portal_db.cast.alma):
        assert "not open to you" in portal_db.shown(portal_db.run(PAGE, who))
    page = portal_db.run(PAGE, portal_db.cast.dina)
    assert "Write the next version to make it yours" in portal_db.shown(page)


def test_the_page_is_reached_from_consents_and_is_not_in_the_menu(portal_db):
    page = portal_db.run("record_consent.py", portal_db.cast.dina)
    assert any(button.label == "The consent form" for button in page.button)
    page = portal_db.run("record_consent.py", portal_db.cast.ana)
    assert not any(button.label == "The consent form" for button in page.button)


def test_a_text_is_changed_in_the_draft_and_asks_for_its_translation(portal_db, draft):
    field(draft.selectbox, "Which text").set_value("title").run()
    field(draft.text_area, "English, the text of record").set_value("Sharing School Records")
    page = click(draft, "Save this text")

    assert written(portal_db).title.en == "Sharing School Records"
    assert "was changed and has no translation" in portal_db.shown(page)
    assert next(b for b in page.button if b.label == "Publish this version").disabled


def test_a_draft_that_lacks_an_element_names_it_with_its_citation(portal_db, draft):
    page = write(draft, Part.ORDER)
    field(page.selectbox, "Part to move").set_value(Section.WHY).run()
    page = click(page, "Take it out")

    assert Section.WHY not in written(portal_db).sections
    shown = portal_db.shown(page)
    assert "34 CFR 99.30(b)(2)" in shown and "does not say why" in shown


def test_parts_are_moved(portal_db, draft):
    page = write(draft, Part.ORDER)
    first, second, *_rest = STANDARD.sections
    field(page.selectbox, "Part to move").set_value(second).run()
    click(page, "Move up")

    assert written(portal_db).sections[:2] == (second, first)


def test_a_draft_is_published_and_never_changes_again(portal_db, draft):
    page = write(draft, Part.TERM)
    field(page.number_input, "Most months").set_value(6)
    field(page.text_input, "Office").set_value("Records Office")
    field(page.text_input, "E-mail").set_value("records@district.example")
    page = click(click(page, "Save term and office"), "Publish this version")

    _first, second = versions(portal_db)
    assert second.published_at == NOW and second.published_by == portal_db.cast.dina.id
    shown = portal_db.shown(page)
    assert "is published" in shown and "In use" in shown and "Replaced" in shown
    with portal_db.writing() as session:
        used = service.in_use(session, portal_db.cast.district.id, FormKind.STANDARD, NOW)
        events = session.scalars(select(TrailLine.event).where(TrailLine.event.like("form.%")))
        assert used.definition.most_months == 6
        assert {"form.written", "form.published"} <= set(events)


def test_a_file_is_brought_in_and_a_bad_one_names_each_field(portal_db, draft):
    page = write(draft, Part.FILE)
    field(page.text_area, "Or paste it here").set_value('{"schema": 1, "nonsense": 2}')
    page = click(page, "Bring it in as the draft")
    shown = portal_db.shown(page)
    assert "A form has no field “nonsense”." in shown and "“sections” is missing" in shown

    field(page.text_area, "Or paste it here").set_value(to_json(COURT_USE))
    page = click(page, "Bring it in as the draft")
    assert "Choose that form above first" in portal_db.shown(page)

    changed = STANDARD.model_copy(update={"most_months": 3})
    field(page.text_area, "Or paste it here").set_value(to_json(changed))
    click(page, "Bring it in as the draft")
    assert written(portal_db).most_months == 3


def test_a_logo_that_is_none_keeps_the_draft_from_being_published(portal_db, draft):
    page = write(draft, Part.LOOK)
    page.file_uploader[0].set_value(("logo.png", b"no picture", "image/png"))
    page = click(page, "Save logo and languages")

    assert "no PNG and no JPEG" in portal_db.shown(page)


def test_recalling_a_version_says_how_many_consents_it_closes(portal_db):
    cast = portal_db.cast
    with portal_db.writing() as session:
        form = make.form_version(session, cast.district)
        for ends_at in (None, NOW - timedelta(days=1)):
            make.consent(
                session, cast.luis, cast.riverside, cast.maria,
                form_version_id=form.id, ends_at=ends_at,
            )  # fmt: skip
    page = portal_db.run(PAGE, cast.dina)
    field(page.selectbox, "Version").set_value(form.id).run()
    assert "From then on 1 consent signed on this version opens nothing" in portal_db.shown(page)
    page = click(page, "Recall this version")
    assert "not said what the form lacks" in portal_db.shown(page)

    field(page.selectbox, "What does it lack").set_value("ferpa-purpose").run()
    page = click(page, "Recall this version")
    assert "Recalled: lacks Why they may be given" in portal_db.shown(page)
    with portal_db.writing() as session:
        assert session.get(ConsentFormRecall, form.id).element == "ferpa-purpose"


def test_a_sample_is_a_document_that_only_those_who_keep_forms_open(portal_db):
    published(portal_db)
    page = click(portal_db.run(PAGE, portal_db.cast.dina), "Make a sample to print")
    assert "/doc/" in portal_db.shown(page)


def test_the_form_is_shown_as_a_family_reads_it(portal_db):
    published(portal_db)
    page = portal_db.run(PAGE, portal_db.cast.dina)
    field(page.selectbox, "In which language").set_value("es").run()
    page = page.toggle[0].set_value(True).run()

    assert not page.exception
    assert "Sample Clinic" in portal_db.shown(page)
