"""What a new agreement begins with: what the portal knows, and what the last one said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from portal.access import documents
from portal.agreements import proposals, queries
from portal.agreements.content import Clocks, to_json
from portal.store.agreements import AgreementPaper
from portal.vocabulary import AgreementKind, Category, Direction, DocumentKind, LineBasis
from tests import factories as make
from tests.agreements.papers import a_content, lines
from tests.people import NOW


def proposed(cast, kind=AgreementKind.MOU, agencies=None):
    chosen = agencies or [cast.riverside.id]
    return proposals.proposed(cast.session, cast.who(cast.dina), kind, chosen, NOW)


def test_it_begins_with_what_the_portal_knows(cast):
    content = proposed(cast)
    [terms] = content.partners

    assert content.schools == ("North School", "South School")
    assert content.district_signers[0].name == "Sue Perin"
    assert content.district_liaison.name == "Dina Desk"
    assert terms.signers[0].name == "Alma River"
    assert (content.starts_on, content.ends_on) == (date(2026, 11, 20), date(2027, 6, 30))
    assert {(line.direction, line.category) for line in terms.lines} == {
        (Direction.A_TO_B, Category.ATTENDANCE),
        (Direction.A_TO_B, Category.VISITS),
        (Direction.A_TO_B, Category.REFERRALS),
        (Direction.B_TO_A, Category.SERVICE_STATUS),
    }
    assert queries.library(cast.session, cast.district.id).problems(content) == []


def test_each_kind_begins_with_its_own_basis(cast):
    for kind, basis in (
        (AgreementKind.STUDIES, LineBasis.STUDIES),
        (AgreementKind.AUDIT, LineBasis.AUDIT),
        (AgreementKind.QSOA, LineBasis.PART_2_SERVICE),
        (AgreementKind.DATA_SHARING, LineBasis.CONSENT),
    ):
        assert {line.basis for line in proposed(cast, kind).partners[0].lines} == {basis}


def the_last_one(cast, **changes) -> AgreementPaper:
    content = a_content(cast, **changes)
    paper = make.agreement_paper(cast.session, cast.district, cast.riverside, cast.dina)
    paper.content = to_json(content)
    paper.document_id, paper.issued_at, paper.executed_at = kept(cast), NOW, NOW
    cast.session.flush()
    return paper


def kept(cast):
    me, ours, kind = cast.dina.id, cast.district.id, DocumentKind.AGREEMENT
    return documents.keep(cast.session, me, ours, kind, "a.docx", "a/b", b"x", NOW).id


def test_what_the_last_agreement_said_is_taken_over(cast):
    the_last_one(
        cast,
        purpose="As we have agreed before.",
        clocks=Clocks(notice_days=45),
        partner={"lines": lines(Category.CONTACT), "insurance": "$2,000,000"},
    )

    content = proposed(cast)
    assert content.purpose == "As we have agreed before."
    assert content.clocks.notice_days == 45
    assert content.partners[0].lines == lines(Category.CONTACT)
    assert content.partners[0].insurance == "$2,000,000"
    assert content.starts_on == date(2026, 11, 20)


def test_another_agency_has_nothing_of_it(cast):
    the_last_one(cast, partner={"insurance": "$2,000,000"})

    content = proposed(cast, agencies=[cast.hilltop.id])
    assert content.partners[0].insurance == "$1,000,000 for each occurrence"
    both = proposed(cast, agencies=[cast.riverside.id, cast.hilltop.id])
    told = [terms.insurance for terms in both.partners]
    assert told == ["$2,000,000", "$1,000,000 for each occurrence"]


@pytest.mark.parametrize(
    ("start", "end", "span"),
    [
        (date(2025, 7, 1), date(2026, 6, 30), (date(2026, 7, 1), date(2027, 6, 30))),
        (date(2025, 9, 15), date(2026, 9, 14), (date(2026, 9, 15), date(2027, 9, 14))),
        (date(2026, 1, 15), date(2026, 6, 30), (date(2026, 7, 1), date(2027, 6, 30))),
        (date(2024, 3, 1), date(2028, 2, 29), (date(2028, 3, 1), date(2032, 2, 28))),
        (date(2026, 9, 1), date(2026, 12, 18), (date(2026, 12, 19), date(2027, 4, 6))),
    ],
)
def test_a_renewal_runs_from_the_day_after_for_as_long_as_before(cast, start, end, span):
    content = a_content(cast, starts_on=start, ends_on=end)

    assert proposals.next_span(content, date(2026, 1, 1)) == span


def test_a_renewal_that_comes_late_begins_today(cast):
    content = a_content(cast, starts_on=date(2024, 7, 1), ends_on=date(2025, 6, 30))

    assert proposals.next_span(content, date(2026, 11, 20))[0] == date(2026, 11, 20)


def test_a_renewal_is_reviewed_as_long_before_its_end(cast):
    content = a_content(
        cast,
        starts_on=date(2026, 7, 1),
        ends_on=date(2027, 6, 30),
        review_on=date(2027, 3, 2),
        board_vote_on=date(2026, 5, 1),
    )
    renewed = proposals.renewal(content, date(2027, 7, 1), date(2028, 6, 30))

    assert renewed.review_on == date(2028, 3, 2)
    assert renewed.board_vote_on is None
    short = proposals.renewal(content, date(2027, 7, 1), date(2027, 7, 2))
    assert short.review_on == date(2027, 7, 1)


def test_an_amendment_begins_today_and_ends_as_before(cast):
    content = a_content(cast, board_vote_on=date(2026, 5, 1))
    amended = proposals.amendment(content, date(2026, 12, 1))

    assert amended == replace(content, starts_on=date(2026, 12, 1), board_vote_on=None)
