"""Which papers opened what a list shows, for the list's line in the trail."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.access import grounds
from portal.store.papers import Agreement, LegalBasis, LegalBasisCategory
from portal.store.people import Student
from portal.store.records import Record
from portal.vocabulary import Category, LegalKind, RelationKind
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

PURPOSE = "coordinate"


@pytest.fixture
def shared(cast: Cast) -> list[tuple[Student, Record, set[str]]]:
    """Luis and Mei, a visit of each, and the two papers on which Riverside sees them."""
    anna = make.guardian(cast.session, cast.mei, "Anna Sample")
    make.relation(cast.session, cast.rita, cast.mei, RelationKind.TEAM)
    [agreement] = cast.session.scalars(
        select(Agreement.id).where(Agreement.b_id == cast.riverside.id)
    )
    found = []
    for student, signer in ((cast.luis, cast.maria), (cast.mei, anna)):
        record = make.record(cast.session, student, Category.VISITS)
        consent = make.consent(cast.session, student, cast.riverside, signer)
        found.append((student, record, {str(consent.id), str(agreement)}))
    return found


def test_the_papers_are_those_of_the_students_and_records_that_are_shown(cast: Cast, shared):
    me = cast.who(cast.rita)
    for student, record, papers in shared:
        asked = cast.session, me, PURPOSE
        assert grounds.of_students(*asked, [student.id], NOW) == sorted(papers)
        assert grounds.of_records(*asked, [record.id], NOW) == sorted(papers)

    every = sorted(set.union(*(papers for *_shown, papers in shared)))
    shown = [student.id for student, *_more in shared]
    assert grounds.of_students(cast.session, me, PURPOSE, shown, NOW) == every


def test_a_court_order_is_a_paper_without_an_agreement(cast: Cast):
    record = make.record(cast.session, cast.luis, Category.VISITS)
    about = {"student_id": cast.luis.id, "custodian_id": cast.district.id}
    order = LegalBasis(recipient_id=cast.riverside.id, starts_at=LONG_AGO, **about)
    order.kind = LegalKind.COURT_ORDER
    make.stored(cast.session, order)
    kind = LegalBasisCategory(legal_basis_id=order.id, category=Category.VISITS)
    make.stored(cast.session, kind)

    found = grounds.of_records(cast.session, cast.who(cast.rita), PURPOSE, [record.id], NOW)
    assert found == [str(order.id)]


def test_what_is_not_shown_or_not_open_rests_on_no_paper(cast: Cast, shared):
    [(luis, _record, _papers), _mei] = shared

    assert grounds.of_students(cast.session, cast.who(cast.rita), PURPOSE, [], NOW) == []
    assert grounds.of_students(cast.session, cast.who(cast.hugo), PURPOSE, [luis.id], NOW) == []
