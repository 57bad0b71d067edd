"""The papers something rests on, and when what they open will close."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.access import gate
from portal.policy.endings import ends_soon
from portal.stewardship.papers.queries import endings, papers
from portal.store.papers import LegalBasis
from portal.vocabulary import Category, LegalKind
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast

DAY = timedelta(days=1)
BIRTHDAY_18 = datetime(2031, 5, 5, 4, 0, tzinfo=UTC)
"""Local midnight in Connecticut of the day on which Luis turns 18."""


def ids_of_what_rita_opened(cast: Cast) -> set[str]:
    opened = gate.open_record(cast.session, cast.who(cast.rita), cast.luis.id, "coordinate", NOW)
    return {paper for entry in opened.open for paper in entry.decision.papers}


def test_both_papers_of_an_opening_are_named_with_who_signed_and_until_when(cast: Cast) -> None:
    make.record(cast.session, cast.luis, Category.VISITS)
    make.consent(
        cast.session, cast.luis, cast.riverside, cast.maria, number="C-0192", ends_at=NOW + DAY
    )

    consent, agreement = papers(cast.session, cast.who(cast.rita), ids_of_what_rita_opened(cast))

    assert (consent.number, consent.by, consent.signed_at) == ("C-0192", "Maria Sample", LONG_AGO)
    assert (consent.ends_at, consent.other_party) == (NOW + DAY, cast.district.name)
    assert (agreement.kind, agreement.by) == ("agreement", "Sue Perin and Their Director")


def test_a_paper_between_others_is_not_told(cast: Cast) -> None:
    theirs = make.consent(cast.session, cast.luis, cast.riverside, cast.maria)

    assert papers(cast.session, cast.who(cast.hugo), {str(theirs.id)}) == []
    assert papers(cast.session, cast.who(cast.dina), {str(theirs.id)})


def test_a_legal_basis_is_named_by_its_kind(cast: Cast) -> None:
    order = make.stored(
        cast.session,
        LegalBasis(
            kind=LegalKind.COURT_ORDER,
            student_id=cast.luis.id,
            custodian_id=cast.district.id,
            recipient_id=cast.riverside.id,
            starts_at=LONG_AGO,
        ),
    )

    (line,) = papers(cast.session, cast.who(cast.rita), {str(order.id)})

    assert (line.number, line.signed_at) == ("Court order", LONG_AGO)


@pytest.mark.parametrize(
    ("consent", "agreement", "end"),
    [
        ({}, {}, BIRTHDAY_18),  # a guardian's consent ends by itself when the student is of age
        ({"ends_at": NOW + 9 * DAY}, {}, NOW + 9 * DAY),
        ({"ends_at": NOW + 9 * DAY}, {"ends_at": NOW + 6 * DAY}, NOW + 6 * DAY),
        ({"revoked_at": NOW}, {}, None),
        ({}, {"terminated_at": NOW, "terminated_reason": "Closed"}, None),
    ],
)
def test_a_student_closes_when_the_first_of_both_papers_ends(
    cast: Cast, consent: dict, agreement: dict, end: datetime | None
) -> None:
    clinic = make.organization(cast.session, "Third Clinic", cast.riverside.kind)
    tess = make.user(cast.session, clinic, "Tess Third", cast.rita.role, cast.rita.level)
    make.consent(cast.session, cast.luis, clinic, cast.maria, **consent)
    make.agreement(cast.session, cast.district, clinic, **agreement)

    found = endings(cast.session, cast.who(tess), "coordinate", [cast.luis.id], NOW)

    assert found == {cast.luis.id: end}


def test_of_two_consents_the_last_to_end_counts_and_only_for_its_purpose(cast: Cast) -> None:
    for days, purpose in ((5, "coordinate"), (20, "coordinate"), (90, "placement")):
        make.consent(
            cast.session,
            cast.luis,
            cast.riverside,
            cast.maria,
            purposes=[purpose],
            ends_at=NOW + days * DAY,
        )

    found = endings(cast.session, cast.who(cast.rita), "coordinate", [cast.luis.id], NOW)

    assert found[cast.luis.id] == NOW + 20 * DAY


def test_the_list_and_the_record_say_the_same_end(cast: Cast) -> None:
    make.record(cast.session, cast.luis, Category.VISITS)
    make.consent(cast.session, cast.luis, cast.riverside, cast.maria)
    rita = cast.who(cast.rita)

    (listed,) = endings(cast.session, rita, "coordinate", [cast.luis.id], NOW).values()
    opened = gate.open_record(cast.session, rita, cast.luis.id, "coordinate", NOW)

    assert {entry.decision.until for entry in opened.open} == {listed}


def test_soon_is_within_two_weeks() -> None:
    assert ends_soon(NOW + 14 * DAY, NOW)
    assert not ends_soon(NOW + 15 * DAY, NOW)
    assert not ends_soon(None, NOW)
