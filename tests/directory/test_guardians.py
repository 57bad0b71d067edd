"""Guardians: dated rights, and what a court order takes away and gives back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.access import gate
from portal.directory.guardians import rules, service
from portal.directory.guardians.rules import GuardianDraft, OrderDraft
from portal.errors import NotFound, NotReady, Refused
from portal.policy.spans import Span
from portal.store.consents import Consent
from portal.store.people import CourtOrder, Guardianship
from portal.vocabulary import Category, CourtRight, Relationship
from tests import factories as make
from tests.people import LONG_AGO, NOW, Cast


def order(cast: Cast, **changes: object) -> CourtOrder:
    values: dict[str, object] = {
        "limits": CourtRight.BOTH,
        "first_day": date(2026, 11, 10),
        "document_reference": "Superior Court, docket 00-0000",
    }
    draft = OrderDraft(cast.luis.id, cast.maria.id, **values | changes)  # type: ignore[arg-type]
    return service.record_court_order(cast.session, cast.who(cast.ana), draft, NOW)


def spans(cast: Cast) -> list[tuple[datetime, datetime | None]]:
    rows = cast.session.scalars(select(Guardianship).order_by(Guardianship.rights_from))
    return [(row.rights_from, row.rights_until) for row in rows]


@pytest.fixture
def consent(cast: Cast) -> Consent:
    make.record(cast.session, cast.luis, Category.VISITS)
    return make.consent(cast.session, cast.luis, cast.riverside, cast.maria)


def test_an_order_ends_the_right_and_with_it_what_the_consent_opened(
    cast: Cast, consent: Consent
) -> None:
    rita = cast.who(cast.rita)
    assert gate.open_record(cast.session, rita, cast.luis.id, "coordinate", NOW)

    order(cast)

    assert spans(cast) == [(LONG_AGO, datetime(2026, 11, 10, 5, tzinfo=UTC))]
    with pytest.raises(NotFound):
        gate.open_record(cast.session, rita, cast.luis.id, "coordinate", NOW)


def test_an_order_with_a_last_day_gives_the_right_back_the_day_after(cast: Cast) -> None:
    order(cast, last_day=date(2026, 12, 31))

    assert spans(cast) == [
        (LONG_AGO, datetime(2026, 11, 10, 5, tzinfo=UTC)),
        (datetime(2027, 1, 1, 5, tzinfo=UTC), None),
    ]


def test_an_order_about_seeing_records_leaves_the_right_to_consent(cast: Cast) -> None:
    order(cast, limits=CourtRight.ACCESS)

    assert spans(cast) == [(LONG_AGO, None)]
    assert cast.session.scalars(select(CourtOrder)).one().checked_by == cast.ana.id


def test_an_order_from_before_the_rights_began_leaves_no_instant(cast: Cast) -> None:
    order(cast, first_day=date(2020, 1, 1))

    assert spans(cast) == [(LONG_AGO, LONG_AGO)]


def test_a_new_guardian_has_rights_and_a_relative_has_none(cast: Cast) -> None:
    for name, relationship in (("Pat Sample", "guardian"), ("Gran Sample", "relative")):
        draft = GuardianDraft(cast.luis.id, name, Relationship(relationship))
        service.add(cast.session, cast.who(cast.ana), draft, NOW)

    today = datetime(2026, 11, 20, 5, tzinfo=UTC)
    assert spans(cast) == [(LONG_AGO, None), (today, None), (today, today)]


def test_only_whoever_may_record_a_consent_for_the_student(cast: Cast) -> None:
    draft = GuardianDraft(cast.luis.id, "Pat Sample", Relationship.PARENT)
    for user in (cast.tom, cast.dina, cast.rita):
        with pytest.raises((NotFound, Refused)):
            service.add(cast.session, cast.who(user), draft, NOW)
    assert len(spans(cast)) == 1


def test_every_problem_is_told(cast: Cast) -> None:
    with pytest.raises(NotReady) as bad_order:
        order(cast, limits=None, first_day=None, document_reference=" ")
    with pytest.raises(NotReady) as bad_guardian:
        draft = GuardianDraft(cast.luis.id, " ", None, rights_from=date(2030, 1, 1))
        service.add(cast.session, cast.who(cast.ana), draft, NOW)
    stranger = OrderDraft(cast.mei.id, cast.maria.id)
    with pytest.raises(NotReady) as no_relation:
        service.record_court_order(cast.session, cast.who(cast.ana), stranger, NOW)

    assert [p.field for p in bad_order.value.problems] == ["Limits", "From", "Document"]
    assert [p.field for p in bad_guardian.value.problems] == ["Name", "Relation", "Since"]
    assert no_relation.value.problems[0].field == "Guardian"


days = st.integers(1, 12).map(lambda day: datetime(2026, 11, day, tzinfo=UTC))
some_spans = st.builds(Span, days, st.one_of(st.none(), days))


@given(held=some_spans, limit=some_spans, t=days)
def test_an_order_leaves_exactly_what_lies_outside_it(held: Span, limit: Span, t: datetime) -> None:
    left = rules.without([held], limit)

    assert any(span.contains(t) for span in left) == (held.contains(t) and not limit.contains(t))
