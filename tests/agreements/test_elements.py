"""The table of what an agreement must have, and the library, hold each other."""

from __future__ import annotations

import pytest

from portal.agreements import elements
from portal.agreements.clauses.articles import Article
from portal.agreements.clauses.library import SHIPPED
from portal.agreements.clauses.types import Need
from portal.agreements.elements import ELEMENTS, Rank
from portal.config import ROOT
from portal.vocabulary import AgreementKind
from scripts.agreement_pages import agreement_clauses, agreement_elements
from tests.agreements.contents import content, without


def test_each_element_has_an_id_of_its_own_and_something_that_carries_it():
    assert len({element.id for element in ELEMENTS}) == len(ELEMENTS)
    assert {element.article for element in ELEMENTS} == set(Article)
    for element in ELEMENTS:
        assert element.clauses or element.one_of
        assert {*element.clauses, *element.one_of} <= set(SHIPPED.current)


def test_every_required_clause_is_explained_by_an_element():
    told = {id_ for element in ELEMENTS for id_ in (*element.clauses, *element.one_of)}
    required = {c.id for c in SHIPPED.current.values() if c.need is Need.REQUIRED}

    assert required <= told


@pytest.mark.parametrize("kind", AgreementKind)
def test_what_is_a_must_cannot_be_left_out_of_an_agreement_that_issues(kind):
    made = content(kind)
    for element in ELEMENTS:
        if element.binds(made) and element.rank is Rank.MUST:
            carried = {choice.id for choice in made.clauses} & {*element.clauses, *element.one_of}
            lacking = without(made, *carried)
            assert element in elements.lacking(lacking)
            assert SHIPPED.problems(lacking) != [], element.id


@pytest.mark.parametrize(
    ("name", "page"),
    [("agreement-clauses.md", agreement_clauses), ("agreement-elements.md", agreement_elements)],
)
def test_the_pages_of_the_reference_are_what_the_code_says(name, page):
    assert (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8") == page(), (
        "run scripts/reference.py"
    )
