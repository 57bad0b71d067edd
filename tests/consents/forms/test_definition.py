"""A form to and from JSON: nothing is lost, and nothing unknown is let in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from portal.consents.forms import shipped
from portal.consents.forms.definition import (
    SECTION_OF,
    Section,
    digest,
    from_json,
    to_json,
)
from portal.errors import BadFile
from portal.vocabulary import Statement
from tests.consents.forms.drawn import DEFINITIONS
from tests.consents.forms.ready import ready


@given(DEFINITIONS)
def test_what_is_written_is_read_back(definition):
    read = from_json(to_json(definition))

    assert read == definition
    assert (to_json(read), digest(read)) == (to_json(definition), digest(definition))


def test_the_order_in_which_texts_were_written_does_not_change_the_digest():
    form = ready()
    turned = form.model_copy(update={"help": dict(reversed(form.help.items()))})

    assert digest(turned) == digest(form)
    assert digest(ready(most_months=6)) != digest(form)


def broken(**changes: Any) -> list[tuple[str, str]]:
    told = {**json.loads(to_json(ready())), **changes}
    told = {key: value for key, value in told.items() if value != "TAKEN OUT"}
    with pytest.raises(BadFile) as caught:
        from_json(json.dumps(told))
    assert all(problem.what and problem.do_next for problem in caught.value.problems)
    return [(problem.field, problem.what) for problem in caught.value.problems]


def test_an_unknown_field_is_refused_and_named_wherever_it_stands():
    assert broken(color="red") == [("color", "A form has no field “color”.")]
    [(field, what)] = broken(title={"en": "Consent", "fr": "Accord"})
    assert (field, what) == ("title.fr", "A form has no field “title.fr”.")


def test_a_missing_field_is_named():
    assert broken(office="TAKEN OUT") == [("office", "The field “office” is missing.")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"schema": 2}, "schema"),
        ({"kind": "loan"}, "kind"),
        ({"sections": ["student", "fine_print"]}, "sections.1"),
        ({"categories_out": ["shoe_size"]}, "categories_out.0"),
        ({"purposes": "coordinate"}, "purposes"),
        ({"most_months": "many"}, "most_months"),
        ({"term": {"ends": "never"}}, "term.ends"),
        ({"logo": "§§"}, "logo"),
    ],
)
def test_what_cannot_be_read_is_named(changes, field):
    assert field in [found for found, _what in broken(**changes)]


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"en": "\\ud800"}'])
def test_what_is_no_form_at_all_is_refused(text):
    with pytest.raises(BadFile):
        from_json(text)


def test_every_sentence_has_its_part_of_the_form():
    assert set(SECTION_OF) == set(Statement)
    assert set(shipped.STANDARD.statements) == set(Statement)
    assert set(shipped.STANDARD.sections) == set(Section)
