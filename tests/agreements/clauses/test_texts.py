"""The shipped clauses themselves: whole, printable, told plainly, in every language."""

from __future__ import annotations

import re

import pytest

from portal.agreements.clauses.articles import ARTICLE_TITLES, Article
from portal.agreements.clauses.library import CODE, OWN, SHIPPED, text_problems
from portal.agreements.clauses.types import Need
from portal.languages.catalog import available, catalog

LONGEST_SENTENCE = 26
"""Words; a plain twin is read by a family in a hurry."""


@pytest.mark.parametrize("clause", SHIPPED.clauses, ids=lambda clause: clause.id)
def test_a_shipped_clause_can_be_printed_and_is_explained(clause):
    assert CODE.fullmatch(clause.id) and not clause.id.startswith(OWN)
    assert text_problems(clause.text, several=True) == []
    assert clause.title and clause.plain.endswith(".")
    assert clause.required_in <= clause.kinds
    if clause.required_by:
        assert clause.citation and clause.need is Need.REQUIRED


@pytest.mark.parametrize("clause", SHIPPED.clauses, ids=lambda clause: clause.id)
def test_a_plain_twin_is_short_and_names_no_paragraph_of_law(clause):
    for sentence in re.split(r"(?<=[.;:])\s", clause.plain):
        assert len(sentence.split()) <= LONGEST_SENTENCE, sentence
    assert not re.search(r"§|CFR|USC|Gen\. Stat\.", clause.plain)


@pytest.mark.parametrize("language", [code for code in available() if code != "en"])
def test_titles_and_plain_twins_are_translated(language):
    spoken = catalog(language)
    texts = [text for clause in SHIPPED.clauses for text in (clause.title, clause.plain)]

    assert [text for text in [*texts, *ARTICLE_TITLES.values()] if not spoken.has(text)] == []


def test_each_heading_has_a_title_and_some_clause():
    assert set(ARTICLE_TITLES) == set(Article) == {c.article for c in SHIPPED.clauses}
    assert len(Article) == 28


def test_no_text_states_what_our_sources_know_to_be_wrong():
    """The traps: no FERPA regulation for child welfare, no session count, no attestation."""
    told = " ".join(text for clause in SHIPPED.clauses for text in clause.text)

    assert "99.31(a)(16)" not in told and "99.31(a)(9)(ii)" not in told
    assert "six sessions" not in told and "164.509" not in told
    assert "20 USC 1232g(b)(1)(L)" in told
    assert "either parent may read it" in told
