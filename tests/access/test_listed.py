"""What rows list in a child table: of all of them with one question."""

from __future__ import annotations

from sqlalchemy import event

from portal.access.listed import listed
from portal.store.consents import ConsentCategory
from portal.vocabulary import Category
from tests import factories as make


def test_each_row_has_what_it_lists_and_nothing_of_the_others(cast):
    kinds = ([Category.VISITS, Category.ATTENDANCE], [Category.SUD], [Category.COURSES])
    papers = [
        make.consent(cast.session, cast.luis, cast.riverside, cast.maria, ticked)
        for ticked in kinds
    ]
    bare = make.consent(cast.session, cast.luis, cast.riverside, cast.maria, [])
    asked = []
    event.listen(cast.session, "do_orm_execute", asked.append)

    found = listed(
        cast.session, ConsentCategory, "consent_id", "category", [bare, papers[0], papers[1]]
    )

    assert found == {
        bare.id: frozenset(),
        papers[0].id: frozenset({"visits", "attendance"}),
        papers[1].id: frozenset({"sud"}),
    }
    assert {type(kind) for kinds in found.values() for kind in kinds} == {str}
    assert len(asked) == 1


def test_of_no_rows_nothing_is_asked(cast):
    asked = []
    event.listen(cast.session, "do_orm_execute", asked.append)

    assert listed(cast.session, ConsentCategory, "consent_id", "category", []) == {}
    assert asked == []
