"""The shipped forms: readable with six years of school, and in each language we have."""

from __future__ import annotations

import pytest

from portal.consents import words
from portal.consents.forms import shipped
from portal.consents.forms.bounds import form_grade
from portal.consents.forms.definition import from_json, to_json
from portal.consents.forms.questions import TITLES
from portal.consents.forms.wording import grade
from portal.languages.catalog import available, catalog
from portal.policy.statements import required
from portal.vocabulary import SHAREABLE, Category, FormKind, Purpose

LABELS = [
    *words.PLAIN.values(),
    *words.EXPLAINED.values(),
    *words.PURPOSES.values(),
    *words.RELATIONSHIPS.values(),
    *words.DETAIL.values(),
    *words.SECTIONS.values(),
    *TITLES.values(),
]


@pytest.mark.parametrize("kind", FormKind)
def test_a_family_can_read_a_form_with_six_years_of_school(kind):
    assert form_grade(shipped.FORMS[kind]) <= 6


def test_each_text_by_itself_can_be_read_with_eight():
    texts = [text.en for form in shipped.FORMS.values() for _field, text in form.texts()]

    assert [text for text in texts if len(text.split()) > 5 and grade(text) > 8] == []
    assert grade(". ".join(LABELS)) <= 6


def test_every_kind_and_purpose_has_a_label_and_an_explanation():
    assert set(words.PLAIN) == set(words.EXPLAINED) == set(SHAREABLE)
    assert set(words.PURPOSES) == set(Purpose)


@pytest.mark.parametrize("language", [code for code in available() if code != "en"])
def test_whatever_a_form_says_is_translated(language):
    spoken = catalog(language)
    texts = [text.en for form in shipped.FORMS.values() for _field, text in form.texts()]

    assert [text for text in [*texts, *LABELS] if not spoken.has(text)] == []


@pytest.mark.parametrize("kind", FormKind)
def test_a_shipped_form_survives_json(kind):
    assert from_json(to_json(shipped.FORMS[kind])) == shipped.FORMS[kind]


def test_the_standard_form_offers_a_partner_to_tell_only_status_and_safety():
    assert set(shipped.STANDARD.categories_in) == {Category.SERVICE_STATUS, Category.SAFETY_PLAN}
    assert shipped.STANDARD.categories_out == SHAREABLE


def test_the_standard_form_has_every_sentence_that_the_gate_will_ask_for():
    for category in SHAREABLE:
        asked = required(category, hipaa=True, part2=True)
        assert set(asked) <= set(shipped.STANDARD.statements)
