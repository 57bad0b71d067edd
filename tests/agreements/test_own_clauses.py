"""A district writes clauses of its own, words them anew, and retires them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from portal.agreements import own_clauses, queries
from portal.agreements.clauses.articles import Article
from portal.agreements.content import ChosenClause
from portal.agreements.own_clauses import OwnClause
from portal.errors import NotReady, Refused
from portal.store.ledger import TrailLine
from portal.vocabulary import AgreementKind
from tests.agreements.papers import a_content, issued
from tests.people import NOW

PARKING = OwnClause(
    Article.DISTRICT_DUTIES,
    "Parking",
    ("The District keeps a place to park at {{ schools.first() }}.",),
    "The school has a parking place for the partner.",
)
GOOD = replace(PARKING, text=("The District keeps a place to park for {{ partner_names }}.",))


def test_a_clause_is_kept_in_versions_and_offered_to_agreements(cast):
    dina = cast.who(cast.dina)
    first = own_clauses.write(cast.session, dina, GOOD, NOW)
    again = own_clauses.write(
        cast.session, dina, replace(GOOD, code=first.code, plain="Parking is there."), NOW
    )

    assert (first.code, first.version, again.version) == ("own_parking", 1, 2)
    library = queries.library(cast.session, cast.district.id)
    assert library.current["own_parking"].plain == "Parking is there."
    events = [e for e in cast.session.scalars(select(TrailLine.event)) if e.startswith("clause")]
    assert events == ["clause.written", "clause.written"]


def test_it_is_printed_where_it_was_chosen(cast):
    row = own_clauses.write(cast.session, cast.who(cast.dina), GOOD, NOW)
    content = a_content(cast)
    chosen = (*content.clauses, ChosenClause(row.code, 1))
    paper = issued(cast, replace(content, clauses=chosen))

    assert paper.document_id


def test_broken_words_are_refused_by_name(cast):
    with pytest.raises(NotReady) as caught:
        own_clauses.write(cast.session, cast.who(cast.dina), PARKING, NOW)
    assert caught.value.problems[0].field == "text"
    with pytest.raises(NotReady, match="no title"):
        own_clauses.write(cast.session, cast.who(cast.dina), replace(GOOD, title=" "), NOW)


def test_two_clauses_of_the_same_title_have_codes_of_their_own(cast):
    dina = cast.who(cast.dina)
    codes = [own_clauses.write(cast.session, dina, GOOD, NOW).code for _ in range(2)]

    assert codes == ["own_parking", "own_parking_2"]


def offered(cast) -> set[str]:
    library = queries.library(cast.session, cast.district.id)
    return {clause.id for clause in library.of(AgreementKind.MOU)}


def test_a_retired_clause_is_offered_no_more_and_stays_readable(cast):
    dina = cast.who(cast.dina)
    row = own_clauses.write(cast.session, dina, GOOD, NOW)
    assert row.code in offered(cast)
    own_clauses.retire(cast.session, dina, row.code, NOW)

    assert row.retired_at == NOW
    assert row.code not in offered(cast)
    library = queries.library(cast.session, cast.district.id)
    assert library.named(ChosenClause(row.code, 1)) is not None
    with pytest.raises(NotReady, match="no such clause"):
        own_clauses.retire(cast.session, dina, "own_other", NOW)


@pytest.mark.parametrize("who", ["ana", "alma", "rita"])
def test_nobody_else_writes_one(cast, who):
    with pytest.raises(Refused):
        own_clauses.write(cast.session, cast.who(getattr(cast, who)), GOOD, NOW)
