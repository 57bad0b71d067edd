"""A clause of text is filled in the same language as a Word file."""

from __future__ import annotations

import pytest

from portal.errors import BadFile, NotReady
from portal.word import clauses

TEXT = "Within {{ days }} days{% if kind == “clinic” %} of {{ notice.on }}{% endif %}."
VALUES = {"days": "3", "kind": "clinic", "notice": {"on": "May 1 & 2\nor 3"}}


def test_a_clause_is_plain_text_and_not_markup():
    assert clauses.check(TEXT, {"days", "kind", "notice.on"}) == []
    assert clauses.render(TEXT, VALUES) == "Within 3 days of May 1 & 2\nor 3."
    assert clauses.fields_of(TEXT) == {"days", "kind", "notice.on"}


def test_dashes_and_notes_in_a_clause_work_as_in_a_file():
    assert clauses.render("a  {%- if x -%}  b{% endif %}{# not said #}", {"x": True}) == "ab"


def test_a_clause_that_is_wrong_is_told_with_what_is_meant():
    problems = clauses.check("{{ dys }} {{ x() }} {% if days %}", {"days"})

    assert [problem.cause for problem in problems] == [
        "A tag runs nothing: the round brackets are not allowed.",
        "This “if” is never ended.",
        "There is no field “dys”.",
    ]
    assert problems[2].fix == "Did you mean days?"


@pytest.mark.parametrize("values", [{}, {"days": []}, {"days": "{{ x }}"}])
def test_a_clause_without_its_value_is_not_printed(values):
    with pytest.raises(NotReady):
        clauses.render("Within {{ days }} days.", values)


@pytest.mark.parametrize("text", ["{{ x() }}", "{{ x", "{% for a in b %}", "x" * 30_000])
def test_a_clause_that_may_not_be_used_is_refused_even_unchecked(text):
    with pytest.raises(BadFile):
        clauses.render(text, {"x": "y"})
