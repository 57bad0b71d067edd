"""Any form at all, whether or not it could be published."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from portal.consents.forms.definition import (
    Definition,
    Office,
    Section,
    Term,
    TermEnd,
    Text,
    Translation,
)
from portal.vocabulary import Category, FormKind, Purpose, Statement

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
TRANSLATIONS = st.builds(Translation, text=WORDS, translator=WORDS, version=WORDS)
TEXTS = st.builds(
    Text, en=WORDS, translations=st.dictionaries(st.sampled_from(["es", "pt"]), TRANSLATIONS)
)


def some(values: Any) -> Any:
    return st.lists(st.sampled_from(list(values)), max_size=4).map(tuple)


DEFINITIONS = st.builds(
    Definition,
    kind=st.sampled_from(FormKind),
    title=TEXTS,
    sections=some(Section),
    help=st.dictionaries(st.sampled_from(Section), TEXTS, max_size=3),
    subject=st.none() | TEXTS,
    categories_out=some(Category),
    categories_in=some(Category),
    purposes=some(Purpose),
    term=st.builds(Term, ends=st.sampled_from(TermEnd), months=st.none() | st.integers()),
    most_months=st.integers(),
    statements=st.dictionaries(st.sampled_from(Statement), TEXTS, max_size=3),
    signing=TEXTS,
    office=st.builds(Office, office=WORDS, address=WORDS, email=WORDS, phone=WORDS),
    logo=st.binary(max_size=50),
    languages=some(["en", "es", "xx"]),
)
