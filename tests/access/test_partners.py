"""With whom an agreement is in force."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

from portal.access import documents
from portal.access.partners import districts_served, in_force_with
from portal.vocabulary import DocumentKind
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast


def test_only_agreements_in_force_count(cast: Cast) -> None:
    lapsed = make.organization(cast.session, "Lapsed Clinic", "provider")
    make.agreement(cast.session, cast.district, lapsed, ends_at=NOW)
    unsigned = make.organization(cast.session, "Unsigned Clinic", "provider")
    make.agreement(cast.session, cast.district, unsigned, b_signed_at=None, b_signer="")

    found = in_force_with(cast.session, cast.who(cast.ana), NOW)

    assert list(found.items()) == [("Hilltop Clinic", None), ("Riverside Clinic", None)]


def test_the_last_day_is_that_of_the_longest_agreement(cast: Cast) -> None:
    partner = make.organization(cast.session, "Lakeside", "provider")
    midnight = datetime(2027, 7, 1, 4, tzinfo=UTC)  # in Connecticut
    make.agreement(cast.session, cast.district, partner, ends_at=midnight)
    make.agreement(cast.session, partner, cast.district, ends_at=NOW + timedelta(days=1))

    assert in_force_with(cast.session, cast.who(cast.ana), NOW)["Lakeside"] == date(2027, 6, 30)
    make.agreement(cast.session, cast.district, partner, id=uuid.UUID(int=0))  # told of first
    assert in_force_with(cast.session, cast.who(cast.ana), NOW)["Lakeside"] is None
    assert list(in_force_with(cast.session, cast.who(cast.rita), NOW)) == [cast.district.name]


def test_an_agency_serves_the_districts_of_its_papers_on_whichever_side_it_stands(
    cast: Cast,
) -> None:
    other = make.organization(cast.session, "Elsewhere Schools", code="0990099")
    make.agreement(cast.session, cast.district, other)  # two districts serve nobody by it
    make.agreement(cast.session, cast.hilltop, other)
    drafted = make.organization(cast.session, "Drafted Clinic", "provider")
    make.agreement_paper(cast.session, other, drafted, cast.dina)
    make.agreement_paper(cast.session, cast.district, drafted, cast.dina, discarded_at=NOW)
    later, sooner = NOW + timedelta(days=1), NOW + timedelta(microseconds=1)
    make.agreement(
        cast.session, cast.district, drafted, ends_at=later, terminated_at=sooner,
        terminated_reason="Moved",
    )  # fmt: skip
    ours, theirs = str(cast.district.id), str(other.id)

    served = districts_served(cast.session, NOW)
    assert served == {
        cast.riverside.id: {ours},
        cast.hilltop.id: {ours, theirs},
        drafted.id: {ours, theirs},
    }
    assert districts_served(cast.session, sooner)[drafted.id] == {theirs}
    assert districts_served(cast.session, NOW, agency=drafted.id) == {drafted.id: {ours, theirs}}
    assert districts_served(cast.session, NOW, agency=cast.hilltop.id) == {
        cast.hilltop.id: {ours, theirs}
    }


def test_an_issued_paper_ties_as_long_as_its_agreement_and_a_discarded_one_never(
    cast: Cast,
) -> None:
    over, discarded, drafted = (
        make.organization(cast.session, name, "provider") for name in ("Over", "Gone", "Draft")
    )
    printed = documents.keep(
        cast.session, cast.dina.id, cast.district.id, DocumentKind.AGREEMENT, "M.docx", "", b"", NOW
    )
    issue = {"issued_at": LONG_AGO, "issued_by": cast.dina.id, "document_id": printed.id}
    issued = make.agreement_paper(cast.session, cast.district, over, cast.dina, **issue)
    make.agreement(cast.session, cast.district, over, paper_id=issued.id, ends_at=NOW)
    never = make.agreement_paper(
        cast.session, cast.district, discarded, cast.dina, discarded_at=LONG_AGO
    )
    make.agreement(cast.session, cast.district, discarded, paper_id=never.id)
    make.agreement_paper(cast.session, cast.district, drafted, cast.dina)

    served = districts_served(cast.session, NOW)
    assert [served[one.id] for one in (over, discarded, drafted)] == [
        set(),
        set(),
        {str(cast.district.id)},
    ]
